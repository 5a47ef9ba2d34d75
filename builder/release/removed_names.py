"""Names that must not be published, found in whatever spelling a text has them.

A person's name is found in either order, with or without middle names and initials; a body's as its words.
Both are compared without case and accents, and whatever apostrophes, hyphens and blanks their words have.
All names are looked for at once, by the letters that they begin with.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from builder.records import Span, SpeakerKind
from builder.release.folded import Folded, folded
from builder.speakers.bodies import is_body
from builder.speakers.given_names import is_given_name
from builder.speakers.names import SEPARATING
from builder.speakers.person_names import SUFFIXES, PersonName, agreement, key_of_words, parse_name
from builder.speakers.words import NOT_NAMES, PARTICLES, TITLES

HEAD = 3  # letters by which names are looked up
LONGEST = 300  # characters in which the word that a name begins with must end
MIDDLE = 2  # names that may stand between given and family name
MOST_BETWEEN = 4  # words there, with "de la" and the like
ACRONYM = 6  # letters at most

Written = Literal["any", "name", "acronym"]

_LETTER = r"[^\W_]"
# What may stand between the parts of a name, in a text and in an address.
_BETWEEN = re.compile(r"(?:%[0-9a-f]{2}|[\W_])*")
_AROUND_MIDDLE = re.compile(r"(?:%[0-9a-f]{2}|[ \t\n_.\-\"'“”„«»()+]){1,4}")
_BEFORE_GIVEN = re.compile(r"(?:%[0-9a-f]{2}|[\s_,+\-]){1,4}")
_SUFFIX = re.compile(rf"[\W_]{{0,3}}({'|'.join(sorted(SUFFIXES))})(?!{_LETTER})")
_WORD = re.compile(rf"{_LETTER}+")
_WITH_APOSTROPHE = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_NO_LETTER = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")
_ARTICLES = frozenset({"the", "a", "an"})
# What follows a name and is none.
_HONOURS = frozenset("qc kc mp mep msp md phd dphil mba jd esq rn obe cbe mbe kbe frs".split())
_BORN = frozenset({"nee", "born"})
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
        given = (one for one in self.person.given if len(one) > 1 and not _is_title(one))
        return (*given, self.person.family)

    @property
    def beginnings(self) -> set[str]:
        """The letters of the words that it can begin with."""
        return {*_first_names(self.person), self.person.family}

    def end(self, text: Folded, at: int) -> int | None:
        """Where the name ends that begins at a place in a text; None if it does not begin there."""
        end = next(self._ends(text, at), None)
        suffix = _SUFFIX.match(text.text, end) if end is not None else None
        return None if suffix is not None and self.person.suffix not in ("", suffix[1]) else end

    def _ends(self, text: Folded, at: int) -> Iterator[int]:
        """Where it may end: with the given name before the family name, and behind it."""
        family = self.person.family
        for first in _first_names(self.person):
            given = _end_of(first, text.text, at)
            for words, start in _behind_given(text.text, given) if given is not None else ():
                if words and len(first) > 1 and text.text.startswith(". ", given):
                    break  # a sentence ends there
                end = _end_of(family, text.text, start)
                # "A. Storm" is somebody, "a storm" nobody.
                is_small = len(first) == 1 and (text.is_small(at) or text.is_small(start))
                is_named = end is not None and not is_small and _is_whole(text.text, end)
                if end is not None and is_named and self._are_middle(text, first, words):
                    yield end
        end = _end_of(family, text.text, at)
        behind = _BEFORE_GIVEN.match(text.text, end) if end is not None else None
        for first in _first_names(self.person) if behind is not None else ():
            end = _end_of(first, text.text, behind.end()) if behind is not None else None
            # An initial may end a sentence's "a".
            is_initial = end is not None and len(first) == 1
            if end is not None and (
                text.text[end : end + 1] == "." if is_initial else _is_whole(text.text, end)
            ):
                yield end

    def _are_middle(self, text: Folded, first: str, words: Sequence[re.Match[str]]) -> bool:
        """Whether words between first and family name are names or initials that this person may have."""
        names = [word for word in words if word[0] not in PARTICLES | _BORN]
        for word in names:
            is_name = word[0] not in _JOINING and not text.is_small(word.start())
            ends_sentence = text.text[word.end() : word.end() + 1] == "." and len(word[0]) > HEAD
            if ends_sentence or not (is_name or len(word[0]) == 1):
                return False
        if len(names) > MIDDLE or not names:
            return not names
        other = parse_name(" ".join([first, *(word[0] for word in names), self.person.family]).title())
        return other is not None and agreement(self.person, other) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are found next to each other, in any case, or only as a name or an acronym is `written`.

    They have their apostrophes, which the text may lack.
    """

    words: tuple[str, ...]
    written: Written = "any"

    @property
    def beginnings(self) -> set[str]:
        """The letters of the word that they begin with."""
        return {self.words[0].replace("'", "")}

    def end(self, text: Folded, at: int) -> int | None:
        """Where they end if they begin at a place in a text; None if they do not."""
        end = at
        for number, word in enumerate(self.words):
            begins = _behind(_BETWEEN, text.text, end) if number else at
            found = _end_of(word, text.text, begins, self.written != "any")
            if found is None:
                return None
            end = found
        if not _is_whole(text.text, end) or (self.written != "any" and text.is_small(at)):
            return None
        is_acronym = text.span(at, end).of(text.original).isupper()
        return end if is_acronym or self.written != "acronym" else None


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
    by_head: dict[str, list[tuple[str, Sought]]] = field(init=False, repr=False, compare=False)
    start: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_head: dict[str, list[tuple[str, Sought]]] = {}
        for name in dict.fromkeys(self.names):
            for begins in sorted(name.beginnings):
                by_head.setdefault(begins[:HEAD], []).append((begins, name))
        object.__setattr__(self, "by_head", by_head)
        object.__setattr__(self, "start", re.compile(_starts(list(by_head))))

    @property
    def holds_full_names(self) -> bool:
        """Whether a person's full name is among them."""
        return any(isinstance(one, FullName) for one in self.names)

    def search(self, string: str, /) -> FoundName | None:
        """The first name in a text."""
        return next(self.finditer(string), None)

    def finditer(self, string: str, /) -> Iterator[FoundName]:
        """All names in a text; two can stand in the same place."""
        text = folded(string)
        for match in self.start.finditer(text.text):
            at = match.start()
            letters = _NO_LETTER.sub("", text.text[at : at + LONGEST])
            for length in range(1, HEAD + 1):
                for begins, name in self.by_head.get(letters[:length], ()):
                    if letters.startswith(begins) and (end := name.end(text, at)) is not None:
                        yield FoundName(name, text.span(at, end))


def sought(name: str, kind: SpeakerKind | None = None) -> tuple[Sought, ...]:
    """What finds a name; nothing if it has neither letters nor digits.

    Without a `kind`, its words tell whether it is of a person or of a body.
    """
    if _is_of_body(name, kind):
        words = key_of_words(name).split()
        has_article = name.split(maxsplit=1)[0].lower() in _ARTICLES
        return _in_words(name, ["the", *words] if has_article and len(words) == 1 else words)
    people = [one for form in _forms(name) for one in _people(form)]
    full = dict.fromkeys(FullName(name, one) for one in people if one.is_full)
    return tuple(full) or _in_words(name, [one.family for one in people[:1]])


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
        is_description = name.islower() and not all(map(str.islower, names))
        if isinstance(one, Words) and not parts.issuperset(one.words) and not is_description:
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
    return tuple(dict.fromkeys(part for some in parts for part in some))


def singly(words: Iterable[str]) -> NamePatterns:
    """Finds single names, where they are written as names."""
    return _singly(tuple(sorted(set(words))))


@lru_cache(1_000)
def _singly(words: tuple[str, ...]) -> NamePatterns:
    return NamePatterns(tuple(Words((one,), "name") for one in words if len(one) > 1))


def _is_of_body(name: str, kind: SpeakerKind | None) -> bool:
    words = name.split()
    if words[0].lower() in _ARTICLES:
        return True
    return kind != "person" if kind is not None else is_body(name) and not is_given_name(words[0])


def _in_words(name: str, words: Sequence[str]) -> tuple[Sought, ...]:
    """Some plain words of a name, with the apostrophes that they have there."""
    given = (one[0] for one in _WITH_APOSTROPHE.finditer(folded(name).text))
    with_apostrophe = {one.replace("'", ""): one for one in given}
    spelt = tuple(with_apostrophe.get(word, word) for word in words)
    if len(spelt) == 1 and spelt[0] in NOT_NAMES and not name.islower():
        return (Words(spelt, "acronym" if name.isupper() else "name"),)  # "WHO" is not "who"
    return (Words(spelt),) if spelt else ()


def _forms(name: str) -> list[str]:
    """A name without what stands behind it, and as "Family, Given" where it may be that."""
    name = _BRACKETED.sub("", name) or name
    before, comma, after = (part.strip() for part in name.partition(","))
    if not comma or not before or not after:
        return [before or after or name]
    behind = [word.lower().rstrip(".") for word in after.split()]
    if behind[0] in SUFFIXES:
        return [f"{before} {behind[0]}"]
    described = (after[0].islower() and behind[0] not in PARTICLES) or _is_title(behind[0])
    return [before] if described or behind[0] in _HONOURS else [name, before]


def _people(name: str) -> list[PersonName]:
    """The persons that a name may be of: without titles, and with those that can be given names, as "Dean".

    A title before a single name is kept, for that name alone means others as well.
    """
    words = name.split()
    while len(words) > 2 and _plain(words[-1]) in _HONOURS:
        words.pop()
    if len(words) > 2 and _plain(words[-1]) in SUFFIXES:
        words[-1] = words[-1].lower()  # two capitals would be initials
    found = []
    while len(words) > 1 and _is_title(words[0]):
        if is_given_name(words[0]):
            found.append(parse_name(" ".join(words)))
        elif len(words) == 2 and (alone := parse_name(words[1])) is not None:
            found.append(PersonName((_plain(words[0]),), alone.family, "", alone.written))
        words = words[1:]
    return [
        one for one in (*found, None if found and len(words) == 1 else parse_name(" ".join(words))) if one
    ]


def _is_title(word: str) -> bool:
    return _plain(word) in TITLES


def _plain(word: str) -> str:
    return word.lower().rstrip(".,")


def _first_names(person: PersonName) -> tuple[str, ...]:
    """The given names that may stand for all: "J." and "Edgar" of "J. Edgar Holm", "JK" of "J. K. Holm"."""
    first, *others = person.given
    if not others or len(first) > 1:
        return (first,)
    initials = "".join(one for one in person.given if len(one) == 1)
    return (*([initials] if len(initials) > 1 else []), first, *(one for one in others[:1] if len(one) > 1))


def _behind_given(text: str, end: int) -> Iterator[tuple[list[re.Match[str]], int]]:
    """Where a family name may begin behind a given name, and the words between the two."""
    words: list[re.Match[str]] = []
    yield words, _behind(_BETWEEN, text, end)
    around = _AROUND_MIDDLE.match(text, end)
    while around is not None and "\n\n" not in around[0] and len(words) < MOST_BETWEEN:
        word = _WORD.match(text, around.end())
        around = _AROUND_MIDDLE.match(text, word.end()) if word else None
        if word is not None and around is not None:
            words = [*words, word]
            yield words, around.end()


def _end_of(word: str, text: str, at: int, closely: bool = False) -> int | None:
    """Where a word ends that begins at a place in a text; None if another does.

    A mark may stand between its letters, such as in "O'Brien" and "Jean-Luc"; `closely`, no blank. Before an
    "s" at its end it may not, unless it has an apostrophe itself: that can be a genitive's.
    """
    letters = word.replace("'", "")
    for number, letter in enumerate(letters):
        if number and text[at : at + 1] != letter:
            is_genitive = letter == "s" and number == len(letters) - 1 and len(letters) == len(word)
            mark = text[at : at + 1]
            if is_genitive or not mark or mark.isalnum() or (closely and mark not in "'-"):
                return None
            at += 1
        if text[at : at + 1] != letter:
            return None
        at += 1
    return at


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _is_whole(text: str, end: int) -> bool:
    """Whether a word is at its end."""
    return not text[end : end + 1].isalnum()


def _starts(heads: Sequence[str]) -> str:
    """An expression that finds the letters with which a word begins as one of some heads does."""
    behind: dict[str, list[str]] = {}
    for head in sorted(heads):
        behind.setdefault(head[0], []).append(head[1:])
    # The letter comes first, so that all places without it are passed over at once.
    found = [
        rf"{re.escape(letter)}(?<!{_LETTER}.)" + (rf"(?=[\W_]?(?:{_any_of(some)}))" if all(some) else "")
        for letter, some in behind.items()
    ]
    return "|".join(found) or "(?!)"


def _any_of(heads: Sequence[str]) -> str:
    """An expression that finds one of some heads, in as many steps as it has letters."""
    tails: dict[str, list[str]] = {}
    for head in sorted(heads):
        tails.setdefault(head[0], []).append(head[1:])
    found = []
    for letter, some in tails.items():
        found.append(re.escape(letter) + (rf"[\W_]?(?:{_any_of(some)})" if all(some) else ""))
    return "|".join(found)
