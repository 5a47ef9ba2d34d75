"""The paragraphs of a text: its lines that are not blank, counted from 0."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.records import Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text, or the part of it that was asked for, without blanks at its ends.

    `index` counts all lines of the text that are not blank. `wrapped` says that the sentence of the
    line before seems to run on into this one: the text is broken to a width.
    """

    index: int
    start: int
    end: int
    wrapped: bool = False

    @property
    def span(self) -> Span:
        """Where the paragraph stands."""
        return Span(self.start, self.end)


def lines_around(text: str, span: Span, most: int) -> Span:
    """The lines that a span stands in, cut to `most` characters on either side of it."""
    low, high = max(0, span.start - most), min(len(text), span.end + most)
    start = text.rfind("\n", low, span.start) + 1 or low
    end = text.find("\n", span.end, high)
    return Span(start, high if end < 0 else end)


def paragraphs(text: str, within: Sequence[Span] | None = None) -> list[Paragraph]:
    """The paragraphs of `text` that lie in the spans `within` (in order), or all of them.

    A line that is only partly inside is cut there; a line with two parts inside gives two.
    """
    wanted = list(within) if within is not None else [Span(0, len(text))]
    found: list[Paragraph] = []
    first = 0
    lines = (line for line in _LINE.finditer(text) if not line.group().isspace())
    for index, line in enumerate(lines):
        while first < len(wanted) and wanted[first].end <= line.start():
            first += 1
        here = first
        while here < len(wanted) and wanted[here].start < line.end():
            start, end = _trim(text, max(wanted[here].start, line.start()), min(wanted[here].end, line.end()))
            if start < end:
                found.append(Paragraph(index, start, end, bool(found) and _runs_on(text, found[-1], start)))
            here += 1
    return found


# Only what editors and HTML break lines with: U+0085 is an ellipsis in text of a wrong code page.
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# Characters of a line that was broken to a width; shorter ones are captions, longer ones whole paragraphs.
NARROWEST, WIDEST = 35, 120


def _runs_on(text: str, line: Paragraph, start: int) -> bool:
    """Whether `line` and the one starting at `start` may be one broken sentence."""
    last = text[line.end - 1]
    return (
        NARROWEST <= line.end - line.start <= WIDEST
        and start - line.end <= 4
        and len(_BREAK.findall(text, line.end, start)) == 1
        and (last.isalnum() or last in ",;-–—")
    )
