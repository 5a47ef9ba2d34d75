"""From what a network says to attributions: its scores in; words of content, source and cue out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes import attributions as module
from builder.quotes.attributions import MARGIN, Attribution, Integers, Run, attributions
from builder.quotes.chain import Floats
from builder.quotes.encoding import Window
from builder.quotes.states import (
    BEFORE,
    BEHIND,
    CONTENT,
    CONTENT_BEGINS,
    CUE,
    NONE,
    SOURCE,
    SOURCE_BEGINS,
    STATES,
    buckets,
)
from tests.quotes.scripted import SURE, Scripted, window

SAID, ADDED = 1, 2  # words that are anchors


def found(
    network: Scripted, *some: Window, threshold: float = 0.0, batch_tokens: int = 64
) -> list[Attribution]:
    return attributions(some, network, threshold, batch_tokens)


def test_an_anchor_has_its_content_its_source_and_its_cue() -> None:
    # We  go  now  ,  she  has  said
    (only,) = found(Scripted({SAID: {11: "C", 12: "c", 13: "c", 14: "S", 15: "v", SAID: "v"}}),
                    window([11, 12, 13, 14, 15, SAID]))  # fmt: skip
    assert (only.window, only.anchor) == (0, 5)
    assert only.content == (Run(0, 3),)
    assert only.source == (Run(3, 4),)
    assert only.cue == (Run(4, 6),)
    assert only.anchor_score == SURE
    for certain in (only.content_taken, only.content_covered, only.source_taken, only.source_covered):
        assert certain == pytest.approx(1, abs=1e-4)
    assert only.log_probability == pytest.approx(0, abs=1e-4)
    assert only.sources == pytest.approx(1, abs=1e-4)


def test_one_source_may_serve_two_anchors() -> None:
    script = {SAID: {11: "C", 13: "S", SAID: "v"}, ADDED: {12: "C", 13: "S", ADDED: "v"}}
    first, second = found(Scripted(script), window([13, SAID, 11, ADDED, 12]))
    assert (first.source, second.source) == ((Run(0, 1),), (Run(0, 1),))
    assert (first.content, second.content) == ((Run(2, 3),), (Run(4, 5),))


def test_content_may_be_in_pieces_that_touch_or_do_not() -> None:
    script = {SAID: {11: "C", 12: "c", SAID: "v", 13: "C"}}
    (only,) = found(Scripted(script), window([11, 12, SAID, 11, 12, 11, 12]))
    assert only.content == (Run(0, 2), Run(3, 5), Run(5, 7))


@pytest.mark.parametrize(
    ("sure", "source"), [({13: 20.0, 15: 2.0}, Run(0, 1)), ({13: 2.0, 15: 20.0}, Run(3, 4))]
)
def test_of_two_sources_the_likelier_stays(sure: dict[int, float], source: Run) -> None:
    # Brandt  said  we  she  go
    class Two(Scripted):
        def link(self, anchors: Floats, words: Floats, *rest: Integers) -> Floats:
            emissions = super().link(anchors, words, *rest)
            for word, score in sure.items():
                emissions[words[:, :, 0] == word, SOURCE_BEGINS] = score
            return emissions

    (only,) = found(Two({SAID: {13: "S", 15: "S", 11: "C", SAID: "v"}}), window([13, SAID, 11, 15, 12]))
    assert only.source == (source,)


def test_a_cue_may_be_empty_and_so_may_a_source() -> None:
    (only,) = found(Scripted({SAID: {11: "C"}}), window([SAID, 11]))
    assert (only.cue, only.source) == ((), ())
    assert only.source_taken == 0
    assert only.content_taken == pytest.approx(1, abs=1e-4)


def test_an_anchor_whose_content_is_yet_to_come_is_given_too() -> None:
    (only,) = found(Scripted({SAID: {13: "S", SAID: "v"}}), window([13, SAID]))
    assert (only.content, only.source) == ((), (Run(0, 1),))


def test_anchors_below_the_threshold_are_left_out() -> None:
    network = Scripted({SAID: {11: "C"}, ADDED: {11: "C"}}, odds={SAID: 1.0, ADDED: 3.0})
    some = window([SAID, 11, ADDED, 11])
    assert [one.anchor for one in found(network, some, threshold=1.0)] == [0, 2]
    assert [one.anchor for one in found(network, some, threshold=1.1)] == [2]
    assert found(network, some, threshold=3.1) == []


def test_what_would_go_on_without_having_begun_is_read_as_it_can_be() -> None:
    (only,) = found(Scripted({SAID: {11: "c"}}), window([SAID, 11, 11]))
    # It begins with the first of its words or with the anchor: one step against the network, either way.
    assert only.content in ((Run(0, 3),), (Run(1, 3),))
    assert only.log_probability == pytest.approx(math.log(1 / 2), abs=1e-3)


def test_an_anchor_sees_only_the_words_around_it() -> None:
    words = [11] * (BEFORE + 10) + [SAID] + [11] * (BEHIND + 10)
    (only,) = found(Scripted({SAID: {11: "C"}}), window(words))
    content = {word for run in only.content for word in range(run.first, run.last)}
    anchor = BEFORE + 10
    assert content == {word for word in range(10, anchor + BEHIND + 1) if word != anchor}


def test_the_network_is_told_how_far_each_word_is() -> None:
    network = Scripted({SAID: {}})
    found(network, window([11, 12, SAID, 13], paragraphs=[0, 1, 1, 2]))
    ((distances, steps),) = network.asked
    assert distances[:4] == buckets(np.array([-2, -1, 0, 1])).tolist()
    assert steps[:4] == [1, 2, 2, 3]


def test_behind_its_end_every_row_looks_alike_as_far_as_a_network_looks() -> None:
    network = Scripted({SAID: {}})
    found(network, window([SAID]), window([SAID, *[11] * 40]))
    alike = [0] * MARGIN
    for words, asked in zip((1, 41), network.asked, strict=True):
        assert [values[words : words + MARGIN] for values in asked] == [alike, alike]


def test_there_may_be_nothing_to_read() -> None:
    network = Scripted({SAID: {}})
    assert found(network) == []
    assert found(network, window([])) == []
    assert found(network, window([11, 12])) == []


def test_windows_of_one_length_are_read_together_and_batches_have_a_limit() -> None:
    network = Scripted({})
    found(network, *(window([11] * words) for words in (8, 1, 40, 8, 1, 30)), batch_tokens=32)
    # Two special tokens each, filled up to a multiple of 16: four of 16, one of 32, and one of 48.
    assert network.batches == [(2, 16), (2, 16), (1, 32), (1, 48)]


words = st.lists(st.sampled_from([SAID, ADDED, 11, 12, 13, 14]), max_size=12)


@given(st.lists(words, max_size=6), st.integers(1, 40), st.integers(1, 4), st.integers(1, 4))
def test_what_is_found_does_not_depend_on_the_batches(
    some: list[list[int]], batch_tokens: int, read: int, linked: int
) -> None:
    script = {SAID: {11: "C", 12: "c", 13: "S", SAID: "v"}, ADDED: {11: "C", 14: "S", ADDED: "v"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "READ", read)
        patch.setattr(module, "LINKED", linked)
        together = found(Scripted(script), *map(window, some), batch_tokens=batch_tokens)
    alone = [
        one.in_window(number)
        for number, each in enumerate(some)
        for one in found(Scripted(script), window(each))
    ]
    assert together == alone


class Doubtful(Scripted):
    """States of two words by their probabilities: the anchor's, and those of the word behind it."""

    def __init__(self, first: dict[int, float], second: dict[int, float]) -> None:
        super().__init__({SAID: {}})
        self._probabilities = [first, second]

    def link(self, anchors: Floats, words: Floats, distances: Integers, paragraphs: Integers) -> Floats:
        emissions = np.full((1, 2, STATES), -1e4, dtype=np.float32)
        for place, probabilities in enumerate(self._probabilities):
            for state, probability in probabilities.items():
                emissions[0, place, state] = math.log(probability)
        return emissions


def test_doubts_are_counted_by_hand() -> None:
    # First word: nothing. Second: 0.6 content, 0.3 source, 0.1 nothing. Content is taken: 0.6 sure, and
    # all of the content that is expected. No word is source, of 0.3 words that are expected.
    network = Doubtful({NONE: 1.0}, {CONTENT_BEGINS: 0.6, SOURCE_BEGINS: 0.3, NONE: 0.1})
    (only,) = found(network, window([SAID, 11]))
    assert only.content == (Run(1, 2),)
    assert only.log_probability == pytest.approx(math.log(0.6), abs=1e-3)
    assert only.content_taken == pytest.approx(0.6, abs=1e-3)
    assert only.content_covered == pytest.approx(1, abs=1e-3)
    assert (only.source_taken, only.source_covered) == (0, 0)
    assert only.sources == pytest.approx(0.3, abs=1e-3)


def test_a_source_that_is_expected_is_taken_though_the_best_path_has_none() -> None:
    # Each of two words is the source with 0.35: the best path has none, and yet there is one with 0.58.
    doubt = {SOURCE_BEGINS: 0.35, NONE: 0.65}
    (only,) = found(Doubtful(doubt, doubt), window([SAID, 11]))
    assert only.sources == pytest.approx(0.7, abs=1e-3)
    assert only.source == (Run(0, 1),)
    assert only.source_taken == pytest.approx(0.35, abs=1e-3)
    assert only.source_covered == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(("goes_on", "last"), [(0.55, 2), (0.4, 1)])
def test_the_likeliest_source_goes_on_as_long_as_it_is_half_as_likely(goes_on: float, last: int) -> None:
    # A source of two words 0.4 x goes_on, of one 0.4 x (1 - goes_on), none, the best, 0.6 x (1 - goes_on).
    behind = {SOURCE: goes_on, NONE: 1 - goes_on}
    (only,) = found(Doubtful({SOURCE_BEGINS: 0.4, NONE: 0.6}, behind), window([SAID, 11]))
    assert only.source == (Run(0, last),)


def test_a_source_that_is_expected_where_the_best_path_has_another_role_is_none() -> None:
    # 0.75 sources are expected, 0.45 of them where the cue is: no other word is likely to be one.
    network = Doubtful({SOURCE_BEGINS: 0.45, CUE: 0.55}, {SOURCE_BEGINS: 0.3, NONE: 0.7})
    (only,) = found(network, window([SAID, 11]))
    assert (only.cue, only.source) == ((Run(0, 1),), ())
    assert only.sources == pytest.approx(0.75, abs=1e-3)


def test_content_that_was_not_taken_lowers_its_share() -> None:
    # The first word is content; of the second it is 0.4 likely, so 1.0 of 1.4 expected words are taken.
    network = Doubtful({CONTENT_BEGINS: 1.0}, {CONTENT: 0.4, NONE: 0.6})
    (only,) = found(network, window([SAID, 11]))
    assert only.content == (Run(0, 1),)
    assert only.content_taken == pytest.approx(1, abs=1e-3)
    assert only.content_covered == pytest.approx(1 / 1.4, abs=1e-3)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=4),
    st.sets(st.integers(0, 30), max_size=12),
)
def test_words_may_be_taken_out_of_the_content(pieces: list[tuple[int, int]], without: set[int]) -> None:
    runs: list[Run] = []
    for gap, length in pieces:
        first = (runs[-1].last if runs else 0) + gap
        runs.append(Run(first, first + length))
    one = Attribution(0, 0, tuple(runs), (Run(0, 1),), (), 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0).without(without)
    kept = [word for run in runs for word in range(run.first, run.last) if word not in without]
    assert [word for run in one.content for word in range(run.first, run.last)] == kept
    assert all(run.first < run.last for run in one.content)
    assert one.source == (Run(0, 1),)
