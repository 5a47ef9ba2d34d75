"""The numbers of a release, measured on its rows and on the records that they were made of."""

# ruff: noqa: S608 - relations and columns are named in this program; no value of the data enters a query

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import pyarrow as pa

from builder.config import AUTO_TARGET
from builder.engine.database import Database
from builder.records import QuotationKind
from builder.release.dataset import QUOTES, STANCE
from builder.release.inputs import ReleaseInputs
from builder.release.label_source import LABEL_SOURCES
from builder.release.making import Made
from builder.release.rows import MONTH
from builder.release.shares import Shares, find_sample, shares_by
from builder.release.splits import HUMAN_SOURCES, placed
from builder.review.decisions import STAGE

MOST_FREQUENT = 20  # as many sites and agencies as a reader of the card will look at
MOST_AUTOMATIC = 40  # as many targets that nobody chose

WITHDRAWN = pa.schema([("document", pa.string())])

Counts = list[tuple[str, int]]
"""How often each value occurs, the most frequent first."""


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """The stance rows of one target: all, those without a label, those of each label, and how many of
    these people labelled (`reviewed`); with the `shares` of the labels, if people labelled any.
    """

    id: str
    name: str
    rows: int
    unlabelled: int
    labels: Counts
    reviewed: Counts
    shares: Shares | None = None

    @property
    def reviewed_rows(self) -> int:
        """How many rows people labelled."""
        return sum(rows for _, rows in self.reviewed)

    @property
    def is_chosen(self) -> bool:
        """Whether a person chose it: configured it, or labelled a row of it."""
        return not self.id.startswith(AUTO_TARGET) or self.reviewed_rows > 0


def of_most_rows(targets: Iterable[TargetCounts], number: int) -> list[TargetCounts]:
    """So many of the targets, those of most rows first."""
    return sorted(targets, key=lambda one: (-one.rows, one.id))[:number]


def told_apart(targets: Sequence[TargetCounts]) -> tuple[list[TargetCounts], list[TargetCounts]]:
    """The targets that the card tells of one by one, in their order, and those that it only counts.

    Those that a person chose are all told of; of the others, of which there can be thousands, those of
    most rows.
    """
    told = {one.id for one in targets if one.is_chosen}
    automatic = [one for one in targets if one.id not in told]
    told |= {one.id for one in of_most_rows(automatic, MOST_AUTOMATIC)}
    return [one for one in targets if one.id in told], [one for one in targets if one.id not in told]


@dataclass(slots=True)
class Statistics:
    """What the card reports.

    `first` and `last` are the first and the last publication date; `sites`, `agencies` and
    `languages` count documents, the most frequent ones of `site_count` sites. `withheld` counts the
    rows of each configuration that only the model labelled in clusters drawn for the test split.
    """

    documents: int = 0
    clusters: int = 0
    first: str | None = None
    last: str | None = None
    site_count: int = 0
    sites: Counts = field(default_factory=list)
    agencies: Counts = field(default_factory=list)
    languages: Counts = field(default_factory=list)
    kinds: Counts = field(default_factory=list)
    speakers: int = 0
    nameless: int = 0
    speaker_kinds: Counts = field(default_factory=list)
    extractors: Counts = field(default_factory=list)
    rankers: Counts = field(default_factory=list)
    stance_models: Counts = field(default_factory=list)
    sources: dict[str, Counts] = field(default_factory=dict)
    withheld: dict[str, int] = field(default_factory=dict)
    targets: list[TargetCounts] = field(default_factory=list)
    rejects: Counts = field(default_factory=list)


def measure(
    database: Database, tables: ReleaseInputs, made: Made, labels: Sequence[str], random_share: float
) -> Statistics:
    """Counts documents and rejects in the files of the workspace, and rows where they were placed.

    What is withdrawn is not counted. `random_share` of all quotations were drawn for people to decide on.
    """
    statistics = Statistics()
    _measure_documents(database, tables, made, statistics)
    if tables.rejects:
        rejects = database.from_parquet([str(path) for path in tables.rejects])
        rejects.filter(f"stage <> '{STAGE}'").create_view("rejects")
        statistics.rejects = _counts(database, "reason", "rejects")
    _measure_quotes(database, statistics)
    find_sample(database, random_share)
    if made.rows[STANCE]:
        _measure_stance(database, labels, statistics)
    return statistics


def _measure_documents(database: Database, tables: ReleaseInputs, made: Made, statistics: Statistics) -> None:
    read = database.from_parquet([str(path) for path in tables.documents])
    database.register("withdrawn", pa.table({"document": sorted(made.withdrawn_documents)}, WITHDRAWN))
    read.create_view("documents_read")
    database.execute(
        "create view articles as from documents_read anti join withdrawn on withdrawn.document = id"
    )
    ((statistics.documents, statistics.site_count),) = _rows(
        database, "select count(distinct id), count(distinct site) from articles"
    )
    ((statistics.first, statistics.last),) = _rows(
        database,
        "select min(published[:10]), max(published[:10]) from articles "
        f"where regexp_matches(published, '^{MONTH.pattern}')",
    )
    ((statistics.clusters,),) = _rows(
        database,
        "select count(distinct coalesce(cluster, document)) "
        "from membership anti join withdrawn using (document)",
    )
    withdrawn = made.removals.find_in
    statistics.sites = [one for one in _counts(database, "site", "articles") if not withdrawn(one[0])]
    statistics.agencies = [one for one in _counts(database, "agency", "articles") if not withdrawn(one[0])]
    statistics.languages = _counts(database, "language", "articles")


def _measure_quotes(database: Database, statistics: Statistics) -> None:
    quotes, kinds = placed(QUOTES), get_args(QuotationKind)
    statistics.kinds = [(kinds[int(kind)], rows) for kind, rows in _counts(database, "kind", quotes)]
    ((statistics.speakers, statistics.nameless),) = _rows(
        database,
        "select count(distinct nullif(speaker.name, '')), count(*) filter (coalesce(speaker.name, '') = '') "
        f"from {quotes}",
    )
    statistics.speaker_kinds = _counts(database, "speaker.kind", quotes)
    statistics.extractors = _counts(database, "extractor", quotes)
    statistics.rankers = _counts(database, "speaker.model", quotes)
    _measure_labels(database, QUOTES, statistics)


def _measure_stance(database: Database, labels: Sequence[str], statistics: Statistics) -> None:
    statistics.stance_models = _counts(database, "model", placed(STANCE))
    _measure_labels(database, STANCE, statistics)
    shares = shares_by(database, labels)
    by_target: dict[tuple[str, str], dict[int | None, tuple[int, int]]] = {}
    for target, name, label, rows, reviewed in _rows(
        database,
        f"select target_id, target, label, count(*), count(*) filter (label_source in {HUMAN_SOURCES}) "
        f"from {placed(STANCE)} group by all order by all",
    ):
        by_target.setdefault((target, name), {})[label] = (rows, reviewed)
    statistics.targets = [
        TargetCounts(
            target,
            name,
            rows=sum(rows for rows, _ in found.values()),
            unlabelled=found.get(None, (0, 0))[0],
            labels=[(label, found.get(number, (0, 0))[0]) for number, label in enumerate(labels)],
            reviewed=[(label, found.get(number, (0, 0))[1]) for number, label in enumerate(labels)],
            shares=shares.get((target, name)),
        )
        for (target, name), found in by_target.items()
    ]


def _measure_labels(database: Database, config: str, statistics: Statistics) -> None:
    found = _counts(database, "label_source", placed(config))
    statistics.sources[config] = [(LABEL_SOURCES[int(source)], rows) for source, rows in found]
    ((statistics.withheld[config],),) = _rows(
        database, f"select count(*) filter (withheld) from {placed(config)}"
    )


def _counts(database: Database, column: str, relation: str) -> Counts:
    query = (
        f"select {column}, count(*) as n from {relation} "
        f"where {column} is not null group by all order by n desc, 1 limit {MOST_FREQUENT}"
    )
    return [(str(value), int(rows)) for value, rows in _rows(database, query)]


def _rows(database: Database, query: str) -> list[Any]:
    return database.execute(query).fetchall()
