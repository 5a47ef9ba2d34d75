"""Who may be the speaker of a quotation: people the article names, and what is no person."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder.records import Span, SpeakerKind
from builder.speakers.entities import Entities, Entity
from builder.speakers.phrases import Phrase
from builder.speakers.words import ROLES

KINDS: tuple[SpeakerKind, ...] = ("person", "author", "organisation", "government", "group", "unnamed")
BACK = 6000  # characters back to which a source may point
AHEAD = 400  # characters behind a source in which a name may explain it
INSIDE = 20  # entities named in a source; of a list of more, the first ones
NEAR, NEXT = 8, 2  # entities named last before a source, and first behind it
CALLED = 4  # entities that are described by the source's noun
FREQUENT = 3  # entities named most often


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate: an entity for a person, else the kind of what the source describes."""

    kind: SpeakerKind
    entity: Entity | None = None

    @property
    def key(self) -> tuple[str, int]:
        """The same for two choices that mean the same."""
        return self.kind, self.entity.number if self.entity else -1


def choices_of(entities: Entities, phrase: Phrase | None, place: Span) -> tuple[Choice, ...]:
    """Those named in the source, around it, by its noun, or often; and every kind but a person."""
    found: dict[int, Entity] = {}
    for _, entity in entities.between(place.start, place.end):
        if len(found) >= INSIDE:
            break
        found |= {one.number: one for one in entities.namesakes(entity)}
    nearest = reversed(entities.between(max(place.start - BACK, 0), place.start))
    _add(found, (entity for _, entity in nearest), NEAR)
    _add(found, (entity for _, entity in entities.between(place.end, place.end + AHEAD)), NEXT)
    _add(found, _called(entities, phrase), CALLED)
    _add(found, entities.frequent, FREQUENT)
    people = (Choice("person", entity) for entity in found.values())
    return (*people, *(Choice(kind) for kind in KINDS[1:]))


def _called(entities: Entities, phrase: Phrase | None) -> Iterator[Entity]:
    """Whom the text calls what the source calls somebody, those named first before others."""
    if phrase is None or phrase.pronoun:
        return iter(())
    roles = {phrase.noun, *ROLES.get(phrase.noun, "").split()} - {""}
    called = [entities.called.get(role, []) for role in sorted(roles)]
    return heapq.merge(*called, key=lambda one: one.number)


def _add(found: dict[int, Entity], entities: Iterable[Entity], number: int) -> None:
    """Adds the first so many of the entities that may be people and are not there yet."""
    for entity in entities:
        if number <= 0:
            break
        if entity.number not in found and entity.may_be_a_person:
            found[entity.number] = entity
            number -= 1
