"""What spans of a text cover, counted in letters and digits and in words: marks and blanks never decide."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

Spans = Sequence[Sequence[int]]  # [start, end] each, end excluded
Kind = Literal["direct", "mixed", "indirect"]

_WORD = re.compile(r"[^\W_]+")
_ALWAYS_OPEN = frozenset("“„«")
_ALWAYS_CLOSE = frozenset("”»")
_EITHER = frozenset('"‟')
_MARKS = _ALWAYS_OPEN | _ALWAYS_CLOSE | _EITHER
DIRECT_SHARE = 0.95


class CountedText:
    """A text whose letters, words and quoted parts can be asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._word_at = {
            position: number
            for number, word in enumerate(_WORD.finditer(text))
            for position in range(word.start(), word.end())
        }
        self._quoted = quoted_positions(text)

    def letters(self, spans: Spans) -> frozenset[int]:
        """The positions of letters and digits in the spans."""
        return frozenset(
            position
            for start, end in spans
            for position in range(max(start, 0), min(end, len(self._text)))
            if self._text[position].isalnum()
        )

    def words(self, letters: Iterable[int]) -> frozenset[int]:
        """The numbers of the words that have one of these letters."""
        return frozenset(self._word_at[position] for position in letters if position in self._word_at)

    def kind(self, letters: frozenset[int]) -> Kind:
        """Direct if (nearly) all letters are quoted, indirect if none is."""
        share = len(letters & self._quoted) / max(len(letters), 1)
        if share >= DIRECT_SHARE:
            return "direct"
        return "mixed" if share > 0 else "indirect"


def quoted_positions(text: str) -> frozenset[int]:
    """The positions between double quotation marks, by a simple reading that favours no program.

    Marks with a direction open and close; a straight one does what is next in turn, but at the start of a
    line it does not close. At a line's end a quotation ends unless the next line with anything in it
    begins with a mark.
    """
    runs_on = _lines_running_on(text)
    quoted: set[int] = set()
    inside = False
    for position, character in enumerate(text):
        if character == "\n":
            inside = inside and position in runs_on
        elif character in _ALWAYS_OPEN:
            inside = True
        elif character in _ALWAYS_CLOSE:
            inside = False
        elif character in _EITHER:
            reopens = inside and 0 < position < len(text) - 1 and text[position - 1] == "\n"
            inside = reopens or not inside
        if inside:
            quoted.add(position)
    return frozenset(quoted)


def _lines_running_on(text: str) -> frozenset[int]:
    """The line breaks after which, line breaks and blanks aside, a quotation mark comes."""
    breaks: set[int] = set()
    mark_follows = False
    for position in range(len(text) - 1, -1, -1):
        if text[position] == "\n":
            if mark_follows:
                breaks.add(position)
        elif text[position] != " ":
            mark_follows = text[position] in _MARKS
    return frozenset(breaks)
