"""Finding the quotation that a decision is about, by its words, within its document.

Offsets change when the text of an article is extracted anew, and the id of a quotation with them;
its words stay. In this order a decided item is

1. the quotation of the same id and the same words;
2. the quotation of the same words: where these words stand in the document several times, as many
   quotations as items are taken in the order of the text, which is the assignment of the smallest
   distances; otherwise an item is the nearest of them, if no other item claims that one;
3. the one quotation, of those that are left, that shares at least half of the words with it on both
   sides: half of the item's words are in the quotation and half of the quotation's in the item.

Words that occur several times count several times. Where several quotations remain, or one would
answer to several items, nothing is guessed: the item stays unmatched and is reported.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.quotes.wording import wording
from builder.records import Document, Quotation, Span
from builder.review.decisions import ImportedDecision
from builder.review.words import Words, words_of

Value = TypeVar("Value")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """A quotation that people decided on: its id and document, its content as first extracted, its text."""

    id: str
    document: str
    content: tuple[Span, ...]
    text: str


def decided_items(decisions: Iterable[ImportedDecision]) -> dict[str, list[DecidedItem]]:
    """The items that decisions are about, by document, each once and in the order of first decisions."""
    items = dict.fromkeys(
        DecidedItem(one.decision.item, one.document, one.content, one.text) for one in decisions
    )
    return _grouped(items, lambda item: item.document)


def match_decisions(
    items: Iterable[DecidedItem], documents: Mapping[str, Document], quotations: Iterable[Quotation]
) -> dict[str, DecidedItem]:
    """Which decided item each quotation is, for the quotations that are one.

    `documents` holds documents by their id. Items of other documents are left alone.

    Returns:
        The item by the quotation's id.
    """
    items_of = _grouped(items, lambda item: item.document)
    quotations_of = _grouped(quotations, lambda quotation: quotation.document)
    matched: dict[str, DecidedItem] = {}
    for name, some in items_of.items():
        if name in documents:
            matched |= _match_in_document(some, documents[name], quotations_of.get(name, []))
    return matched


@dataclass(frozen=True, slots=True)
class _Worded:
    """An item or a quotation, as it is matched: where it begins and what its words are."""

    id: str
    start: int
    words: Words


def _match_in_document(
    items: Sequence[DecidedItem], document: Document, quotations: Sequence[Quotation]
) -> dict[str, DecidedItem]:
    by_id = {item.id: item for item in items}
    decided = [_Worded(item.id, item.content[0].start, words_of(item.text)) for item in items]
    found = [
        _Worded(one.id, one.content[0].start, words_of(wording(document.text, one.content)))
        for one in quotations
    ]
    matched: dict[str, str] = {}
    for match in (_by_id, _by_words, _by_half_of_the_words):
        taken = set(matched.values())
        left = [item for item in decided if item.id not in taken]
        free = [one for one in found if one.id not in matched]
        matched |= match(left, free)
    return {quotation: by_id[item] for quotation, item in matched.items()}


def _by_id(items: Sequence[_Worded], quotations: Sequence[_Worded]) -> dict[str, str]:
    words = {one.id: one.words for one in quotations}
    return {item.id: item.id for item in items if words.get(item.id) == item.words}


def _by_words(items: Sequence[_Worded], quotations: Sequence[_Worded]) -> dict[str, str]:
    found = _grouped(quotations, lambda one: one.words)
    matched: dict[str, str] = {}
    for words, some in _grouped(items, lambda item: item.words).items():
        same = found.get(words, [])
        if words and len(some) == len(same):
            pairs = zip(_in_order(same), _in_order(some), strict=True)
            matched |= {quotation.id: item.id for quotation, item in pairs}
        elif words:
            matched |= unclaimed({item.id: _nearest(item, same) for item in some})
    return matched


def _by_half_of_the_words(items: Sequence[_Worded], quotations: Sequence[_Worded]) -> dict[str, str]:
    counted = {one.id: Counter(one.words) for one in quotations}
    # An item whose very words were found, more often than can be told apart, is none of the others.
    known = {one.words for one in quotations}
    ours = {item.id: Counter(item.words) for item in items if item.words not in known}
    return unclaimed(
        {
            item: [quotation for quotation, theirs in counted.items() if _share_half(words, theirs)]
            for item, words in ours.items()
        }
    )


def unclaimed(candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The item that each quotation is, of the items with one candidate that no other item claims."""
    only = {item: some[0] for item, some in candidates.items() if len(some) == 1}
    claims = Counter(only.values())
    return {quotation: item for item, quotation in only.items() if claims[quotation] == 1}


def _nearest(item: _Worded, quotations: Sequence[_Worded]) -> list[str]:
    least = min((abs(one.start - item.start) for one in quotations), default=0)
    return [one.id for one in quotations if abs(one.start - item.start) == least]


def _share_half(ours: Counter[str], theirs: Counter[str]) -> bool:
    shared = (ours & theirs).total()
    return shared > 0 and 2 * shared >= ours.total() and 2 * shared >= theirs.total()


def _in_order(some: Iterable[_Worded]) -> list[_Worded]:
    return sorted(some, key=lambda one: (one.start, one.id))


def _grouped(values: Iterable[Value], key: Callable[[Value], Key]) -> dict[Key, list[Value]]:
    groups: defaultdict[Key, list[Value]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return groups
