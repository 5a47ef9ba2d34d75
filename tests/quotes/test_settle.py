"""Which attributions stay: confidences and words in, what is left out."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.attributions import Attribution, Run
from builder.quotes.settle import MOST_LOST, settled

BAR, BAR_WITHOUT_SOURCE = 0.5, 0.3


def attribution(
    content: Iterable[tuple[int, int]], source: bool = True, window: int = 0, anchor: int = 0
) -> Attribution:
    runs = tuple(Run(first, last) for first, last in content)
    return Attribution(
        window, anchor, runs, (Run(90, 91),) if source else (), (), 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0
    )


def shown(*rated: tuple[float, Attribution]) -> list[tuple[float, list[tuple[int, int]]]]:
    return [
        (confidence, [(run.first, run.last) for run in one.content])
        for confidence, one in settled(rated, BAR, BAR_WITHOUT_SOURCE)
    ]


def test_what_shares_no_words_stays_the_surest_first() -> None:
    assert shown((0.6, attribution([(0, 5)])), (0.9, attribution([(5, 9)]))) == [
        (0.9, [(5, 9)]),
        (0.6, [(0, 5)]),
    ]


@pytest.mark.parametrize(("confidence", "stays"), [(0.5, True), (0.4999, False)])
def test_what_is_not_sure_enough_goes(confidence: float, stays: bool) -> None:
    assert bool(shown((confidence, attribution([(0, 5)])))) == stays


@pytest.mark.parametrize(("confidence", "stays"), [(0.4, True), (0.3, True), (0.2999, False)])
def test_without_a_source_the_bar_is_another(confidence: float, stays: bool) -> None:
    assert bool(shown((confidence, attribution([(0, 5)], source=False)))) == stays


def test_the_surer_one_keeps_the_words_that_both_claim() -> None:
    assert shown((0.9, attribution([(0, 4)])), (0.8, attribution([(2, 9)]))) == [
        (0.9, [(0, 4)]),
        (0.8, [(4, 9)]),
    ]


def test_words_may_be_lost_in_the_middle() -> None:
    assert shown((0.9, attribution([(3, 5)])), (0.8, attribution([(0, 9)]))) == [
        (0.9, [(3, 5)]),
        (0.8, [(0, 3), (5, 9)]),
    ]


@pytest.mark.parametrize(("last", "stays"), [(8, True), (7, False)])
def test_what_would_lose_more_than_half_of_its_words_goes(last: int, stays: bool) -> None:
    assert MOST_LOST == 0.5
    rated = (0.9, attribution([(0, 4)])), (0.8, attribution([(0, last)]))
    assert len(shown(*rated)) == 1 + stays


def test_words_of_one_that_went_are_free() -> None:
    first, second = attribution([(0, 4)]), attribution([(0, 6)])
    third = attribution([(4, 8)])
    # The second would lose four of its six words; so the third loses none of its own to it.
    assert shown((0.9, first), (0.8, second), (0.7, third)) == [(0.9, [(0, 4)]), (0.7, [(4, 8)])]


def test_words_of_another_window_are_others() -> None:
    rated = (0.9, attribution([(0, 4)], window=0)), (0.8, attribution([(0, 4)], window=1))
    assert len(shown(*rated)) == 2


def test_of_two_as_sure_as_each_other_the_first_in_the_text_is_asked_first() -> None:
    early, late = attribution([(0, 4)], anchor=4), attribution([(0, 4)], anchor=9)
    assert list(settled([(0.9, late), (0.9, early)], BAR, BAR_WITHOUT_SOURCE)) == [(0.9, early)]


runs = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
some_rated = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.builds(lambda run, window: attribution([run], window=window), runs, st.integers(0, 1)),
    )
)


@given(some_rated)
def test_no_word_is_in_the_content_of_two(rated: list[tuple[float, Attribution]]) -> None:
    words = [
        (one.window, word)
        for _, one in settled(rated, BAR, BAR_WITHOUT_SOURCE)
        for run in one.content
        for word in range(run.first, run.last)
    ]
    assert len(set(words)) == len(words)
