"""The words of a quotation as one text, whatever stands between its parts."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from builder.records import Span

BETWEEN_PARTS = " … "  # where words of the text were left out of a quotation


def wording(text: str, parts: Iterable[Span], start: int = 0) -> str:
    """The parts of a text as one, an ellipsis between them.

    `start` is where `text` begins in the document that the spans are of.
    """
    return BETWEEN_PARTS.join(text[part.start - start : part.end - start] for part in parts)


def within_wording(spans: Iterable[Span], parts: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of a document that lie in one of some parts of it, as spans of the parts' wording.

    The parts are in order; what lies in none of them is left out.
    """
    lengths = [part.end - part.start + len(BETWEEN_PARTS) for part in parts]
    starts = list(accumulate(lengths, initial=0))
    found = []
    for span in spans:
        number = bisect_right(parts, span.start, key=lambda part: part.start) - 1
        if number >= 0 and span.end <= parts[number].end:
            shift = starts[number] - parts[number].start
            found.append(Span(span.start + shift, span.end + shift))
    return tuple(found)
