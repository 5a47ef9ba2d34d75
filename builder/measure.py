"""The measures of a classifier that the product itself prints; `eval` prints the same ones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from scipy.special import bdtr, betaincinv, stdtrit

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


def binomial_at_most(hits: int, trials: int, share: float) -> float:
    """The probability of at most so many hits among trials that each hit with the probability `share`."""
    return float(bdtr(hits, trials, share)) if hits >= 0 else 0.0


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


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some rows: their number, a model's guesses (each in [0, 1]) and the squares of these.

    Where the truth is known, each 0 or 1, also the truths and the products of truth and guess.
    """

    rows: int
    guesses: float
    squares: float
    truths: float = 0.0
    products: float = 0.0


def prediction_powered_share(known: Sums, rest: Sums, certainty: float) -> tuple[float, float, float]:
    """The share of rows that are true, with its interval, from a random sample and a model of any quality.

    `known` are the rows of the sample, at least two, whose truth people told, `rest` are all others. The
    mean guess over the rest is corrected by how far the guesses are off in the sample (Angelopoulos,
    Bates, Fannjiang, Jordan and Zrnic 2023, "Prediction-powered inference", Science 382), and weighted by
    how much they tell (Angelopoulos, Duchi and Zrnic 2023, "PPI++", https://arxiv.org/abs/2311.01453,
    example 6.1): a useless model gives the share of the sample alone. Student's t in the place of the
    normal distribution, since samples can be small.
    """
    n, others = known.rows, max(rest.rows, 1)
    total = n + rest.rows
    spread = (known.squares + rest.squares) / total - ((known.guesses + rest.guesses) / total) ** 2
    common = (known.products - known.truths * known.guesses / n) / (n - 1)
    informative = rest.rows > 1 and spread > 0
    weight = min(max(common / ((1 + n / others) * spread), 0.0), 1.0) if informative else 0.0
    share = known.truths / n + weight * (rest.guesses / others - known.guesses / n)
    corrected = known.truths - 2 * weight * known.products + weight**2 * known.squares
    of_known = (corrected - (known.truths - weight * known.guesses) ** 2 / n) / (n - 1)
    of_rest = (rest.squares - rest.guesses**2 / others) / max(others - 1, 1)
    error = math.sqrt(max(of_known / n + weight**2 * of_rest / others, 0.0))
    half = float(stdtrit(n - 1, (1 + certainty) / 2)) * error
    return min(max(share, 0.0), 1.0), max(share - half, 0.0), min(share + half, 1.0)
