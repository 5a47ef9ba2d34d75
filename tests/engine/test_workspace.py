import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.engine.workspace import TEMPORARY, Workspace
from builder.errors import WorkspaceError
from tests.engine.shouting import Word, workspace_of


def test_a_shard_is_read_as_it_was_written(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, {"a": ["one", "two"]})
    assert workspace.read("words", "a", Word) == [Word("one"), Word("two")]
    assert workspace.finished("words", "a").rows == 2


def test_more_rows_than_are_written_at_once_keep_their_order(tmp_path: Path) -> None:
    words = [str(number) for number in range(25_000)]
    workspace = workspace_of(tmp_path, {"a": words})
    assert [word.text for word in workspace.read("words", "a", Word)] == words


def test_a_failed_write_leaves_neither_a_file_nor_a_marker(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    def words() -> object:
        yield Word("one")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        workspace.write("words", "a", Word, words(), [], {}, {})  # type: ignore[arg-type]
    assert list((tmp_path / "words").iterdir()) == []


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / "words" / f"{TEMPORARY}123-a.parquet"
    left.parent.mkdir()
    left.touch()
    with Workspace(tmp_path).locked():
        assert not left.exists()


def test_two_runs_never_work_in_one_workspace(tmp_path: Path) -> None:
    code = f"from builder.engine.workspace import *; Workspace(Path({str(tmp_path)!r})).locked().__enter__()"
    with Workspace(tmp_path).locked():
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another run is working in this workspace" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with (
        pytest.raises(WorkspaceError, match="cannot be used as a workspace"),
        Workspace(tmp_path / "a").locked(),
    ):
        pass


def test_a_file_where_the_workspace_should_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(WorkspaceError, match="cannot be used as a workspace"),
        Workspace(tmp_path / "file").locked(),
    ):
        pass


def test_an_unfinished_shard_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="shard a is not finished"):
        Workspace(tmp_path).finished("words", "a")


def test_a_damaged_shard_is_a_clear_error(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, {"a": ["one"]})
    workspace.path("words", "a").write_bytes(b"nothing")
    with pytest.raises(WorkspaceError, match=r"a\.parquet: cannot be read"):
        workspace.read("words", "a", Word)
