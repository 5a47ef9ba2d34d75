"""How likely an attribution's content and source are right: a logistic regression on the model's readings.

Its weights are fitted on articles the model was not trained on, and come with the model.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from builder.quotes.attributions import Attribution

FEATURES = (
    "anchor",
    "path",
    "content taken",
    "content covered",
    "source taken",
    "source covered",
    "no source",
    "no source expected",
    "words",
    "between marks",
    "anchor squared",
    "content taken squared",
    "content covered squared",
    "anchor x content taken",
    "anchor x between marks",
    "content taken x between marks",
)
_LEAST = 1e-4  # keeps logarithms of odds finite


@dataclass(frozen=True, slots=True)
class Calibration:
    """The regression: a bias and a weight for each of FEATURES."""

    bias: float
    weights: tuple[float, ...]

    def confidence(self, features: Sequence[float]) -> float:
        """The probability that content and source are right."""
        score = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))


def features(one: Attribution, between_marks: float) -> tuple[float, ...]:
    """The values of FEATURES; `between_marks` is the share of the content's words between quotation marks."""
    words = sum(run.last - run.first for run in one.content)
    anchor, taken, covered = one.anchor_score, _log_odds(one.content_taken), _log_odds(one.content_covered)
    return (
        anchor,
        max(one.log_probability, -20.0),
        taken,
        covered,
        _log_odds(one.source_taken) if one.source else 0.0,
        _log_odds(one.source_covered) if one.source else 0.0,
        0.0 if one.source else 1.0,
        0.0 if one.source else _log_odds(1.0 - one.sources),
        math.log(words),
        between_marks,
        # A network is surest where it has learnt articles by heart: its certainty bends.
        anchor**2,
        taken**2,
        covered**2,
        anchor * taken,
        anchor * between_marks,
        taken * between_marks,
    )


def _log_odds(share: float) -> float:
    kept = min(max(share, _LEAST), 1.0 - _LEAST)
    return math.log(kept / (1.0 - kept))
