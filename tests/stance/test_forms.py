"""Calibration by the form of a question."""

import math

import pytest

from builder.records import Span
from builder.stance.examples import StanceExample
from builder.stance.forms import FORM, FormCalibration, form_of, uncalibrated


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        # constant, speaker, context, mention, claim, length (25 words are usual), choice, silence
        (StanceExample("word " * 25, "the bridge"), (1, 0, 0, 0, 0, 0, 0, 0)),
        (StanceExample("word " * 50, "the bridge", "Anna", "here"), (1, 1, 1, 0, 0, 1, 0, 1)),
        (StanceExample("bridge " * 25, "the bridge"), (1, 0, 0, 1, 0, 0, 0, 0)),
        (StanceExample("bridge " * 50, "the bridge"), (1, 0, 0, 1, 0, 1, 0, 0)),
        (StanceExample("word " * 40, "the bridge"), (1, 0, 0, 0, 0, math.log2(40 / 25), 0, 0)),
        (StanceExample("word " * 41, "the bridge"), (1, 0, 0, 0, 0, math.log2(41 / 25), 0, 1)),
        (StanceExample("it " * 25, "the bridge", mentions=(Span(0, 2),)), (1, 0, 0, 1, 0, 0, 0, 0)),
        (StanceExample("word " * 25, "bridges are a danger"), (1, 0, 0, 0, 1, 0, 0, 0)),
        (StanceExample("…", "x"), (1, 0, 0, 0, 0, math.log2(1 / 25), 0, 0)),
    ],
)
def test_the_form_of_a_question(example: StanceExample, expected: tuple[float, ...]) -> None:
    assert form_of(example) == pytest.approx(expected)


def test_what_is_not_calibrated_is_a_softmax() -> None:
    form = form_of(StanceExample("It is old", "the bridge"))
    # exp(0) : exp(ln 3) = 1 : 3
    assert uncalibrated(2).probabilities((0.0, math.log(3)), form) == pytest.approx((0.25, 0.75))


def test_temperature_and_bias_depend_on_the_form() -> None:
    nothing = (0.0,) * len(FORM)
    by_speaker = (0.0, math.log(2), *(0.0,) * 6)
    calibration = FormCalibration(by_speaker, (nothing, (0.0, 0.0, math.log(4), *(0.0,) * 5)))
    scores = (math.log(9), 0.0)
    bare, said, around = (1.0, *(0,) * 7), (1.0, 1.0, *(0,) * 6), (1.0, 0, 1.0, *(0,) * 5)
    assert calibration.probabilities(scores, bare) == pytest.approx((0.9, 0.1))
    assert calibration.probabilities(scores, said) == pytest.approx((0.75, 0.25))  # 9 ** (1/2) : 1
    assert calibration.probabilities(scores, around) == pytest.approx((9 / 13, 4 / 13))  # 9 : 1 x 4
    both = (1.0, 1.0, 1.0, 0, 0, 0, 0, 0)  # with a speaker there is no bias
    assert calibration.probabilities(scores, both) == pytest.approx((0.75, 0.25))


def test_with_a_speaker_there_is_one_bias_where_labels_are_left_out() -> None:
    nothing = (0.0,) * len(FORM)
    calibration = FormCalibration(nothing, (nothing, (0.0, math.log(4), *(math.log(8),) * 6)))
    scores = (math.log(9), 0.0)
    assert calibration.probabilities(scores, (1.0, 1.0, 1.0, 1.0, 0, 0, 0, 1.0)) == pytest.approx((0.9, 0.1))
    some = calibration.probabilities(scores, (1.0, 1.0, 1.0, 1.0, 0, 0, 1.0, 1.0))
    assert some == pytest.approx((9 / 13, 4 / 13))  # 9 : 1 x 4
