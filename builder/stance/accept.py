"""From which confidence on answers may be accepted, so that few enough of them are wrong.

Thresholds are tested from the highest down, each against the hypothesis that more than the allowed share
of the answers that reach it are wrong, by the exact binomial test (Clopper and Pearson 1934). The first
one that is not rejected ends the sequence, and the one before it is the threshold. To accept too much, the
first true hypothesis must be rejected, which happens with a probability of 1 - certainty at most however
many thresholds are tested: fixed-sequence testing, as in "Learn then Test" (Angelopoulos et al. 2021,
https://arxiv.org/abs/2110.01052). `docs/design/0015-acceptance.md` says what it rests on.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from builder.measure import binomial_at_most, exact_interval
from builder.records import rounded

# Tested thresholds are evenly spaced in the logarithm of the odds, so that they tell apart the confidences
# of a model that is sure of nearly everything as well as those of one that hardly ever is.
HIGHEST_LOG_ODDS, LOWEST_LOG_ODDS, STEPS_PER_UNIT = 9.0, -2.0, 10

# Where testing begins. With the fewest labels that could reject anything, a single wrong one ends the
# sequence; with too many, the first threshold is too low. So it begins where a first test succeeds with this
# probability, if the confidences can be believed. Chosen on simulated labels: see the design.
FIRST_SHARE, FIRST_MOST, FIRST_POWER = 0.2, 100, 0.9


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer of a model: how confident it was, and whether people found it right."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least confidence that is accepted.

    Of the labels, `accepted` reach it and `wrong` of these are wrong; `bound` is what the share of wrong
    answers does not exceed, with the certainty that was asked for.
    """

    value: float
    accepted: int
    wrong: int
    bound: float


def _sequence() -> tuple[float, ...]:
    steps = range(round(HIGHEST_LOG_ODDS * STEPS_PER_UNIT), round(LOWEST_LOG_ODDS * STEPS_PER_UNIT) - 1, -1)
    return tuple(dict.fromkeys(rounded(1 / (1 + math.exp(-step / STEPS_PER_UNIT))) for step in steps))


SEQUENCE = _sequence()
"""The thresholds in the order in which they are tested; no label and no model has a part in it."""


def choose_threshold(labels: Sequence[Judged], error: float, certainty: float) -> Threshold | None:
    """The lowest threshold at which at most `error` of the accepted answers are wrong, with `certainty`.

    `labels` must be drawn without regard to the confidence from the answers that are to be accepted.

    Returns:
        None where no threshold keeps the error, or there are too few labels to tell.
    """
    chosen: Threshold | None = None
    for level in _tested(labels, error, certainty):
        bound = error_bound(level.wrong, level.accepted, certainty)
        if bound > error:
            break
        chosen = Threshold(level.value, level.accepted, level.wrong, bound)
    return chosen


@dataclass(frozen=True, slots=True)
class _Level:
    """A threshold: how many labels reach it, how many of them are wrong, and are by their confidences."""

    value: float
    accepted: int
    wrong: int
    expected: float


def _tested(labels: Sequence[Judged], error: float, certainty: float) -> list[_Level]:
    """The thresholds in the order in which they are tested; who was right has no part in where that begins.

    Where no first test would succeed so probably, it begins where that is likeliest.
    """
    least = max(fewest_labels(error, certainty), min(FIRST_MOST, math.ceil(FIRST_SHARE * len(labels))))
    levels = [one for one in _levels(labels) if one.accepted >= least]
    powers = [
        binomial_at_most(
            most_wrong(one.accepted, error, certainty), one.accepted, one.expected / one.accepted
        )
        for one in levels
    ]
    enough = min(FIRST_POWER, max(powers, default=0.0))
    first = next((number for number, power in enumerate(powers) if power >= enough), 0)
    return levels[first:]


def _levels(labels: Sequence[Judged]) -> Iterator[_Level]:
    """Of the thresholds of the sequence those that more labels reach than the one before."""
    ordered = sorted(labels, key=lambda one: -one.confidence)
    accepted = wrong = 0
    expected = 0.0
    for value in SEQUENCE:
        before = accepted
        while accepted < len(ordered) and ordered[accepted].confidence >= value:
            wrong += not ordered[accepted].is_right
            expected += 1 - ordered[accepted].confidence
            accepted += 1
        if accepted > before:
            yield _Level(value, accepted, wrong, expected)


def error_bound(wrong: int, accepted: int, certainty: float) -> float:
    """What the share of wrong answers does not exceed, with `certainty` (Clopper and Pearson, one-sided)."""
    return exact_interval(wrong, accepted, 2 * certainty - 1)[1]


@cache
def most_wrong(labels: int, error: float, certainty: float) -> int:
    """How many of so many labels may be wrong at most, if the error is to be kept; -1 where none may."""
    return bisect_right(range(labels), error, key=lambda wrong: error_bound(wrong, labels, certainty)) - 1


def fewest_labels(error: float, certainty: float) -> int:
    """As many labels as can keep the error if all of them are right: (1 - error)^n <= 1 - certainty."""
    return math.ceil(math.log(1 - certainty) / math.log(1 - error))
