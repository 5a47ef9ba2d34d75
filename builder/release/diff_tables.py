"""A difference between two releases as tables, for a terminal and for Markdown alike."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from builder.release.diff import Diff
from builder.release.markdown import NOTHING
from builder.release.present import MOVES
from builder.release.row_changes import RowChange

LONGEST_VALUE = 60  # characters


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title; its first columns are `texts`, the others numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    texts: int = 1


def tables_of(diff: Diff) -> Iterator[Table]:
    """The tables that have a row; the one of all rows always."""
    yield Table(
        "Rows",
        ("configuration", "rows", "added", "removed", "in another split", "changed"),
        tuple(
            (
                name,
                one.rows,
                *(sum(rows.values()) for rows in (one.added, one.removed, one.moved)),
                one.changed,
            )
            for name, one in diff.configs.items()
        ),
    )
    for table in (_schema(diff), _splits(diff), _reasons(diff), _fields(diff), _labels(diff), _moves(diff)):
        if table.rows:
            yield table


def _schema(diff: Diff) -> Table:
    rows = ((one.config, one.column or NOTHING, one.change) for one in diff.schema)
    return Table("Columns", ("configuration", "column", "change"), tuple(rows), texts=3)


def _splits(diff: Diff) -> Table:
    rows = (
        (name, done, *counted)
        for name, one in diff.configs.items()
        for done, counts in (("added", one.added), ("removed", one.removed), ("moved", one.moved))
        for counted in counts.items()
    )
    return Table("Splits", ("configuration", "change", "split", "rows"), tuple(rows), texts=3)


def _reasons(diff: Diff) -> Table:
    rows = (
        (name, done, *counted)
        for name, one in diff.configs.items()
        for done, counts in (("removed", one.removed_because), ("changed or moved", one.reasons))
        for counted in counts.items()
    )
    return Table("Reasons", ("configuration", "change", "reason", "rows"), tuple(rows), texts=3)


def _fields(diff: Diff) -> Table:
    rows = ((name, *counted) for name, one in diff.configs.items() for counted in one.fields.items())
    return Table("Changed fields", ("configuration", "field", "rows"), tuple(rows), texts=2)


def _labels(diff: Diff) -> Table:
    rows = (
        (name, label.before or NOTHING, label.after or NOTHING, label.source, label.rows)
        for name, one in diff.configs.items()
        for label in one.relabelled
    )
    return Table("Labels", ("configuration", "before", "after", "label source", "rows"), tuple(rows), texts=4)


def _moves(diff: Diff) -> Table:
    rows = (
        (one.config, one.cluster or NOTHING, one.joined or NOTHING, f"{one.before} → {one.after}", one.rows)
        for one in diff.moves
    )
    header = ("configuration", "cluster", "cluster now", "split", "rows")
    return Table(MOVES, header, tuple(rows), texts=4)


def table_of_rows(rows: Iterable[RowChange]) -> Table:
    """Single rows, a line for each field that changed, long values cut off."""
    header = ("configuration", "row", "change", "split", "field", "before", "after", "reasons")
    lines = [
        (row.config, row.id, row.change, _split(row), *cells, ", ".join(row.reasons) or NOTHING)
        for row in rows
        for cells in _fields_of(row)
    ]
    return Table("Single rows", header, tuple(lines), texts=len(header))


def _split(row: RowChange) -> str:
    return " → ".join(dict.fromkeys(one for one in (row.before, row.after) if one is not None))


def _fields_of(row: RowChange) -> Iterator[tuple[str, str, str]]:
    for name, values in row.fields.items():
        yield name, _value(values, "before"), _value(values, "after")
    if not row.fields:
        yield NOTHING, NOTHING, NOTHING


def _value(values: Any, side: str) -> str:
    if side not in values:
        return "(not told)"
    value = values[side]
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= LONGEST_VALUE else told[: LONGEST_VALUE - 1] + "…"
