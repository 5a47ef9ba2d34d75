"""Names that must not be published, found in whatever spelling a text has them.

A person's name is found in either order, with or without middle names and initials; a body's as its words.
Both are compared without case and accents, and whatever apostrophes, hyphens and blanks their words have.
All names are looked for at once, by the letters that they begin with.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from builder.records import Span, SpeakerKind
from builder.release.folded import Folded, folded
from builder.speakers.bodies import is_body
from builder.speakers.given_names import is_given_name
from builder.speakers.names import SEPARATING
from builder.speakers.person_names import SUFFIXES, PersonName, agreement, key_of_words, parse_name
from builder.speakers.words import PARTICLES, TITLES

HEAD = 3  # letters by which names are looked up
MIDDLE = 2  # words that may stand between given and family name
ACRONYM = 6  # letters at most

Written = Literal["any", "name", "acronym"]

_LETTER = r"[^\W_]"
_MARK = r"[\W_]?"  # within a word: "O'Brien", "Jean-Luc"
_APOSTROPHE = "['-]?"
# What may stand between the parts of a name, in a text and in an address.
_BETWEEN = r"(?:[\W_]|%[0-9a-f]{2})*"
_AROUND_MIDDLE = r"(?:[ \t\n_.\-\"'“”„«»()+]|%[0-9a-f]{2}){1,4}"
_BEFORE_GIVEN = r"(?:[\s_,+\-]|%[0-9a-f]{2}){1,4}"
_SUFFIX = re.compile(rf"[\W_]{{0,3}}({'|'.join(sorted(SUFFIXES))})(?!{_LETTER})")
_WORD = re.compile(rf"{_LETTER}+")
_NO_LETTER = re.compile(r"[\W_]+")
_ARTICLES = frozenset({"the", "a", "an"})
# Small words that no name has between its parts; in capitals they look as if one had.
_JOINING = SEPARATING | frozenset("or to of in on at by for with not".split())


@dataclass(frozen=True, slots=True)
class FullName:
    """The name of a person, given and family name.

    `text` is as it was asked for. `parts` are single words of it that mean the person where an article has
    the whole name.
    """

    text: str
    person: PersonName

    @property
    def parts(self) -> tuple[str, ...]:
        """Its given names and its family name."""
        return (*(one for one in self.person.given if len(one) > 1), self.person.family)

    @property
    def heads(self) -> set[str]:
        """The letters that it can begin with."""
        return {one[:HEAD] for one in (*_first_names(self.person), self.person.family)}

    def end(self, text: Folded, at: int) -> int | None:
        """Where the name ends that begins at a place in a text; None if it does not begin there."""
        match = _full_name(_first_names(self.person), self.person.family).match(text.text, at)
        if match is None or (match["middle"] and not self._is_middle(text, match)):
            return None
        suffix = _SUFFIX.match(text.text, match.end())
        is_other = suffix is not None and self.person.suffix not in ("", suffix[1])
        return None if is_other else match.end()

    def _is_middle(self, text: Folded, match: re.Match[str]) -> bool:
        """Whether what stands between given and family name are middle names, which this person may have."""
        start, between = match.start("middle"), match["middle"]
        words = list(_WORD.finditer(between))
        for word in words:
            is_name = word[0] not in _JOINING and not text.is_small(start + word.start())
            ends_sentence = between[word.end() : word.end() + 1] == "." and len(word[0]) > HEAD
            if ends_sentence or not (is_name or len(word[0]) == 1 or word[0] in PARTICLES):
                return False
        first = _NO_LETTER.sub("", match["given"])
        is_broken = "\n\n" in between or (between.startswith(".") and len(first) > 1)
        whole = " ".join([first, *(word[0] for word in words), self.person.family]).title()
        other = parse_name(whole)
        return not is_broken and other is not None and agreement(self.person, other) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are found next to each other, in any case, or only as a name or an acronym is `written`."""

    words: tuple[str, ...]
    written: Written = "any"

    @property
    def heads(self) -> set[str]:
        """The letters that they begin with."""
        return {self.words[0][:HEAD]}

    def end(self, text: Folded, at: int) -> int | None:
        """Where they end if they begin at a place in a text; None if they do not."""
        match = _words(self.words, self.written != "any").match(text.text, at)
        if match is None or (self.written != "any" and text.is_small(at)):
            return None
        is_acronym = text.span(at, match.end()).of(text.original).isupper()
        return match.end() if is_acronym or self.written != "acronym" else None


Sought = FullName | Words


@dataclass(frozen=True, slots=True)
class FoundName:
    """Where a name stands in a text."""

    name: Sought
    place: Span

    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.place.start, self.place.end


@dataclass(frozen=True)
class NamePatterns:
    """Finds some names, all at once; a `Pattern`."""

    names: tuple[Sought, ...]
    by_head: dict[str, list[Sought]] = field(init=False, repr=False, compare=False)
    start: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_head: dict[str, list[Sought]] = {}
        for name in dict.fromkeys(self.names):
            for head in sorted(name.heads):
                by_head.setdefault(head, []).append(name)
        object.__setattr__(self, "by_head", by_head)
        object.__setattr__(self, "start", re.compile(rf"(?<!{_LETTER})(?=({_any_of(list(by_head))}))"))

    def search(self, string: str, /) -> FoundName | None:
        """The first name in a text."""
        return next(self.finditer(string), None)

    def finditer(self, string: str, /) -> Iterator[FoundName]:
        """All names in a text; two can stand in the same place."""
        text = folded(string)
        for match in self.start.finditer(text.text):
            begins = _NO_LETTER.sub("", match[1])
            for length in range(1, len(begins) + 1):
                for name in self.by_head.get(begins[:length], ()):
                    end = name.end(text, match.start())
                    if end is not None:
                        yield FoundName(name, text.span(match.start(), end))


def sought(name: str, kind: SpeakerKind | None = None) -> tuple[Sought, ...]:
    """What finds a name; nothing if it has neither letters nor digits.

    Without a `kind`, its words tell whether it is of a person or of a body.
    """
    if _is_of_body(name, kind):
        words = key_of_words(name).split()
        has_article = name.split(maxsplit=1)[0].lower() in _ARTICLES
        return (Words(tuple(["the", *words] if has_article and len(words) == 1 else words)),) if words else ()
    forms = dict.fromkeys(one for form in _without_titles(name) if (one := parse_name(form)))
    return tuple(FullName(name, one) if one.is_full else Words((one.family,)) for one in forms)


def of_entry(names: Sequence[str], kind: SpeakerKind | None) -> tuple[Sought, ...]:
    """What finds somebody by the names of an authority table.

    A single name beside a full one means others, too: it counts only where it is no part of that, and is
    written as a name is.
    """
    found = [(name, one) for name in names for one in sought(name, kind)]
    full = [one for _, one in found if isinstance(one, FullName)]
    parts = {part for one in full for part in one.parts}
    kept: dict[Sought, None] = dict.fromkeys(full)
    for name, one in found:
        if isinstance(one, Words) and not parts.issuperset(one.words):
            is_single = len(one.words) == 1 and len(names) > 1
            is_acronym = not full and name.isupper() and len(name) <= ACRONYM
            kept[Words(one.words, _written(is_single, is_acronym))] = None
    return tuple(kept)


def _written(is_single: bool, is_acronym: bool) -> Written:
    if not is_single:
        return "any"
    return "acronym" if is_acronym else "name"


def parts_of(name: str) -> tuple[str, ...]:
    """The words of a person's name that are names: no titles, no "Jr."."""
    parts = (one.parts if isinstance(one, FullName) else one.words for one in sought(name, "person"))
    return tuple(part for some in parts for part in some)


def singly(words: Iterable[str]) -> NamePatterns:
    """Finds single names, where they are written as names."""
    return _singly(tuple(sorted(set(words))))


@lru_cache(1_000)
def _singly(words: tuple[str, ...]) -> NamePatterns:
    return NamePatterns(tuple(Words((one,), "name") for one in words if len(one) > 1))


def _is_of_body(name: str, kind: SpeakerKind | None) -> bool:
    if kind is not None:
        return kind != "person"
    words = name.split()
    return words[0].lower() in _ARTICLES or (is_body(name) and not is_given_name(words[0]))


def _without_titles(name: str) -> list[str]:
    """A name without the titles before it, and with those of them that can be given names, such as "Dean"."""
    words = name.split()
    forms = []
    while len(words) > 1 and words[0].lower().rstrip(".") in TITLES:
        if is_given_name(words[0]):
            forms.append(" ".join(words))
        words = words[1:]
    return [*forms, " ".join(words)]


def _first_names(person: PersonName) -> tuple[str, ...]:
    """The given names that may stand for all: "J." and "Edgar" of "J. Edgar Holm"."""
    first, *others = person.given
    return (first, others[0]) if others and len(first) == 1 < len(others[0]) else (first,)


@cache
def _full_name(first: tuple[str, ...], family: str) -> re.Pattern[str]:
    given, last = "|".join(_spelt(one, _MARK) for one in first), _spelt(family, _MARK)
    middle = rf"{_AROUND_MIDDLE}(?:{_LETTER}+{_AROUND_MIDDLE}){{1,{MIDDLE}}}?"
    return re.compile(
        rf"(?:(?P<given>{given})(?:{_BETWEEN}|(?P<middle>{middle})){last}"
        rf"|{last}{_BEFORE_GIVEN}(?:{given}))(?!{_LETTER})"
    )


@cache
def _words(words: tuple[str, ...], closely: bool) -> re.Pattern[str]:
    spelt = _BETWEEN.join(_spelt(one, _APOSTROPHE if closely else _MARK) for one in words)
    return re.compile(rf"{spelt}(?!{_LETTER})")


def _spelt(word: str, mark: str) -> str:
    """A word, and `mark` between its letters; not before an "s" that can be a genitive's."""
    letters = [re.escape(one) for one in word]
    if len(word) > 1 and word.endswith("s"):
        letters[-2:] = ["".join(letters[-2:])]
    return mark.join(letters)


def _any_of(heads: Sequence[str]) -> str:
    """An expression that finds the longest of some heads, in as many steps as it has letters."""
    if not heads:
        return "(?!)"
    tails: dict[str, list[str]] = {}
    for head in sorted(heads):
        tails.setdefault(head[0], []).append(head[1:])
    found = []
    for letter, some in tails.items():
        longer = [one for one in some if one]
        behind = f"(?:{_MARK}(?:{_any_of(longer)})){'?' if '' in some else ''}" if longer else ""
        found.append(re.escape(letter) + behind)
    return "|".join(found)
