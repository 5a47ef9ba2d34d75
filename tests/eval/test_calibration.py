import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.measure import expected_calibration_error
from eval.metrics.calibration import simulated_ece


def test_of_one_answer_the_error_is_what_it_claims_or_the_rest() -> None:
    # Claiming 0.8, it is right in 80 % of the draws (error 0.2) and wrong in 20 % (error 0.8).
    assert simulated_ece([0.8], percentile=50) == pytest.approx(0.2)
    assert simulated_ece([0.8], percentile=95) == pytest.approx(0.8)


def test_answers_that_are_certain_cannot_be_off() -> None:
    assert simulated_ece([1.0] * 20) == 0.0
    assert simulated_ece([]) == 0.0


def test_more_answers_leave_less_to_chance() -> None:
    # Of n answers of confidence 1/2, the share of right ones is off by 0.98 / sqrt(n) in 5 % of the draws.
    assert simulated_ece([0.5] * 100) == pytest.approx(0.098, abs=0.01)
    assert simulated_ece([0.5] * 2500) == pytest.approx(0.0196, abs=0.002)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_error_is_that_of_the_measure(confidences: list[float]) -> None:
    # The hundredth percentile is at most the error where every answer is on the far side of its claim.
    most = max(expected_calibration_error([one], [right]) for one in confidences for right in (False, True))
    assert 0 <= simulated_ece(confidences, percentile=100, draws=20) <= most + 1e-9
