"""The single rows that differ between two releases, with the values before and after, and why."""

# ruff: noqa: S608 - tables, columns and conditions are named in this room; no value of the data enters a query

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from builder.engine.database import Database
from builder.release.dataset import QUOTES, STANCE
from builder.release.differences import IN_BOTH, REMOVAL, table_of, value_in_sql
from builder.release.folder import columns_of, data_files
from builder.release.reasons import NOT_ASKED, REASONS

Kind = Literal["added", "removed", "moved", "changed"]

WORDLESS = frozenset(
    """agreement annotations confidence documents extractor first kind label label_source last model
    n_annotators probabilities published quotations stance target target_id""".split()
)
"""The columns that hold no words of an article, and nobody's name."""

ROWS_AT_ONCE = 1_000

CONDITIONS: Mapping[Kind, str] = {
    "added": "before is null",
    "removed": "after is null",
    "moved": f"{IN_BOTH} and len(fields) = 0",
    "changed": f"{IN_BOTH} and len(fields) > 0",
}


@dataclass(frozen=True, slots=True)
class Discretion:
    """Which side of a comparison may hold what was removed from the other on request.

    Its rows that the other lacks are not named, and its values that can hold somebody's words not told.
    """

    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs: its id, the splits that it was and is in, and the values of each changed field.

    Each of `fields` has the keys "before" and "after", without that which is not to be told. A row that was
    `moved` is in another split and else the same.
    """

    config: str
    change: Kind
    id: str
    before: str | None
    after: str | None
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


def changed_rows(
    database: Database, old: Path, new: Path, discretion: Discretion, most: int | None = None
) -> Iterator[RowChange]:
    """The rows that `builder.release.diff.diff` found to differ, by configuration, kind of change and id.

    `most` is how many of each kind are wanted at most, None for all.
    """
    before, after = data_files(old), data_files(new)
    nameless: dict[Kind, bool] = {"added": discretion.after, "removed": discretion.before, "moved": False}
    for config in sorted(before.keys() | after.keys(), key=lambda name: (name != QUOTES, name)):
        for change, is_nameless in nameless.items():
            if not is_nameless:
                yield from _others(database, config, change, most)
        if config in before and config in after:
            yield from _changed(database, config, before[config], after[config], discretion, most)


def _others(database: Database, config: str, change: Kind, most: int | None) -> Iterator[RowChange]:
    """The rows that are in one release only, or merely in another split."""
    reasons, joined = "[]", ""
    if change == "removed":
        reasons, joined = _reason_of_removal(config)
    elif change == "moved":
        reasons = _reasons(config)
    query = f"""
        select difference.id, before, after, {reasons}
        from {table_of(config)} as difference {joined}
        where {CONDITIONS[change]} order by difference.id {_limit(most)}
    """
    for name, split, later, told in _rows(database, query):
        yield RowChange(config, change, name, split, later, reasons=tuple(told))


def _changed(
    database: Database,
    config: str,
    before: Mapping[str, Path],
    after: Mapping[str, Path],
    discretion: Discretion,
    most: int | None,
) -> Iterator[RowChange]:
    old, new = (columns_of(next(iter(files.values()))) for files in (before, after))
    shared = [name for name in old if name in new]
    query = f"""
        with wanted as (
            select id, before, after, fields, {_reasons(config)} as reasons
            from {table_of(config)} where {CONDITIONS["changed"]} order by id {_limit(most)}
        )
        select id, before, after, fields, reasons, {_values("old", shared)}, {_values("new", shared)}
        from wanted
        join ({_read("old", old, shared)}) as old using (id)
        join ({_read("new", new, shared)}) as new using (id)
        order by id
    """
    files = {
        "old_files": [str(path) for path in before.values()],
        "new_files": [str(path) for path in after.values()],
    }
    for name, split, later, fields, reasons, *values in _rows(database, query, files):
        was, now = (dict(zip(shared, side, strict=True)) for side in _halves(values))
        told = {
            one: {
                side: value[one]
                for side, value, hidden in (
                    ("before", was, discretion.before),
                    ("after", now, discretion.after),
                )
                if one in WORDLESS or not hidden
            }
            for one in fields
        }
        yield RowChange(config, "changed", name, split, later, told, tuple(reasons))


def _reasons(config: str) -> str:
    """A list in SQL of the reasons of a row."""
    known = [f"if({condition}, '{reason}', null)" for reason, condition in REASONS.get(config, {}).items()]
    return f"list_filter([{', '.join(known)}]::varchar[], lambda reason: reason is not null)"


def _reason_of_removal(config: str) -> tuple[str, str]:
    """The same of a removed row, and what has to be joined for it."""
    if config == QUOTES:
        return "[reason]", f"join {REMOVAL} using (id)"
    if config == STANCE:
        joined = f"left join {REMOVAL} on {REMOVAL}.id = was.quotation_id"
        return f"[coalesce(reason, '{NOT_ASKED}')]", joined
    return "[]", ""


def _read(side: str, columns: Mapping[str, Any], shared: list[str]) -> str:
    values = ", ".join(
        f"{value_in_sql(name, columns)} as {side}_{place}" for place, name in enumerate(shared)
    )
    return f"select id, {values} from read_parquet(${side}_files)"


def _values(side: str, shared: list[str]) -> str:
    """The values of one side, those of fields that did not change left out."""
    return ", ".join(
        f"if(list_contains(fields, '{name}'), {side}_{place}, null)" for place, name in enumerate(shared)
    )


def _halves(values: list[Any]) -> tuple[list[Any], list[Any]]:
    return values[: len(values) // 2], values[len(values) // 2 :]


def _limit(most: int | None) -> str:
    return f"limit {most}" if most is not None else ""


def _rows(database: Database, query: str, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    found = database.execute(query, dict(values or {}))
    while rows := found.fetchmany(ROWS_AT_ONCE):
        yield from rows
