"""The numbers behind the session page's charts, counted over a campaign's latest answers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from sqlalchemy import select

from builder.review.agreement import Coefficient, Rating, krippendorff_alpha
from builder.review.items import Entry, Item, QuotationAnswer, Scheme, from_json
from builder.review.rows import campaign_named, entry_from, select_entries
from builder.review.store import Store
from builder.review.tables import answer, item
from builder.review.web.facts import CANNOT_TELL

LATEST = 3_000  # entries that are counted: what one page can read in a second
WINDOWS = 12  # points of the agreement over time, each of as many decisions
LEAST = 5  # decisions that a point needs, lest it say nothing
BINS = 10  # of the confidence


@dataclass(frozen=True, slots=True)
class StanceAnswer:
    """One person's stance toward one target of one item, beside what the model would have said."""

    pair: str
    annotator: str
    label: str
    suggested: str | None
    confidence: float | None
    hidden: bool
    entry: int


@dataclass(frozen=True, slots=True)
class Share:
    """Of `number` decisions the share that agree; `place`, from 0 to 1, is where they stand on the axis."""

    place: float
    share: float
    number: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts show: labels, agreement over time, and people against confidence.

    `against_confidence` holds one series for suggestions that were shown and one for those hidden.
    """

    answers: int
    labels: dict[str, int]
    alpha: Coefficient
    agreement: tuple[Share, ...]
    against_confidence: dict[str, tuple[Share, ...]]


def figures_of(store: Store, name: str, scheme: Scheme) -> Figures:
    """The figures of a campaign's latest answers.

    Raises:
        Unknown: there is no such campaign.
    """
    answers = list(_stances(_latest_answers(store, name)))
    counted = Counter(one.label for one in answers)
    ratings = [Rating(one.pair, one.annotator, one.label) for one in answers if one.label != CANNOT_TELL]
    return Figures(
        answers=len(answers),
        labels={label: counted[label] for label in [*(one.name for one in scheme.labels), CANNOT_TELL]},
        alpha=krippendorff_alpha(ratings),
        agreement=agreement_over_time(answers),
        against_confidence={
            "suggestion shown": against_confidence(one for one in answers if not one.hidden),
            "suggestion hidden": against_confidence(one for one in answers if one.hidden),
        },
    )


def agreement_over_time(answers: Iterable[StanceAnswer]) -> tuple[Share, ...]:
    """The share of two people's answers to the same that agree, in windows of as many pairs, the first first.

    A pair of answers has the time of the later one.
    """
    by_pair: defaultdict[str, list[StanceAnswer]] = defaultdict(list)
    for one in answers:
        by_pair[one.pair].append(one)
    compared = sorted(
        (max(first.entry, second.entry), first.label == second.label)
        for some in by_pair.values()
        for first, second in combinations(some, 2)
    )
    windows = min(WINDOWS, len(compared) // LEAST)
    edges = [len(compared) * index // windows for index in range(windows + 1)] if windows else []
    parts = [compared[start:end] for start, end in pairwise(edges)]
    return tuple(
        Share(index / max(windows - 1, 1), _share([agreed for _, agreed in part]), len(part))
        for index, part in enumerate(parts)
    )


def against_confidence(answers: Iterable[StanceAnswer]) -> tuple[Share, ...]:
    """For each tenth of the model's confidence that occurs, the share of people who gave the label it has."""
    bins: defaultdict[int, list[StanceAnswer]] = defaultdict(list)
    for one in answers:
        if one.suggested is not None and one.confidence is not None:
            bins[min(int(one.confidence * BINS), BINS - 1)].append(one)
    return tuple(
        Share(
            sum(one.confidence or 0 for one in some) / len(some),
            _share([one.label == one.suggested for one in some]),
            len(some),
        )
        for _, some in sorted(bins.items())
    )


def _latest_answers(store: Store, name: str) -> Iterator[tuple[Item, Entry]]:
    """The answers that hold among the latest entries, the newest first, with all that the model thinks."""
    seen: set[tuple[int, str]] = set()
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        wanted = select_entries().where(
            answer.c.campaign_id == number, answer.c.kind.in_(("answer", "skip", "withdrawal"))
        )
        rows = connection.execute(wanted.order_by(answer.c.id.desc()).limit(LATEST)).all()
        payloads = {
            row.id: row.payload
            for row in connection.execute(
                select(item.c.id, item.c.payload).where(item.c.id.in_({row.item_id for row in rows}))
            )
        }
    for row in rows:
        # The last row of a person says what holds.
        if (row.item_id, row.annotator) not in seen and row.kind == "answer":
            yield from_json(payloads[row.item_id], Item), entry_from(row)
        seen.add((row.item_id, row.annotator))


def _stances(answers: Iterable[tuple[Item, Entry]]) -> Iterator[StanceAnswer]:
    for found, entry in answers:
        if not isinstance(entry.content, QuotationAnswer):
            continue
        for target in found.targets:
            if target.id in entry.content.stances:
                yield StanceAnswer(
                    pair=f"{entry.item} {target.id}",
                    annotator=entry.annotator,
                    label=entry.content.stances[target.id] or CANNOT_TELL,
                    suggested=target.suggestion.label if target.suggestion else None,
                    confidence=target.suggestion.confidence if target.suggestion else None,
                    hidden=entry.hidden,
                    entry=entry.id,
                )


def _share(agreed: Sequence[bool]) -> float:
    return sum(agreed) / len(agreed)
