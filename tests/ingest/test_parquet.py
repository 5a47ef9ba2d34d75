"""Parquet: rows become documents, and damage stays where it is."""

import gzip
import random
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from builder.ingest import parquet
from builder.ingest.limits import Refused
from builder.ingest.parquet import read_parquet
from builder.ingest.source import Source
from builder.records import RawDocument, Reject

ROWS = [{"id": f"s{n}", "text": f"Story {n}: the river rose."} for n in range(1, 31)]


def written(path: Path, table: pa.Table, **options: Any) -> Path:
    pq.write_table(table, path, **options)
    return path


def read(path: Path, compression: str = "none", limit: int = 10_000) -> list[RawDocument | Reject]:
    return list(read_parquet(Source("rows.parquet", path, "parquet", "article", compression), limit))  # type: ignore[arg-type]


def shown(found: list[RawDocument | Reject]) -> list[tuple[str, str]]:
    return [
        (one.uri.split("#")[1], one.data.decode() if isinstance(one, RawDocument) else one.reason.value)
        for one in found
    ]


STORIES = [(row["id"], row["text"]) for row in ROWS]


@pytest.mark.parametrize("row_group_size", [7, 30])
def test_rows_become_documents(tmp_path: Path, row_group_size: int) -> None:
    path = written(tmp_path / "a.parquet", pa.Table.from_pylist(ROWS), row_group_size=row_group_size)
    assert shown(read(path)) == STORIES


def test_a_file_compressed_as_a_whole_is_read_too(tmp_path: Path) -> None:
    data = written(tmp_path / "a.parquet", pa.Table.from_pylist(ROWS)).read_bytes()
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(data))
    (tmp_path / "a.parquet.zst").write_bytes(zstandard.compress(data))
    assert shown(read(tmp_path / "a.parquet.gz", "gzip")) == STORIES
    assert shown(read(tmp_path / "a.parquet.zst", "zstd")) == STORIES
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(data)[:-20])
    with pytest.raises(Refused, match="truncated"):
        read(tmp_path / "a.parquet.gz", "gzip")


def test_columns_of_other_types_are_understood_or_left_alone(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["one", "two"]).dictionary_encode(),
            "id": [10, 11],
            "published": [date(2024, 3, 1), None],
            "author": [["Jo", "Ann"], []],
            "embedding": [[0.1], [0.2]],
        }
    )
    first, second = read(written(tmp_path / "a.parquet", table))
    assert isinstance(first, RawDocument)
    assert isinstance(second, RawDocument)
    assert (first.uri, first.published, first.author) == ("rows.parquet#10", "2024-03-01", "Jo, Ann")
    assert (second.uri, second.published, second.author) == ("rows.parquet#11", None, None)


def test_bad_rows_are_rejected_by_their_number_and_the_rest_is_read(tmp_path: Path) -> None:
    raw = pa.array([b"one", None, b"caf\xe9", b"", b"x" * 10_001, b"six"], pa.binary())
    table = pa.table({"text": pa.Array.from_buffers(pa.string(), len(raw), raw.buffers())})
    assert shown(read(written(tmp_path / "a.parquet", table))) == [
        ("1", "one"),
        ("2", "bad-record"),
        ("3", "bad-encoding"),
        ("4", "empty"),
        ("5", "too-large"),
        ("6", "six"),
    ]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (pa.timestamp("us"), 2**62),  # beyond the year 9999
        (pa.date32(), 2**31 - 1),
        (pa.timestamp("us", "Foo/Bar"), 0),
        (pa.duration("s"), 2**62),
        (pa.duration("s"), 60),
    ],
)
def test_a_value_that_cannot_be_converted_is_a_bad_record_of_its_row(
    tmp_path: Path, type_: pa.DataType, value: int
) -> None:
    texts = [text for _, text in STORIES]
    column = pa.array([None] * 14 + [value] + [None] * 15, pa.int32() if type_ == pa.date32() else pa.int64())
    table = pa.table({"text": texts, "published": column.cast(type_)})
    found = shown(read(written(tmp_path / "a.parquet", table, row_group_size=10)))
    numbered = [(str(number), text) for number, text in enumerate(texts, 1)]
    assert found == [*numbered[:14], ("15", "bad-record"), *numbered[15:]]


def test_long_names_of_columns_are_cut_in_what_is_said_of_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"k" * 5000: ["x"]}))
    with pytest.raises(Refused, match=f"the columns are: '{'k' * 100}'$"):
        read(path)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no Parquet at all", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(Refused, match="corrupt"):
        read(tmp_path / "a.parquet")


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.Table.from_pylist(ROWS))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Refused, match="corrupt"):
        read(path)


def test_a_file_without_the_text_column_is_refused_with_the_columns_it_has(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"body": ["x"], "id": ["1"]}))
    with pytest.raises(Refused, match="bad-record: no column 'text'; the columns are: 'body', 'id'"):
        read(path)


def test_a_damaged_row_group_is_left_out_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.Table.from_pylist(ROWS), row_group_size=10, compression="zstd")
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    start, size = column.dictionary_page_offset or column.data_page_offset, column.total_compressed_size
    data = bytearray(path.read_bytes())
    data[start : start + size] = bytes(255 for _ in range(size))
    path.write_bytes(data)
    assert shown(read(path)) == [*STORIES[:10], ("row group 2", "corrupt"), *STORIES[20:]]


def test_a_row_group_that_would_explode_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "EXPANSION_STRETCH", 100_000)
    rows = [{"text": "small"}, {"text": "x" * 3_000_000}, {"text": "small"}]
    path = written(tmp_path / "a.parquet", pa.Table.from_pylist(rows), row_group_size=1, compression="zstd")
    assert shown(read(path)) == [("1", "small"), ("row group 2", "decompression-bomb"), ("3", "small")]


def test_a_row_group_whose_average_value_is_over_the_limit_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "LARGE_GROUP", 100_000)
    noise = random.Random(1).randbytes(100_000).hex()  # noqa: S311 - only has to be incompressible
    rows = [{"text": "small"}, {"text": noise}, {"text": "small"}]
    path = written(tmp_path / "a.parquet", pa.Table.from_pylist(rows), row_group_size=1)
    assert shown(read(path)) == [("1", "small"), ("row group 2", "too-large"), ("3", "small")]


def test_any_damage_ends_as_rejects(tmp_path: Path) -> None:
    """Random bytes are overwritten; whatever comes of it, it is no other exception."""
    whole = written(tmp_path / "a.parquet", pa.Table.from_pylist(ROWS), row_group_size=5).read_bytes()
    chance = random.Random(2)  # noqa: S311 - only has to be the same each time
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "b.parquet").write_bytes(data)
        try:
            read(tmp_path / "b.parquet")
        except Refused:
            refused += 1
    assert refused > 10
