"""Laying down the rows of one shard, which a process can do without the others: whatever has to be known of
other shards comes with the job.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from builder.engine.local import Job, Task, run_jobs
from builder.errors import ReleaseError, WorkerDied
from builder.records import AddedQuotation
from builder.release.added import with_added
from builder.release.dataset import QUOTES, STANCE
from builder.release.items import items_of
from builder.release.parts import Parts
from builder.release.rows import Terms, rows_of
from builder.release.shard import Shard, read_shard
from builder.release.withdrawn import is_asked_for
from builder.review.added import is_added
from builder.review.adjudicate import Outcomes
from builder.review.articles import Added, Searched
from builder.review.matching import DecidedItem
from builder.stance.label import text_of

STAGE = "release"


@dataclass(frozen=True, slots=True)
class ShardJob:
    """A shard to be laid down: its number and files, and what the whole corpus tells of it.

    `clusters` and `identities` are as in `Shard`, `repeated` as for `items_of`; `items` are the decided
    items of its documents, with their `outcomes`; `searches` are those of its documents as whole articles,
    `added` what people marked there and this shard is to hold, and `told` what the program makes of it.
    """

    number: int
    files: Mapping[str, Path]
    clusters: Mapping[str, str]
    identities: Mapping[tuple[str, str, str], str]
    repeated: frozenset[str]
    items: Mapping[str, Sequence[DecidedItem]]
    outcomes: Outcomes
    searches: Sequence[Searched] = ()
    added: Sequence[Added] = ()
    told: Sequence[AddedQuotation] = ()


@dataclass(slots=True)
class Laid:
    """What came up while rows were laid down.

    `matched` are the decided items that were found, `misplaced` those of them whose boundaries have no
    place in the text, `unnamed` the decided fields of automatic targets, with their item, which the
    quotation does not name; `removed` quotations were found to be none, `withdrawn` ones and whole
    `withdrawn_documents` are not published on request. In the `searched` articles the program finds what it
    did when people searched them. So many `audited` stances were accepted from the model of what people who
    looked at them for the audit found to be no quotation.
    """

    matched: set[str] = field(default_factory=set)
    misplaced: set[str] = field(default_factory=set)
    unnamed: set[tuple[str, str]] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    withdrawn_documents: set[str] = field(default_factory=set)
    searched: list[Searched] = field(default_factory=list)
    audited: int = 0

    def add(self, other: "Laid") -> None:
        """Takes in what came up elsewhere."""
        self.matched |= other.matched
        self.misplaced |= other.misplaced
        self.unnamed |= other.unnamed
        self.removed |= other.removed
        self.withdrawn |= other.withdrawn
        self.withdrawn_documents |= other.withdrawn_documents
        self.searched += other.searched
        self.audited += other.audited


def lay_down(parts: Mapping[str, Parts], terms: Terms, jobs: Iterable[Job], workers: int) -> Iterator[Laid]:
    """Lays down the rows of some shards in `parts`, and tells what came up in each, in any order."""
    return in_workers(partial(_lay_down, parts, terms), jobs, workers)


def removed_words(terms: Terms, jobs: Iterable[Job], workers: int) -> Iterator[str]:
    """The quotations that are to be removed; what they say can stand in the articles of every shard."""
    for found in in_workers(partial(_removed, terms), jobs, workers):
        yield from found


def in_workers(work: Callable[[Any], Any], jobs: Iterable[Job], workers: int) -> Iterator[Any]:
    """What `work` gives for each of some jobs, in any order; in this process if there is to be one only.

    Raises:
        ReleaseError: a job killed its worker, twice.
    """
    if workers < 2:
        yield from (work(job) for _, job in jobs)
        return
    try:
        yield from run_jobs(Task(STAGE, partial(_without_collector, work), _call), jobs, workers)
    except WorkerDied as error:
        raise ReleaseError(
            f"worker processes died on {', '.join(error.shards)}, and again when it was tried alone "
            "(out of memory or killed?); nothing was released"
        ) from error


def _without_collector(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Spares a third of the time: millions of records and rows are made, and none of them is in a cycle."""
    gc.disable()
    return work


def _call(work: Callable[[Any], Any], job: Any) -> Any:
    return work(job)


def _lay_down(parts: Mapping[str, Parts], terms: Terms, job: ShardJob) -> Laid:
    shard, decided = _read(job, terms)
    laid = Laid(matched={item.id for item in decided.values()}, searched=list(_still_as_searched(job, shard)))
    laid.withdrawn_documents = {
        one.id for one in shard.documents.values() if terms.removals.names_document(one)
    }
    with ExitStack() as stack:
        add = {name: stack.enter_context(some.adding(job.number)) for name, some in parts.items()}
        for rows in rows_of(shard, decided, job.outcomes, terms, job.repeated):
            add[QUOTES]([rows.quote] if rows.quote is not None else [])
            add[STANCE](rows.stance)
            laid.withdrawn.update([rows.item] if rows.withdrawn else [])
            laid.removed.update([rows.item] if rows.quote is None and not rows.withdrawn else [])
            laid.misplaced.update([rows.item] if rows.unplaced else [])
            laid.audited += rows.audited
            laid.unnamed.update((rows.item, name) for name in rows.unnamed)
    return laid


def _removed(terms: Terms, job: ShardJob) -> list[str]:
    shard, decided = _read(job, terms)
    return [
        text_of(item.document, item.quotation)
        for item in items_of(shard, decided, job.outcomes, job.repeated)
        if is_asked_for(item, terms.removals)
    ]


def _read(job: ShardJob, terms: Terms) -> tuple[Shard, dict[str, DecidedItem]]:
    """The shard, and the decided items among the quotations that it is the first to hold."""
    targets = [target.id for target in terms.config.targets]
    shard = read_shard(job.files, job.clusters, job.identities, targets, terms.config.stance.labels)
    here = [item for document in shard.documents for item in job.items.get(document, ())]
    return with_added(shard, here, job.added, job.repeated, job.told)


def _still_as_searched(job: ShardJob, shard: Shard) -> Iterator[Searched]:
    """The searches of the shard's articles in which the program finds the same as it did then."""
    found: dict[str, set[str]] = {}
    for one in shard.quotations:
        if not is_added(one):
            found.setdefault(one.document, set()).add(one.id)
    for search in job.searches:
        if found.get(search.document, set()) == search.found.keys():
            yield search
