"""Quotations that people added, which the program had missed, among those of a shard.

What the program has found since stays one row; what it has not is laid beside those found, with what it
makes of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from builder.records import AddedQuotation
from builder.release.shard import Shard
from builder.review.added import place
from builder.review.articles import Added
from builder.review.matching import DecidedItem


def with_added(
    shard: Shard,
    items: Sequence[DecidedItem],
    added: Sequence[Added],
    repeated: frozenset[str],
    told: Iterable[AddedQuotation] = (),
) -> tuple[Shard, dict[str, DecidedItem]]:
    """The shard with what people `added` to its documents, and the decided item that each quotation is.

    `items` are all decided items of its documents; `repeated` are quotations that an earlier shard holds;
    `told` is what the program makes of those that were added.
    """
    found = [one for one in shard.quotations if one.id not in repeated]
    decided, made = place(shard.documents, found, items, added)
    decided |= {name: item for name, (item, _) in made.items()}
    known = [one for one in told if one.quotation.id in made]
    with_them = replace(
        shard,
        quotations=[*shard.quotations, *(one for _, one in made.values())],
        speakers={**shard.speakers, **{one.quotation.id: one.speaker for one in known}},
        stances={**shard.stances, **{one.quotation.id: one.stances for one in known}},
        routes={**shard.routes, **{(one.item, one.field): one for some in known for one in some.routes}},
    )
    return (with_them if made else shard), decided
