import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.measure import accuracy, expected_calibration_error, f1_by_label, macro_f1

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
