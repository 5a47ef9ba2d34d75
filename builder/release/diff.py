"""What differs between two releases: rows added, removed, moved to another split, and changed by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.engine.database import Database
from builder.errors import ReleaseError
from builder.release.dataset import QUOTES, STANCE
from builder.release.differences import IN_BOTH, REMOVAL, Files, find_differences, find_removals, table_of
from builder.release.folder import data_files, footer_of
from builder.release.reasons import NOT_ASKED, REASONS
from builder.release.schema_changes import SchemaChange, changes_of_columns, changes_of_configs
from builder.release.version import Bump

DERIVED = ("speakers",)
"""Configurations that only count what the others hold: their rows follow from those and are not judged."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Relabelled:
    """How many rows went from one label to another, and the source of the new one; None is no label."""

    before: str | None
    after: str | None
    source: str
    rows: int


@dataclass(frozen=True, slots=True)
class Move:
    """Rows of a cluster that left their split for another; `joined` is the cluster that they are in now."""

    config: str
    cluster: str | None
    joined: str | None
    before: str
    after: str
    rows: int


@dataclass(frozen=True, slots=True)
class ConfigDiff:
    """What differs in one configuration of the dataset; all numbers are rows.

    `added` and `removed` are by split, `moved` by the splits before and after, as in "train → test".
    `changed` rows are in both releases and differ in at least one of `fields`. `reasons` are what can
    be told of those that changed or moved: of one row several, or none.
    """

    rows: int
    added: Counts
    removed: Counts
    removed_because: Counts
    moved: Counts
    changed: int
    fields: Counts
    reasons: Counts
    relabelled: tuple[Relabelled, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two releases; `moves` lists all rows that left a split other than `unlabelled`."""

    schema: tuple[SchemaChange, ...]
    configs: Mapping[str, ConfigDiff]
    moves: tuple[Move, ...]

    def needs(self) -> tuple[Bump, str]:
        """The part of the version that has to be counted up at least, and why, in words."""
        breaking = next((change for change in self.schema if change.breaking), None)
        if breaking is not None:
            return "major", str(breaking)
        for config, one in self.configs.items():
            for done, rows in (("added", one.added), ("removed", one.removed), ("moved", one.moved)):
                if rows and config not in DERIVED:
                    where = ", ".join(f"{split}: {number}" for split, number in rows.items())
                    return "minor", f"rows of {config} were {done} ({where})"
        return "patch", "no row was added, removed or moved to another split"


def diff(database: Database, old: Path, new: Path, removed_because: Mapping[str, str] | None = None) -> Diff:
    """Compares the releases that lie in two folders.

    `removed_because` holds reasons of a removal that rows cannot tell, by the id of the quotation; None if
    nothing but the two folders is known.

    Raises:
        ReleaseError: there are no quotations, or a file cannot be read or is of no release.
    """
    before, after = data_files(old), data_files(new)
    for folder, files in ((old, before), (new, after)):
        if QUOTES not in files:
            raise ReleaseError(f"{folder}: has no configuration {QUOTES}, so it is no release")
    configs = sorted(before.keys() | after.keys(), key=lambda name: (name != QUOTES, name))
    schema = changes_of_configs(before, after)
    for config in configs:
        columns = find_differences(database, config, before.get(config, {}), after.get(config, {}))
        schema += changes_of_columns(config, *columns)
    find_removals(database, after[QUOTES], removed_because)
    return Diff(
        schema=tuple(schema),
        configs={config: _summary(database, config, after.get(config, {})) for config in configs},
        moves=tuple(move for config in configs for move in _moves(database, config)),
    )


def _summary(database: Database, config: str, files: Files) -> ConfigDiff:
    def count(values: str, condition: str) -> Counts:
        return _counts(database, f"select {values} from {table_of(config)} where {condition}")  # noqa: S608

    return ConfigDiff(
        rows=sum(footer_of(path).num_rows for path in files.values()),
        added=count("after", "before is null"),
        removed=count("before", "after is null"),
        removed_because=_counts(database, _REMOVED[config]) if config in _REMOVED else {},
        moved=count("before || ' → ' || after", f"{IN_BOTH} and before <> after"),
        changed=sum(count("'changed'", f"{IN_BOTH} and len(fields) > 0").values()),
        fields=count("unnest(fields)", IN_BOTH),
        reasons=_reasons(database, config),
        relabelled=_relabelled(database, config),
    )


# Conditions, values and tables are written in this room: no value of the data enters a query.
_REMOVED = {
    QUOTES: f"select reason from {REMOVAL}",  # noqa: S608
    STANCE: f"""
        select coalesce(reason, '{NOT_ASKED}')
        from {table_of(STANCE)} as difference left join {REMOVAL} on {REMOVAL}.id = was.quotation_id
        where after is null
    """,  # noqa: S608
}
"""Queries for the reason of each removed row."""


def _counts(database: Database, query: str) -> Counts:
    """How often a query gives each of its values, the most frequent first."""
    counted = f"select value, count(*) as n from ({query}) as found (value) group by all"  # noqa: S608
    return dict(database.execute(f"{counted} order by n desc, value").fetchall())


def _reasons(database: Database, config: str) -> Counts:
    reasons = REASONS.get(config, {})
    counted = [f"count(*) filter ({condition})" for condition in reasons.values()]
    if not counted:
        return {}
    query = f"select {', '.join(counted)} from {table_of(config)} where {IN_BOTH}"  # noqa: S608
    (found,) = database.execute(query).fetchall()
    return {reason: rows for reason, rows in zip(reasons, found, strict=True) if rows}


def _relabelled(database: Database, config: str) -> tuple[Relabelled, ...]:
    query = f"""
        select was.label, now.label, now.label_source, count(*) from {table_of(config)}
        where {IN_BOTH} and was.label is distinct from now.label group by all order by all
    """  # noqa: S608
    return tuple(Relabelled(*row) for row in database.execute(query).fetchall())


def _moves(database: Database, config: str) -> tuple[Move, ...]:
    query = f"""
        select was.cluster, now.cluster, before, after, count(*) from {table_of(config)}
        where before <> after and before <> 'unlabelled' group by all order by all
    """  # noqa: S608
    return tuple(Move(config, *row) for row in database.execute(query).fetchall())
