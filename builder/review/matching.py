"""Finding the quotation that a decision is about, also when another extractor gave it another id.

A decided item is the quotation of the same id if there is one. Otherwise it is the one quotation
of its document that shares at least half of the words with it, on both sides: half of the decided
quotation's words are in the other, and half of the other's words are in it. Where several
quotations do, or one quotation would answer to several items, nothing is guessed: the item stays
unmatched and is reported.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.records import Quotation, Reject, RejectReason, Span
from builder.review.decisions import STAGE, ImportedDecision

WORD = re.compile(r"\w+")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """A quotation that people decided on: its id, its document, and its content as first extracted."""

    id: str
    document: str
    content: tuple[Span, ...]


def decided_items(decisions: Iterable[ImportedDecision]) -> list[DecidedItem]:
    """The items that decisions are about, each once, in the order of their first decision."""
    return list(dict.fromkeys(DecidedItem(one.decision.item, one.document, one.content) for one in decisions))


def match_decisions(
    items: Sequence[DecidedItem], texts: Mapping[str, str], quotations: Iterable[Quotation]
) -> dict[str, str]:
    """Which decided item each quotation is, for the quotations that are one.

    `texts` holds the text of each document by its id. Items of other documents are left alone.

    Returns:
        The item's id by the quotation's id.
    """
    items_of = _grouped(items, (item.document for item in items))
    quotations = [quotation for quotation in quotations if quotation.document in items_of]
    quotations_of = _grouped(quotations, (quotation.document for quotation in quotations))
    matched: dict[str, str] = {}
    for document, some in items_of.items():
        if document in texts:
            matched |= _match_in_document(some, texts[document], quotations_of.get(document, []))
    return matched


def unmatched(decisions: Iterable[ImportedDecision], matched: Iterable[str]) -> list[Reject]:
    """A reject for every decision about an item that is not among the ids in `matched`."""
    found = set(matched)
    return [
        Reject(
            STAGE,
            one.place,
            RejectReason.NO_SUCH_QUOTATION,
            f"{one.decision.field} of {one.decision.item}: no quotation of document {one.document} "
            "has this id, and not exactly one shares at least half of the words",
        )
        for one in decisions
        if one.decision.item not in found
    ]


def _match_in_document(
    items: Sequence[DecidedItem], text: str, quotations: Sequence[Quotation]
) -> dict[str, str]:
    ids = {quotation.id for quotation in quotations}
    matched = {item.id: item.id for item in items if item.id in ids}
    moved = [item for item in items if item.id not in matched]
    if moved:
        free = {one.id: one for one in quotations if one.id not in matched}
        starts = [word.start() for word in WORD.finditer(text)]
        words = {name: _words(one.content, starts) for name, one in free.items()}
        matched |= _match_by_words({item.id: _words(item.content, starts) for item in moved}, words)
    return matched


def _match_by_words(
    items: Mapping[str, frozenset[int]], quotations: Mapping[str, frozenset[int]]
) -> dict[str, str]:
    candidates = {
        item: [quotation for quotation, theirs in quotations.items() if _share_half(ours, theirs)]
        for item, ours in items.items()
    }
    only = {item: some[0] for item, some in candidates.items() if len(some) == 1}
    claims = Counter(only.values())
    return {quotation: item for item, quotation in only.items() if claims[quotation] == 1}


def _share_half(ours: frozenset[int], theirs: frozenset[int]) -> bool:
    shared = len(ours & theirs)
    return shared > 0 and 2 * shared >= len(ours) and 2 * shared >= len(theirs)


def _words(content: Iterable[Span], starts: Sequence[int]) -> frozenset[int]:
    """The words that begin within some spans, each as the offset where it begins."""
    return frozenset(
        start
        for span in content
        for start in starts[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
    )


def _grouped(values: Iterable[Value], keys: Iterable[str]) -> dict[str, list[Value]]:
    groups: defaultdict[str, list[Value]] = defaultdict(list)
    for key, value in zip(keys, values, strict=True):
        groups[key].append(value)
    return groups
