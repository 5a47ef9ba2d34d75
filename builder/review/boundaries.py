"""Putting boundaries that people set into a text that was extracted anew.

They are offsets into the text that the decision was made on. Where the decided words still stand
at the decided offsets they hold as they are; where the words have moved, the boundaries move with
them; where the words stand neither here nor there, nobody can say what the offsets meant.
"""

from collections.abc import Iterable, Mapping

from builder.quotes.wording import BETWEEN_PARTS, wording
from builder.records import Document, Quotation, Span
from builder.review.matching import DecidedItem
from builder.review.words import words_of

Boundaries = Mapping[str, tuple[Span, ...]]
"""The spans of a quotation's content, cue and source, by these names."""


def placed(
    boundaries: Boundaries, item: DecidedItem, document: Document, quotation: Quotation
) -> Boundaries | None:
    """The boundaries of an item as spans of a document's text, or None where they have no place in it.

    `quotation` is what the item is in that text, perhaps with other boundaries.
    """
    old, new = item.content, quotation.content
    return _moved(boundaries, item, document, (0, new[0].start - old[0].start, new[-1].end - old[-1].end))


def placed_alone(boundaries: Boundaries, item: DecidedItem, document: Document) -> Boundaries | None:
    """The same for an item that is no quotation of the document: its words must stand there, and once only
    where they do not stand in their old place.
    """
    first = item.text.split(BETWEEN_PARTS)[0]
    start = document.text.find(first)
    is_single = start >= 0 and document.text.find(first, start + 1) < 0
    return _moved(boundaries, item, document, (0, *([start - item.content[0].start] if is_single else [])))


def _moved(
    boundaries: Boundaries, item: DecidedItem, document: Document, shifts: Iterable[int]
) -> Boundaries | None:
    """The boundaries moved by the first shift that brings the item to its words."""
    for shift in shifts:
        content = _shifted(item.content, shift)
        if _fits(content, document.text) and _reads(content, document.text, item.text):
            moved = {part: _shifted(spans, shift) for part, spans in boundaries.items()}
            return moved if all(_fits(spans, document.text) for spans in moved.values()) else None
    return None


def _shifted(spans: tuple[Span, ...], shift: int) -> tuple[Span, ...]:
    return tuple(Span(span.start + shift, span.end + shift) for span in spans)


def _fits(spans: tuple[Span, ...], text: str) -> bool:
    return all(span.start >= 0 and span.end <= len(text) for span in spans)


def _reads(spans: tuple[Span, ...], text: str, words: str) -> bool:
    return words_of(wording(text, spans)) == words_of(words)
