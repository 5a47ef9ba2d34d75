"""The mentions of a document's entities as they stand in its text, read once for all sources."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.records import Quotation, Span
from builder.speakers.entities import Entity
from builder.speakers.names import Name
from builder.speakers.scene import Scene, Standing, standing

Gender = Literal["he", "she"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands: its number in the text, its sentence and paragraph, how, and in what.

    `marked` mentions stand between quotation marks, `told` ones in the content of a quotation, and
    `telling` ones in the source of one.
    """

    name: Name
    entity: Entity
    number: int
    sentence: int
    paragraph: int
    stands: Standing
    marked: bool
    told: bool
    telling: bool

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.name.span.start

    @property
    def subject(self) -> bool:
        """Whether it looks like the subject of what the reporter tells."""
        stands = self.stands
        looks = stands.acts or stands.opens or stands.explained
        return looks and not (stands.governed or self.name.genitive)


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of a document in order, and those of each entity by its number.

    `narrated` are those outside quotation marks, `opening` the first narrated one of each paragraph by a
    person. `pronouns` are where "he" and "she" stand outside quotation marks.
    """

    all: Sequence[Mention]
    of: Sequence[Sequence[Mention]]
    narrated: Sequence[Sequence[Mention]]
    opening: dict[int, Entity]
    pronouns: dict[Gender, list[int]]

    def before(self, entity: Entity, position: int) -> Mention | None:
        """The last mention of an entity that begins before a position."""
        return _last(self.of[entity.number], position)

    def narrated_before(self, entity: Entity, position: int) -> Mention | None:
        """The same, of those outside quotation marks."""
        return _last(self.narrated[entity.number], position)

    def pronouns_between(self, gender: Gender, start: int, end: int) -> int:
        """How many pronouns of a gender stand in a stretch of the text."""
        places = self.pronouns[gender]
        return bisect_left(places, end) - bisect_left(places, start)

    def last_pronoun(self, gender: Gender, position: int) -> int:
        """Where a pronoun of a gender begins last before a position, or -1."""
        places = self.pronouns[gender]
        at = bisect_left(places, position)
        return places[at - 1] if at else -1


def _last(mentions: Sequence[Mention], position: int) -> Mention | None:
    at = bisect_left(mentions, position, key=lambda one: one.start)
    return mentions[at - 1] if at else None


def mentions_of(scene: Scene, quotations: Sequence[Quotation]) -> Mentions:
    """The mentions of a scene in which those quotations were found."""
    told = Covered([span for one in quotations for span in one.content])
    telling = Covered([span for one in quotations for span in one.source])
    numbers = 1 + max((entity.number for entity in scene.entities.all), default=-1)
    of: list[list[Mention]] = [[] for _ in range(numbers)]
    narrated: list[list[Mention]] = [[] for _ in range(numbers)]
    opening: dict[int, Entity] = {}
    found = []
    for number, (name, entity) in enumerate(scene.entities.mentions):
        start = name.span.start
        one = Mention(
            name,
            entity,
            number,
            scene.sentence(start),
            scene.paragraph(start),
            standing(scene.text, name),
            scene.between_marks(start),
            start in told,
            start in telling,
        )
        found.append(one)
        of[entity.number].append(one)
        if not one.marked:
            narrated[entity.number].append(one)
            if entity.may_be_a_person:
                opening.setdefault(one.paragraph, entity)
    return Mentions(found, of, narrated, opening, _pronouns(scene))


_PRONOUN = re.compile(r"\b(?:(he|his|him|himself)|she|her|hers|herself)\b", re.IGNORECASE)


def _pronouns(scene: Scene) -> dict[Gender, list[int]]:
    places: dict[Gender, list[int]] = {"he": [], "she": []}
    for match in _PRONOUN.finditer(scene.text):
        if not scene.between_marks(match.start()):
            places["he" if match[1] else "she"].append(match.start())
    return places


class Covered:
    """Whether a position lies in one of many spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        merged: defaultdict[int, int] = defaultdict(int)
        last = -1
        for span in sorted(spans):
            if last >= 0 and span.start <= merged[last]:
                merged[last] = max(merged[last], span.end)
            else:
                last = span.start
                merged[last] = span.end
        self._starts, self._ends = list(merged), list(merged.values())

    def __contains__(self, position: int) -> bool:
        at = bisect_left(self._starts, position + 1) - 1
        return at >= 0 and position < self._ends[at]
