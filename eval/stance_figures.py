"""Where a stance classifier is weak: figures by label, group and confidence, and its worst errors."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from builder.measure import CALIBRATION_BINS, accuracy, macro_f1
from builder.release.quality import bins_of
from builder.stance.examples import to_example
from builder.stance.features import ABSENT, views

from .errors import LENGTHS, LONGER, length_group
from .metrics.calibration import simulated_ece
from .metrics.spans import quoted_positions
from .metrics.stance import NO_ANSWER, Prediction, by_label, confusion, risk_coverage, score
from .stance_accept import acceptance

Row = Mapping[str, Any]

FEWEST = 10  # rows of a group with a line of its own; the figures of fewer say nothing
OTHERS = "others together"
# Groups that have an order of their own; others come the largest first.
IN_ORDER = (*(length_group(low) for low, _ in LENGTHS), LONGER)


def _marks(row: Row) -> str:
    """SEESAW says itself which sentences hold a quotation."""
    quoted = row["quoted"] if "quoted" in row else bool(quoted_positions(row["text"]))
    return "quoted" if quoted else "unquoted"


def _naming(row: Row) -> str:
    return "not named" if views(to_example(dict(row))).near == ABSENT else "named"


GROUPINGS: Mapping[str, Callable[[Row], str]] = {
    "quotation marks": _marks,
    "target in the text": _naming,
    "speaker": lambda row: "known" if row.get("speaker") else "unknown",
    "length": lambda row: length_group(len(row["text"].split())),
    "target": lambda row: str(row["target"]),
}


def figures_of(rows: Sequence[Row], predictions: Mapping[str, Prediction], worst: int) -> dict[str, Any]:
    """All figures of the answers about some rows, and the `worst` most confident errors.

    Besides what `metrics.stance.score` gives: `ece_by_chance`, the 95th percentile of the error that a
    calibrated classifier of these confidences would have; `by_label`, `confusion`, `reliability`,
    `risk_coverage`; `accepted`, what needs no person under the error bound; `by`, figures of groups of rows.
    """
    gold = [str(row["label"]) for row in rows]
    given = [predictions.get(str(row["id"]), NO_ANSWER) for row in rows]
    answers = [one.label for one in given]
    confidences = [one.confidence for one in given]
    right = [label == answer for label, answer in zip(gold, answers, strict=True)]
    return {
        **score({str(row["id"]): label for row, label in zip(rows, gold, strict=True)}, predictions),
        "ece_by_chance": round(simulated_ece(confidences), 4),
        "by_label": by_label(gold, answers),
        "confusion": confusion(gold, answers),
        "reliability": [asdict(one) for one in bins_of(confidences, right, CALIBRATION_BINS)],
        "risk_coverage": risk_coverage(confidences, right),
        # What was abstained from cannot be accepted, however sure.
        "accepted": acceptance([0.0 if one.label is None else one.confidence for one in given], right),
        "by": {name: _by_group(rows, given, group) for name, group in GROUPINGS.items()},
        "worst": worst_errors(rows, predictions, worst),
    }


def worst_errors(
    rows: Sequence[Row], predictions: Mapping[str, Prediction], number: int
) -> list[dict[str, Any]]:
    """So many wrong answers of which the classifier was surest, the surest first; it quotes the corpus."""
    wrong = [
        (row, answer)
        for row in rows
        for answer in [predictions.get(str(row["id"]), NO_ANSWER)]
        if answer.label is not None and answer.label != row["label"]
    ]
    wrong.sort(key=lambda one: (-one[1].confidence, str(one[0]["id"])))
    return [
        {
            "id": row["id"],
            "target": row["target"],
            "speaker": row.get("speaker") or "",
            "label": row["label"],
            "answer": answer.label,
            "confidence": answer.confidence,
            "text": row["text"],
            "context": row.get("context") or "",
        }
        for row, answer in wrong[:number]
    ]


def _by_group(
    rows: Sequence[Row], given: Sequence[Prediction], group: Callable[[Row], str]
) -> dict[str, dict[str, float]]:
    """The figures of each group with enough rows, then of all others together."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        members[group(row)].append(place)
    large = {name: some for name, some in members.items() if len(some) >= FEWEST}
    others = [place for name, some in members.items() if name not in large for place in some]
    ordered = sorted(large.items(), key=lambda one: _place(*one))
    if others:
        ordered.append((OTHERS, others))
    return {name: _of_group(rows, given, some) for name, some in ordered}


def _place(name: str, members: Sequence[int]) -> tuple[int, str]:
    return (IN_ORDER.index(name) if name in IN_ORDER else -len(members)), name


def _of_group(rows: Sequence[Row], given: Sequence[Prediction], places: Sequence[int]) -> dict[str, float]:
    gold = [str(rows[place]["label"]) for place in places]
    answers = [given[place].label for place in places]
    return {
        "n": len(places),
        "macro_f1": round(macro_f1(gold, answers), 4),
        "accuracy": round(accuracy(gold, answers), 4),
        "confidence": round(fmean(given[place].confidence for place in places), 4),
    }
