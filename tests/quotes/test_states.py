"""The states of words toward an anchor, and the buckets of distances."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.states import (
    ALLOWED,
    BEFORE,
    BEHIND,
    BUCKETS,
    CONTENT,
    CONTENT_BEGINS,
    CUE,
    MAY_BEGIN,
    NONE,
    PARAGRAPHS,
    SOURCE,
    SOURCE_BEGINS,
    STATES,
    around,
    buckets,
    steps,
)


@pytest.mark.parametrize(
    ("states", "possible"),
    [
        ([CONTENT_BEGINS, CONTENT, CONTENT, CUE, SOURCE_BEGINS, SOURCE], True),
        ([CONTENT_BEGINS, CONTENT_BEGINS, NONE, CONTENT_BEGINS], True),
        ([SOURCE_BEGINS, CUE, CUE, CONTENT_BEGINS, NONE], True),
        ([NONE, CONTENT], False),
        ([CUE, SOURCE], False),
        ([SOURCE_BEGINS, CONTENT], False),
        ([CONTENT_BEGINS, SOURCE], False),
        ([CONTENT, CONTENT], False),
        ([SOURCE], False),
    ],
)
def test_what_goes_on_has_begun_with_the_same_role(states: list[int], possible: bool) -> None:
    steps_allowed = all(ALLOWED[before][after] for before, after in itertools.pairwise(states))
    assert (MAY_BEGIN[states[0]] and steps_allowed) == possible


def test_the_table_has_a_row_and_a_column_for_every_state() -> None:
    assert [len(row) for row in ALLOWED] == [STATES] * STATES
    assert len(MAY_BEGIN) == STATES


@pytest.mark.parametrize(
    ("anchor", "words", "seen"),
    [(0, 10, slice(0, 10)), (9, 10, slice(0, 10)), (100, 1000, slice(100 - BEFORE, 100 + BEHIND + 1))],
)
def test_an_anchor_sees_the_words_around_it(anchor: int, words: int, seen: slice) -> None:
    assert around(anchor, words) == seen


def test_near_words_have_a_bucket_for_each_distance() -> None:
    near = np.arange(-12, 13)
    found = buckets(near).tolist()
    assert len(set(found)) == len(near)
    assert found[12:] == list(range(13))


def test_far_words_share_buckets_that_double_in_width_every_three() -> None:
    # 12 x 2^(1/3) = 15.1, 12 x 2^(2/3) = 19.05, 12 x 2 = 24
    assert buckets(np.array([13, 15, 16, 19, 20, 23, 24, 30, 31])).tolist() == [
        12,
        12,
        13,
        13,
        14,
        14,
        15,
        15,
        16,
    ]


@given(st.integers(-(2**40), 2**40))
def test_the_two_sides_have_buckets_of_their_own(distance: int) -> None:
    (bucket, mirrored) = buckets(np.array([distance, -distance])).tolist()
    assert 0 <= bucket < BUCKETS
    assert (bucket >= BUCKETS // 2) == (distance < 0)
    assert abs(bucket - mirrored) == (BUCKETS // 2 if distance else 0)


def test_the_reach_of_an_anchor_takes_all_buckets_in_their_order() -> None:
    found = buckets(np.arange(BEHIND + 1))
    assert np.all(np.diff(found) >= 0)
    assert set(found.tolist()) == set(range(BUCKETS // 2))


def test_paragraphs_are_counted_up_to_two_on_either_side() -> None:
    found = steps(np.array([0, 3, 4, 5, 6, 9]), 5)
    assert found.tolist() == [0, 0, 1, 2, 3, 4]
    assert PARAGRAPHS == 5
