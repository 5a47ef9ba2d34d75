"""Texts as names are compared in them: without case, accents and marks that cannot be seen.

"Łukasz", "WEISS" and "José" are "lukasz", "weiss" and "jose" then, as are "Lukasz", "Weiß" and "Jose". A
place in such a text can be told in the text that it was made of.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from builder.records import Span
from builder.speakers.accents import without_accents
from builder.speakers.person_names import LETTERS

_OTHER = re.compile(r"[^\x00-\x7f]")
_APOSTROPHES = frozenset("’‘ʼʹ`´′‛＇")
_MINUS = "\u2212"
MOST_CHARACTERS = 4_096  # different ones that are kept folded
TEXTS = 8  # likewise: what is looked for in a text is looked for at once


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without case and accents.

    `places` are those of its characters in the `original`, and the end of that.
    """

    text: str
    original: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The part of the original that a part of the text was made of, with the marks that follow it."""
        return Span(self.places[start], self.places[end])

    def is_small(self, at: int) -> bool:
        """Whether a character is a small letter in the original."""
        place = self.places[at]
        return self.original[place : place + 1].islower()


@lru_cache(TEXTS)
def folded(text: str) -> Folded:
    """A text as names are compared in it."""
    if text.isascii():
        return Folded(text.lower(), text, range(len(text) + 1))
    parts: list[str] = []
    places: list[int] = []
    end = 0
    for match in _OTHER.finditer(text):
        at, plain = match.start(), _plain(match[0])
        parts += (text[end:at].lower(), plain)
        places.extend(range(end, at))
        places.extend([at] * len(plain))
        end = at + 1
    parts.append(text[end:].lower())
    places.extend(range(end, len(text) + 1))
    return Folded("".join(parts), text, places)


@lru_cache(MOST_CHARACTERS)
def _plain(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if unicodedata.category(character) == "Pd" or character == _MINUS:
        return "-"
    kept = (one for one in without_accents(character.casefold()) if unicodedata.category(one) != "Cf")
    return "".join(kept).translate(LETTERS)
