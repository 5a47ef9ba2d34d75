"""Who and what a document names: names that mean the same, joined, the fullest form first."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from builder.records import Span
from builder.speakers.given_names import is_given_name, share_of_women
from builder.speakers.names import Name, find_names
from builder.speakers.words import (
    ALSO_GIVEN,
    ALSO_SURNAMES,
    BODIES,
    GENDER_OF_TITLE,
    GOVERNMENTS,
    MONTHS,
    NOT_NAMES,
    PARTICLES,
    PLACES,
    SHORT_TITLES,
)

NAMESAKES = 20  # entities with the same surname; more are not compared
PRONOUN_FOLLOWS = 150  # characters after a name in which a pronoun probably means it
MISSPELT = 5  # letters of a surname that may hold a slip
INTRODUCTIONS = 6  # mentions whose surroundings say who somebody is: the first ones introduce them
LONGEST = 40  # letters of a surname that is compared so
BEFORE, AFTER = 60, 90  # characters of such surroundings


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something named: `mentions` in order, `name` its fullest form, `place` where that stands.

    `ambiguous` mentions may as well mean another entity. `described` are the titles and words around the
    first mentions. `women` and `men` count what the text says for either: titles, pronouns that follow;
    `share_of_women` is how likely it is a woman, 0.5 if nothing is known. `full_mentions` and
    `by_given_name` count mentions of several words and by the given name alone; `titles_in_full` are the
    titles before the former.
    """

    number: int
    name: str
    place: Span
    given: str
    surname: str
    mentions: list[Name] = field(default_factory=list)
    ambiguous: set[Span] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    full_starts: list[int] = field(default_factory=list)
    described: Counter[str] = field(default_factory=Counter)
    titles: int = 0
    women: int = 0
    men: int = 0
    with_article: int = 0
    full_mentions: int = 0
    titles_in_full: set[str] = field(default_factory=set)
    by_given_name: int = 0
    may_be_a_person: bool = True
    share_of_women: float = 0.5

    def likely_a_woman(self) -> float:
        """How likely this is a woman, by the text or, where it is silent, the given name; 0.5 is unknown."""
        prior = share_of_women(self.given or self.surname)
        prior = 0.5 if prior is None else prior
        return (2 * prior + self.women) / (2 + self.women + self.men)

    def before(self, position: int) -> Name | None:
        """The last mention that begins before a position."""
        at = bisect_left(self.starts, position)
        return self.mentions[at - 1] if at else None

    def after(self, position: int) -> Name | None:
        """The first mention that begins at or after a position."""
        at = bisect_left(self.starts, position)
        return self.mentions[at] if at < len(self.mentions) else None

    def before_in_full(self, position: int) -> int:
        """Where the last mention in full before a position begins; -1 if there is none."""
        at = bisect_left(self.full_starts, position)
        return self.full_starts[at - 1] if at else -1

    def within(self, span: Span) -> list[Name]:
        """The mentions that begin in a span."""
        return self.mentions[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]


@dataclass(slots=True)
class Entities:
    """All entities of a document; `mentions` are all of theirs in order, each with its entity.

    `starts` is where each mention begins. Of those who may be people, `frequent` are in the order of how
    often they are named, the most frequent first, and `called` in the order of their numbers, by each
    word that describes them. `by_surname` are all by their surnames in lower case.
    """

    all: list[Entity]
    mentions: list[tuple[Name, Entity]]
    starts: list[int]
    frequent: list[Entity]
    called: Mapping[str, Sequence[Entity]]
    by_surname: Mapping[str, Sequence[Entity]]

    def between(self, start: int, end: int) -> Sequence[tuple[Name, Entity]]:
        """The mentions that begin in a stretch of the text."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def namesakes(self, entity: Entity) -> list[Entity]:
        """An entity, and those that one of its mentions may mean as well."""
        if not entity.ambiguous:
            return [entity]
        some = self.by_surname[entity.surname.lower()][: NAMESAKES + 1]
        return [entity, *[one for one in some if one is not entity][:NAMESAKES]]

    def inside(self, span: Span, entity: Entity) -> list[Name]:
        """The mentions in a span that mean an entity, or may."""
        return [
            name
            for name, owner in self.between(span.start, span.end)
            if owner is entity or name.span in entity.ambiguous
        ]

    def count_before(self, position: int) -> int:
        """How many mentions begin before a position."""
        return bisect_right(self.starts, position - 1)


def entities_of(text: str, spans: Sequence[Span]) -> Entities:
    """The entities that the given parts of a text name."""
    names = find_names(text, spans)
    register = _registered(names)
    followed = _followed(text, names)
    register.votes.update(
        (name.surname.lower(), gender) for name, gender in zip(names, followed, strict=True)
    )
    mentions = []
    for name, gender in zip(names, followed, strict=True):
        entity = register.owner(name, gender)
        mentions.append((name, entity))
        entity.mentions.append(name)
        entity.starts.append(name.span.start)
        if len(name.words) > 1:
            entity.full_starts.append(name.span.start)
    named = [entity for entity in register.all if entity.mentions]
    for (name, entity), gender in zip(mentions, followed, strict=True):
        if name.span not in entity.ambiguous:
            entity.men += gender == "he"
            entity.women += gender == "she"
    for entity in named:
        _describe(text, entity)
        entity.share_of_women = entity.likely_a_woman()
    return _arranged(named, mentions)


def _registered(names: Sequence[Name]) -> "_Register":
    """All who are named in full, or by a title that tells the gender; those in headlines come after."""
    register = _Register(_alone(names))
    in_full = [name for name in names if len(name.words) > 1]
    with_title = [name for name in names if len(name.words) == 1 and _gendered(name)]
    for name in in_full:
        if not name.headline:
            register.full(name)
    for name in [name for name in in_full if name.headline] + with_title:
        if not register.owners(name):
            register.full(name)
    for name in in_full + with_title:
        for entity in register.owners(name)[:1]:
            entity.full_mentions += 1
            entity.titles_in_full.update(name.titles)
    return register


def _arranged(named: list[Entity], mentions: list[tuple[Name, Entity]]) -> Entities:
    people = [entity for entity in named if entity.may_be_a_person]
    frequent = sorted(people, key=lambda entity: -len(entity.mentions))
    called: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in people:
        for word in entity.described:
            called[word].append(entity)
    by_surname: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in named:
        by_surname[entity.surname.lower()].append(entity)
    return Entities(named, mentions, [name.span.start for name, _ in mentions], frequent, called, by_surname)


def _gendered(name: Name) -> bool:
    return any(title in GENDER_OF_TITLE for title in name.titles)


def _alone(names: Sequence[Name]) -> set[str]:
    """Words that stand alone before any longer name begins with them: "Trump" before "Trump Tower"."""
    alone: set[str] = set()
    begun: set[str] = set()
    for name in names:
        if len(name.words) > 1:
            begun.add(name.given.lower())
        elif name.surname.lower() not in begun:
            alone.add(name.surname.lower())
    return alone


@dataclass(slots=True)
class _Register:
    """Entities by the words that name them; `alone` are words that mostly stand alone.

    `votes` are how often "he" and "she" follow a surname.
    """

    alone: set[str]
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)
    all: list[Entity] = field(default_factory=list)
    by_surname: defaultdict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    by_given: defaultdict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, Entity] = field(default_factory=dict)
    by_slip: defaultdict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))

    def full(self, name: Name) -> None:
        """Notes a name of several words: a new entity, or a fuller form of a known one."""
        known = self.owners(name)
        if len(known) == 1 or (known and len(name.words) > 2):
            entity = known[0]
            if _fullness(name) > _fullness_of(entity):
                entity.name, entity.place = name.text, name.span
                entity.given = name.given
            return
        self._add(name, name.given)

    def owners(self, name: Name) -> list[Entity]:
        """The entities that a name can mean."""
        surname = name.surname.lower()
        if len(name.words) > 1 and not _is_surname(name):
            exact = self.by_name.get(name.text.lower())
            if exact:
                return [exact]
            named = self.by_surname.get(surname, [])[:NAMESAKES]
            return [one for one in named if _same_given(one, name)]
        named = self.by_surname.get(surname, [])[:NAMESAKES]
        if is_given_name(surname) and self.by_given.get(surname):  # "Ilse" is no "Team Ilse"
            named = [one for one in named if BODIES.isdisjoint(one.name.lower().split())]
        if not named and (name.titles or is_given_name(surname) or surname not in self.alone):
            named = self.by_given.get(surname, [])[:NAMESAKES]
        return [one for one in named if _fits(one, name.titles)] if name.titles else named

    def owner(self, name: Name, gender: str) -> Entity:
        """Whom a mention is counted for, before a pronoun of that gender.

        Of several, it is the one with its title, the one whom the pronoun fits, the one named in full, or
        followed by pronouns that fit, most often; at last the one named in full last.
        """
        found = self.owners(name) or self._misspelt(name)
        if not found:
            return self._add(name, "")
        if len(found) == 1:
            return found[0]
        for one in found:
            one.ambiguous.add(name.span)
        return max(
            found,
            key=lambda one: (
                name.titles and not one.titles_in_full.isdisjoint(name.titles),
                bool(gender) and _gender(one) == gender,
                one.full_mentions + self.votes[name.surname.lower(), _gender(one)],
                one.full_starts[-1] if one.full_starts else -1,
            ),
        )

    def _misspelt(self, name: Name) -> list[Entity]:
        """Who may be meant by a surname that nobody has: the only one whose own differs in one letter."""
        word = name.surname.lower()
        if len(name.words) > 1 or name.article or not MISSPELT <= len(word) <= LONGEST:
            return []
        near: dict[int, Entity] = {}
        for key in _without_a_letter(word):
            for one in self.by_slip.get(key, []):
                if one.given and _one_letter_apart(word, one.surname.lower()):
                    near[one.number] = one
                if len(near) > 1:
                    return []
        return list(near.values())

    def _add(self, name: Name, given: str) -> Entity:
        entity = Entity(len(self.all), name.text, name.span, given, name.surname)
        self.all.append(entity)
        self.by_surname[name.surname.lower()].append(entity)
        self.by_name.setdefault(name.text.lower(), entity)
        if given:
            self.by_given[given.lower()].append(entity)
            if len(name.surname) <= LONGEST:
                for key in _without_a_letter(name.surname.lower()):
                    self.by_slip[key].append(entity)
        return entity


def _gender(entity: Entity) -> str:
    """What the given name alone says: "he", "she", or nothing."""
    share = share_of_women(entity.given)
    return "" if share is None else "she" if share > 0.7 else "he" if share < 0.3 else "either"


def _without_a_letter(word: str) -> list[str]:
    """A word, and what is left of it without each of its letters: words a slip apart share one of these."""
    return list(dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]))


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a letter more, less or other, or two changed about, make one word of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return (
        one[at + 1 :] in (other[at + 1 :], other[at:]) or one[at:] == other[at + 1 :] or swapped == other[at:]
    )


def _fullness(name: Name) -> tuple[int, int]:
    return (0 if name.headline else len(name.words), len(name.text))


def _fullness_of(entity: Entity) -> tuple[int, int]:
    return (len(entity.name.split()), len(entity.name))


def _same_given(entity: Entity, name: Name) -> bool:
    """Whether the given names can be one person's: "Don" and "Donald", "J." and "James"."""
    one, other = entity.given.lower().rstrip("."), name.given.lower().rstrip(".")
    if not one:
        return False
    if one == other:
        return True
    if len(name.words) == 2 and f" {name.text.lower()}" in f" {entity.name.lower()}":
        return True  # "Wasserman Schultz" of "Debbie Wasserman Schultz"
    if {f'"{other}"', f"“{other}”"} & {word.lower() for word in entity.name.split()}:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and long.startswith(short) and is_given_name(short) and is_given_name(long)


def _is_surname(name: Name) -> bool:
    """Whether the words before the last one are parts of a surname: "De Korte"."""
    return all(word.lower() in PARTICLES for word in name.words[:-1])


def _fits(entity: Entity, titles: Sequence[str]) -> bool:
    genders = {GENDER_OF_TITLE[title] for title in titles if title in GENDER_OF_TITLE}
    share = entity.likely_a_woman()
    return not (("he" in genders and share > 0.7) or ("she" in genders and share < 0.3))


_DESCRIBING = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def _describe(text: str, entity: Entity) -> None:
    given = entity.given.lower()
    for name in entity.mentions:
        entity.with_article += name.article
        entity.by_given_name += len(name.words) == 1 and name.words[0].lower() == given
        entity.titles += bool(name.titles)
        for title in name.titles:
            gender = GENDER_OF_TITLE.get(title)
            entity.women += 5 * (gender == "she")
            entity.men += 5 * (gender == "he")
    entity.may_be_a_person = _may_be_a_person(entity)
    for name in entity.mentions[:INTRODUCTIONS]:
        words = {SHORT_TITLES.get(title, title) for title in name.titles} | set(_introduction(text, name))
        entity.described.update(sorted(words))


def _introduction(text: str, name: Name) -> list[str]:
    """The words that tell who is named: those before, up to a comma, and an apposition after."""
    before = _EDGE.split(text[max(name.span.start - BEFORE, 0) : name.span.start])[-1]
    after = text[name.end : name.end + AFTER].split("\n", 1)[0]
    apposition = re.match(r"\s?[,(—–-]\s?([^,)—–.“\"]*)", after)
    words = _DESCRIBING.findall(before)[-6:] + (_DESCRIBING.findall(apposition[1]) if apposition else [])
    return [SHORT_TITLES.get(word.lower(), word.lower()) for word in words]


# A full stop behind a title or an initial ends no sentence.
_EDGE = re.compile(
    r"[,;:()\n“”\"]|(?<!Gov)(?<!Sen)(?<!Rep)(?<!Gen)(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!Col)(?<!Lt)(?<![A-Z])\."
)


_PRONOUN = re.compile(r"\b(?:(he|his|him|himself)|she|her|hers|herself)\b", re.IGNORECASE)


def _followed(text: str, names: Sequence[Name]) -> list[str]:
    """The pronoun that comes next after each name, "he" or "she", if no other is named in between."""
    found = []
    end = len(text)  # where the next mention of somebody else begins
    for at in range(len(names) - 1, -1, -1):
        name = names[at]
        if at + 1 < len(names) and names[at + 1].surname != name.surname:
            end = names[at + 1].span.start
        match = _PRONOUN.search(text, name.span.end, min(end, name.span.end + PRONOUN_FOLLOWS))
        found.append("" if match is None else "he" if match[1] else "she")
    return found[::-1]


def _may_be_a_person(entity: Entity) -> bool:
    """Whether nothing in the name itself speaks against a person."""
    words = {word.lower() for word in entity.name.split()}
    if _is_named_as_people_are(entity):
        return True
    if words & BODIES or (len(words) == 1 and words & PLACES and not entity.titles):
        return False
    return not words & _AGAINST


_AGAINST = GOVERNMENTS | NOT_NAMES | MONTHS


def _stands_alone(entity: Entity) -> bool:
    """Whether the surname stands alone without an article somewhere, as those of bodies hardly do."""
    return any(len(name.words) == 1 and not name.article for name in entity.mentions)


def _is_named_as_people_are(entity: Entity) -> bool:
    """Whether a name is a person's although a word of it is one for a place or body: "Theresa May"."""
    given, *others = entity.name.lower().split()
    told = entity.women + entity.men > 0
    if not others:
        return given in ALSO_SURNAMES and entity.titles > 0 and told
    *middle, surname = others
    if 2 * entity.with_article > len(entity.mentions) or not (BODIES | _AGAINST).isdisjoint(middle):
        return False
    if given in BODIES | _AGAINST | PLACES:
        begins = given in ALSO_GIVEN or (told and (is_given_name(given) or entity.titles > 0))
    else:
        begins = is_given_name(given) or (told and _stands_alone(entity))
    if surname in BODIES:
        return begins and surname in ALSO_SURNAMES and (told or entity.titles > 0)
    return begins and (surname in ALSO_SURNAMES or surname not in _AGAINST)
