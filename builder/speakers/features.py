"""What speaks for and against each candidate for the speaker of a quotation, as numbers.

Sources are read twice. The first reading looks at each source by itself; the second one also knows
what the first found for the sources around.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from builder.records import Quotation, Span, SpeakerKind
from builder.speakers.entities import Entity
from builder.speakers.given_names import is_given_name
from builder.speakers.names import Name
from builder.speakers.phrases import Phrase, Pronoun, read_phrase
from builder.speakers.scene import Scene, Standing, standing
from builder.speakers.words import ROLES, SHORT_TITLES

Floats = NDArray[np.float32]

BACK = 6000  # characters back to which a source may point
AHEAD = 400  # characters behind a source in which a name may explain it
NEAR, NEXT = 8, 2  # entities named last before a source, and first behind it
CALLED = 4  # entities that are described by the source's noun
FREQUENT = 3  # entities named most often
UNKNOWN = 30.0  # a rank that nobody has
NOT_BEFORE = (UNKNOWN,) * 5 + (0.0,) * 3
KINDS: tuple[SpeakerKind, ...] = ("person", "author", "organisation", "government", "group", "unnamed")
PRONOUNS: tuple[Pronoun, ...] = ("he", "she", "they", "it", "who", "which", "I", "we", "you", "some")
GOES_ON = frozenset("added continued concluded went further also again noted adding insisted".split())
MOST_TITLES = 6  # words between a comma and the name that explains what stands before it
GOVERNING = frozenset("of for to in with at by who which that from on about and".split())
PLAIN = frozenset("the and for of his her their its who that said".split())


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate: an entity for a person, else the kind of what the source describes."""

    kind: SpeakerKind
    entity: Entity | None = None

    @property
    def key(self) -> tuple[str, int]:
        """The same for two choices that mean the same."""
        return self.kind, self.entity.number if self.entity else -1


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A quotation whose speaker is asked for, its source, and who it may be.

    `place` is where the source stands, or the quotation begins if it has none. `first` are the
    numbers of the first reading (choices, FIRST); missing ones are NaN.
    """

    quotation: Quotation
    phrase: Phrase | None
    place: Span
    choices: tuple[Choice, ...]
    first: Floats

    @property
    def pronoun(self) -> Pronoun | None:
        """The pronoun that the source is, if it is one."""
        return self.phrase.pronoun if self.phrase else None


def questions(scene: Scene, quotations: Sequence[Quotation]) -> list[Question]:
    """The questions of a document's quotations, in the order of their sources in the text."""
    reader = _Reader(scene)
    return sorted((reader.question(one) for one in quotations), key=lambda one: (one.place, one.quotation.id))


@dataclass(slots=True)
class _Reader:
    """Reads the candidates of each source of one document."""

    scene: Scene
    _standing: dict[Span, Standing] = field(default_factory=dict)

    def question(self, quotation: Quotation) -> Question:
        """One quotation, with the numbers of the first reading."""
        if quotation.source:
            place = quotation.source[0]
            phrase = read_phrase(self.scene.text, place)
        else:
            place, phrase = Span(quotation.content[0].start, quotation.content[0].start), None
        choices = tuple(self._choices(phrase, place))
        shared = self._of_source(quotation, phrase, place)
        ranks = self._ranks(place.start, phrase.pronoun if phrase else None)
        rows = [
            shared
            + [float(choice.kind == kind) for kind in KINDS]
            + (
                self._of_entity(quotation, phrase, place, choice.entity, ranks)
                if choice.entity
                else [math.nan] * OF_ENTITY
            )
            for choice in choices
        ]
        return Question(quotation, phrase, place, choices, np.array(rows, dtype=np.float32))

    def _choices(self, phrase: Phrase | None, place: Span) -> list[Choice]:
        """Those named in the source, around it, by its noun, or often; and every kind but a person."""
        entities = self.scene.entities
        found: dict[int, Entity] = {}
        for _, entity in entities.between(place.start, place.end):
            found |= {one.number: one for one in entities.namesakes(entity)}
        nearest = reversed(entities.between(max(place.start - BACK, 0), place.start))
        _add(found, (entity for _, entity in nearest), NEAR)
        _add(found, (entity for _, entity in entities.between(place.end, place.end + AHEAD)), NEXT)
        _add(found, self._called(phrase), CALLED)
        _add(found, entities.frequent, FREQUENT)
        return [Choice("person", entity) for entity in found.values()] + [Choice(kind) for kind in KINDS[1:]]

    def _called(self, phrase: Phrase | None) -> Iterator[Entity]:
        """Whom the text calls what the source calls somebody, those named first before others."""
        if phrase is None or phrase.pronoun:
            return iter(())
        roles = {phrase.noun, *ROLES.get(phrase.noun, "").split()} - {""}
        called = [self.scene.entities.called.get(role, []) for role in sorted(roles)]
        return heapq.merge(*called, key=lambda one: one.number)

    def _of_source(self, quotation: Quotation, phrase: Phrase | None, place: Span) -> list[float]:
        scene = self.scene
        cue = {word for span in quotation.cue for word in span.of(scene.text).lower().split()}
        row = [
            float(phrase is None),
            *(float(phrase is not None and phrase.pronoun == one) for one in PRONOUNS),
            float(quotation.kind == "direct"),
            float(quotation.kind == "mixed"),
            float(quotation.continues is not None),
            float(place.start > quotation.content[0].start),
            float(scene.between_marks(place.start)),
            float(bool(cue & GOES_ON)),
            place.start / max(len(scene.text), 1),
        ]
        if phrase is None:
            return row + [0.0] * 14
        genitive = place.of(scene.text).endswith(("'s", "’s", "'", "’"))
        return [
            *row,
            math.log1p(len(phrase.words)),
            float(phrase.definite),
            float(phrase.indefinite),
            float(phrase.possessive),
            float(phrase.plural),
            float(phrase.joined),
            float(len(scene.entities.between(place.start, place.end))),
            float(genitive),
            *self._head_name(phrase),
        ]

    def _head_name(self, phrase: Phrase) -> list[float]:
        """What kind of name the head of a source ends with, if it ends with one."""
        inside = self.scene.entities.between(phrase.head.start, phrase.head.end)
        if not inside or inside[-1][0].span.end < phrase.head.end - 1:
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

    def _ranks(self, position: int, pronoun: Pronoun | None) -> dict[int, tuple[float, ...]]:
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
        here = self.scene.sentence(position)
        opening: dict[int, int] = {}
        for name, entity in reversed(self.scene.entities.between(max(position - BACK, 0), position)):
            if not entity.may_be_a_person:
                continue
            if entity.number not in ranks:
                ranks[entity.number] = (float(len(ranks)), float(len(acting)), float(len(fitting)))
                if _fit(entity, pronoun) >= 0.5:
                    fitting.add(entity.number)
            stands = self._stands(name)
            if stands.acts or stands.opens:
                acting.add(entity.number)
            if self.scene.between_marks(name.span.start):
                continue
            outside.setdefault(entity.number, len(outside))
            if (
                (stands.acts or stands.opens or stands.explained)
                and not stands.governed
                and not name.genitive
            ):
                subjects.setdefault(entity.number, len(subjects))
                back = here - self.scene.sentence(name.span.start)
                if back < 3:
                    opening[back] = entity.number
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

    def _stands(self, name: Name) -> Standing:
        known = self._standing.get(name.span)
        if known is None:
            known = self._standing[name.span] = standing(self.scene.text, name)
        return known

    def _of_entity(
        self,
        quotation: Quotation,
        phrase: Phrase | None,
        place: Span,
        entity: Entity,
        ranks: Mapping[int, tuple[float, ...]],
    ) -> list[float]:
        scene = self.scene
        inside = scene.entities.inside(place, entity) if phrase else []
        after = entity.after(place.end)
        full = entity.before_in_full(place.start)
        rivals = [one.before_in_full(place.start) for one in scene.entities.namesakes(entity)[1:]]
        return [
            *self._within_source(phrase, inside, entity),
            float(any(one.span in entity.ambiguous for one in inside)),
            float(bool(entity.within(place))),
            float(entity.may_be_a_person),
            float(" " in entity.name),
            float(is_given_name(entity.given)),
            math.log1p(len(entity.mentions)),
            len(entity.mentions) / max(len(scene.entities.mentions), 1),
            math.log1p(entity.titles),
            entity.with_article / len(entity.mentions),
            entity.share_of_women,
            _fit(entity, phrase.pronoun if phrase else None),
            float(entity.women + entity.men),
            float(entity.full_mentions),
            float(entity.by_given_name),
            math.log1p(entity.number),
            *ranks.get(entity.number, NOT_BEFORE),
            *self._last_before(place, entity.before(place.start)),
            math.log1p(after.span.start - place.end) if after else math.nan,
            float(scene.sentence(after.span.start) - scene.sentence(place.end)) if after else math.nan,
            *self._described(phrase, entity),
            float(sum(len(entity.within(span)) for span in quotation.content)),
            math.log1p(place.start - full) if full >= 0 else math.nan,
            float(bool(rivals) and full > max(rivals)),
        ]

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
        ]

    def _last_before(self, place: Span, before: Name | None) -> list[float]:
        if before is None:
            return [math.nan] * 10
        scene, stands, start = self.scene, self._stands(before), before.span.start
        return [
            math.log1p(place.start - start),
            float(scene.sentence(place.start) - scene.sentence(start)),
            float(scene.paragraph(place.start) - scene.paragraph(start)),
            float(scene.entities.count_before(place.start) - scene.entities.count_before(start)),
            float(stands.opens),
            float(stands.governed),
            float(stands.acts),
            float(stands.explained),
            float(before.genitive),
            float(scene.between_marks(start)),
        ]

    def _described(self, phrase: Phrase | None, entity: Entity) -> list[float]:
        """How much of what the source says is said about the entity where it is introduced."""
        if phrase is None or phrase.pronoun:
            return [math.nan] * 4
        told = {SHORT_TITLES.get(word, word) for word in phrase.words if len(word) > 2} - PLAIN
        shared = len(told & entity.described.keys())
        roles = ROLES.get(phrase.noun, phrase.noun).split()
        return [
            float(shared),
            shared / max(len(told), 1),
            float(any(role in entity.described for role in roles)),
            float(phrase.noun in ROLES),
        ]


OF_SOURCE = 7 + len(PRONOUNS) + 14 + 1
WITHIN = 12
OF_ENTITY = 54
FIRST = OF_SOURCE + len(KINDS) + OF_ENTITY


def _apposed(text: str, phrase: Phrase, name: Name) -> bool:
    """Whether a name explains what stands before it: "a lawyer for the town, Mr. Jan Berg,"."""
    before = text[phrase.span.start : name.span.start]
    at = max(before.rfind(mark) for mark in (",", ":", "–", "—", "("))
    between = before[at + 1 :].lower().split()
    return at >= 0 and not name.genitive and len(between) <= MOST_TITLES and GOVERNING.isdisjoint(between)


def _add(found: dict[int, Entity], entities: Iterable[Entity], number: int) -> None:
    """Adds the first so many of the entities that may be people and are not there yet."""
    for entity in entities:
        if number <= 0:
            break
        if entity.number not in found and entity.may_be_a_person:
            found[entity.number] = entity
            number -= 1


def _fit(entity: Entity, pronoun: Pronoun | None) -> float:
    """How well "he" or "she" fits; 0.5 where nothing is known or any pronoun fits."""
    share = entity.share_of_women
    return share if pronoun == "she" else 1 - share if pronoun == "he" else 0.5


SECOND = 16


def second(asked: Sequence[Question], first: Sequence[Floats]) -> list[Floats]:
    """The numbers (choices, SECOND) that the second reading adds for each question.

    `first` are the probabilities of the choices of each question by the first reading.
    """
    found = [
        dict(zip((choice.key for choice in one.choices), some.tolist(), strict=True))
        for one, some in zip(asked, first, strict=True)
    ]
    best = [max(some, key=some.__getitem__) for some in found]
    number = {one.quotation.id: at for at, one in enumerate(asked)}
    same: dict[Pronoun, list[int]] = {}
    before_same, after_same = [-1] * len(asked), [-1] * len(asked)
    for at, one in enumerate(asked):
        if one.pronoun:
            before = same.setdefault(one.pronoun, [])
            if before:
                before_same[at], after_same[before[-1]] = before[-1], at
            before.append(at)
    answered: dict[tuple[str, int], list[int]] = {}
    added = []
    for at, one in enumerate(asked):
        continued = number.get(one.quotation.continues or "", -1)
        around = [at - 1, at - 2, at + 1, at + 2, before_same[at], after_same[at], continued]
        top = [*sorted(found[at].values(), reverse=True), 0.0]
        rows = []
        for choice in one.choices:
            key = choice.key
            chance = found[at][key]
            earlier = answered.get(key, [])
            gap = one.place.start - asked[earlier[-1]].place.start if earlier else -1
            rows.append(
                [
                    _log_odds(chance),
                    chance - (top[1] if chance == top[0] else top[0]),
                    *(found[other].get(key, 0.0) if 0 <= other < len(asked) else 0.0 for other in around),
                    math.log1p(len(earlier)),
                    math.log1p(gap) if earlier else math.nan,
                    float(at - earlier[-1]) if earlier else math.nan,
                    float(at > 0 and best[at - 1] == key),
                    float(at > 0),
                    float(continued >= 0),
                    float(before_same[at] >= 0),
                ]
            )
        answered.setdefault(best[at], []).append(at)
        added.append(np.array(rows, dtype=np.float32))
    return added


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))


def source_words(text: str, question: Question) -> list[str]:
    """The words of a source and where in it they stand, as the ranker knows them."""
    phrase = question.phrase
    if phrase is None:
        return ["none"]
    if phrase.pronoun:
        return [f"pronoun {phrase.words[0]}"]
    head = phrase.head.of(text).split()
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
