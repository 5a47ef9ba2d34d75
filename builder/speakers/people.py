"""The people that a document names, with the forms of their names and the pronouns that fit them."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from builder.records import Span
from builder.speakers.names import Name, find_names
from builder.speakers.words import GENDER_OF_TITLE, GOVERNMENTS, NOT_NAMES, ROLE_WORDS

PRONOUN_FOLLOWS = 150  # characters after a name in which a pronoun probably means it
INTRODUCTIONS = 5  # mentions whose surroundings say what somebody is: the first ones introduce a person
BEFORE, AFTER = 40, 60  # characters of such surroundings
# With the same surname, the one mentioned last is meant; more than this many are not compared.
NAMESAKES = 20


@dataclass(slots=True, eq=False)
class Person:
    """Somebody named in full, by a title and a surname, or by one name only.

    `mentions` are in order; `described` are the titles and the words around the first mentions;
    `pronouns` counts for "he" and "she" what speaks for each.
    """

    name: str
    given: str
    surname: str
    mentions: list[Span] = field(default_factory=list)
    described: set[str] = field(default_factory=set)
    pronouns: Counter[str] = field(default_factory=Counter)

    def may_be(self, pronoun: str) -> bool:
        """Whether "he" or "she" can mean this person; nothing known about somebody excludes neither."""
        return self.pronouns[pronoun] >= self.pronouns["she" if pronoun == "he" else "he"]

    def last_mention(self, before: int) -> Span | None:
        """Where the person was named last before a position."""
        at = bisect_left(self.mentions, before, key=lambda span: span.start)
        return self.mentions[at - 1] if at else None


@dataclass(slots=True)
class People:
    """The people of a document; `mentions` are all of theirs, in order."""

    mentions: list[tuple[Span, Person]] = field(default_factory=list)
    _by_full_name: dict[tuple[str, str], Person] = field(default_factory=dict)
    _by_surname: defaultdict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    _by_given: defaultdict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    _by_role: defaultdict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def match(self, name: Name) -> Person | None:
        """Whom a name means: the one with this full name, else this surname, else this given name.

        Of several with the same surname a gendered title decides, else who was mentioned last before.
        """
        if len(name.words) > 1:
            return self._by_full_name.get((name.words[0].lower(), name.surname.lower()))
        word = name.words[0].lower()
        fits = (self._by_surname.get(word) or self._by_given.get(word) or [])[:NAMESAKES]
        genders = {GENDER_OF_TITLE[title] for title in name.titles if title in GENDER_OF_TITLE}
        fitting = [one for one in fits if all(one.may_be(gender) for gender in genders)] or fits
        return _latest(fitting, name.span.start)

    def with_role(self, roles: Iterable[str], described: set[str], before: int) -> Person | None:
        """Who was called by one of the roles before; one whom all words of `described` fit comes first."""
        held = [
            person
            for role in sorted(roles)
            for person in self._by_role.get(role, [])[:NAMESAKES]
            if person.last_mention(before)
        ]
        fitting = [person for person in held if described and described <= person.described]
        return _latest(fitting or held, before)

    def near(self, position: int, reach: int) -> Iterator[tuple[Span, Person]]:
        """The mentions before a position, the nearest first, not farther than `reach` characters."""
        at = bisect_left(self.mentions, position, key=lambda mention: mention[0].start)
        while at > 0 and position - self.mentions[at - 1][0].start < reach:
            at -= 1
            yield self.mentions[at]

    def add(self, given: str, surname: str, name: str) -> None:
        """Adds somebody; a longer form of a known name replaces it."""
        key = (given.lower(), surname.lower())
        known = self._by_full_name.get(key)
        if known:
            known.name = max(known.name, name, key=len)
            return
        person = self._by_full_name[key] = Person(name, given, surname)
        self._by_surname[surname.lower()].append(person)
        if given:
            self._by_given[given.lower()].append(person)

    def mention(self, text: str, name: Name) -> None:
        """Notes where a name stands and what is said there about its bearer."""
        person = self.match(name)
        if person is None:
            return
        self.mentions.append((name.span, person))
        person.mentions.append(name.span)
        words = set(name.titles)
        if len(person.mentions) <= INTRODUCTIONS:
            words.update(_words(text[max(name.span.start - BEFORE, 0) : name.span.start]))
            words.update(_words(text[name.span.end : name.span.end + AFTER]))
        for role in sorted((words - person.described) & ROLE_WORDS):
            self._by_role[role].append(person)
        person.described |= words
        person.pronouns.update({GENDER_OF_TITLE[one]: 5 for one in name.titles if one in GENDER_OF_TITLE})


def people_of(text: str, body: Sequence[Span], sources: Iterable[Span]) -> People:
    """The people named in the body.

    A run of capitalised words is a person if a title stands before it, if a quotation has it for its
    source, or if its last word stands alone elsewhere, as surnames do; a single word is one if it has
    a title or is a source and "he" or "she" follows.
    """
    people = People()
    names = [name for name in find_names(text, body) if not name.of_a_body]
    alone = {name.text for name in names if len(name.words) == 1}
    spoken = sorted(sources)
    for name in names:
        if len(name.words) > 1 and _is_person(name, alone, spoken):
            people.add(name.words[0], name.surname, name.text)
    for name in names:
        single = len(name.words) == 1 and people.match(name) is None
        if single and (name.titles or _acts_as_person(text, name, spoken)):
            people.add("", name.text, name.text)
    for name in names:
        people.mention(text, name)
    _count_pronouns(text, people.mentions)
    return people


def _latest(people: Sequence[Person], before: int) -> Person | None:
    def place(person: Person) -> int:
        last = person.last_mention(before)
        return last.start if last else -1

    return max(people, key=lambda person: (place(person), person.name)) if people else None


def _words(part: str) -> list[str]:
    return [word.strip(",.()’'\"“”").lower() for word in part.split()]


def _is_person(name: Name, alone: set[str], sources: Sequence[Span]) -> bool:
    if name.titles:
        return True
    if any(word.lower() in GOVERNMENTS | NOT_NAMES for word in name.words):
        return False
    return _in_source(name, sources) or (name.surname in alone and len(name.surname) > 2)


def _acts_as_person(text: str, name: Name, sources: Sequence[Span]) -> bool:
    if not _in_source(name, sources) or name.text.lower() in GOVERNMENTS | NOT_NAMES:
        return False
    return _PRONOUN.search(text, name.span.end, min(len(text), name.span.end + PRONOUN_FOLLOWS)) is not None


def _in_source(name: Name, sources: Sequence[Span]) -> bool:
    at = bisect_left(sources, name.span.end, key=lambda span: span.end)
    return at < len(sources) and sources[at].start <= name.span.start


def _count_pronouns(text: str, mentions: Sequence[tuple[Span, Person]]) -> None:
    """Counts the pronoun that comes next after each mention, if nobody else is named in between."""
    end = len(text)  # where the next mention of somebody else begins
    for at in range(len(mentions) - 1, -1, -1):
        span, person = mentions[at]
        if at + 1 < len(mentions) and mentions[at + 1][1] is not person:
            end = mentions[at + 1][0].start
        match = _PRONOUN.search(text, span.end, min(end, span.end + PRONOUN_FOLLOWS))
        if match:
            person.pronouns["she" if match.group()[0] in "sS" or match.group()[1:3] == "er" else "he"] += 1


_PRONOUN = re.compile(r"\b(?:he|his|him|himself|she|her|hers|herself)\b", re.IGNORECASE)
