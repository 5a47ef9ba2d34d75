"""What became of every gold quotation and of every prediction, and where the errors are.

Both sides are read and matched as the figures are, so the counts here are those behind them: found
is gold less missed, joint is found less wrong source. A found quotation may have both a wrong
source and a wrong boundary.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from builder.ids import sha256

from .metrics.attribution import Attribution, match, read_attributions, same_source
from .metrics.spans import CountedText, Kind
from .source_types import SOURCE_TYPES, SourceType, SourceTypes

Category = Literal["missed", "spurious", "wrong source", "wrong boundary"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
KINDS: tuple[Kind, ...] = get_args(Kind)
LENGTHS = ((1, 3), (4, 10), (11, 20), (21, 40))  # words of content, both included; then all longer ones
LONGER = f"over {LENGTHS[-1][1]} words"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a quotation is grouped by, of either side."""

    kind: Kind
    length: str
    source_type: SourceType
    publisher: str


@dataclass(frozen=True, slots=True)
class Side:
    """A quotation as annotated, or as predicted."""

    attribution: Attribution
    traits: Traits


OF: dict[Category, str] = {  # what a category's errors are a share of
    "missed": "gold",
    "spurious": "predicted",
    "wrong source": "found",
    "wrong boundary": "found",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gold quotation with the prediction that found it, or one of them alone.

    `near` are those of the other side that share a word with the one that stands alone, most words first.
    """

    document: str
    text: str
    gold: Side | None
    predicted: Side | None
    near: tuple[Side, ...] = ()

    @property
    def shown(self) -> Side:
        """The side that the outcome is sorted by: gold, if there is one."""
        side = self.gold or self.predicted
        assert side is not None  # noqa: S101 - for the type checker: an outcome has a side
        return side

    @property
    def errors(self) -> dict[Category, str]:
        """The categories of error that this is in, each with the way it is wrong in; none if it is right."""
        if self.gold is None:
            return {"spurious": "touches an annotated one" if self.near else "nothing annotated there"}
        if self.predicted is None:
            return {"missed": "touches a predicted one" if self.near else "nothing predicted there"}
        gold, predicted = self.gold.attribution, self.predicted.attribution
        wrong: dict[Category, str] = {}
        if not same_source(gold, predicted):
            wrong["wrong source"] = _source_error(gold, predicted)
        if gold.letters != predicted.letters:
            wrong["wrong boundary"] = _boundary_error(gold, predicted)
        return wrong


GROUPINGS: dict[str, Callable[[Traits], str]] = {
    "all": lambda _: "all",
    "kind": lambda traits: traits.kind,
    "length of content": lambda traits: traits.length,
    "type of source": lambda traits: traits.source_type,
    "publisher": lambda traits: traits.publisher,
}
# The order of the groups that have one; publishers are sorted by name.
_ORDER = [*KINDS, *(f"{low} to {high} words" for low, high in LENGTHS), LONGER, *SOURCE_TYPES]


def outcomes_of(
    gold: Sequence[Mapping[str, Any]], predicted: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[Outcome]:
    """One outcome for each gold quotation, then one for each spurious prediction, document by document.

    The arguments are those of `metrics.attribution.score`; documents may name their `publisher`.
    """
    types = SourceTypes(document["text"] for document in gold)
    return [
        outcome
        for document in gold
        for outcome in _of_document(document, predicted.get(document["id"], ()), types)
    ]


def _of_document(
    document: Mapping[str, Any], quotations: Sequence[Mapping[str, Any]], types: SourceTypes
) -> Iterable[Outcome]:
    counted = CountedText(document["text"])
    gold, ours = (
        [Side(one, _traits(one, document, types)) for one in read_attributions(counted, rows)]
        for rows in (document["attributions"], quotations)
    )
    pairs = match([side.attribution for side in gold], [side.attribution for side in ours])
    for number, side in enumerate(gold):
        found = ours[pairs[number]] if number in pairs else None
        near = () if found else _near(side, ours)
        yield Outcome(document["id"], document["text"], side, found, near)
    for number, side in enumerate(ours):
        if number not in pairs.values():
            yield Outcome(document["id"], document["text"], None, side, _near(side, gold))


def _traits(one: Attribution, document: Mapping[str, Any], types: SourceTypes) -> Traits:
    return Traits(
        one.kind,
        length_group(len(one.words)),
        types.of(document["text"], one.given.get("source") or ()),
        str(document.get("publisher") or "unknown"),
    )


def length_group(words: int) -> str:
    """The group of contents that one of so many words is in."""
    return next((f"{low} to {high} words" for low, high in LENGTHS if words <= high), LONGER)


def _near(side: Side, others: Iterable[Side]) -> tuple[Side, ...]:
    words = side.attribution.words
    shared = [(len(words & other.attribution.words), other) for other in others]
    return tuple(other for count, other in sorted(shared, key=lambda one: -one[0]) if count)


def _source_error(gold: Attribution, predicted: Attribution) -> str:
    if not gold.source:
        return "predicted where none is annotated"
    return "another one" if predicted.source else "none predicted"


def _boundary_error(gold: Attribution, predicted: Attribution) -> str:
    if predicted.letters < gold.letters:
        return "too little"
    return "too much" if predicted.letters > gold.letters else "both too little and too much"


def counts_by(outcomes: Iterable[Outcome], group: Callable[[Traits], str]) -> dict[str, Counter[str]]:
    """For each group, how many are "gold", "found", "predicted", and in each category of error.

    A gold quotation, and whether it was found and how well, counts in the group that it is in itself; so
    does a prediction, and whether it is spurious.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        counts[group(outcome.shown.traits)].update(list(outcome.errors))
        if outcome.gold:
            counts[group(outcome.gold.traits)].update(gold=1, found=outcome.predicted is not None)
        if outcome.predicted:
            counts[group(outcome.predicted.traits)]["predicted"] += 1
    return {name: counts[name] for name in sorted(counts, key=_place)}


def _place(group: str) -> tuple[int, str]:
    return (_ORDER.index(group) if group in _ORDER else len(_ORDER)), group


def ways(outcomes: Iterable[Outcome]) -> dict[Category, Counter[str]]:
    """For each category, how many are wrong in which way."""
    counts: dict[Category, Counter[str]] = {category: Counter() for category in CATEGORIES}
    for outcome in outcomes:
        for category, way in outcome.errors.items():
            counts[category][way] += 1
    return counts


def sample(outcomes: Iterable[Outcome], category: Category, number: int) -> list[Outcome]:
    """At most so many cases of a category, sorted by kind, document and place.

    They are drawn by a hash of what they are, so a case that was shown is shown again by a later run
    of the same size, unless it is mended or cases that are new come before it.
    """
    cases = [outcome for outcome in outcomes if category in outcome.errors]
    drawn = sorted(cases, key=_lot)[:number]
    return sorted(drawn, key=lambda case: (KINDS.index(case.shown.traits.kind), case.document, _first(case)))


def _lot(case: Outcome) -> tuple[str, int]:
    letters = case.shown.attribution.letters
    return sha256(f"{case.document}:{sorted(letters)}".encode("utf-8", "surrogatepass")), _first(case)


def _first(case: Outcome) -> int:
    return min(case.shown.attribution.letters)
