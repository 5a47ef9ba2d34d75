"""The words of a quotation as one text, whatever stands between its parts."""

from collections.abc import Iterable

from builder.records import Span

BETWEEN_PARTS = " … "  # where words of the text were left out of a quotation


def wording(text: str, parts: Iterable[Span], start: int = 0) -> str:
    """The parts of a text as one, an ellipsis between them.

    `start` is where `text` begins in the document that the spans are of.
    """
    return BETWEEN_PARTS.join(text[part.start - start : part.end - start] for part in parts)
