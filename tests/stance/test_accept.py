import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.stance.accept import (
    SEQUENCE,
    Judged,
    Threshold,
    choose_threshold,
    error_bound,
    fewest_labels,
    most_wrong,
)


def judged(*runs: tuple[float, int, int]) -> list[Judged]:
    """Labels by confidence: so many right ones and so many wrong ones."""
    return [
        Judged(confidence, is_right)
        for confidence, right, wrong in runs
        for is_right, count in ((True, right), (False, wrong))
        for _ in range(count)
    ]


def test_the_sequence_runs_from_sure_to_unsure_and_knows_no_label() -> None:
    assert list(SEQUENCE) == sorted(SEQUENCE, reverse=True)
    assert (SEQUENCE[0], SEQUENCE[-1]) == (0.9999, 0.1192)
    # Fine where a sure model needs it and where an unsure one does.
    assert max(high - low for high, low in pairwise(SEQUENCE)) < 0.026


@pytest.mark.parametrize(
    ("error", "certainty", "fewest"),
    # 0.9^28 = 0.0523, 0.9^29 = 0.0471; 0.8^13 = 0.0550, 0.8^14 = 0.0440; 0.95^90 = 0.0099
    [(0.1, 0.95, 29), (0.2, 0.95, 14), (0.05, 0.99, 90)],
)
def test_with_too_few_labels_nothing_is_accepted_however_right_they_are(
    error: float, certainty: float, fewest: int
) -> None:
    assert fewest_labels(error, certainty) == fewest
    assert choose_threshold(judged((0.99, fewest - 1, 0)), error, certainty) is None
    chosen = choose_threshold(judged((0.99, fewest, 0)), error, certainty)
    assert chosen is not None and chosen.accepted == fewest


def test_the_bound_is_the_exact_one_sided_one() -> None:
    # Of no error in n the bound is 1 - 0.05^(1/n); for 3 of 100 the tables of Clopper and Pearson say 7.57 %.
    assert error_bound(0, 29, 0.95) == pytest.approx(1 - 0.05 ** (1 / 29))
    assert error_bound(3, 100, 0.95) == pytest.approx(0.0757, abs=5e-5)


def test_the_threshold_is_the_lowest_before_the_first_that_fails() -> None:
    # 60 labels at 0.95 with 1 wrong: bound 7.7 %. With 30 at 0.8, 1 wrong: 2 of 90, 6.8 %. With 30
    # at 0.6, 12 wrong: 14 of 120, above 10 %. Below that nothing is looked at, though 0.5 is all right.
    labels = judged((0.95, 59, 1), (0.8, 29, 1), (0.6, 18, 12), (0.5, 2000, 0))
    first = [one for one in labels if one.confidence > 0.5]
    chosen = choose_threshold(first, 0.1, 0.95)
    assert chosen is not None
    assert (chosen.accepted, chosen.wrong) == (90, 2)
    assert 0.6 < chosen.value <= 0.8
    assert chosen.bound == pytest.approx(0.0683, abs=5e-5)


def test_testing_begins_where_a_model_that_may_be_believed_would_pass() -> None:
    # Of 40 a single wrong one is too many, and one of 40 such confident answers is likelier wrong than not.
    labels = judged((0.98, 39, 1), (0.96, 158, 2))
    threshold = choose_threshold(labels, 0.1, 0.95)
    assert threshold is not None
    assert (threshold.accepted, threshold.wrong) == (200, 3)
    # With doubts among the first 40 that no first test would stand, it begins at the best place there is.
    assert choose_threshold(judged((0.9, 39, 1), (0.5, 80, 80)), 0.1, 0.95) is None


@pytest.mark.parametrize(
    ("labels", "most"),
    # 1 - 0.95^(1/29) = 0.0981 <= 0.1; of 100, 4 wrong are bounded by 0.0892 and 5 by 0.1028
    [(28, -1), (29, 0), (100, 4)],
)
def test_how_many_may_be_wrong(labels: int, most: int) -> None:
    assert most_wrong(labels, 0.1, 0.95) == most


def test_plug_in_rates_would_promise_more() -> None:
    # 9 % wrong at face value; the bound of 9 in 100 is 15.2 %.
    assert choose_threshold(judged((0.9, 91, 9)), 0.1, 0.95) is None


def test_a_model_that_is_sure_of_what_is_wrong_is_not_believed() -> None:
    assert choose_threshold(judged((0.99, 60, 60), (0.6, 2000, 0)), 0.1, 0.95) is None


def test_the_order_of_the_labels_changes_nothing() -> None:
    labels = judged((0.97, 50, 1), (0.9, 60, 4), (0.7, 30, 10))
    mixed = labels.copy()
    random.Random(1).shuffle(mixed)  # noqa: S311 - nothing is kept secret
    assert choose_threshold(mixed, 0.1, 0.95) == choose_threshold(labels, 0.1, 0.95)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=300),
    st.sampled_from([0.05, 0.1, 0.3]),
)
def test_what_is_chosen_keeps_the_error_on_its_own_labels(
    drawn: list[tuple[float, bool]], error: float
) -> None:
    labels = [Judged(round(confidence, 4), is_right) for confidence, is_right in drawn]
    chosen = choose_threshold(labels, error, 0.95)
    if chosen is not None:
        reached = [one for one in labels if one.confidence >= chosen.value]
        wrong = sum(not one.is_right for one in reached)
        assert chosen == Threshold(chosen.value, len(reached), wrong, error_bound(wrong, len(reached), 0.95))
        assert chosen.bound <= error
