"""Calibration of an encoder's scores by the form of what it was asked.

One model answers about quotations in their paragraph, bare sentences, comments on a topic and claims, and
is not equally sure of itself in all of them. So the temperature depends on what can be seen of the
question: it is the exponential of a linear function of the form. With a constant alone this is temperature
scaling (`builder.stance.calibrate`); like that, it changes no answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from builder.stance.calibrate import softmax
from builder.stance.examples import StanceExample
from builder.stance.features import name_spans

# What is seen of a question: a constant, whether there is a speaker, a context, a word of the text that names
# the target, whether the target is a claim, and how long the text is.
FORM = ("constant", "speaker", "context", "mention", "claim", "length")
CLAIM_WORDS = 4  # names of persons, bodies and topics are shorter
USUAL_WORDS = 25  # of a text: a sentence


@dataclass(frozen=True, slots=True)
class FormCalibration:
    """The weights of the form in the logarithm of the temperature, one for each of `FORM`."""

    weights: tuple[float, ...]

    def probabilities(self, scores: Sequence[float], form: Sequence[float]) -> tuple[float, ...]:
        """The probability of each label, given unnormalised scores."""
        logarithm = sum(weight * value for weight, value in zip(self.weights, form, strict=True))
        return softmax(scores, math.exp(logarithm))


UNCALIBRATED = FormCalibration((0.0,) * len(FORM))
"""What changes nothing."""


def form_of(example: StanceExample) -> tuple[float, ...]:
    """The form of a question, one number for each of `FORM`."""
    return (
        1.0,
        float(bool(example.speaker)),
        float(bool(example.context)),
        float(bool(example.mentions or name_spans(example.text, example.target))),
        float(len(example.target.split()) >= CLAIM_WORDS),
        math.log2(max(1, len(example.text.split())) / USUAL_WORDS),
    )
