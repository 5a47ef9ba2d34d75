"""Quotations that people added, which the program had missed, among those of a shard.

Where the program finds one since, which shares at least half of the characters with it, that is the
quotation that people added, and stays the one row. Otherwise it is laid beside those found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.ids import quotation_id
from builder.quotes.assemble import Draft, assemble
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.records import Document, Quotation
from builder.release.shard import Shard
from builder.review.articles import Added, about_the_same
from builder.review.boundaries import Boundaries, placed_alone
from builder.review.matching import DecidedItem, match_decisions, unclaimed

PEOPLE = "people"
"""What a quotation has for its extractor that people added."""


def with_added(
    shard: Shard, items: Sequence[DecidedItem], added: Sequence[Added], repeated: frozenset[str]
) -> tuple[Shard, dict[str, DecidedItem]]:
    """The shard with what people `added` to its documents, and the decided item that each quotation is.

    `items` are all decided items of its documents; `repeated` are quotations that an earlier shard holds.
    """
    places = {
        one.item: spans
        for one in added
        if (spans := placed_alone(one.boundaries, one.item, shard.documents[one.item.document]))
    }
    found = [one for one in shard.quotations if one.id not in repeated]
    # What has its place is known by it: its words may stand elsewhere, too, where they are another's.
    worded = [one for one in items if one not in places]
    decided = match_decisions(worded, shard.documents, found)
    decided |= _found_since(places, [one for one in found if one.id not in decided])
    made = {}
    ids = {one.id for one in shard.quotations}
    for item, spans in places.items():
        if item not in decided.values():
            name = item.id if item.id not in ids else quotation_id(item.id, spans["content"])
            made[name] = item, _quotation(name, shard.documents[item.document], spans)
    quotations = [*shard.quotations, *(one for _, one in made.values())]
    return replace(shard, quotations=quotations), decided | {name: item for name, (item, _) in made.items()}


def is_added(quotation: Quotation) -> bool:
    """Whether people added it."""
    return quotation.extractor == PEOPLE


def _found_since(
    places: Mapping[DecidedItem, Boundaries], quotations: Sequence[Quotation]
) -> dict[str, DecidedItem]:
    """The added item that each quotation is, of those that are one and no other's."""
    by_id = {item.id: item for item in places}
    candidates = {
        item.id: [
            one.id
            for one in quotations
            if one.document == item.document and about_the_same(one.content, spans["content"])
        ]
        for item, spans in places.items()
    }
    return {quotation: by_id[item] for quotation, item in unclaimed(candidates).items()}


def _quotation(name: str, document: Document, spans: Boundaries) -> Quotation:
    lines = paragraphs(document.text)
    marked = pair_marks(document.text, lines)
    draft = Draft(spans["content"], spans["cue"], spans["source"], confidence=1.0)
    (made,) = assemble(document, lines, marked, [draft], PEOPLE)
    return replace(made, id=name, content=spans["content"], cue=spans["cue"], source=spans["source"])
