"""Calibration of an encoder's scores by the form of what it was asked.

One model answers about quotations in their paragraph, bare sentences, comments on a topic and claims. In each
of them other labels are frequent, and it is not equally sure of itself. So a bias for each label and the
temperature depend on what can be seen of the question: each bias is a linear function of the form, the
temperature is the exponential of one. With a constant alone this is bias-corrected temperature scaling
(Alexandari et al. 2020, https://arxiv.org/abs/1901.06852). Where there is a speaker, as in the task itself,
the network's own answer stands: there are no biases but one for each label, for a choice of some labels only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from builder.stance.calibrate import softmax
from builder.stance.examples import StanceExample
from builder.stance.features import name_spans

# What is seen of a question: a constant, whether there is a speaker, a context, a word of the text that names
# the target, whether the target is a claim, how long the text is, whether some labels are left out, and
# whether the text is long without naming the target: of such, more are neutral than of short ones.
FORM = ("constant", "speaker", "context", "mention", "claim", "length", "choice", "silence")
SPEAKER, CHOICE = FORM.index("speaker"), FORM.index("choice")
CLAIM_WORDS = 4  # names of persons, bodies and topics are shorter
USUAL_WORDS = 25  # of a text: a sentence
LONG = 40  # words: a text that has more is long


@dataclass(frozen=True, slots=True)
class FormCalibration:
    """Weights of the form: `temperature` (FORM,), `biases` (labels, FORM)."""

    temperature: tuple[float, ...]
    biases: tuple[tuple[float, ...], ...]

    def probabilities(self, scores: Sequence[float], form: Sequence[float]) -> tuple[float, ...]:
        """The probability of each label, given unnormalised scores."""
        moved = [
            score + _product(bias, biased(form)) for score, bias in zip(scores, self.biases, strict=True)
        ]
        return softmax(moved, math.exp(_product(self.temperature, form)))


def biased(form: Sequence[float]) -> tuple[float, ...]:
    """What the biases see of a form: with a speaker nothing but that, and only where labels are left out."""
    if not form[SPEAKER]:
        return tuple(form)
    return tuple(form[CHOICE] if number == SPEAKER else 0.0 for number in range(len(form)))


def uncalibrated(labels: int) -> FormCalibration:
    """What changes nothing."""
    return FormCalibration((0.0,) * len(FORM), ((0.0,) * len(FORM),) * labels)


def form_of(example: StanceExample, choice: bool = False) -> tuple[float, ...]:
    """The form of a question, one number for each of `FORM`; with a `choice`, of some labels only."""
    words = len(example.text.split())
    is_named = bool(example.mentions or name_spans(example.text, example.target))
    return (
        1.0,
        float(bool(example.speaker)),
        float(bool(example.context)),
        float(is_named),
        float(len(example.target.split()) >= CLAIM_WORDS),
        math.log2(max(1, words) / USUAL_WORDS),
        float(choice),
        float(words > LONG and not is_named),
    )


def _product(weights: Sequence[float], form: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, form, strict=True))
