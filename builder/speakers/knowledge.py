"""What many articles say of people: by which words one may call them, and which nouns mean a person.

"The Indiana governor" is nobody whom the article itself calls so, but other articles do. Counts of words
from the articles of training; what an article says itself is told apart from it and weighs more.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.records import Span
from builder.speakers.entities import Entities, Entity
from builder.speakers.phrases import read_phrase
from builder.speakers.words import NOT_NAMES

LEAST_DOCUMENTS = 3  # articles that name somebody; about others nothing is known
LONGEST = 30  # letters of a noun before a name
MOST_WORDS = 40  # words kept of somebody
Key = tuple[str, str]


@dataclass(slots=True)
class Known:
    """In how many articles somebody is named in full, and in how many of them each word describes them."""

    documents: int = 0
    words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Who is known, by given name and surname in lower case, and the bearers of each surname.

    `nouns` are in how many articles each noun stands before a full name, or behind it in apposition.
    """

    people: Mapping[Key, Known]
    bearers: Mapping[str, tuple[Key, ...]]
    nouns: Mapping[str, int]

    def about(self, entity: Entity) -> Known | None:
        """What is known of an entity; of a surname alone, what is known of its most frequent bearer."""
        if not entity.given:
            bearers = self.bearers.get(entity.surname.lower())
            return self.people[bearers[0]] if bearers else None
        return self.people.get(key_of(entity))

    def share(self, entity: Entity, namesakes: Iterable[Entity]) -> float:
        """Of the articles that name one of several in full, the share that name this one."""
        documents = [known.documents if (known := self.about(one)) else 0 for one in (entity, *namesakes)]
        return documents[0] / max(sum(documents[1:]), 1)

    def table(self) -> str:
        """Everything as lines of given name, surname, articles, and words with theirs, between tabs.

        The first line is that of the nouns; it has no names.
        """
        nouns = Known(0, Counter(self.nouns))
        lines = (
            f"{given}\t{surname}\t{one.documents}\t"
            + " ".join(f"{word} {count}" for word, count in sorted(one.words.items()))
            for (given, surname), one in [(NOBODY, nouns), *sorted(self.people.items())]
        )
        return "".join(f"{line}\n" for line in lines)


NOBODY: Key = ("", "")
NOTHING = Knowledge({}, {}, {})


@dataclass(frozen=True, slots=True)
class Said:
    """What one article says: the words that describe those it names in full, and the nouns beside them."""

    words: Mapping[Key, set[str]]
    nouns: set[str]


def key_of(entity: Entity) -> Key:
    """Given name and surname: "Donald J. Trump" is "Donald Trump"."""
    return entity.given.lower(), entity.surname.lower()


def said_in(text: str, entities: Entities) -> Said:
    """What an article says of those whom it names in full."""
    words: defaultdict[Key, set[str]] = defaultdict(set)
    nouns: set[str] = set()
    for entity in entities.all:
        if entity.given and entity.may_be_a_person:
            words[key_of(entity)] |= {word for word in entity.described if len(word) > 2} - NOT_NAMES
            for name in entity.mentions:
                if len(name.words) > 1:
                    nouns.update(_nouns(text, name.span))
    return Said(dict(words), nouns)


def _nouns(text: str, span: Span) -> Iterator[str]:
    before = _BEFORE.search(text, max(span.start - LONGEST, 0), span.start)
    if before:
        yield before[1].lower()
    apposition = _APPOSITION.match(text, span.end)
    if apposition:
        yield read_phrase(text, Span(*apposition.span(1))).noun


_BEFORE = re.compile(r"\b([^\W\d_][\w’'-]+)[ \u00a0]\Z")
_APPOSITION = re.compile(r", ((?:an?|the|his|her|its|their) [^,.;:“”\"()\n]{3,60})")


@dataclass(frozen=True, slots=True)
class Pool:
    """The counts of what articles say, and what is kept of them."""

    people: Mapping[Key, Known]
    nouns: Counter[str]
    known: Knowledge

    def but_for(self, said: Said) -> Knowledge:
        """The same without what one of the articles says, which is not to know itself in training."""
        kept = dict(self.known.people)
        for key, words in said.words.items():
            one = self.people[key]
            left = _known(one.documents - 1, one.words - Counter(words))
            if left:
                kept[key] = left
            else:
                kept.pop(key, None)
        return Knowledge(kept, _bearers(kept), _often(self.nouns - Counter(said.nouns)))


def pooled(articles: Iterable[Said]) -> Pool:
    """Counts what articles say."""
    people: defaultdict[Key, Known] = defaultdict(Known)
    nouns: Counter[str] = Counter()
    for said in articles:
        nouns.update(said.nouns)
        for key, words in said.words.items():
            people[key].documents += 1
            people[key].words.update(words)
    kept = {key: known for key, one in people.items() if (known := _known(one.documents, one.words))}
    return Pool(people, nouns, Knowledge(kept, _bearers(kept), _often(nouns)))


def _often(nouns: Counter[str]) -> dict[str, int]:
    return {word: count for word, count in nouns.items() if count > 1 and word not in NOT_NAMES and word}


def _known(documents: int, words: Counter[str]) -> Known | None:
    """What is kept of somebody; None if too few articles name them."""
    if documents < LEAST_DOCUMENTS:
        return None
    often = sorted((pair for pair in words.items() if pair[1] > 1), key=lambda pair: (-pair[1], pair[0]))
    return Known(documents, Counter(dict(often[:MOST_WORDS])))


def read_table(text: str) -> Knowledge:
    """What `Knowledge.table` wrote.

    Raises:
        ValueError: it is no such table.
    """
    people: dict[Key, Known] = {}
    for line in text.splitlines():
        given, surname, documents, said = line.split("\t")
        words = said.split(" ") if said else []
        counts = {word: int(count) for word, count in zip(words[::2], words[1::2], strict=True)}
        people[given, surname] = Known(int(documents), Counter(counts))
    nouns = people.pop(NOBODY, Known()).words
    if not all(one.documents > 0 for one in people.values()):
        raise ValueError("somebody is named in no article")
    return Knowledge(people, _bearers(people), nouns)


def _bearers(people: Mapping[Key, Known]) -> dict[str, tuple[Key, ...]]:
    found: defaultdict[str, list[Key]] = defaultdict(list)
    for key in sorted(people, key=lambda one: (-people[one].documents, one)):
        found[key[1]].append(key)
    return {surname: tuple(keys) for surname, keys in found.items()}
