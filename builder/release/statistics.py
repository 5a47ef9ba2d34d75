"""The numbers of a release, measured on its rows and on the records that they were made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from builder.engine.database import Database
from builder.records import QuotationKind
from builder.release.dataset import QUOTES, STANCE
from builder.release.label_source import LABEL_SOURCES
from builder.release.rows import MONTH
from builder.review.decisions import STAGE

MOST_FREQUENT = 20  # as many sites and agencies as a reader of the card will look at

Counts = list[tuple[str, int]]
"""How often each value occurs, the most frequent first."""


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """The stance rows of one target: all, those without a label, and those of each label."""

    id: str
    name: str
    rows: int
    unlabelled: int
    labels: Counts


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
    stance_models: Counts = field(default_factory=list)
    sources: dict[str, Counts] = field(default_factory=dict)
    withheld: dict[str, int] = field(default_factory=dict)
    targets: list[TargetCounts] = field(default_factory=list)
    rejects: Counts = field(default_factory=list)


def measure(
    database: Database,
    documents: Sequence[Path],
    rejects: Sequence[Path],
    quotes: Sequence[str],
    stance: Sequence[str],
    labels: Sequence[str],
) -> Statistics:
    """Counts documents and rejects in the files of the workspace, and rows in those still to be sorted."""
    statistics = Statistics()
    _measure_documents(database, [str(path) for path in documents], statistics)
    if rejects:
        statistics.rejects = _counts(
            database, "reason", [str(path) for path in rejects], f"stage <> '{STAGE}'"
        )
    if quotes:
        _measure_quotes(database, quotes, statistics)
    if stance:
        _measure_stance(database, stance, labels, statistics)
    return statistics


def _measure_documents(database: Database, files: list[str], statistics: Statistics) -> None:
    ((statistics.documents, statistics.site_count),) = _rows(
        database, "select count(distinct id), count(distinct site) from read_parquet($files)", files
    )
    ((statistics.first, statistics.last),) = _rows(
        database,
        "select min(published[:10]), max(published[:10]) from read_parquet($files) "
        "where regexp_matches(published, $dated)",
        files,
        dated=f"^{MONTH.pattern}",
    )
    ((statistics.clusters,),) = database.execute(
        "select count(distinct coalesce(cluster, document)) from membership"
    ).fetchall()
    statistics.sites = _counts(database, "site", files)
    statistics.agencies = _counts(database, "agency", files)
    statistics.languages = _counts(database, "language", files)


def _measure_quotes(database: Database, files: Sequence[str], statistics: Statistics) -> None:
    kinds = get_args(QuotationKind)
    statistics.kinds = [(kinds[int(kind)], rows) for kind, rows in _counts(database, "kind", files)]
    ((statistics.speakers, statistics.nameless),) = _rows(
        database,
        "select count(distinct nullif(speaker.name, '')), count(*) filter (coalesce(speaker.name, '') = '') "
        "from read_parquet($files)",
        files,
    )
    statistics.speaker_kinds = _counts(database, "speaker.kind", files)
    statistics.extractors = _counts(database, "extractor", files)
    _measure_labels(database, QUOTES, files, statistics)


def _measure_stance(
    database: Database, files: Sequence[str], labels: Sequence[str], statistics: Statistics
) -> None:
    statistics.stance_models = _counts(database, "model", files)
    _measure_labels(database, STANCE, files, statistics)
    by_target: dict[tuple[str, str], dict[int | None, int]] = {}
    for target, name, label, rows in _rows(
        database,
        "select target_id, target, label, count(*) from read_parquet($files) group by all order by all",
        files,
    ):
        by_target.setdefault((target, name), {})[label] = rows
    statistics.targets = [
        TargetCounts(
            target,
            name,
            rows=sum(found.values()),
            unlabelled=found.get(None, 0),
            labels=[(label, found.get(number, 0)) for number, label in enumerate(labels)],
        )
        for (target, name), found in by_target.items()
    ]


def _measure_labels(database: Database, config: str, files: Sequence[str], statistics: Statistics) -> None:
    found = _counts(database, "label_source", files)
    statistics.sources[config] = [(LABEL_SOURCES[int(source)], rows) for source, rows in found]
    ((statistics.withheld[config],),) = _rows(
        database, "select count(*) filter (withheld) from read_parquet($files)", files
    )


def _counts(database: Database, column: str, files: Sequence[str], condition: str = "true") -> Counts:
    # Column and condition are written in this module; no value of the data enters the query.
    query = (
        f"select {column}, count(*) as n from read_parquet($files) "  # noqa: S608
        f"where {column} is not null and {condition} group by all order by n desc, 1 limit $most"
    )
    return [(str(value), int(rows)) for value, rows in _rows(database, query, files, most=MOST_FREQUENT)]


def _rows(database: Database, query: str, files: Sequence[str], **more: str | int) -> list[Any]:
    return database.execute(query, {"files": list(files), **more}).fetchall()
