"""The context of a quotation: where it is cut, and that every span still cuts what it cut."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Document, Quotation, Span, Zone, ZoneLabel
from builder.release.context import body_runs, context_of, within


def document(text: str, *zones: Zone) -> Document:
    empty: dict[str, Any] = dict.fromkeys(
        ("url", "title", "published", "site", "author", "agency", "language")
    )
    return Document(
        id="d1",
        text=text,
        uri="d1.txt",
        raw_sha256="",
        extractor="",
        zones=zones or (Zone(0, len(text), "body"),),
        **empty,
    )


def quotation(
    content: tuple[Span, ...], cue: tuple[Span, ...] = (), source: tuple[Span, ...] = ()
) -> Quotation:
    return Quotation("q1", "d1", "direct", content, cue, source, (), 0, None, 1.0, "rules")


def context_in(article: Document, found: Quotation, most: int, whole_body: bool = False) -> Span:
    return context_of(article.text, body_runs(article), found, most, whole_body)


PARAGRAPHS = "One two.\n\nThree “four” said five.\n\nSix seven."


@pytest.mark.parametrize(
    ("most", "context"),
    [
        (0, "“four”"),
        (1, "“four”"),
        (6, "Three “four” said"),  # " said " fits, "five." does not
        (11, "Three “four” said five."),  # the paragraph: 6 before, 11 after
        (15, "Three “four” said five."),  # no whole neighbour fits
        (16, "One two.\n\nThree “four” said five."),  # 8 + 2 + 6 = 16 before
        (23, PARAGRAPHS),  # 11 + 2 + 10 = 23 after
        (500, PARAGRAPHS),
    ],
)
def test_whole_paragraphs_as_far_as_the_limit_allows_else_whole_words(most: int, context: str) -> None:
    start = PARAGRAPHS.index("“four”")
    found = context_in(document(PARAGRAPHS), quotation((Span(start, start + 6),)), most)
    assert found.of(PARAGRAPHS) == context


@pytest.mark.parametrize(
    ("zones", "context"),
    [
        ([Zone(0, 8, "body"), Zone(10, 33, "body"), Zone(35, 45, "body")], PARAGRAPHS),
        ([Zone(0, 8, "caption"), Zone(10, 33, "body"), Zone(35, 45, "body")], PARAGRAPHS[10:]),
        ([Zone(0, 8, "body"), Zone(10, 33, "body"), Zone(35, 45, "boilerplate")], PARAGRAPHS[:33]),
        ([Zone(0, 8, "body"), Zone(10, 33, "title"), Zone(35, 45, "body")], PARAGRAPHS[10:33]),
    ],
)
def test_widening_stops_where_the_body_stops(zones: list[Zone], context: str) -> None:
    start = PARAGRAPHS.index("“four”")
    found = context_in(document(PARAGRAPHS, *zones), quotation((Span(start, start + 6),)), 500)
    assert found.of(PARAGRAPHS) == context


def test_cue_and_source_in_another_paragraph_are_covered() -> None:
    source, content = Span(4, 7), Span(16, 22)
    found = context_in(document(PARAGRAPHS), quotation((content,), source=(source,)), 0)
    assert found.of(PARAGRAPHS) == "two.\n\nThree “four”"


def test_the_whole_body_is_published_only_where_asked_for() -> None:
    zones = [Zone(0, 8, "title"), Zone(10, 33, "body"), Zone(35, 45, "body")]
    found = context_in(document(PARAGRAPHS, *zones), quotation((Span(16, 22),)), 0, whole_body=True)
    assert found.of(PARAGRAPHS) == PARAGRAPHS[10:]


LABELS: st.SearchStrategy[ZoneLabel] = st.sampled_from(["body", "body", "caption", "boilerplate"])
TEXTS = st.text(alphabet="ab“”é😀 \n.", min_size=1, max_size=120)


@given(TEXTS, st.integers(0, 60), st.data())
def test_every_span_cuts_the_same_words_out_of_the_context(text: str, most: int, data: st.DataObject) -> None:
    def spans(least: int) -> tuple[Span, ...]:
        place = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20))
        places = data.draw(st.lists(place, min_size=least, max_size=3))
        return tuple(Span(at, min(at + length, len(text))) for at, length in places)

    cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=4))})
    zones = [Zone(a, b, data.draw(LABELS)) for a, b in pairwise(cuts)]
    found = quotation(spans(1), spans(0), spans(0))
    context = context_in(document(text, *zones), found, most)
    cut = context.of(text)
    for some in (found.content, found.cue, found.source):
        for before, after in zip(some, within(context, some), strict=True):
            assert after.of(cut) == before.of(text)
    every = [*found.content, *found.cue, *found.source]
    assert min(one.start for one in every) - context.start <= most
    assert context.end - max(one.end for one in every) <= most
