"""The figures of stance predictions against gold labels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.measure import accuracy, expected_calibration_error, f1_by_label, macro_f1


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a program answered about one row; `label` is None where it abstained."""

    label: str | None
    confidence: float
    route: str | None


# A row that was not answered counts as wrong, with no confidence.
NO_ANSWER = Prediction(None, 0.0, None)
ABSTAINED = "none"
STEPS = 20  # of the risk-coverage curve: every 5 %


def score(gold: Mapping[str, str], predictions: Mapping[str, Prediction]) -> dict[str, object]:
    """The figures over the rows of `gold`, by id; each is rounded to four decimals.

    Returns:
        `n` rows and how many of them are `missing` in the predictions; `macro_f1`, `accuracy` and the
        `f1` of each label that occurs in gold; `ece` of the confidence; `acc80` and `acc60`, the
        accuracy over the most confident 80 and 60 percent; `aurc`, the area under the risk-coverage
        curve; `auto`, the share that was routed "auto", and `auto_error`, the share of errors there.
    """
    rows = [(label, predictions.get(id_, NO_ANSWER)) for id_, label in gold.items()]
    right = [label for label, _ in rows]
    answers = [prediction.label for _, prediction in rows]
    confidences = [prediction.confidence for _, prediction in rows]
    correct = [label == answer for label, answer in zip(right, answers, strict=True)]
    most_confident_first = _ordered(correct, confidences)
    accepted = [hit for hit, (_, prediction) in zip(correct, rows, strict=True) if prediction.route == "auto"]
    return {
        "n": len(rows),
        "missing": sum(id_ not in predictions for id_ in gold),
        "macro_f1": round(macro_f1(right, answers), 4),
        "accuracy": round(accuracy(right, answers), 4),
        "f1": {label: round(value, 4) for label, value in f1_by_label(right, answers).items()},
        "ece": round(expected_calibration_error(confidences, correct), 4),
        "acc80": round(_share(most_confident_first[: int(0.8 * len(rows))]), 4),
        "acc60": round(_share(most_confident_first[: int(0.6 * len(rows))]), 4),
        "aurc": round(_area_under_risk_coverage(most_confident_first), 4),
        "auto": round(len(accepted) / max(len(rows), 1), 4),
        "auto_error": round(1 - _share(accepted), 4) if accepted else None,
    }


def by_label(gold: Sequence[str], answers: Sequence[str | None]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each label that occurs in gold, and how often it is there and answered.

    The precision of a label that was never answered is 0.
    """
    f1 = f1_by_label(gold, answers)
    right = Counter(one for one, answer in zip(gold, answers, strict=True) if one == answer)
    there, answered = Counter(gold), Counter(answers)
    return {
        label: {
            "gold": there[label],
            "answered": answered[label],
            "precision": round(right[label] / max(answered[label], 1), 4),
            "recall": round(right[label] / there[label], 4),
            "f1": round(f1[label], 4),
        }
        for label in f1
    }


def confusion(gold: Sequence[str], answers: Sequence[str | None]) -> dict[str, dict[str, int]]:
    """How often each label of gold was answered with each label; `none` is an abstention."""
    counts = Counter(zip(gold, (answer or ABSTAINED for answer in answers), strict=True))
    columns = sorted({*gold, *(answer for _, answer in counts)} - {ABSTAINED})
    if any(answer == ABSTAINED for _, answer in counts):
        columns.append(ABSTAINED)
    return {label: {answer: counts[label, answer] for answer in columns} for label in sorted(set(gold))}


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> list[dict[str, float]]:
    """The share of errors among the most confident answers, for `STEPS` shares of all of them.

    `confidence` is that of the least confident answer that is counted.
    """
    order = sorted(range(len(correct)), key=lambda row: -confidences[row])
    found = []
    for step in range(1, STEPS + 1):
        answered = order[: round(step * len(order) / STEPS)]
        if answered:
            found.append(
                {
                    "coverage": round(step / STEPS, 4),
                    "risk": round(1 - _share([correct[row] for row in answered]), 4),
                    "confidence": round(confidences[answered[-1]], 4),
                }
            )
    return found


def _ordered(correct: Sequence[bool], confidences: Sequence[float]) -> list[bool]:
    """Hits and misses, the most confident first; ties keep the order of the rows."""
    order = sorted(range(len(correct)), key=lambda row: -confidences[row])
    return [correct[row] for row in order]


def _area_under_risk_coverage(most_confident_first: Sequence[bool]) -> float:
    """The mean error among the k most confident answers, over all k (Geifman et al. 2019)."""
    errors, risks = 0, 0.0
    for answered, hit in enumerate(most_confident_first, 1):
        errors += not hit
        risks += errors / answered
    return risks / max(len(most_confident_first), 1)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(len(hits), 1)
