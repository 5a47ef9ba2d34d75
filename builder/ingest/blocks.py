"""The blocks of a text: its lines, and lines broken to a width joined to the paragraph that they were."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from builder.ingest.signs import MONTH


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the text, or the lines of a wrapped paragraph.

    `start` and `end` cut it from the text, without blanks at its ends; `words` is what it says, in
    one line and without the bullet or number of a list.
    """

    start: int
    end: int
    words: str
    bullet: bool


def blocks(text: str) -> list[Block]:
    """The blocks of `text`, whose lines end in line feeds, in order."""
    return [_block(text, run) for group in _groups(text) for run in _paragraphs(text, group)]


def block_of(line: str) -> Block:
    """The block that a line is by itself."""
    return _block(line, [_Line(0, len(line))])


# A line that was broken to a width has at least and at most so many characters, and fills at least
# this share of the longest.
NARROWEST, WIDEST = 40, 120
FILLED = 0.6
RUNNING_ON = 0.3  # share of a wrapped paragraph's breaks that are seen to be within a sentence

_LINE = re.compile(r"[^\n]+")
_BLANKS = re.compile(r"[^\S\t]+")  # a tab stands between the cells of a table
_BULLET = re.compile(rf"\s*(?:[•·◦▪■●‣▶►»*–—-]\s+|\d{{1,3}}[.)]\s+(?!(?i:{MONTH})\s))")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def _groups(text: str) -> Iterator[list[_Line]]:
    """The lines with nothing between them but one line feed, without blanks at their ends."""
    group: list[_Line] = []
    after = -1  # where the line after the last one would start
    for found in _LINE.finditer(text):
        start, end = found.start(), found.end()
        if group and (start != after or text[start:end].isspace()):
            yield group
            group = []
        if not text[start:end].isspace():
            words = text[start:end].strip()
            start = text.index(words, start)
            group.append(_Line(start, start + len(words)))
        after = end + 1
    if group:
        yield group


def _paragraphs(text: str, group: list[_Line]) -> Iterator[list[_Line]]:
    """A group of lines cut where paragraphs end: at every line, unless the text is broken to a width."""
    longest = max(line.length for line in group)
    breaks = [_within_sentence(text, line, after) for line, after in pairwise(group)]
    wrapped = NARROWEST <= longest <= WIDEST and sum(breaks) >= max(1, RUNNING_ON * len(breaks))
    run = group[:1]
    for line, after in pairwise(group):
        filled = line.length >= max(NARROWEST, FILLED * longest)
        if not (wrapped and filled and not _BULLET.match(text, after.start, after.end)):
            yield run
            run = []
        run.append(after)
    yield run


def _within_sentence(text: str, line: _Line, after: _Line) -> bool:
    last, first = text[line.end - 1], text[after.start]
    return (
        line.length >= NARROWEST
        and (last in ",;–—" or ((last.isalnum() or last == "-") and first.islower()))
        and " " in text[after.start : after.end]  # a lone word is a button
    )


def _block(text: str, run: Sequence[_Line]) -> Block:
    first, last = run[0], run[-1]
    bullet = _BULLET.match(text, first.start, first.end)
    words = _BLANKS.sub(" ", text[bullet.end() if bullet else first.start : last.end]).strip()
    return Block(first.start, last.end, words, bullet is not None)
