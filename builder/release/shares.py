"""How the rows of a target divide into labels: all rows, also those that only a model labelled.

A share of a model's answers is biased by its errors, however many rows there are. People's labels of rows
that were drawn at random tell how far it is off, so that both together give a share of all rows with an
interval that holds whatever the model is worth. Labels of rows that were not drawn, such as those that the
queue offered because the model doubted, have no part in it; where there are too few others, their
shares stand for themselves alone and say so.
"""

# ruff: noqa: S608 - relations and columns are named in this program, and labels are quoted

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.engine.database import Database
from builder.measure import Sums, prediction_powered_share, score_interval
from builder.records import rounded
from builder.release.dataset import STANCE
from builder.release.differences import literal
from builder.release.splits import HUMAN_SOURCES, placed

Method = Literal["labelled", "sample", "powered"]

CERTAINTY = 0.95
LEAST_POWERED, LEAST_OF_A_LABEL = 100, 10  # with fewer rows the estimate's interval would be too narrow
LEAST_SAMPLE = 30  # with fewer rows there is little to be said of all
ANSWERED = 0.9  # share of the drawn rows that must have a label for these to stand for the others


@dataclass(frozen=True, slots=True)
class LabelShare:
    """The share of one label with its interval.

    `method` is "labelled" for the share of whatever rows people labelled, with the score interval;
    "sample" for that of those that were drawn at random, which holds for all rows; and "powered" for the
    prediction-powered estimate of the share of all rows.
    """

    label: str
    share: float
    low: float
    high: float
    method: Method


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of all labels.

    Of `rows` that the program found, `sampled` were drawn at random and labelled; `reviewed` counts all that
    people labelled.
    """

    rows: int
    sampled: int
    reviewed: int
    labels: tuple[LabelShare, ...]

    @property
    def of_all(self) -> bool:
        """Whether the shares hold for all rows."""
        return self.sampled >= LEAST_SAMPLE


def find_sample(database: Database, share: float) -> None:
    """Makes the view `shared_stance`: the placed rows with whether each is `known`, by the random sample.

    `share` is the share of quotations that are drawn. People get to them in the order in which they were
    drawn; as far as nearly all of them have a label, those that have are the sample.
    """
    database.execute(
        f"""
        create table sample_end as
        with drawn as (
            select target_id, place, count(*) over until_here as rows,
                count(*) filter (label_source in {HUMAN_SOURCES}) over until_here as labelled
            from {placed(STANCE)} where model is not null and place < $share
            window until_here as (partition by target_id order by place)
        )
        select target_id, max(place) as place from drawn where labelled >= {ANSWERED} * rows group by all
        """,
        {"share": share},
    )
    database.execute(
        f"""
        create view shared_stance as
        select stance.*, label_source in {HUMAN_SOURCES} as reviewed,
            reviewed and model is not null and stance.place <= coalesce(sample_end.place, -1) as known
        from {placed(STANCE)} as stance left join sample_end using (target_id)
        """
    )


def shares_by(
    database: Database, labels: Sequence[str], by_speaker: bool = False
) -> dict[tuple[str, ...], Shares]:
    """The shares by target, or with `by_speaker` by speaker (`voice`) and target: its id and its name.

    There are none where people labelled nothing.
    """
    keys = (*(["voice"] if by_speaker else []), "target_id", "target")
    sums = [_sums(number, label) for number, label in enumerate(labels)]
    found = database.execute(
        f"""
        select {", ".join(keys)}, count(*) filter (model is not null), count(*) filter (known),
            count(*) filter (reviewed), {", ".join(sums)}
        from shared_stance where {keys[0]} is not null
        group by all having count(*) filter (reviewed) > 0 order by all
        """
    ).fetchall()
    return {tuple(row[: len(keys)]): _shares(labels, *row[len(keys) :]) for row in found}


def _sums(number: int, label: str) -> str:
    """In SQL, of one label: how often people gave it, and what `Sums` holds of the sample and of the rest."""
    guess, truth = f"coalesce(probabilities[{literal(label)}], 0)", f"(label = {number})::int"
    known, rest = "filter (known)", "filter (not known and model is not null)"
    return ", ".join(
        f"coalesce({one}, 0)"
        for one in (
            f"sum({truth}) filter (reviewed)",
            f"sum({guess}) {known}",
            f"sum({guess} * {guess}) {known}",
            f"sum({truth}) {known}",
            f"sum({truth} * {guess}) {known}",
            f"sum({guess}) {rest}",
            f"sum({guess} * {guess}) {rest}",
        )
    )


def _shares(labels: Sequence[str], rows: int, sampled: int, reviewed: int, *sums: float) -> Shares:
    width = len(sums) // len(labels)
    found = tuple(
        _share(label, rows, sampled, reviewed, *sums[width * number : width * (number + 1)])
        for number, label in enumerate(labels)
    )
    return Shares(rows, sampled, reviewed, found)


def _share(
    label: str,
    rows: int,
    sampled: int,
    reviewed: int,
    given: float,
    guesses: float,
    squares: float,
    truths: float,
    products: float,
    other_guesses: float,
    other_squares: float,
) -> LabelShare:
    if sampled < LEAST_SAMPLE:
        return _counted(label, int(given), reviewed, "labelled")
    if sampled < LEAST_POWERED or min(truths, sampled - truths) < LEAST_OF_A_LABEL:
        return _counted(label, int(truths), sampled, "sample")
    known = Sums(sampled, guesses, squares, truths, products)
    rest = Sums(rows - sampled, other_guesses, other_squares)
    estimate = prediction_powered_share(known, rest, CERTAINTY)
    share, low, high = map(rounded, estimate)
    return LabelShare(label, share, low, high, "powered")


def _counted(label: str, hits: int, trials: int, method: Method) -> LabelShare:
    low, high = score_interval(hits, trials, CERTAINTY)
    return LabelShare(label, rounded(hits / trials), rounded(low), rounded(high), method)
