import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.stance.calibrate import HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE, fit_temperature, softmax


def test_softmax_by_hand() -> None:
    # exp(log 3) : exp(0) = 3 : 1
    assert softmax([math.log(3), 0.0]) == pytest.approx((0.75, 0.25))
    # at temperature 2: exp(log 9 / 2) : exp(0) = 3 : 1
    assert softmax([math.log(9), 0.0], 2.0) == pytest.approx((0.75, 0.25))


def test_the_temperature_brings_confidence_to_the_share_of_right_answers() -> None:
    # Ten answers alike of score 4 against 0, eight of them right. The likelihood is greatest where
    # the confidence is 0.8: exp(4 / T) : 1 = 0.8 : 0.2, so T = 4 / log 4 = 2.885.
    temperature = fit_temperature([[4.0, 0.0]] * 10, [0] * 8 + [1] * 2)
    assert temperature == pytest.approx(4 / math.log(4))
    assert softmax([4.0, 0.0], temperature)[0] == pytest.approx(0.8)


def test_the_temperature_stays_within_its_bounds() -> None:
    assert fit_temperature([[1.0, 0.0]] * 5, [0] * 5) == pytest.approx(LOWEST_TEMPERATURE)
    assert fit_temperature([[1.0, 0.0]] * 5, [1] * 5) == pytest.approx(HIGHEST_TEMPERATURE)


@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=5),
    st.floats(LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE),
)
def test_no_temperature_changes_an_answer(scores: list[float], temperature: float) -> None:
    probabilities = softmax(scores, temperature)
    assert sum(probabilities) == pytest.approx(1)
    assert probabilities[scores.index(max(scores))] == max(probabilities)
