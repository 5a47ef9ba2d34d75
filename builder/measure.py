"""The measures of a classifier that the product itself prints; `eval` prints the same ones."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from scipy.special import betaincinv

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


def exact_interval(hits: int, trials: int, certainty: float) -> tuple[float, float]:
    """The interval of Clopper and Pearson (1934) for a share: never too narrow, whatever the share.

    `certainty` is two-sided, such as 0.95. Of no trials nothing is known: 0 to 1.
    """
    tail = (1 - certainty) / 2
    low = float(betaincinv(hits, trials - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 1 - tail)) if hits < trials else 1.0
    return low, high


def score_interval(hits: int, trials: int, certainty: float) -> tuple[float, float]:
    """The score interval of Wilson (1927) for a share; `certainty` as in `exact_interval`."""
    if not trials:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + certainty) / 2)
    centre = (hits + z**2 / 2) / (trials + z**2)
    half = z * math.sqrt(hits * (trials - hits) / trials + z**2 / 4) / (trials + z**2)
    return max(0.0, centre - half), min(1.0, centre + half)


def difference_interval(
    first: tuple[int, int], second: tuple[int, int], certainty: float
) -> tuple[float, float]:
    """The interval for the difference of two shares, the first less the second.

    Each share is given as (hits, trials). Newcombe's hybrid of two score intervals (Newcombe 1998,
    "Interval Estimation for the Difference between Independent Proportions", method 10).
    """
    share, other = (hits / trials if trials else 0.5 for hits, trials in (first, second))
    low, high = score_interval(*first, certainty)
    other_low, other_high = score_interval(*second, certainty)
    below = math.hypot(share - low, other_high - other)
    above = math.hypot(high - share, other - other_low)
    return max(-1.0, share - other - below), min(1.0, share - other + above)
