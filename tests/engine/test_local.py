from pathlib import Path

import pytest

from builder.engine.local import run_stage
from builder.engine.workspace import Workspace
from builder.errors import RunError, WorkerDied
from builder.records import RejectReason
from tests.engine.shouting import DEADLY, Word, shouting, workspace_of

SHARDS = {f"s{number}": [f"word{number}", ""] for number in range(5)}


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def shouted(workspace: Workspace) -> dict[str, list[str]]:
    return {
        shard: [word.text for word in workspace.read("shouted", shard, Word)]
        for shard in workspace.shards("shouted")
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_every_shard_is_run_and_what_is_left_out_is_kept_with_its_reason(
    tmp_path: Path, workers: int
) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    assert run_stage(workspace, shouting(), sorted(SHARDS), workers) == len(SHARDS)
    assert shouted(workspace) == {f"s{number}": [f"WORD{number}"] for number in range(5)}
    assert [reject.reason for reject in workspace.rejects("shouted", "s3")] == [RejectReason.EMPTY]


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    for workers in (1, 3):
        run_stage(workspace_of(tmp_path / str(workers), SHARDS), shouting(), sorted(SHARDS), workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "3")


def test_a_rerun_does_nothing(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    run_stage(workspace, shouting(), sorted(SHARDS), 1)
    assert run_stage(workspace, shouting(), sorted(SHARDS), 1) == 0


def test_a_changed_input_redoes_its_shard_alone(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    run_stage(workspace, shouting(), sorted(SHARDS), 1)
    workspace_of(tmp_path, {"s2": ["other"]})
    assert run_stage(workspace, shouting(), sorted(SHARDS), 1) == 1
    assert shouted(workspace)["s2"] == ["OTHER"]
    assert workspace.rejects("shouted", "s2") == []


def test_changed_code_redoes_every_shard(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    run_stage(workspace, shouting(), sorted(SHARDS), 1)
    assert run_stage(workspace, shouting(version="2"), sorted(SHARDS), 1) == len(SHARDS)


def test_a_damaged_output_is_noticed_and_redone(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    run_stage(workspace, shouting(), sorted(SHARDS), 1)
    before = contents(tmp_path)
    workspace.path("shouted", "s1").write_bytes(b"PAR1 no more")
    (tmp_path / "rejects" / "shouted" / "s2.parquet").unlink()
    (tmp_path / "shouted" / "s3.json").write_text("{")
    assert run_stage(workspace, shouting(), sorted(SHARDS), 1) == 3
    assert contents(tmp_path) == before


def test_a_shard_that_is_gone_is_removed_with_everything_of_it(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    run_stage(workspace, shouting(), sorted(SHARDS), 1)
    run_stage(workspace, shouting(), ["s0", "s1"], 1)
    assert {name for name in contents(tmp_path) if "shouted" in name} == {
        f"{folder}/{shard}.{suffix}"
        for shard in ("s0", "s1")
        for folder, suffix in (("shouted", "json"), ("shouted", "parquet"), ("rejects/shouted", "parquet"))
    }


def test_a_worker_killed_once_is_replaced_and_no_byte_differs(tmp_path: Path) -> None:
    shards = {**SHARDS, "s2": [DEADLY]}
    (tmp_path / "deaths").mkdir()
    undisturbed, disturbed = (workspace_of(tmp_path / name, shards) for name in ("undisturbed", "disturbed"))
    run_stage(undisturbed, shouting(), sorted(shards), 2)
    assert run_stage(disturbed, shouting(tmp_path / "deaths"), sorted(shards), 2) == len(shards)
    assert len(list((tmp_path / "deaths").iterdir())) == 1
    assert contents(disturbed.root) == contents(undisturbed.root)


def test_shards_that_always_kill_their_worker_are_named_after_the_others_are_done(tmp_path: Path) -> None:
    shards = {**SHARDS, "s2": [DEADLY], "s4": [DEADLY]}
    (tmp_path / "deaths").mkdir()
    workspace = workspace_of(tmp_path / "workspace", shards)
    stage = shouting(tmp_path / "deaths", times=100)
    for _ in range(2):  # the second time, nothing but the deadly shards is left to do
        with pytest.raises(WorkerDied, match="stage shouted: a worker died on shard s2, s4, and again"):
            run_stage(workspace, stage, sorted(shards), 2)
        assert workspace.shards("shouted") == ["s0", "s1", "s3"]


def test_a_failing_stage_names_itself_and_the_shard(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SHARDS)
    stage = shouting(deaths=tmp_path / "none-such")
    workspace_of(tmp_path, {"s1": [DEADLY]})
    with pytest.raises(RunError, match="stage shouted failed on shard s1: FileNotFoundError"):
        run_stage(workspace, stage, sorted(SHARDS), 2)
