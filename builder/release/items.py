"""Quotations with all that is known and was decided about them, before they are rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from builder.ids import quotation_id
from builder.records import Document, Quotation, Route, Span, SpeakerKind, Stance
from builder.release.label_source import LabelSource, label_source
from builder.release.shard import Shard
from builder.review.adjudicate import Outcome, Outcomes
from builder.review.boundaries import placed
from builder.review.decisions import STANCE, spans_of, value_of
from builder.review.matching import DecidedItem


@dataclass(frozen=True, slots=True)
class PublishedSpeaker:
    """Who is published to have said a quotation.

    `confidence`, `method` and `mention` are empty where people named somebody whom the program had
    not found, and `entity` where the name is in no authority table. `identity` is the same for the same
    person or body in all documents, and empty if that is not known.
    """

    name: str
    kind: SpeakerKind
    entity: str | None
    confidence: float | None
    method: str | None
    mention: Span | None
    identity: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A quotation as it may be published.

    `id` is what it is published under; `decided` is the decided item that it is, if it is one.
    `is_none` says that people found it to be no quotation, `unplaced` that the boundaries which
    they gave it have no place in the text.
    """

    id: str
    decided: DecidedItem | None
    document: Document
    cluster: str
    quotation: Quotation
    speaker: PublishedSpeaker | None
    stances: Mapping[str, Stance]
    routes: Mapping[str, Route]
    outcomes: Mapping[str, Outcome]
    is_none: bool = False
    unplaced: bool = False

    def source(self, name: str) -> LabelSource:
        """Where the value of one field comes from."""
        return label_source(self.routes.get(name), self.outcomes.get(name))

    def extent(self) -> Span:
        """The stretch of the document from the first to the last character of the quotation's parts."""
        parts = [*self.quotation.content, *self.quotation.cue, *self.quotation.source]
        return Span(min(part.start for part in parts), max(part.end for part in parts))


def items_of(
    shard: Shard, decided: Mapping[str, DecidedItem], outcomes: Outcomes, repeated: Iterable[str] = ()
) -> Iterator[Item]:
    """The items of a shard in the order of its quotations, each id once.

    `decided` holds the decided item that a quotation is, for those that are one: it is published
    under the item's id. `repeated` are quotations that an earlier shard holds too.
    """
    seen = set(repeated)
    taken = {item.id: item.document for item in decided.values()}
    for quotation in shard.quotations:
        if quotation.id not in seen:
            seen.add(quotation.id)
            item = _gathered(shard, quotation, decided.get(quotation.id), outcomes, taken)
            yield _with_decided_boundaries(item)


def _gathered(
    shard: Shard,
    quotation: Quotation,
    decided: DecidedItem | None,
    outcomes: Outcomes,
    taken: Mapping[str, str],
) -> Item:
    """Everything about a quotation; `taken` are the documents of the items that are matched, by item."""
    stances = {stance.target: stance for stance in shard.stances.get(quotation.id, ())}
    fields = ["quotation", "speaker", *(STANCE + target for target in stances)]
    routes = {one: shard.routes.get((quotation.id, one)) for one in fields}
    name = decided.id if decided is not None else quotation.id
    if decided is None and taken.get(name) == quotation.document:
        # Other words than the decided ones, at the offsets where those once stood: they need their own id.
        name = quotation_id(name, quotation.content)
    # Decisions act on the quotation that they were matched with, never on one that has the id by chance.
    decisions = outcomes.get(decided.id, {}) if decided is not None else {}
    return Item(
        id=name,
        decided=decided,
        document=shard.documents[quotation.document],
        cluster=shard.clusters.get(quotation.document, quotation.document),
        quotation=quotation,
        speaker=_speaker(shard, quotation, decisions.get("speaker")),
        stances=stances,
        routes={one: route for one, route in routes.items() if route is not None},
        outcomes=decisions,
    )


def _with_decided_boundaries(item: Item) -> Item:
    """The item as people left it: with their boundaries, or found to be no quotation."""
    outcome = item.outcomes.get("quotation")
    if item.decided is None or outcome is None or outcome.settled == "none":
        return item
    after = value_of(outcome.after)
    if after is None:
        return replace(item, is_none=True)
    boundaries = {part: spans_of(pairs) for part, pairs in after.items()}
    spans = placed(boundaries, item.decided, item.document, item.quotation)
    if spans is None:
        others = {name: one for name, one in item.outcomes.items() if name != "quotation"}
        return replace(item, outcomes=others, unplaced=True)
    content, cue, source = spans["content"], spans["cue"], spans["source"]
    return replace(item, quotation=replace(item.quotation, content=content, cue=cue, source=source))


def _speaker(shard: Shard, quotation: Quotation, outcome: Outcome | None) -> PublishedSpeaker | None:
    found = shard.speakers.get(quotation.id)
    if outcome is not None and outcome.settled != "none":
        decided = value_of(outcome.after)
        name, kind = decided["name"], decided["kind"]
        if found is None or (found.name, found.kind) != (name, kind):
            # The rest of what was found is about the name that was found.
            identity = shard.identities.get((quotation.document, name, kind))
            return PublishedSpeaker(name, kind, None, None, None, None, identity)
    if found is None:
        return None
    identity = shard.identities.get((quotation.document, found.name, found.kind))
    return PublishedSpeaker(
        found.name, found.kind, found.entity, found.confidence, found.method, found.mention, identity
    )
