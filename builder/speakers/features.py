"""What speaks for and against each candidate for the speaker of a quotation, as numbers.

These are the numbers of the first reading, which looks at each source by itself; what was found for
the sources around comes later (`readings.py`).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.records import Quotation, Span
from builder.speakers.candidates import BACK, KINDS, Choice, choices_of
from builder.speakers.entities import Entity
from builder.speakers.given_names import is_given_name
from builder.speakers.knowledge import Knowledge, Known
from builder.speakers.mentions import Gender, Mention, Mentions, mentions_of
from builder.speakers.names import Name
from builder.speakers.phrases import MANY, Phrase, Pronoun, read_phrase
from builder.speakers.scene import Scene
from builder.speakers.words import ROLES, SHORT_TITLES, WORKS

Floats = NDArray[np.float32]

UNKNOWN = 30.0  # a rank that nobody has
NOT_BEFORE = (UNKNOWN,) * 5 + (0.0,) * 3
RECENT = 600  # characters before a source in which it counts who is named how often
PRONOUNS: tuple[Pronoun, ...] = ("he", "she", "they", "it", "who", "which", "I", "we", "you", "some")
GOES_ON = frozenset("added continued concluded went further also again noted adding insisted".split())
MOST_TITLES = 6  # words between a comma and the name that explains what stands before it
GOVERNING = frozenset("of for to in with at by who which that from on about and".split())
PLAIN = frozenset("the and for of his her their its who that said".split())
MISSING = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A quotation whose speaker is asked for, its source, and who it may be.

    `place` is where the source stands, or the quotation begins if it has none; `outer` is the id of the
    quotation in whose content that is. `first` are the numbers of the first reading (choices, FIRST);
    missing ones are NaN.
    """

    quotation: Quotation
    phrase: Phrase | None
    place: Span
    paragraph: int
    outer: str | None
    choices: tuple[Choice, ...]
    first: Floats

    @property
    def pronoun(self) -> Pronoun | None:
        """The pronoun that the source is, if it is one."""
        return self.phrase.pronoun if self.phrase else None


def questions(scene: Scene, quotations: Sequence[Quotation], knowledge: Knowledge) -> list[Question]:
    """The questions of a document's quotations, in the order of their sources in the text."""
    reader = _Reader(scene, mentions_of(scene, quotations), _Contents(quotations), knowledge)
    return sorted((reader.question(one) for one in quotations), key=lambda one: (one.place, one.quotation.id))


class _Contents:
    """Finds the quotation within whose content something stands: "she hopes", she said, "that he comes"."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._spans = sorted(
            ((span, one) for one in quotations for span in one.content), key=lambda pair: pair[0]
        )

    def around(self, place: Span, inner: Quotation) -> Quotation | None:
        """The innermost other quotation whose content holds a place."""
        best: tuple[int, Quotation] | None = None
        for span, one in self._spans:
            if span.start > place.start:
                break
            size = span.end - span.start
            if place.end <= span.end and one is not inner and (best is None or size < best[0]):
                best = size, one
        return best[1] if best else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A source as its candidates are compared with it."""

    quotation: Quotation
    phrase: Phrase | None
    place: Span
    sentence: int
    paragraph: int
    outer: Quotation | None
    inside: Sequence[tuple[Name, Entity]]  # who is named in the source
    told_of: Mapping[int, int]  # how often each entity is named in the content
    near: Mapping[int, int]  # how often each entity is named shortly before
    here: Mapping[int, int]  # and before it in its paragraph
    behind: tuple[int, int]  # where the quotation is over, and the sentence there
    same_pronoun: int  # where the same pronoun stands last before it, or -1
    told: frozenset[str]  # the words by which the source describes somebody
    roles: tuple[str, ...]  # by which that may be said elsewhere

    @property
    def pronoun(self) -> Pronoun | None:
        return self.phrase.pronoun if self.phrase else None


class _Itself(NamedTuple):
    """What is known of an entity whatever the source: numbers, what other articles say, and its namesakes.

    `share` is how often other articles name it and not a namesake.
    """

    numbers: tuple[float, ...]
    known: Known | None
    share: float
    namesakes: Sequence[Entity]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the candidates of each source of one document."""

    scene: Scene
    mentions: Mentions
    contents: _Contents
    knowledge: Knowledge
    itself: dict[int, _Itself] = field(default_factory=dict)

    def question(self, quotation: Quotation) -> Question:
        """One quotation, with the numbers of the first reading."""
        if quotation.source:
            place = quotation.source[0]
            phrase = self._read(place)
        else:
            place, phrase = Span(quotation.content[0].start, quotation.content[0].start), None
        asked = self._asked(quotation, phrase, place)
        choices = choices_of(self.scene.entities, phrase, place)
        shared = self._of_source(asked)
        ranks = self._ranks(asked)
        first = np.full((len(choices), FIRST), MISSING, np.float32)
        first[:, :OF_SOURCE] = shared
        first[:, OF_SOURCE : FIRST - OF_ENTITY] = [_KIND_SIGNS[choice.kind] for choice in choices]
        people = [self._of_entity(asked, choice.entity, ranks) for choice in choices if choice.entity]
        if people:  # they come first
            first[: len(people), FIRST - OF_ENTITY :] = people
        outer = asked.outer.id if asked.outer else None
        return Question(quotation, phrase, place, asked.paragraph, outer, choices, first)

    def _read(self, source: Span) -> Phrase:
        """A source as a phrase; the surname of somebody named in full is no plural: "Rogers"."""
        phrase = read_phrase(self.scene.text, source)
        inside = self.scene.entities.between(phrase.head.start, phrase.head.end)
        if phrase.pronoun or phrase.joined or not inside or inside[-1][0].end < phrase.head.end - 1:
            return phrase
        name, entity = inside[-1]
        known = is_given_name(entity.given or entity.surname) or name.titles or self.knowledge.about(entity)
        if not (known and entity.may_be_a_person) or name.genitive or phrase.words[0] in MANY:
            return phrase
        return replace(phrase, plural=False, named=True)

    def _asked(self, quotation: Quotation, phrase: Phrase | None, place: Span) -> _Asked:
        scene = self.scene
        paragraph = scene.paragraph(place.start)
        begins = scene.paragraphs[paragraph - 1] if paragraph else 0
        behind = max(place.end, quotation.content[-1].end)
        pronoun = phrase.pronoun if phrase else None
        return _Asked(
            quotation,
            phrase,
            place,
            scene.sentence(place.start),
            paragraph,
            self.contents.around(place, quotation),
            scene.entities.between(place.start, place.end),
            self._counts(*quotation.content),
            self._counts(Span(max(place.start - RECENT, 0), place.start)),
            self._counts(Span(begins, place.start)),
            (behind, scene.sentence(behind)),
            self.mentions.last_pronoun("she" if pronoun == "she" else "he", place.start)
            if pronoun in {"he", "she"}
            else -1,
            _told(phrase) if phrase else frozenset(),
            tuple(ROLES.get(phrase.noun, phrase.noun).split()) if phrase else (),
        )

    def _counts(self, *spans: Span) -> dict[int, int]:
        counts: dict[int, int] = {}
        for span in spans:
            for _, entity in self.scene.entities.between(span.start, span.end):
                counts[entity.number] = counts.get(entity.number, 0) + 1
        return counts

    def _of_source(self, asked: _Asked) -> list[float]:
        scene, quotation, phrase, place = self.scene, asked.quotation, asked.phrase, asked.place
        cue = {word for span in quotation.cue for word in span.of(scene.text).lower().split()}
        begins = scene.paragraphs[asked.paragraph - 1] if asked.paragraph else 0
        first_person = sum(len(_FIRST_PERSON.findall(span.of(scene.text))) for span in quotation.content)
        row = [
            float(phrase is None),
            *(float(asked.pronoun == one) for one in PRONOUNS),
            float(quotation.kind == "direct"),
            float(quotation.kind == "mixed"),
            float(place.start > quotation.content[0].start),
            float(scene.between_marks(place.start)),
            float(bool(cue & GOES_ON)),
            place.start / max(len(scene.text), 1),
            float(asked.outer is not None),
            math.log1p(sum(span.end - span.start for span in quotation.content)),
            math.log1p(first_person),
            math.log1p(max(place.start - begins, 0)),
            math.log1p(asked.paragraph),
            float(not asked.here),
            math.log1p(place.start - asked.same_pronoun) if asked.same_pronoun >= 0 else MISSING,
        ]
        if phrase is None:
            return row + [0.0] * 17
        genitive = place.of(scene.text).endswith(("'s", "’s", "'", "’"))
        return [
            *row,
            math.log1p(len(phrase.words)),
            float(phrase.named),
            float(phrase.definite),
            float(phrase.indefinite),
            float(phrase.possessive),
            float(phrase.plural),
            float(phrase.joined),
            float(len(scene.entities.between(place.start, place.end))),
            float(genitive),
            float(not WORKS.isdisjoint(phrase.words)),
            math.log1p(self.knowledge.nouns.get(phrase.noun, 0)),
            *self._head_name(phrase),
        ]

    def _head_name(self, phrase: Phrase) -> list[float]:
        """What kind of name the head of a source ends with, if it ends with one."""
        inside = self.scene.entities.between(phrase.head.start, phrase.head.end)
        if not inside or inside[-1][0].end < phrase.head.end - 1:
            return [0.0] * 6
        name, entity = inside[-1]
        return [
            1.0,
            float(len(name.words) > 1),
            float(is_given_name(entity.given or entity.surname)),
            float(bool(name.titles)),
            float(entity.may_be_a_person),
            entity.with_article / len(entity.mentions),
        ]

    def _ranks(self, asked: _Asked) -> dict[int, tuple[float, ...]]:
        """How near each was named before a place, by what stands between.

        How many others were named since; how many of them act; how many fit the pronoun; how many were
        named outside quotation marks, since it was itself, and how many acted there; whether it is the
        first to act in this sentence, in the one before.
        """
        ranks: dict[int, tuple[float, ...]] = {}
        acting: set[int] = set()
        fitting: set[int] = set()
        outside: dict[int, int] = {}
        subjects: dict[int, int] = {}
        opening: dict[int, int] = {}
        position = asked.place.start
        before = self.scene.entities.count_before(position)
        first = self.scene.entities.count_before(max(position - BACK, 0))
        for one in reversed(self.mentions.all[first:before]):
            entity, number = one.entity, one.entity.number
            if not entity.may_be_a_person:
                continue
            if number not in ranks:
                ranks[number] = (float(len(ranks)), float(len(acting)), float(len(fitting)))
                if fit(entity, asked.pronoun) >= 0.5:
                    fitting.add(number)
            if one.stands.acts or one.stands.opens:
                acting.add(number)
            if one.marked:
                continue
            outside.setdefault(number, len(outside))
            if one.subject:
                subjects.setdefault(number, len(subjects))
                back = asked.sentence - one.sentence
                if back < 3:
                    opening[back] = number
        last = min(opening, default=-1)
        return {
            number: (
                *some,
                float(outside.get(number, UNKNOWN)),
                float(subjects.get(number, UNKNOWN)),
                float(opening.get(0) == number),
                float(opening.get(1) == number),
                float(opening.get(last) == number),
            )
            for number, some in ranks.items()
        }

    def _of_entity(
        self, asked: _Asked, entity: Entity, ranks: Mapping[int, tuple[float, ...]]
    ) -> list[float]:
        scene, phrase, place = self.scene, asked.phrase, asked.place
        inside = [
            name
            for name, owner in (asked.inside if phrase else ())
            if owner is entity or name.span in entity.ambiguous
        ]
        full = entity.before_in_full(place.start)
        itself, known, share, namesakes = self._of_itself(entity)
        rivals = [one.before_in_full(place.start) for one in namesakes]
        following = self._next(place.end, scene.sentence(place.end), entity)
        return [
            *self._within_source(phrase, inside, entity),
            float(any(one.span in entity.ambiguous for one in inside)),
            float(any(owner is entity for _, owner in asked.inside)),
            *itself[:_BEFORE_FIT],
            fit(entity, asked.pronoun),
            *itself[_BEFORE_FIT:],
            *ranks.get(entity.number, NOT_BEFORE),
            *self._last_before(asked, self.mentions.before(entity, place.start)),
            *self._narrated_before(asked, entity),
            *following,
            *(following if asked.behind[0] == place.end else self._next(*asked.behind, entity)),
            *self._around(asked, entity),
            *self._described(asked, entity),
            share,
            *_known(asked, known),
            float(asked.told_of.get(entity.number, 0)),
            math.log1p(place.start - full) if full >= 0 else MISSING,
            float(bool(rivals) and full > max(rivals)),
        ]

    def _of_itself(self, entity: Entity) -> _Itself:
        """What is the same for every source."""
        found = self.itself.get(entity.number)
        if found is None:
            namesakes = self.scene.entities.namesakes(entity)
            share = self.knowledge.share(entity, namesakes) if len(namesakes) > 1 else 1.0
            numbers = (
                float(entity.may_be_a_person),
                float(" " in entity.name),
                float(is_given_name(entity.given)),
                math.log1p(len(entity.mentions)),
                len(entity.mentions) / max(len(self.scene.entities.mentions), 1),
                math.log1p(entity.titles),
                entity.with_article / len(entity.mentions),
                entity.share_of_women,
                float(entity.women + entity.men),
                float(entity.full_mentions),
                float(entity.by_given_name),
                math.log1p(entity.number),
            )
            found = self.itself[entity.number] = _Itself(
                numbers, self.knowledge.about(entity), share, namesakes[1:]
            )
        return found

    def _within_source(self, phrase: Phrase | None, inside: Sequence[Name], entity: Entity) -> list[float]:
        if phrase is None or not inside:
            return [0.0] * WITHIN
        names = [name for name, _ in self.scene.entities.between(phrase.span.start, phrase.span.end)]
        first, last = inside[0], inside[-1]
        letters = sum(name.span.end - name.span.start for name in inside)
        return [
            1.0,
            float(last is names[-1]),
            float(first is names[0]),
            float(last.span.end >= phrase.head.end - 1 and last.span.start < phrase.head.end),
            float(last.genitive),
            float(first.genitive),
            float(len(last.words) > 1),
            letters / max(phrase.span.end - phrase.span.start, 1),
            math.log1p(first.span.start - phrase.span.start),
            float(_apposed(self.scene.text, phrase, last)),
            float(bool(last.titles)),
            float(any(title in entity.described for title in last.titles)),
            float(bool(_BY.search(self.scene.text, phrase.span.start, last.span.start))),
        ]

    def _last_before(self, asked: _Asked, before: Mention | None) -> list[float]:
        if before is None:
            return [MISSING] * 14
        stands = before.stands
        between = self.scene.text[before.name.span.end : asked.place.start]
        return [
            math.log1p(asked.place.start - before.start),
            float(asked.sentence - before.sentence),
            float(asked.paragraph - before.paragraph),
            float(self.scene.entities.count_before(asked.place.start) - before.number),
            float(stands.opens),
            float(stands.governed),
            float(stands.acts),
            float(stands.explained),
            float(before.name.genitive),
            float(before.marked),
            float(before.told),
            float(before.telling),
            float(len(between) <= 2),
            float(bool(_APPOSITION.match(between))),
        ]

    def _narrated_before(self, asked: _Asked, entity: Entity) -> list[float]:
        """How the last mention stands that the reporter makes, and which pronouns came since."""
        before = self.mentions.narrated_before(entity, asked.place.start)
        if before is None:
            return [MISSING] * 9
        own, other = _genders(entity)
        start, end = before.start, asked.place.start
        return [
            math.log1p(end - start),
            float(asked.sentence - before.sentence),
            float(asked.paragraph - before.paragraph),
            float(before.subject),
            float(before.stands.governed),
            float(before.told),
            math.log1p(self.mentions.pronouns_between(own, start, end)),
            math.log1p(self.mentions.pronouns_between(other, start, end)),
            float(asked.same_pronoun > start),
        ]

    def _next(self, end: int, sentence: int, entity: Entity) -> list[float]:
        """How far behind a place an entity is named."""
        after = entity.after(end)
        if after is None:
            return [MISSING] * 2
        return [
            math.log1p(after.span.start - end),
            float(self.scene.sentence(after.span.start) - sentence),
        ]

    def _around(self, asked: _Asked, entity: Entity) -> list[float]:
        """How much is said of the entity around the source."""
        opening, number = self.mentions.opening, asked.paragraph
        first, before = opening.get(number), opening.get(number - 1)
        outer = asked.outer.source[0] if asked.outer and asked.outer.source else None
        return [
            float(asked.near.get(entity.number, 0)),
            float(asked.here.get(entity.number, 0)),
            float(entity.number in asked.here and first is entity),
            float(before is entity),
            float(outer is not None and bool(entity.within(outer))),
        ]

    def _described(self, asked: _Asked, entity: Entity) -> list[float]:
        """How much of what the source says is said about the entity where it is introduced."""
        phrase, told = asked.phrase, asked.told
        if phrase is None or phrase.pronoun:
            return [MISSING] * 5
        shared = len(told & entity.described.keys())
        return [
            float(shared),
            shared / max(len(told), 1),
            float(any(role in entity.described for role in asked.roles)),
            float(phrase.noun in ROLES),
            fit(entity, _POSSESSIVES.get(phrase.words[0] if phrase.words else "")),
        ]


def _known(asked: _Asked, known: Known | None) -> list[float]:
    """How often other articles say of an entity what the source says."""
    phrase = asked.phrase
    if known is None or not asked.told or phrase is None or phrase.pronoun or phrase.named:
        return [MISSING, MISSING]
    often = [math.log1p(known.words[word] / known.documents * 100) for word in sorted(asked.told)]
    return [sum(often) / len(often), min(often)]


_BEFORE_FIT = 8  # numbers of an entity by itself, up to its gender
OF_SOURCE = 1 + len(PRONOUNS) + 13 + 17
WITHIN = 13
OF_ENTITY = WITHIN + 15 + len(NOT_BEFORE) + 14 + 9 + 4 + 5 + 5 + 3 + 3
FIRST = OF_SOURCE + len(KINDS) + OF_ENTITY
_KIND_SIGNS = {kind: [float(kind == one) for one in KINDS] for kind in KINDS}
_POSSESSIVES: Mapping[str, Pronoun] = {"his": "he", "her": "she"}
# From a name to "who": "Jan Berg, the mayor, who", "Jan Berg of Unterau, who".
_APPOSITION = re.compile(r"(?:, (?:an?|the|his|her|its|their)| of) [^,.;:\n]{2,70},? \Z")
_BY = re.compile(r"\bby\b")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|we|our|us)\b")


def _apposed(text: str, phrase: Phrase, name: Name) -> bool:
    """Whether a name explains what stands before it: "a lawyer for the town, Mr. Jan Berg,"."""
    before = text[phrase.span.start : name.span.start]
    at = max(before.rfind(mark) for mark in (",", ":", "–", "—", "("))
    between = before[at + 1 :].lower().split()
    return at >= 0 and not name.genitive and len(between) <= MOST_TITLES and GOVERNING.isdisjoint(between)


def _told(phrase: Phrase) -> frozenset[str]:
    """The words of a source that say who somebody is."""
    return frozenset(SHORT_TITLES.get(word, word) for word in phrase.words if len(word) > 2) - PLAIN


def fit(entity: Entity, pronoun: Pronoun | None) -> float:
    """How well "he" or "she" fits; 0.5 where nothing is known or any pronoun fits."""
    share = entity.share_of_women
    return share if pronoun == "she" else 1 - share if pronoun == "he" else 0.5


def _genders(entity: Entity) -> tuple[Gender, Gender]:
    """The likelier gender of an entity, and the other."""
    return ("she", "he") if entity.share_of_women > 0.5 else ("he", "she")


def source_words(text: str, question: Question) -> list[str]:
    """The words of a source and where in it they stand, as the ranker knows them."""
    phrase = question.phrase
    if phrase is None:
        return ["none"]
    if phrase.pronoun:
        return [f"pronoun {phrase.words[0]}"]
    head = phrase.head.of(text).split()
    if phrase.named:
        outside = f"{text[phrase.span.start : phrase.head.start]} {text[phrase.head.end : phrase.span.end]}"
        return sorted({"named", *(f"beside {word.strip(_EDGES).lower()}" for word in outside.split())})
    behind = text[phrase.head.end : phrase.span.end].split()
    words = [
        f"noun {phrase.noun}",
        f"ending {phrase.noun[-3:]}",
        f"ending {phrase.noun[-2:]}",
        f"first {phrase.words[0] if phrase.words else ''}",
        f"behind {behind[0].lower() if behind else ''}",
        f"capitals {min(sum(word[:1].isupper() for word in head), 4)}",
        f"length {min(len(phrase.words), 6)}",
        *(f"head {word.strip(_EDGES).lower()}" for word in head),
        *(f"word {word}" for word in phrase.words),
    ]
    if head and head[-1][:1].isupper():
        words.append("name plural" if phrase.plural else "name")
    if head and head[-1].isupper():
        words.append("all capitals")
    return sorted(set(words))


_EDGES = ",.'’\"“”()"
