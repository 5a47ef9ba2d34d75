"""Where people answered an item differently, and whether that is settled.

A field is in disagreement where two current answers are not the same (`builder.review.same`). It is
settled by a ruling; it is outvoted where more than half of the annotators agree, which is what a release
then publishes; otherwise it is open, and published as undecided.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.review.answers import decisions_of
from builder.review.history import current
from builder.review.items import ArticleAnswer, Entry, Item, as_json
from builder.review.same import MISSED, same_answer

State = Literal["open", "outvoted", "settled"]
FOUND = "found:"


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer to a field: its value in JSON, and what he or she noted."""

    annotator: str
    value: str | None
    note: str | None
    reason: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field that people answered differently; the current rulings on it stand beside the answers.

    `field` is as in `Decision`; of a whole article it is "found:KEY" for each quotation that the
    machine found, and "missed" for those that it did not.
    """

    field: str
    state: State
    answers: tuple[Given, ...]
    rulings: tuple[Given, ...]


def disagreements(item: Item, entries: Sequence[Entry]) -> list[Disagreement]:
    """The fields of an item that people answered differently, in the order of the fields.

    `entries` are all that were made on the item, in order.
    """
    answers: dict[str, list[Given]] = {}
    rulings: dict[str, list[Given]] = {}
    for entry in current(list(entries)):
        told = rulings if entry.kind == "ruling" else answers
        for field, value in values_of(item, entry).items():
            given = Given(entry.annotator, value, entry.note, entry.reason, entry.at)
            told.setdefault(field, []).append(given)
    found = [
        Disagreement(field, _state(field, some, bool(rulings)), tuple(some), tuple(rulings.get(field, ())))
        for field, some in answers.items()
    ]
    return [one for one in found if len({same_answer(one.field, given.value) for given in one.answers}) > 1]


def values_of(item: Item, entry: Entry) -> Mapping[str, str | None]:
    """What an entry answers to each field, in JSON."""
    if isinstance(entry.content, ArticleAnswer):
        found = {f"{FOUND}{key}": json.dumps(is_one) for key, is_one in entry.content.found.items()}
        missed: list[Any] = [json.loads(as_json(one)) for one in entry.content.missed]
        return found | {MISSED: json.dumps(missed, sort_keys=True)}
    decided = [one.decision for one in decisions_of(item, entry)]
    return {one.field: one.after for one in decided if one.item == item.key}


def _state(field: str, answers: Iterable[Given], is_ruled: bool) -> State:
    counts = Counter(same_answer(field, given.value) for given in answers)
    if is_ruled:
        return "settled"
    return "outvoted" if 2 * max(counts.values()) > counts.total() else "open"
