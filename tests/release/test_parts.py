"""Rows come out of the sort in order and in groups that fit into memory, however long their texts are."""

import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.engine.database import connected
from builder.release.dataset import QUOTES, columns, write_period
from builder.release.parts import GROUP_ROWS, Parts
from builder.release.rows import Row
from builder.release.texts import OPEN_FILES

BESIDE = pa.schema([("split", pa.string()), ("period", pa.string())])
FEATURES = columns(["favor", "against", "neutral"])[QUOTES]


def row(name: str, context: str = "", period: str = "2024-03", split: str = "train") -> Row:
    spans = [{"start": 0, "end": 1}]
    return {
        **dict.fromkeys(FEATURES),
        "id": name,
        "context": context,
        "content": spans,
        "document_spans": dict.fromkeys(("content", "cue", "source", "context", "mention"), spans),
        "kind": "direct",
        "label_source": "model",
        "split": split,
        "period": period,
    }


def sorted_groups(
    folder: Path, rows: Sequence[Row], group_bytes: int
) -> list[tuple[str, str, list[pa.Table]]]:
    parts = Parts(folder / "rows", FEATURES, BESIDE, group_bytes)
    with parts.adding(0) as add:
        for one in rows:
            add([one])
    with connected(128, folder / "spill") as database:
        parts.register(database, "rows")
        periods = parts.sort(database, "rows")
    return [(one.split, one.name, list(parts.groups(one))) for one in periods]


def test_rows_are_sorted_by_split_period_and_id(tmp_path: Path) -> None:
    rows = [
        row("b", "second"),
        row("c", "undated", "undated"),
        row("d", "tested", split="test"),
        row("a", "first"),
    ]
    found = sorted_groups(tmp_path, rows, 1000)
    assert [(split, period, group["context"].to_pylist()) for split, period, (group,) in found] == [
        ("train", "2024-03", ["first", "second"]),
        ("train", "undated", ["undated"]),
        ("test", "2024-03", ["tested"]),
    ]


def test_a_group_holds_no_more_bytes_of_text_than_it_may_or_one_row(tmp_path: Path) -> None:
    # Bytes of UTF-8: 4, 6 (three of two bytes each), 10, 25, 1, 0, 9.
    texts = ["aaaa", "äöü", "c" * 10, "d" * 25, "e", "", "f" * 9]
    rows = [row(f"q{number}", text) for number, text in enumerate(texts)]
    ((_, _, groups),) = sorted_groups(tmp_path, rows[::-1], 10)
    assert [group["context"].to_pylist() for group in groups] == [
        ["aaaa", "äöü"],
        ["c" * 10],
        ["d" * 25],
        ["e", "", "f" * 9],
    ]


def test_a_group_holds_a_number_of_rows(tmp_path: Path) -> None:
    rows = [row(f"q{number:05}", "same") for number in range(GROUP_ROWS + 1)]
    ((_, _, groups),) = sorted_groups(tmp_path, rows[::-1], 10**6)
    assert [group.num_rows for group in groups] == [GROUP_ROWS, 1]
    assert groups[1]["id"].to_pylist() == [f"q{GROUP_ROWS:05}"]


def test_equal_texts_that_follow_each_other_lie_on_the_disk_once(tmp_path: Path) -> None:
    body = "An article. " * 1000
    sorted_groups(tmp_path, [row(f"q{number}", body) for number in range(50)], 10**6)
    assert (tmp_path / "rows" / "texts-00000").stat().st_size == len(body)


def test_rows_of_more_shards_than_files_may_be_open_come_together(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "rows", FEATURES, BESIDE)
    count = OPEN_FILES + 2
    for shard in range(count):
        with parts.adding(shard) as add:
            add([row(f"q{place}-{shard:03}", f"{place} of {shard}") for place in range(2)])
    with connected(128, tmp_path / "spill") as database:
        assert parts.register(database, "rows") == 2 * count
        (period,) = parts.sort(database, "rows")
    (group,) = parts.groups(period)
    assert group["context"].to_pylist() == [
        f"{place} of {shard}" for place in range(2) for shard in range(count)
    ]


def test_rows_that_were_added_keep_no_text_in_memory(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "rows", FEATURES, BESIDE)
    tracemalloc.start()
    try:
        with parts.adding(0) as add:
            for number in range(40):
                add([row(f"q{number:02}", chr(ord("0") + number) * 1_000_000)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000  # of 40 MB: a text, its bytes, and the one before it


def test_more_text_than_the_database_may_hold_is_sorted(tmp_path: Path) -> None:
    # 80 texts of 4 MB; the database may hold 128 MB.
    rows = [row(f"q{number:02}", chr(ord("0") + number) * 4_000_000) for number in range(80)]
    parts = Parts(tmp_path / "rows", FEATURES, BESIDE)
    with parts.adding(0) as add:
        add(reversed(rows))
    with connected(128, tmp_path / "spill") as database:
        parts.register(database, "rows")
        firsts = [
            context.as_py()[0]
            for period in parts.sort(database, "rows")
            for group in parts.groups(period)
            for context in group["context"]
        ]
    assert firsts == [chr(ord("0") + number) for number in range(80)]


@pytest.mark.parametrize(
    ("file_rows", "file_bytes", "rows_by_file"),
    [(100, 10**9, [7]), (4, 10**9, [4, 3]), (3, 10**9, [4, 3]), (100, 1, [2, 2, 2, 1]), (1, 1, [2, 2, 2, 1])],
)
def test_a_period_is_cut_into_numbered_files_between_groups(
    tmp_path: Path, file_rows: int, file_bytes: int, rows_by_file: list[int]
) -> None:
    rows = [row(f"q{number}", "text") for number in range(7)]
    ((_, period, groups),) = sorted_groups(tmp_path, rows, 8)  # two rows a group
    size = write_period(tmp_path / "train", period, groups, FEATURES, file_rows, file_bytes)
    paths = sorted((tmp_path / "train").iterdir())
    assert [path.name for path in paths] == [
        f"2024-03-{number:05}.parquet" for number in range(len(rows_by_file))
    ]
    assert [pq.read_metadata(path).num_rows for path in paths] == rows_by_file
    ids = [name for path in paths for name in pq.ParquetFile(path).read(["id"])["id"].to_pylist()]
    assert ids == [f"q{number}" for number in range(7)]
    assert (size.rows, size.files) == (7, sum(path.stat().st_size for path in paths))


def test_rows_that_are_unlabelled_lose_the_label_that_they_were_laid_down_with(tmp_path: Path) -> None:
    rows = [row("a"), row("b", split="unlabelled")]
    labelled, unlabelled = sorted_groups(tmp_path, rows, 1000)
    names = FEATURES["label_source"].names
    assert [names[one] for one in labelled[2][0]["label_source"].to_pylist()] == ["model"]
    assert [names[one] for one in unlabelled[2][0]["label_source"].to_pylist()] == ["none"]
