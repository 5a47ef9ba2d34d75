import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Probability
from builder.stance.calibrate import (
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    at_temperature,
    fit_on_probabilities,
    fit_temperature,
    softmax,
)


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


def test_published_probabilities_can_be_brought_to_another_temperature() -> None:
    answer = (Probability("favor", 0.9), Probability("against", 0.1), Probability("neutral", 0.0))
    assert at_temperature(answer, 1.0) == answer
    # The square roots of 0.9, 0.1 and 0.00005 (for what is too small to be seen) are 0.9487, 0.3162 and
    # 0.0071, in all 1.2720.
    assert [one.probability for one in at_temperature(answer, 2.0)] == [0.7458, 0.2486, 0.0056]


def test_the_temperature_of_probabilities_that_are_published_already() -> None:
    # Ten answers of 0.9 against 0.1, eight of them right: log 9 / T = log 4.
    answers = [(Probability("favor", 0.9), Probability("against", 0.1))] * 10
    found = fit_on_probabilities(answers, ["favor"] * 8 + ["against"] * 2)
    assert found == pytest.approx(math.log(9) / math.log(4))
