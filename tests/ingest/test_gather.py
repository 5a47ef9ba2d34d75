import json
from pathlib import Path

import pytest

from builder.config import IngestConfig, InputConfig
from builder.engine.workspace import Workspace
from builder.ingest.gather import FOLDER, gather, is_gathered
from builder.ingest.repeats import Repeat, find_repeats
from builder.records import RawDocument, RejectReason

INPUTS = [InputConfig(path="articles")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "articles").mkdir()
    return Workspace(tmp_path / "workspace")


def write_lines(workspace: Workspace, name: str, ids: list[str]) -> None:
    lines = [json.dumps({"id": one, "text": f"The text of {one}."}) for one in ids]
    (workspace.root.parent / "articles" / name).write_text("\n".join(lines))


def gathered(workspace: Workspace, documents: int = 500, megabytes: int = 32) -> list[str]:
    config = IngestConfig(shard_documents=documents, shard_mb=megabytes)
    return gather(workspace, INPUTS, workspace.root.parent, config)


def uris(workspace: Workspace, shards: list[str]) -> list[list[str]]:
    return [[one.uri for one in workspace.read(FOLDER, shard, RawDocument)] for shard in shards]


def modified(workspace: Workspace, shards: list[str]) -> dict[str, int]:
    return {shard: workspace.path(FOLDER, shard).stat().st_mtime_ns for shard in shards}


def test_a_container_is_cut_into_shards_in_order(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1", "2", "3", "4", "5"])
    assert uris(workspace, gathered(workspace, documents=2)) == [
        ["a.jsonl#1", "a.jsonl#2"],
        ["a.jsonl#3", "a.jsonl#4"],
        ["a.jsonl#5"],
    ]


def test_a_shard_holds_no_more_raw_bytes_than_configured(workspace: Workspace) -> None:
    for number in range(3):
        (workspace.root.parent / "articles" / f"{number}.txt").write_text("word " * 120_000)  # 0.6 MB
    assert [len(one) for one in uris(workspace, gathered(workspace, megabytes=1))] == [1, 1, 1]


def test_all_fields_of_a_record_count_not_only_its_text(workspace: Workspace) -> None:
    line = json.dumps({"text": "word", "title": "é" * 9_000, "author": "x" * 9_000}) + "\n"  # 27 kB
    (workspace.root.parent / "articles" / "a.jsonl").write_text(line * 100)
    assert [len(one) for one in uris(workspace, gathered(workspace, megabytes=1))] == [36, 36, 28]


def test_what_is_said_of_rejects_counts_too(workspace: Workspace) -> None:
    keys = {f"{number}{'k' * 200}": 1 for number in range(10)}
    (workspace.root.parent / "articles" / "a.jsonl").write_text((json.dumps(keys) + "\n") * 1200)
    # Of 1,090 to 1,093 bytes each: 1,065 of the detail (ten keys cut to 100 characters), 6 of the
    # stage, 10 of the reason, 9 to 12 of the place.
    shards = gathered(workspace, documents=5000, megabytes=1)
    assert [len(workspace.rejects(FOLDER, shard)) for shard in shards] == [915, 285]


def test_rejects_fill_shards_too_and_stand_beside_them(workspace: Workspace) -> None:
    (workspace.root.parent / "articles" / "a.jsonl").write_text("{\n" * 5)
    shards = gathered(workspace, documents=2)
    assert [len(workspace.rejects(FOLDER, shard)) for shard in shards] == [2, 2, 1]


def test_an_input_that_is_not_there_is_a_reject(workspace: Workspace) -> None:
    inputs = [InputConfig(path="none-such.txt")]
    (shard,) = gather(workspace, inputs, workspace.root.parent, IngestConfig())
    assert [reject.reason for reject in workspace.rejects(FOLDER, shard)] == [RejectReason.UNREADABLE]


def test_what_did_not_change_is_not_read_again(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1", "2"])
    write_lines(workspace, "b.jsonl", ["3"])
    before = modified(workspace, gathered(workspace))
    write_lines(workspace, "b.jsonl", ["3", "4"])
    write_lines(workspace, "c.jsonl", ["5"])
    after = modified(workspace, gathered(workspace))
    assert len(after) == 3
    assert sum(before.get(shard) == time for shard, time in after.items()) == 1


def test_an_input_that_is_gone_leaves_nothing_behind(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    write_lines(workspace, "b.jsonl", ["2"])
    gathered(workspace)
    (workspace.root.parent / "articles" / "a.jsonl").unlink()
    assert uris(workspace, gathered(workspace)) == [["b.jsonl#2"]]
    assert len(workspace.shards(FOLDER)) == 1
    assert len(list((workspace.root / FOLDER / "batches").iterdir())) == 1


def record_of_batch(workspace: Workspace) -> Path:
    (record,) = (workspace.root / FOLDER / "batches").glob("*.json")
    return record


@pytest.mark.parametrize("missing", ["fingerprint", "shards"])
def test_a_damaged_record_of_a_batch_proves_nothing(workspace: Workspace, missing: str) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    shards = gathered(workspace)
    record = json.loads(record_of_batch(workspace).read_text())
    del record[missing]
    record_of_batch(workspace).write_text(json.dumps(record))
    assert gathered(workspace) == shards


def test_what_the_shards_were_gathered_by_is_kept(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    gathered(workspace)
    assert is_gathered(workspace, INPUTS, IngestConfig())
    assert is_gathered(workspace, INPUTS, IngestConfig(languages=("en",)))  # filters later
    assert not is_gathered(workspace, [*INPUTS, InputConfig(path="pages")], IngestConfig())
    assert not is_gathered(workspace, [InputConfig(path="articles", content="html")], IngestConfig())
    assert not is_gathered(workspace, INPUTS, IngestConfig(shard_documents=1))


def test_gathering_that_was_not_finished_has_gathered_nothing(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    gathered(workspace)

    def stop(stage: str, finished: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gather(workspace, INPUTS, workspace.root.parent, IngestConfig(), stop)
    assert not is_gathered(workspace, INPUTS, IngestConfig())


def test_a_workspace_of_before_that_was_kept_is_taken_for_gathered(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    gathered(workspace)
    (workspace.root / FOLDER / "gathered" / "all.json").unlink()
    assert is_gathered(workspace, INPUTS, IngestConfig())


def repeats(workspace: Workspace, shards: list[str]) -> dict[str, list[Repeat]]:
    find_repeats(workspace, shards, memory_mb=256, fingerprint={"code": "1"})
    return {shard: workspace.read("repeats", shard, Repeat) for shard in shards}


def test_the_same_bytes_under_the_same_id_are_found_across_shards(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1", "2", "1"])
    shards = gathered(workspace, documents=2)
    assert repeats(workspace, shards) == {shards[0]: [], shards[1]: [Repeat(row=0, first="a.jsonl#1")]}


def test_when_the_first_is_gone_the_next_takes_its_place(workspace: Workspace) -> None:
    write_lines(workspace, "a.jsonl", ["1"])
    write_lines(workspace, "b.jsonl", ["1"])
    assert sorted(map(len, repeats(workspace, gathered(workspace)).values())) == [0, 1]
    (workspace.root.parent / "articles" / "a.jsonl").unlink()
    assert list(repeats(workspace, gathered(workspace)).values()) == [[]]


def test_equal_texts_under_different_ids_are_different_documents(workspace: Workspace) -> None:
    for name in ("a", "b"):
        line = json.dumps({"id": name, "text": "The same text."})
        (workspace.root.parent / "articles" / f"{name}.jsonl").write_text(line)
    assert list(repeats(workspace, gathered(workspace)).values()) == [[], []]


def test_copies_of_one_file_without_an_id_are_one_document(workspace: Workspace) -> None:
    for name in ("a", "b"):
        (workspace.root.parent / "articles" / f"{name}.txt").write_text("The same text.")
    shards = gathered(workspace)
    assert [one for some in repeats(workspace, shards).values() for one in some] == [Repeat(1, "a.txt")]
