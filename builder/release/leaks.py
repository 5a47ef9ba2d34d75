"""Looking for what stands on two sides of a split, in the rows that are about to be written.

A model that saw a row in training knows the answer to its copy in the test. Copies are articles of one
cluster of near-duplicates, the same words, and nearly the same words, by whichever outlet; where splits
are by speaker, the same speaker counts instead of the cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.engine.database import Database
from builder.errors import ReleaseError
from builder.release.dataset import QUOTES, STANCE
from builder.release.splits import placed

Kind = Literal["cluster", "speaker", "same words", "nearly the same words"]

SHOWN = 5  # leaks in an error's message

# The words are looked up only of rows that leak, so hardly ever.
ROWS = f"""
    with labelled as (
        select id, id as quoted, cluster, voice, split from {placed(QUOTES)} where split <> 'unlabelled'
        union all
        select id, quotation_id, cluster, voice, split from {placed(STANCE)} where split <> 'unlabelled'
    ), keyed as (
        select $together as kind, if($together = 'speaker', voice, cluster) as key, id, split, null as quoted
        from labelled
        union all
        select 'words', quotation::varchar, labelled.id, split, quoted
        from labelled join same on same.id = quoted
    ), leaking as (
        select kind, key from keyed where key is not null group by all having min(split) <> max(split)
    ), firsts as (
        select kind, key, keyed.split, min(keyed.id) as id, list_distinct(list(words)) as words
        from keyed semi join leaking using (kind, key)
        left join {placed(QUOTES)} as quotes on quotes.id = quoted
        group by all
    )
    select kind, len(list_distinct(flatten(list(words)))) as wordings, list((split, id) order by split)
    from firsts group by kind, key order by kind, min(id)
"""  # noqa: S608 - names of this program's own relations


@dataclass(frozen=True, slots=True)
class Leak:
    """Rows that are copies of each other and stand in different splits: of each split one, by its id."""

    kind: Kind
    rows: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.kind}: " + ", ".join(f"{name} in {split}" for split, name in self.rows)


def find_leaks(database: Database, by_speaker: bool = False) -> list[Leak]:
    """The leaks between the labelled splits of the placed rows, whose same words are in the table `same`."""
    together = "speaker" if by_speaker else "cluster"
    found = database.execute(ROWS, {"together": together}).fetchall()
    return [Leak(_kind(kind, wordings), tuple(rows)) for kind, wordings, rows in found]


def require_no_leaks(leaks: Sequence[Leak]) -> None:
    """Refuses rows that leak.

    Raises:
        ReleaseError: some do; names the first of them.
    """
    if leaks:
        shown = "; ".join(str(leak) for leak in leaks[:SHOWN])
        raise ReleaseError(
            f"{len(leaks)} leaks between splits, so nothing is released ({shown}): "
            "this should not happen, whatever the data; please report it"
        )


def _kind(kind: str, wordings: int) -> Kind:
    if kind == "words":
        return "same words" if wordings == 1 else "nearly the same words"
    return "speaker" if kind == "speaker" else "cluster"
