import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.engine.workspace import MARK, TEMPORARY, Workspace
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


MINE = ["inputs/articles.parquet", "inputs/notes.json", "spill/thesis.txt", "rejects/2023/list.parquet"]


@pytest.mark.parametrize("mine", MINE)
def test_a_folder_with_files_of_somebodys_own_is_refused_and_left_as_it_was(
    tmp_path: Path, mine: str
) -> None:
    for name in (mine, "c.toml", f"drafts/{TEMPORARY}1-a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with (
        pytest.raises(WorkspaceError, match=f"is not a workspace: it holds {mine}"),
        Workspace(tmp_path).locked(),
    ):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_workspace_is_known_by_its_mark_and_an_older_one_by_its_shards(tmp_path: Path) -> None:
    for root in (tmp_path / "marked", tmp_path / "older"):
        workspace_of(root, {"a": ["one"]})
        (root / "words" / "b.parquet").touch()  # of a run that was killed before its marker
    (tmp_path / "marked" / "words" / "a.json").unlink()
    (tmp_path / "marked" / MARK).touch()
    for root in (tmp_path / "marked", tmp_path / "older"):
        with Workspace(root).locked():
            assert (root / MARK).exists()
            assert (root / "words" / "a.parquet").exists()


def test_releases_and_decisions_that_outlived_their_workspace_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "releases" / "v1.0.0").mkdir(parents=True)
    for name in ("releases/v1.0.0/manifest.json", "review.sqlite", ".gitignore"):
        (tmp_path / name).touch()
    with Workspace(tmp_path).locked():
        assert (tmp_path / MARK).exists()


def test_only_files_that_a_run_left_are_cleared(tmp_path: Path) -> None:
    mine = [tmp_path / f"{TEMPORARY}notes.txt", tmp_path / "a" / "b" / "c" / f"{TEMPORARY}1-a.txt"]
    mine[1].parent.mkdir(parents=True)
    for path in mine:
        path.touch()
    (tmp_path / f"{TEMPORARY}1-folder").mkdir()
    with Workspace(tmp_path).locked():
        assert all(path.exists() for path in mine)


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
