"""Names of people in a text: runs of capitalised words, and what speaks for each being a person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.records import Span
from builder.speakers.words import BODIES, DEMONYMS, NOT_NAMES, PARTICLES, SUFFIXES, TITLES


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words without its titles: `words` as written, `titles` in lower case.

    `genitive` says that "'s" follows: the words stand for an owner.
    """

    span: Span
    words: tuple[str, ...]
    titles: tuple[str, ...]
    genitive: bool

    @property
    def text(self) -> str:
        """The name, its words joined by single spaces."""
        return " ".join(self.words)

    @property
    def surname(self) -> str:
        """Its last word that is no "Jr."."""
        plain = [word for word in self.words if word.rstrip(".").lower() not in SUFFIXES]
        return plain[-1] if plain else self.words[-1]

    @property
    def of_a_body(self) -> bool:
        """Whether one of the words is that of an organisation."""
        return any(word.lower().rstrip(".") in BODIES for word in self.words)


def find_names(text: str, spans: Iterable[Span]) -> list[Name]:
    """The names in the given parts of the text, in order."""
    found = []
    for span in spans:
        for run in _RUN.finditer(text, span.start, span.end):
            for words in _sentences(text, run.start(), run.end()):
                name = _name(text, words)
                if name:
                    found.append(name)
    return found


_CAPITALISED = r"(?:[^\W\d_a-z](?:[^\W\d_]|['’](?=[^\W\d_]{2})|-(?=[^\W\d_]))*\.?)"
_RUN = re.compile(
    rf"(?<![\w’'-]){_CAPITALISED}"
    rf"(?:[ \u00a0](?:(?:{'|'.join(sorted(PARTICLES))})[ \u00a0]){{0,2}}{_CAPITALISED}){{0,8}}"
)
_WORD = re.compile(r"[^\s]+")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+\Z")
_ABBREVIATED = frozenset("jr sr st".split()) | TITLES


def _sentences(text: str, start: int, end: int) -> list[list[Span]]:
    """The words of a run, cut behind full stops that end sentences: "to Rome. Anna"."""
    parts: list[list[Span]] = [[]]
    for match in _WORD.finditer(text, start, end):
        word = match.group()
        ends = word.endswith(".") and not _INITIAL.match(word) and word[:-1].lower() not in _ABBREVIATED
        parts[-1].append(Span(match.start(), match.end() - ends))
        if ends:
            parts.append([])
    return [part for part in parts if part]


def _name(text: str, words: Sequence[Span]) -> Name | None:
    plain = [word.of(text).rstrip(".").lower() for word in words]
    first = 0
    titles = []
    for number, word in enumerate(plain):
        if word in TITLES:
            titles.append(word)
            first = number + 1
    while first < len(words) and plain[first] in NOT_NAMES | DEMONYMS | PARTICLES:
        first += 1
    kept = words[first:]
    if (
        not kept
        or plain[-1] in DEMONYMS
        or not any(character.islower() for word in kept for character in word.of(text))
    ):
        return None
    span = Span(kept[0].start, kept[-1].end)
    genitive = bool(_GENITIVE.match(text, span.end))
    return Name(span, tuple(word.of(text) for word in kept), tuple(titles), genitive)


_GENITIVE = re.compile(r"['’]s?(?!\w)")
