"""Rows are read again as they were laid down, from whichever shards and in whatever order."""

from pathlib import Path

import pyarrow as pa

from builder.release.laid_rows import PLACE, LaidRows

SCHEMA = pa.schema([("name", pa.string()), ("spans", pa.list_(pa.struct([("start", pa.int32())])))])


def rows(*names: str | None) -> pa.Table:
    made = [{"name": name, "spans": [{"start": place}] * place} for place, name in enumerate(names)]
    return pa.Table.from_pylist(made, schema=SCHEMA)


def places(*some: tuple[int, int]) -> pa.Table:
    return pa.Table.from_pylist([{"shard": shard, "row": row} for shard, row in some], schema=PLACE)


def test_rows_of_several_shards_come_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    laid = LaidRows(tmp_path, SCHEMA)
    laid.lay_down(0, [rows("a", "b"), rows("c")])
    laid.lay_down(1, [])
    laid.lay_down(2, [rows("d", None)])
    found = laid.take(places((2, 1), (0, 2), (2, 0), (0, 1), (0, 1))).to_pylist()
    assert [row["name"] for row in found] == [None, "c", "d", "b", "b"]
    assert [len(row["spans"]) for row in found] == [1, 0, 0, 1, 1]


def test_a_shard_that_is_laid_down_anew_holds_only_its_new_rows(tmp_path: Path) -> None:
    laid = LaidRows(tmp_path, SCHEMA)
    laid.lay_down(0, [rows("old", "older")])
    laid.lay_down(0, [rows("new")])
    assert laid.take(places((0, 0)))["name"].to_pylist() == ["new"]
