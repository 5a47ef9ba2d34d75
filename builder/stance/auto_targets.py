"""Targets that nobody configured: the people, organisations and governments that a quotation names.

Each goes by its fullest form in the article, and its id is made of that form, so that an entity that several
articles name in full is one target; where there is an authority table, of the entry that it is linked to.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from builder.config import AUTO_TARGET, StanceConfig, Target
from builder.ids import sha256
from builder.quotes.wording import wording
from builder.records import Document, Quotation, Span, Speaker, SpeakerKind, TargetMention
from builder.speakers.authority import Authority, link
from builder.speakers.entities import Entities, Entity, entities_of
from builder.speakers.given_names import is_given_name
from builder.speakers.metonyms import government_of
from builder.speakers.words import BODIES
from builder.stance.targets import TargetMatch, inside

Kind = Literal["person", "organisation", "government"]

KINDS: Mapping[SpeakerKind | None, Kind] = {
    "person": "person",
    "organisation": "organisation",
    "government": "government",
}
NOBODY: Mapping[str, SpeakerKind] = MappingProxyType({})
LONGEST_SLUG = 60  # letters of a name that its id shows
ACRONYM = re.compile(r"(?<![\w.&-])[A-Z]{2,6}(?![\w&-])")
# Capitals that name nobody.
NO_ACRONYMS = frozenset("AI AM CEO CFO COO DNA FAQ GDP GPS HIV HR ID IQ IT OK PM PR SUV TV USB VIP".split())
# Of the words for governments those that name no city as well.
OFFICES = frozenset("administration cabinet government kremlin pentagon regime whitehall".split())


class AutoTargets:
    """Finds the automatic targets of one document after the other."""

    def __init__(self, config: StanceConfig, authority: Authority | None = None) -> None:
        self.config, self.authority = config, authority

    def of(
        self,
        document: Document,
        quotations: Sequence[Quotation],
        speakers: Mapping[str, Speaker],
        configured: Mapping[str, Sequence[TargetMatch]],
    ) -> dict[str, list[TargetMatch]]:
        """The automatic targets of each quotation, in the order of their first mentions.

        `speakers` and what the `configured` targets matched are given by quotation. Words that name a
        configured target name no automatic one.
        """
        if not self.config.auto_targets or not quotations:
            return {}
        entities = entities_of(document.text, document.body())
        spoken = {one.name.casefold(): one.kind for one in speakers.values() if one.name}
        kinds = {entity.number: kind_of(entity, spoken) for entity in entities.all}
        wanted = {
            entity.number for entity in entities.all if kinds[entity.number] in self.config.auto_targets
        }
        targets = self._targets(document, [one for one in entities.all if one.number in wanted], kinds)
        return {
            quotation.id: list(
                self._matches(
                    document.text,
                    quotation,
                    entities,
                    targets,
                    speakers.get(quotation.id),
                    configured.get(quotation.id, ()),
                )
            )[: self.config.most_auto_targets]
            for quotation in quotations
        }

    def _matches(
        self,
        text: str,
        quotation: Quotation,
        entities: Entities,
        targets: Mapping[int, Target],
        speaker: Speaker | None,
        configured: Sequence[TargetMatch],
    ) -> Iterator[TargetMatch]:
        taken = [mention.span for match in configured for mention in match.mentions]
        found: dict[str, tuple[Target, list[TargetMention]]] = {}
        for mention, target in sorted(
            [
                *_named(quotation, entities, targets),
                *_abbreviated(text, quotation, self.config.auto_targets),
            ],
            key=lambda one: one[0].span,
        ):
            if _overlaps(mention.span, taken):
                continue
            if self.config.auto_target_speaker or not _is_speaker(target, speaker):
                taken.append(mention.span)
                found.setdefault(target.id, (target, []))[1].append(mention)
        for target, mentions in found.values():
            yield TargetMatch(target, tuple(mentions), "quotation")

    def _targets(
        self, document: Document, entities: Sequence[Entity], kinds: Mapping[int, Kind | None]
    ) -> dict[int, Target]:
        """The target that each entity is, by the entity's number."""
        linked = self._linked(document, entities, kinds)
        targets = {}
        for entity in entities:
            entry = linked.get(entity.number)
            name = entry[1] if entry else entity.name
            targets[entity.number] = Target(id=id_of(entry[0] if entry else name), name=name)
        return targets

    def _linked(
        self, document: Document, entities: Sequence[Entity], kinds: Mapping[int, Kind | None]
    ) -> dict[int, tuple[str, str]]:
        """Id and name of the entry of the authority table that each entity is linked to, if it is to one."""
        if self.authority is None:
            return {}
        named = [
            Speaker(str(entity.number), entity.name, kind, entity.place, None, "target", 1.0)
            for entity in entities
            if (kind := kinds[entity.number]) is not None
        ]
        return {
            int(one.quotation): (one.entity, self.authority.known[one.entity].entry.name)
            for one in link(document, named, self.authority)
            if one.entity is not None
        }


def kind_of(entity: Entity, spoken: Mapping[str, SpeakerKind] = NOBODY) -> Kind | None:
    """What an entity is; None where nothing tells, as of most places and events.

    `spoken` are the kinds of the document's speakers, by their names in small letters.
    """
    if (kind := KINDS.get(spoken.get(entity.name.casefold()))) is not None:
        return kind
    words = {word.lower().rstrip(".") for word in entity.name.split()}
    country = (government_of(entity.name) or "").casefold().endswith(f" {entity.name.casefold()}")
    if country or words & OFFICES:
        return "government"
    if words & BODIES:
        return "organisation"
    named_as_people_are = entity.titles or is_given_name(entity.given)
    spoken_of = entity.given and not entity.with_article and (entity.women or entity.men)
    return "person" if entity.may_be_a_person and (named_as_people_are or spoken_of) else None


def id_of(name: str) -> str:
    """The id of the automatic target of a name: the same in whatever case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    written = re.sub(r"[\W_]+", "", letters)
    if len(slug) > LONGEST_SLUG or slug.replace("-", "") != written:
        # Letters that a slug cannot show, or too many of them: a hash tells such names apart.
        slug = (
            f"{slug[:LONGEST_SLUG].strip('-')}-{sha256(letters.encode('utf-8', 'surrogatepass'))[:8]}".strip(
                "-"
            )
        )
    return AUTO_TARGET + slug


def _named(
    quotation: Quotation, entities: Entities, targets: Mapping[int, Target]
) -> Iterator[tuple[TargetMention, Target]]:
    """The names in a quotation that mean one entity, each with the target that it is."""
    for part in quotation.content:
        for name, entity in entities.between(part.start, part.end):
            is_whole = inside(name.span, quotation.content)
            if is_whole and entity.number in targets and name.span not in entity.ambiguous:
                yield TargetMention(name.span, name.text), targets[entity.number]


def _abbreviated(
    text: str, quotation: Quotation, wanted: Collection[Kind]
) -> Iterator[tuple[TargetMention, Target]]:
    """Bodies and countries that go by their first letters, which the names of speakers do not include."""
    words = wording(text, quotation.content)
    if words.isupper():
        return  # where all is in capitals, they say nothing
    for part in quotation.content:
        for match in ACRONYM.finditer(text, part.start, part.end):
            name = match.group()
            kind: Kind = "government" if government_of(name) is not None else "organisation"
            if kind in wanted and name not in NO_ACRONYMS:
                yield TargetMention(Span(*match.span()), name), Target(id=id_of(name), name=name)


def _overlaps(span: Span, others: Collection[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _is_speaker(target: Target, speaker: Speaker | None) -> bool:
    """Whether a target is who speaks: by the table's entry, or by the name, which both have in full."""
    if speaker is None or not speaker.name:
        return False
    return target.id in {id_of(speaker.entity or speaker.name), id_of(speaker.name)}
