"""The order of the queue: first the items where a human look is worth most.

An item is worth what the machine does not know about it, and what people disagree about. Each item
of the same speaker, target or cluster that comes before makes it worth less: the fourth is worth
half of the first. Gold and audit items are mixed in evenly, so that nobody can tell them.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from builder.records import Quotation, Route, Speaker, Stance


@dataclass(frozen=True, slots=True)
class Worth:
    """What decides the place of an item: `doubt` in [0, 1], and the groups that it should be spread over."""

    item: int
    doubt: float
    groups: tuple[str, ...]


def doubt(
    quotation: Quotation, speaker: Speaker, stances: Sequence[Stance], routes: Sequence[Route]
) -> float:
    """The mean uncertainty of the values of a quotation that go to a person; 0 where none does."""
    open_fields = {route.field for route in routes if route.decision == "review"}
    values = [("quotation", _of_two(quotation.confidence)), ("speaker", _of_two(speaker.confidence))]
    values += [
        (f"stance:{one.target}", of_many([some.probability for some in one.probabilities])) for one in stances
    ]
    counted = [value for field, value in values if field in open_fields]
    return sum(counted) / len(counted) if counted else 0.0


def in_order(items: Iterable[Worth]) -> list[tuple[int, float]]:
    """The items' numbers in the order of their worth, each with what it is worth at its place.

    Each time the item that is worth most, given those before it, comes next; of equals, the smaller
    number. What an item is worth only ever falls, so the top of a heap is final once it is up to date.
    """
    before: Counter[str] = Counter()
    heap = [(-one.doubt, one.item, one) for one in items]
    heapq.heapify(heap)
    ordered = []
    while heap:
        claimed, number, one = heap[0]
        value = -one.doubt * _novelty(one.groups, before)
        if value > claimed:
            heapq.heapreplace(heap, (value, number, one))
            continue
        heapq.heappop(heap)
        before.update(one.groups)
        ordered.append((number, -value))
    return ordered


def in_turn(by_worth: Sequence[int], by_chance: Sequence[int]) -> list[int]:
    """One by worth and one by chance in turn; who has a place by the one gets none by the other."""
    turns = (one for pair in zip_longest(by_worth, by_chance) for one in pair if one is not None)
    return list(dict.fromkeys(turns))


def mixed(ordered: Sequence[int], others: Sequence[int]) -> list[int]:
    """Both in their own order, the others spread evenly from the start to the end."""
    step = len(ordered) / len(others) if others else 0.0
    keyed: list[tuple[float, int, int]] = [(place, 1, one) for place, one in enumerate(ordered)]
    keyed += [((number + 0.5) * step, 0, one) for number, one in enumerate(others)]
    return [one for _, _, one in sorted(keyed)]


def _of_two(confidence: float) -> float:
    """The entropy, in bits, of whether a value is right; all is open where it more likely is not."""
    if confidence <= 0.5:
        return 1.0
    return _entropy([confidence, 1 - confidence])


def of_many(probabilities: Sequence[float]) -> float:
    """The entropy of labels as a share of the greatest possible."""
    return _entropy(probabilities) / math.log2(len(probabilities)) if len(probabilities) > 1 else 0.0


def _entropy(probabilities: Iterable[float]) -> float:
    return -sum(one * math.log2(one) for one in probabilities if one > 0)


def _novelty(groups: Sequence[str], before: Counter[str]) -> float:
    if not groups:
        return 1.0
    return sum(1 / math.sqrt(1 + before[group]) for group in groups) / len(groups)
