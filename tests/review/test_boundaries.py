"""Boundaries that people set, in the text that they were set in and in later ones."""

import pytest

from builder.records import Document, Quotation, Span
from builder.review.boundaries import placed
from builder.review.matching import DecidedItem

#     0         10        20        30
OLD = "Nora Vale said the dam will hold."
ITEM = DecidedItem("q1", "d1", (Span(15, 32),), "the dam will hold")
SET = {"content": (Span(19, 32),), "cue": (Span(10, 14),), "source": (Span(0, 9),)}


def document(text: str) -> Document:
    return Document(
        "d1", text, "d.txt", None, None, None, None, None, None, None, "0" * 64, "article", zones=()
    )


@pytest.mark.parametrize(
    ("text", "found", "holds"),
    [
        (OLD, "the dam will hold", True),
        (OLD, "dam will", True),  # found with other boundaries in the same text
        (OLD.upper(), "THE DAM WILL HOLD", True),
        ("News: " + OLD, "the dam will hold", True),
        ("News: " + OLD, "the dam", True),  # begins where the decided words begin
        ("News: " + OLD, "dam will hold", True),  # ends where they end
        ("News: " + OLD, "dam will", False),  # nothing says how far they moved
        (OLD.replace("will", "may"), "the dam may hold", False),
        (OLD.removeprefix("Nora Vale "), "the dam will hold", False),  # the source is gone
    ],
)
def test_boundaries_move_with_the_words(text: str, found: str, holds: bool) -> None:
    start = text.index(found)
    content = (Span(start, start + len(found)),)
    quotation = Quotation("q2", "d1", "indirect", content, (), (), (), 0, None, 0.9, "rules")
    boundaries = placed(SET, ITEM, document(text), quotation)
    if not holds:
        assert boundaries is None
    else:
        assert boundaries is not None
        words = {part: [span.of(text).lower() for span in spans] for part, spans in boundaries.items()}
        assert words == {"content": ["dam will hold"], "cue": ["said"], "source": ["nora vale"]}
