"""Offsets are code points of the document, whatever a browser counts in, and edges never split a letter."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from builder.records import Span
from builder.review.web.app import STATIC
from tests.review.invented import START, TEXT, span

# Letters of one and of two code units, marks that join the letter before, a family of seven code points,
# letters from right to left, and what splits lines.
LETTERS = st.text(st.sampled_from("aé ❤️e\u0301👩‍👩‍👧🌉नि אב\n.,“”\u202e\x00"), max_size=40)
SCRIPT = (STATIC / "passage.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def passage(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Calls a function of JavaScript with the names of `passage.js` and some arguments."""
    page: Page = browser.new_page()
    page.evaluate(
        "async (text) => { window.passage = await import(URL.createObjectURL("
        "new Blob([text], { type: 'text/javascript' }))); }",
        SCRIPT,
    )
    yield lambda function, *values: page.evaluate(f"(values) => ({function})(...values)", list(values))
    page.close()


def test_a_span_cuts_the_words_that_it_cuts_in_the_document(passage: Callable[..., Any]) -> None:
    for words in ("🚢", "🇳🇴", "“The bridge 🌉 is safe,”", "said", "“and cheap.”"):
        here = span(words)
        cut = passage(
            "(text, start, span) => new passage.Stretch(text, start).of(span)",
            TEXT,
            START,
            [here.start, here.end],
        )
        assert cut == words


@given(text=LETTERS, start=st.integers(0, 5_000), places=st.tuples(st.integers(0, 40), st.integers(0, 40)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_it_cuts_any_text_as_python_does(
    passage: Callable[..., Any], text: str, start: int, places: tuple[int, int]
) -> None:
    low, high = sorted(min(place, len(text)) for place in places)
    cut, back = passage(
        "(text, start, span) => { const all = new passage.Stretch(text, start);"
        " return [all.of(span), span.map((point) => all.pointOf(all.unitOf(point)))]; }",
        text,
        start,
        [start + low, start + high],
    )
    assert cut == Span(low, high).of(text)
    assert back == [start + low, start + high]


@given(text=LETTERS)
@settings(max_examples=60)
def test_what_is_shown_has_as_many_code_points_as_the_text(passage: Callable[..., Any], text: str) -> None:
    shown = passage(
        "(text) => { const box = document.createElement('div');"
        " passage.render(box, new passage.Stretch(text, 7), [{ kind: 'content', span: [8, 12] }]);"
        " return box.textContent; }",
        text,
    )
    # A text of nothing but blanks has no paragraph.
    assert len(shown) == (len(text) if text.strip(" \n") else 0)


@pytest.mark.parametrize(
    ("text", "point", "forward", "by_letter", "to"),
    [
        ("The bridge holds", 0, True, False, "The"),
        ("The bridge holds", 3, True, False, "The bridge"),
        ("The bridge holds", 10, False, False, "The "),
        ("Cafe\u0301 noir", 3, True, True, "Cafe\u0301"),
        ("Cafe\u0301 noir", 5, False, True, "Caf"),
        ("a 👩‍👩‍👧 b", 2, True, True, "a 👩‍👩‍👧"),
        ("flag 🇳🇴 here", 5, True, True, "flag 🇳🇴"),
        ("“Well,” he", 0, True, False, "“"),
        ("ends here", 9, True, False, "ends here"),
        ("ends here", 0, False, False, ""),
    ],
)
def test_a_step_ends_beside_a_word_or_a_letter_with_its_marks(
    passage: Callable[..., Any], text: str, point: int, forward: bool, by_letter: bool, to: str
) -> None:
    step = "(text, ...step) => new passage.Stretch(text).step(...step)"
    assert passage(step, text, point, forward, by_letter) == len(to)


@pytest.mark.parametrize(
    ("text", "drawn", "words"),
    [
        ("The bridge holds", (5, 8), "bridge"),
        ("The bridge holds", (3, 11), "bridge"),
        ("The bridge holds", (6, 12), "bridge holds"),
        ("“The bridge”, he said", (0, 12), "“The bridge”"),
        ("The bridge", (3, 4), None),
    ],
)
def test_a_selection_grows_to_whole_words(
    passage: Callable[..., Any], text: str, drawn: tuple[int, int], words: str | None
) -> None:
    found = passage("(text, span) => new passage.Stretch(text).toWords(span)", text, list(drawn))
    assert (found and text[slice(*found)]) == words


def test_a_place_in_the_page_is_a_place_in_the_document(passage: Callable[..., Any]) -> None:
    # Every code point of the text is selected in the page, and asked for where it stands.
    found = passage(
        "(text, start) => { const box = document.body.appendChild(document.createElement('div'));"
        " const all = new passage.Stretch(text, start);"
        " passage.render(box, all, [{ kind: 'content', span: [start + 4, start + 20] },"
        " { kind: 'source', span: [start + 10, start + 30] }]);"
        " return Array.from({ length: all.end - start }, (_, index) => {"
        " passage.select(box, all, [start + index, start + index + 1]);"
        " const { startContainer, startOffset, endContainer, endOffset } = getSelection().getRangeAt(0);"
        " return [passage.pointAt(box, all, startContainer, startOffset),"
        " passage.pointAt(box, all, endContainer, endOffset)]; }); }",
        TEXT,
        START,
    )
    assert found == [[START + index, START + index + 1] for index in range(len(TEXT))]
