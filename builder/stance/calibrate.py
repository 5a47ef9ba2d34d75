"""Temperature scaling: making a classifier's probabilities as high as its answers are right.

One number divides all scores before the softmax; it changes no answer (Guo et al. 2017, "On
Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599).
"""

import math
from collections.abc import Sequence

from builder.records import Probability, rounded

# Beyond these, held-out data are too few or too easy for the temperature to mean anything.
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.1, 10.0
LEAST = 0.00005  # half of what four decimals can tell from nothing; stands for 0 in a logarithm
STEPS = 60  # of bisection: more than double precision can tell apart


def softmax(scores: Sequence[float], temperature: float = 1.0) -> tuple[float, ...]:
    """Probabilities in the proportion of exp(score / temperature)."""
    highest = max(scores)
    weights = [math.exp((score - highest) / temperature) for score in scores]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def fit_temperature(scores: Sequence[Sequence[float]], gold: Sequence[int]) -> float:
    """The temperature of the greatest likelihood of the gold classes.

    Args:
        scores: one row of unnormalised scores (logits) per held-out example.
        gold: the index of the right class of each example.

    The log-likelihood is concave in 1 / temperature, and its slope there is the sum over examples
    of the gold class's score less the expected score; the slope's zero is found by bisection.
    """
    low, high = 1 / HIGHEST_TEMPERATURE, 1 / LOWEST_TEMPERATURE
    for _ in range(STEPS):
        middle = (low + high) / 2
        if _slope(scores, gold, middle) > 0:
            low = middle
        else:
            high = middle
    return 2 / (low + high)


def fit_on_probabilities(answers: Sequence[Sequence[Probability]], gold: Sequence[str]) -> float:
    """The temperature of the greatest likelihood of the gold labels, of probabilities already published."""
    scores = [_logarithms(answer) for answer in answers]
    right = [[one.label for one in answer].index(label) for answer, label in zip(answers, gold, strict=True)]
    return fit_temperature(scores, right)


def at_temperature(answer: Sequence[Probability], temperature: float) -> tuple[Probability, ...]:
    """The same answer at another temperature: no label overtakes another."""
    if temperature == 1:
        return tuple(answer)
    return tuple(
        Probability(one.label, rounded(value))
        for one, value in zip(answer, softmax(_logarithms(answer), temperature), strict=True)
    )


def _logarithms(answer: Sequence[Probability]) -> list[float]:
    return [math.log(max(one.probability, LEAST)) for one in answer]


def _slope(scores: Sequence[Sequence[float]], gold: Sequence[int], inverse: float) -> float:
    slope = 0.0
    for row, right in zip(scores, gold, strict=True):
        probabilities = softmax(row, 1 / inverse)
        slope += row[right] - sum(p * score for p, score in zip(probabilities, row, strict=True))
    return slope
