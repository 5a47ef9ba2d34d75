"""How good a campaign's decisions are: agreement, gold items, and the pull of the model's suggestions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from builder.measure import difference_interval
from builder.records import rounded
from builder.review.agreement import (
    CERTAINTY,
    Coefficient,
    GoldScore,
    Rating,
    against_gold,
    alpha_by_label,
    kappa_by_pair,
    krippendorff_alpha,
)
from builder.review.answers import decisions_of
from builder.review.decisions import STANCE, value_of
from builder.review.disagreement import FOUND, values_of
from builder.review.history import current
from builder.review.items import Entry, Item, QuotationAnswer
from builder.review.same import same_answer

QUOTATION, BOUNDARIES, SPEAKER, ALL_STANCES = "quotation", "boundaries", "speaker", "stance"
FOUND_ONES = "found"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class FieldQuality:
    """How people agree on one field.

    `field` is "quotation" (is it one?), "boundaries" (where does it stand?), "speaker", "stance" (all
    targets), "stance:TARGET" or "found" (of whole articles). `ordinal` is alpha on the scale of stances,
    None for other fields; `labels` are empty where the answers are no labels. `unsure` counts the
    answers "cannot tell", which are no ratings.
    """

    field: str
    ratings: int
    unsure: int
    nominal: Coefficient
    ordinal: Coefficient | None
    labels: Mapping[str, Coefficient]
    pairs: Mapping[str, Coefficient]
    gold: Mapping[str, GoldScore]


@dataclass(frozen=True, slots=True)
class Anchoring:
    """How often people answer what the model suggests, where they see it and where they do not.

    `difference` is the share of those who saw it less that of the others, with its interval; None
    where nobody saw it, or everybody did.
    """

    field: str
    seen: int
    seen_alike: int
    unseen: int
    unseen_alike: int
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """What can be said about the decisions of a campaign."""

    fields: tuple[FieldQuality, ...]
    anchoring: tuple[Anchoring, ...]


@dataclass(slots=True)
class _Counts:
    """What is kept of the answers while they stream by: some words for each, never an item."""

    ratings: defaultdict[str, list[Rating]] = field(default_factory=lambda: defaultdict(list))
    gold: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    unsure: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    alike: defaultdict[str, dict[bool, list[bool]]] = field(
        default_factory=lambda: defaultdict(lambda: {True: [], False: []})
    )


def quality_of(
    reviewed: Iterable[tuple[Item, Sequence[Entry]]],
    scale: Sequence[str] = (),
    gold: Mapping[int, Mapping[str, str | None]] | None = None,
) -> Quality:
    """The quality of what was entered on some items, each with all its entries in order.

    `scale` names the labels of stance from one end to the other, if they lie on a scale; `gold` are
    the known values (JSON) by the item's number and field.
    """
    counts = _Counts()
    for item, entries in reviewed:
        for entry in current(list(entries)):
            if entry.kind == "answer":
                _count(item, entry, counts)
                _compare_with_model(item, entry, counts)
        for name, unit, label in _ratings(item, (gold or {}).get(item.id, {})):
            if label is not None:
                counts.gold[name][unit] = label
    names = sorted(counts.ratings.keys() | counts.unsure.keys(), key=_in_order)
    return Quality(
        tuple(_field(name, counts, scale) for name in names),
        tuple(_anchoring(name, counts.alike[name]) for name in sorted(counts.alike)),
    )


def _count(item: Item, entry: Entry, counts: _Counts) -> None:
    for name, unit, label in _ratings(item, values_of(item, entry)):
        if label is None:
            counts.unsure[name] += 1
        else:
            counts.ratings[name].append(Rating(unit, entry.annotator, label))


def _ratings(item: Item, values: Mapping[str, str | None]) -> Iterator[tuple[str, str, str | None]]:
    """What values (JSON) say of which unit of which field, as a label; None where they cannot tell."""
    for name, value in values.items():
        answer = value_of(value)
        if name == QUOTATION:
            yield QUOTATION, item.key, NO if answer is None else YES
            if answer is not None:
                yield BOUNDARIES, item.key, same_answer(name, value)
        elif name == SPEAKER:
            yield SPEAKER, item.key, same_answer(name, value)
        elif name.startswith(STANCE):
            yield ALL_STANCES, f"{item.key} {name}", answer
            yield name, item.key, answer
        elif name.startswith(FOUND):
            yield FOUND_ONES, f"{item.key} {name}", YES if answer else NO


def _compare_with_model(item: Item, entry: Entry, counts: _Counts) -> None:
    """Whether the entry answers what the model would, by field, seen or not."""
    answer = entry.content
    if not isinstance(answer, QuotationAnswer) or answer.quotation is None:
        return
    seen = not entry.hidden
    for target in item.targets:
        suggested = target.suggestion.label if target.suggestion else None
        label = answer.stances.get(target.id)
        if suggested is not None and label is not None:
            counts.alike[ALL_STANCES][seen].append(label == suggested)
    decided = {one.decision.field: one.decision for one in decisions_of(item, entry)}
    speaker = decided[SPEAKER]
    if speaker.before is not None:
        alike = same_answer(SPEAKER, speaker.before) == same_answer(SPEAKER, speaker.after)
        counts.alike[SPEAKER][seen].append(alike)


def _field(name: str, counts: _Counts, scale: Sequence[str]) -> FieldQuality:
    ratings = counts.ratings[name]
    is_stance = name.startswith(ALL_STANCES)
    on_scale = is_stance and scale and {one.label for one in ratings} <= set(scale)
    return FieldQuality(
        field=name,
        ratings=len(ratings),
        unsure=counts.unsure[name],
        nominal=krippendorff_alpha(ratings),
        ordinal=krippendorff_alpha(ratings, scale) if on_scale else None,
        labels=alpha_by_label(ratings) if is_stance else {},
        pairs={" and ".join(pair): kappa for pair, kappa in kappa_by_pair(ratings).items()},
        gold=against_gold(ratings, counts.gold[name]) if counts.gold[name] else {},
    )


def _anchoring(name: str, alike: Mapping[bool, Sequence[bool]]) -> Anchoring:
    seen, unseen = (sum(alike[True]), len(alike[True])), (sum(alike[False]), len(alike[False]))
    told = (seen[1], seen[0], unseen[1], unseen[0])
    if not (seen[1] and unseen[1]):
        return Anchoring(name, *told, None, None, None)
    low, high = difference_interval(seen, unseen, CERTAINTY)
    difference = seen[0] / seen[1] - unseen[0] / unseen[1]
    return Anchoring(name, *told, rounded(difference), rounded(low), rounded(high))


def _in_order(name: str) -> tuple[int, str]:
    """Fields as a report shows them: all stances before those of single targets."""
    known = (QUOTATION, FOUND_ONES, BOUNDARIES, SPEAKER, ALL_STANCES)
    return (known.index(name) if name in known else len(known), name)
