from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.excerpts import CONTEXT, Piece, Window, pieces, windows_around
from eval.metrics.attribution import Attribution, read_attributions
from eval.metrics.spans import CountedText


def read(text: str, **roles: list[list[int]]) -> Attribution:
    row: dict[str, Any] = {"content": [], "cue": [], "source": [], **roles}
    (one,) = read_attributions(CountedText(text), [row])
    return one


def at(text: str, part: str) -> list[list[int]]:
    return [[text.index(part), text.index(part) + len(part)]]


def shown(text: str, windows: list[Window]) -> list[str]:
    return [text[window.start : window.end] for window in windows]


TEXT = "It rained. Brandt said it was late.\n\nNobody heard."
SAID = read(TEXT, source=at(TEXT, "Brandt"), cue=at(TEXT, "said"), content=at(TEXT, "it was late"))


def test_a_passage_is_cut_into_marked_pieces() -> None:
    windows = windows_around(TEXT, [SAID])
    assert shown(TEXT, windows) == ["It rained. Brandt said it was late."]
    assert pieces(TEXT, windows, SAID) == [
        Piece("It rained. "),
        Piece("Brandt", "source"),
        Piece(" "),
        Piece("said", "cue"),
        Piece(" "),
        Piece("it was late", "content"),
        Piece("."),
    ]


def test_content_that_the_other_side_leaves_out_differs() -> None:
    windows = windows_around(TEXT, [SAID])
    late = read(TEXT, content=at(TEXT, "late"))
    assert [one for one in pieces(TEXT, windows, SAID, late.letters) if one.role == "content"] == [
        Piece("it was ", "content", differs=True),
        Piece("late", "content"),
    ]
    assert not any(one.differs for one in pieces(TEXT, windows, late, SAID.letters))


def test_a_mark_differs_with_the_words_that_it_begins() -> None:
    text = "“Late,” said Brandt. “Too late.”"
    whole = read(text, content=at(text, "“Late,”") + at(text, "“Too late.”"))
    half = read(text, content=at(text, "“Late,”"))
    windows = windows_around(text, [whole])
    assert [one.text for one in pieces(text, windows, whole, half.letters) if one.differs] == ["“Too late.”"]


def test_paragraphs_that_follow_each_other_are_one_passage() -> None:
    text = "First.\n\nSecond.\n\nThird.\n\nFourth."
    windows = windows_around(text, [read(text, content=at(text, "First") + at(text, "Second"))])
    assert shown(text, windows) == ["First.\n\nSecond."]


def test_what_lies_between_passages_is_left_out() -> None:
    text = "First.\n\nSecond.\n\nThird."
    one = read(text, content=at(text, "First"), source=at(text, "Third"))
    assert pieces(text, windows_around(text, [one]), one) == [
        Piece("First", "content"),
        Piece("."),
        Piece("", gap=True),
        Piece("Third", "source"),
        Piece("."),
    ]


def test_a_long_paragraph_is_cut_at_blanks() -> None:
    text = "word " * 200 + "late " + "word " * 200
    one = read(text, content=at(text, "late"))
    cut = pieces(text, windows_around(text, [one]), one)
    assert [piece.gap for piece in cut] == [True, False, False, False, True]
    assert all(set(piece.text.split()) <= {"word", "late"} for piece in cut)
    assert sum(len(piece.text) for piece in cut) <= 2 * CONTEXT + len("late")


def test_a_long_content_is_shown_at_its_ends() -> None:
    text = "Brandt said " + "x" * 100_000
    one = read(text, content=[[12, len(text)]])
    cut = pieces(text, windows_around(text, [one]), one)
    assert [(piece.role, piece.gap) for piece in cut] == [
        (None, False),
        ("content", False),
        (None, True),
        ("content", False),
    ]
    assert sum(len(piece.text) for piece in cut) < 4 * CONTEXT


@pytest.mark.parametrize("content", [[[-5, 3]], [[0, 10_000]], [[40, 20], [0, 5]]])
def test_offsets_outside_of_the_text_do_no_harm(content: list[list[int]]) -> None:
    one = read(TEXT, content=content)
    assert "".join(piece.text for piece in pieces(TEXT, windows_around(TEXT, [one]), one))


@given(
    text=st.text(alphabet="ab ,“\n", min_size=1, max_size=900),
    ends=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=4),
)
def test_windows_are_in_order_apart_and_hold_every_end(text: str, ends: list[tuple[int, int]]) -> None:
    spans = [[min(pair), max(pair)] for pair in ends]
    one = Attribution(frozenset(), frozenset(), frozenset(), "direct", given={"content": spans})
    windows = windows_around(text, [one])
    assert all(before.end < after.start for before, after in pairwise(windows))
    for end in (min(end, len(text)) for span in spans for end in span):
        assert any(window.start <= end <= window.end for window in windows)
    texts = [piece.text for piece in pieces(text, windows, one) if not piece.gap]
    assert "".join(texts) == "".join(shown(text, windows))
