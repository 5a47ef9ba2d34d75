"""The measures of a classifier that the product itself prints; `eval` prints the same ones."""

from collections.abc import Sequence

CALIBRATION_BINS = 15


def accuracy(gold: Sequence[str], predicted: Sequence[str | None]) -> float:
    """The share of right labels; an abstention (None) is not right. 0 of nothing."""
    return sum(ours == right for right, ours in zip(gold, predicted, strict=True)) / max(len(gold), 1)


def f1_by_label(gold: Sequence[str], predicted: Sequence[str | None]) -> dict[str, float]:
    """The F1 of each label that occurs in `gold`: 2 tp / (2 tp + fp + fn), labels sorted."""
    pairs = list(zip(gold, predicted, strict=True))
    scores = {}
    for label in sorted(set(gold)):
        right = sum(label == one == ours for one, ours in pairs)
        wrong = sum((label == one) != (label == ours) for one, ours in pairs)
        scores[label] = 2 * right / (2 * right + wrong)
    return scores


def macro_f1(gold: Sequence[str], predicted: Sequence[str | None]) -> float:
    """The mean F1 of the labels that occur in `gold`; 0 of nothing."""
    scores = f1_by_label(gold, predicted)
    return sum(scores.values()) / max(len(scores), 1)


def expected_calibration_error(
    confidences: Sequence[float], correct: Sequence[bool], bins: int = CALIBRATION_BINS
) -> float:
    """How far confidence and share of right answers lie apart, on average over equal-width bins.

    Each bin's gap is weighted by how many answers fall into it (Naeini et al. 2015). A confidence
    of 1 falls into the last bin. 0 of nothing.
    """
    gaps = [0.0] * bins
    for confidence, right in zip(confidences, correct, strict=True):
        gaps[min(int(confidence * bins), bins - 1)] += confidence - right
    return sum(abs(gap) for gap in gaps) / max(len(confidences), 1)
