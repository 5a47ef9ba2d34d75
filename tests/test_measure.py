import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from builder.measure import (
    accuracy,
    difference_interval,
    exact_interval,
    expected_calibration_error,
    f1_by_label,
    macro_f1,
    score_interval,
)

LABELS = st.sampled_from(["favor", "against", "neutral"])


def test_accuracy_counts_an_abstention_as_wrong() -> None:
    # right: the first and the third of four
    assert accuracy(["favor", "against", "neutral", "favor"], ["favor", None, "neutral", "against"]) == 2 / 4


def test_f1_by_label_by_hand() -> None:
    gold = ["favor", "favor", "against", "neutral", "neutral"]
    ours = ["favor", "against", "against", None, "neutral"]
    assert f1_by_label(gold, ours) == {
        "against": 2 / 3,  # tp 1, fp 1, fn 0: 2 / (2 + 1)
        "favor": 2 / 3,  # tp 1, fp 0, fn 1: 2 / (2 + 1)
        "neutral": 2 / 3,  # tp 1, fp 0, fn 1: 2 / (2 + 1)
    }


def test_macro_f1_is_over_the_labels_of_gold_only() -> None:
    # favor: tp 1, fp 0, fn 1: 2/3; against: tp 1, fp 0, fn 0: 1; neutral is not in gold
    assert macro_f1(["favor", "favor", "against"], ["favor", "neutral", "against"]) == pytest.approx(5 / 6)


def test_calibration_error_by_hand() -> None:
    # Bins of 1/15: 0.95 and 1.0 fall into the last one: |1.95 - 1| = 0.95;
    # 0.5 into the eighth: |0.5 - 1| = 0.5; together 1.45 over 3 answers.
    assert expected_calibration_error([0.95, 1.0, 0.5], [True, False, True]) == pytest.approx(1.45 / 3)


def test_too_high_and_too_low_cancel_out_within_a_bin_only() -> None:
    assert expected_calibration_error([0.5, 0.5], [True, False]) == 0.0
    assert expected_calibration_error([0.1, 0.9], [True, False]) == pytest.approx(0.9)


def test_nothing_measures_nothing() -> None:
    assert (accuracy([], []), macro_f1([], []), expected_calibration_error([], [])) == (0.0, 0.0, 0.0)


@given(st.lists(st.tuples(LABELS, LABELS | st.none()), min_size=1))
def test_measures_lie_between_0_and_1_and_the_gold_answers_score_1(
    pairs: list[tuple[str, str | None]],
) -> None:
    gold, ours = [right for right, _ in pairs], [answer for _, answer in pairs]
    assert 0 <= macro_f1(gold, ours) <= 1
    assert 0 <= accuracy(gold, ours) <= 1
    assert macro_f1(gold, gold) == accuracy(gold, gold) == 1


@pytest.mark.parametrize(
    ("hits", "trials", "exact", "score"),
    [
        # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table 1.
        (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1684), (0.0, 0.1611)),
        (1, 29, (0.0009, 0.1776), (0.0061, 0.1718)),
    ],
)
def test_intervals_of_a_share_are_the_published_ones(
    hits: int, trials: int, exact: tuple[float, float], score: tuple[float, float]
) -> None:
    assert exact_interval(hits, trials, 0.95) == pytest.approx(exact, abs=0.00005)
    assert score_interval(hits, trials, 0.95) == pytest.approx(score, abs=0.00005)


def test_all_and_none_by_hand() -> None:
    # None of n: the upper end p has (1 - p)^n = 0.025; all of n is its mirror.
    low, high = exact_interval(0, 10, 0.95)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025**0.1)
    assert exact_interval(10, 10, 0.95) == pytest.approx((1 - high, 1.0))
    assert exact_interval(0, 0, 0.95) == score_interval(0, 0, 0.95) == (0.0, 1.0)


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_are_those_of_another_implementation(hits: int, misses: int, certainty: float) -> None:
    trials = max(hits + misses, 1)
    found = binomtest(min(hits, trials), trials)
    for ours, method in ((exact_interval, "exact"), (score_interval, "wilson")):
        expected = found.proportion_ci(certainty, method)
        assert ours(min(hits, trials), trials, certainty) == pytest.approx(tuple(expected), abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        # Newcombe 1998, "Interval Estimation for the Difference", table II, method 10.
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_intervals_of_a_difference_are_the_published_ones(
    first: tuple[int, int], second: tuple[int, int], published: tuple[float, float]
) -> None:
    assert difference_interval(first, second, 0.95) == pytest.approx(published, abs=0.00005)


def test_a_difference_to_nothing_is_not_known() -> None:
    low, high = difference_interval((0, 0), (5, 10), 0.95)
    assert low < -0.5
    assert high > 0.5
