"""The numbers behind the session page's charts: sums over all stances that hold, made by the database."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, Connection, case, func, select

from builder.review.agreement import Coefficient, nominal_alpha
from builder.review.items import Scheme
from builder.review.rows import campaign_named
from builder.review.store import Store
from builder.review.tables import stance
from builder.review.web.facts import CANNOT_TELL

WINDOWS = 12  # points of the agreement over time, each of as many decisions
LEAST = 5  # decisions that a point needs, lest it say nothing
BINS = 10  # of the confidence
KEPT_FOR = 20  # times as long as it took: a twentieth of one processor at most goes into charts


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


class KeptFigures:
    """The figures of each campaign, kept for many times as long as counting them took.

    So the charts of a small campaign are always those of now, and those of a large one cost a server no more
    than a small share of its time, however many people look at them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Figures]] = {}

    def of(self, store: Store, name: str, scheme: Scheme) -> Figures:
        """As `figures_of`, perhaps of a little while ago."""
        began = self._clock()
        until, kept = self._kept.get(name, (0.0, None))
        if kept is not None and began < until:
            return kept
        found = figures_of(store, name, scheme)
        now = self._clock()
        self._kept[name] = now + KEPT_FOR * (now - began), found
        return found


def figures_of(store: Store, name: str, scheme: Scheme) -> Figures:
    """The figures of all answers of a campaign that hold.

    Raises:
        Unknown: there is no such campaign.
    """
    with store.reading() as connection:
        theirs = stance.c.campaign_id == campaign_named(connection, name).id
        counted = _by_label(connection, theirs)
        names = [label.name for label in scheme.labels]
        return Figures(
            answers=sum(counted.values()),
            labels={label: counted.get(label, 0) for label in [*names, CANNOT_TELL]},
            alpha=_alpha(connection, theirs, [label for label in counted if label != CANNOT_TELL]),
            agreement=_over_time(connection, theirs),
            against_confidence={
                "suggestion shown": _against_confidence(connection, theirs & ~stance.c.hidden),
                "suggestion hidden": _against_confidence(connection, theirs & stance.c.hidden),
            },
        )


def _by_label(connection: Connection, theirs: ColumnElement[bool]) -> Mapping[str, int]:
    rows = connection.execute(select(stance.c.label, func.count()).where(theirs).group_by(stance.c.label))
    counted = {CANNOT_TELL if label is None else label: int(number) for label, number in rows}
    return {label: counted[label] for label in sorted(counted)}


def _alpha(connection: Connection, theirs: ColumnElement[bool], labels: list[str]) -> Coefficient:
    """Krippendorff's alpha of the stances; "cannot tell" has no place among the labels."""
    if not labels:
        return nominal_alpha({}, 0)
    given = [
        func.sum(case((stance.c.label == label, 1), else_=0)).label(f"given_{number}")
        for number, label in enumerate(labels)
    ]
    rated = theirs & stance.c.label.is_not(None)
    pair = stance.c.item_id, stance.c.target
    shared = func.count() > 1
    units = select(*given).where(rated).group_by(*pair).having(shared).subquery()
    rows = connection.execute(select(*units.c, func.count()).group_by(*units.c)).all()
    people = select(func.count(stance.c.account_id.distinct())).where(rated)
    return nominal_alpha({tuple(row[:-1]): row[-1] for row in rows}, connection.scalar(people) or 0)


def _over_time(connection: Connection, theirs: ColumnElement[bool]) -> tuple[Share, ...]:
    """The share of two people's answers to the same that agree, in windows of as many pairs, the first first.

    A pair of answers has the time of the later one.
    """
    earlier = stance.alias()
    agreed = func.coalesce(stance.c.label, "") == func.coalesce(earlier.c.label, "")
    pairs = (
        select(
            case((agreed, 1), else_=0).label("agreed"),
            stance.c.answer_id,
            earlier.c.answer_id.label("before"),
        )
        .join(
            earlier,
            (earlier.c.campaign_id == stance.c.campaign_id)
            & (earlier.c.item_id == stance.c.item_id)
            & (earlier.c.target == stance.c.target)
            & (earlier.c.answer_id < stance.c.answer_id),
        )
        .where(theirs)
        .subquery()
    )
    windows = min(WINDOWS, _count_pairs(connection, theirs) // LEAST)
    if not windows:
        return ()
    order = pairs.c.answer_id, pairs.c.before
    placed = select(pairs.c.agreed, func.ntile(windows).over(order_by=order).label("window")).subquery()
    rows = connection.execute(
        select(placed.c.window, func.sum(placed.c.agreed), func.count())
        .group_by(placed.c.window)
        .order_by(placed.c.window)
    )
    return tuple(
        Share((window - 1) / max(windows - 1, 1), int(alike) / number, number)
        for window, alike, number in rows
    )


def _count_pairs(connection: Connection, theirs: ColumnElement[bool]) -> int:
    """How many pairs of answers there are to the same: of m answers, m (m - 1) / 2."""
    answers = (
        select(func.count().label("m")).where(theirs).group_by(stance.c.item_id, stance.c.target).subquery()
    )
    twice = connection.scalar(select(func.sum(answers.c.m * (answers.c.m - 1))))
    return int(twice or 0) // 2


def _against_confidence(connection: Connection, theirs: ColumnElement[bool]) -> tuple[Share, ...]:
    """For each tenth of the model's confidence that occurs, the share of people who gave the label it has."""
    reached: list[ColumnElement[int]] = [
        case((stance.c.confidence >= number / BINS, 1), else_=0) for number in range(1, BINS)
    ]
    answers = (
        select(
            stance.c.confidence,
            case((stance.c.label == stance.c.suggested, 1), else_=0).label("agreed"),
            reduce(add, reached).label("tenth"),
        )
        .where(theirs & stance.c.suggested.is_not(None) & stance.c.confidence.is_not(None))
        .subquery()
    )
    rows = connection.execute(
        select(func.avg(answers.c.confidence), func.sum(answers.c.agreed), func.count())
        .group_by(answers.c.tenth)
        .order_by(answers.c.tenth)
    )
    return tuple(Share(float(place), int(alike) / number, number) for place, alike, number in rows)
