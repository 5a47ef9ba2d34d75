import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from builder.measure import (
    Sums,
    accuracy,
    difference_interval,
    exact_interval,
    expected_calibration_error,
    f1_by_label,
    macro_f1,
    prediction_powered_share,
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


def sums(guesses: Sequence[float], truths: Sequence[int] = ()) -> Sums:
    return Sums(
        rows=len(guesses),
        guesses=sum(guesses),
        squares=sum(one**2 for one in guesses),
        truths=sum(truths),
        products=sum(guess * truth for guess, truth in zip(guesses, truths, strict=False)),
    )


def test_a_share_from_a_sample_and_a_model_by_hand() -> None:
    known = sums([0.9, 0.6, 0.4, 0.1] * 25, [1, 0, 1, 0] * 25)  # 50 true; sums 50, 33.5 and 32.5
    rest = sums([0.9, 0.6, 0.3, 0.6] * 25)  # sums 60 and 40.5
    # Variance of all guesses: 74 / 200 - (110 / 200)² = 0.0675
    # covariance: (32.5 - 50 · 50 / 100) / 99 = 0.0758
    # weight: 0.0758 / ((1 + 100 / 100) · 0.0675) = 0.5612
    # share: 0.5 + 0.5612 · (0.6 - 0.5) = 0.5561
    # variance of truth - weight · guess:
    # (50 - 2 · 0.5612 · 32.5 + 0.5612² · 33.5 - (50 - 0.5612 · 50)² / 100) / 99 = 0.1945
    # variance of the other guesses: (40.5 - 36) / 99 = 0.0455
    # error: √(0.1945 / 100 + 0.5612² · 0.0455 / 100) = 0.0457
    # half: 0.0457 · 1.9842 (Student's t with 99 degrees of freedom) = 0.0907
    assert prediction_powered_share(known, rest, 0.95) == pytest.approx((0.5561, 0.4654, 0.6468), abs=1e-4)


@pytest.mark.parametrize(
    ("known", "rest"),
    [
        (sums([0.5] * 40, [1, 0] * 20), sums([0.5] * 60)),  # always the same guess
        (sums([0.2, 0.8] * 20, [1, 0] * 20), sums([0.2, 0.8] * 30)),  # the wrong way round
        (sums([0.8, 0.2] * 20, [1, 0] * 20), sums([])),  # nothing to guess
    ],
)
def test_a_model_that_tells_nothing_leaves_the_sample_alone(known: Sums, rest: Sums) -> None:
    # √(0.25 · 40 / 39 / 40) = 0.0801, times 2.0227 of Student's t with 39 degrees of freedom.
    assert prediction_powered_share(known, rest, 0.95) == pytest.approx((0.5, 0.3380, 0.6620), abs=1e-4)


@pytest.mark.parametrize("true_share", [0.2, 0.5])
def test_the_interval_holds_however_biased_the_model_is(true_share: float) -> None:
    draws, sample, others = 1000, 200, 1000
    random = np.random.default_rng(7)
    truths = random.random((draws, sample + others)) < true_share
    # Of what is not true it is sure half of the time, and of what is true a little more often.
    guesses = np.where(truths, random.beta(6, 2, truths.shape), random.beta(3, 3, truths.shape))
    known, rest = guesses[:, :sample], guesses[:, sample:]
    found = np.array(
        [
            prediction_powered_share(
                Sums(sample, one.sum(), (one**2).sum(), truth.sum(), (one * truth).sum()),
                Sums(others, other.sum(), (other**2).sum()),
                0.95,
            )
            for one, truth, other in zip(known, truths[:, :sample], rest, strict=True)
        ]
    )
    share, low, high = found.T
    assert abs(guesses.mean() - true_share) > 0.1  # what the model alone would say
    assert abs(share.mean() - true_share) < 0.005
    held = np.mean((low <= true_share) & (true_share <= high))
    assert held >= 0.95 - 2 * math.sqrt(0.95 * 0.05 / draws)
    alone = [score_interval(int(one.sum()), sample, 0.95) for one in truths[:, :sample]]
    assert np.mean(high - low) < 0.92 * np.mean([end - start for start, end in alone])
