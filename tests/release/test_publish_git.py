"""Publishing into a git repository, with files checked out or bare."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.errors import ReleaseError
from builder.release.locate import locate
from builder.release.outgoing import Outgoing, read_outgoing
from builder.release.publish_git import publish_to_git
from eval.hub.releases import write_invented

Git = Callable[..., str]


@pytest.fixture(params=["checked out", "bare"])
def repository(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new repository, of somebody whose own settings of git are not read."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "harbour.git"
    bare = ["--bare"] if request.param == "bare" else []
    subprocess.run(["git", "init", "-q", "-b", "main", *bare, str(folder)], check=True)  # noqa: S607 - any
    for key, value in (("user.name", "Ann"), ("user.email", "ann@harbour.example")):
        subprocess.run(["git", "-C", str(folder), "config", key, value], check=True)  # noqa: S607 - any
    return folder


@pytest.fixture
def git(repository: Path) -> Git:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(repository), *arguments],  # noqa: S607 - any
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def first(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.0.0", shards=2))


@pytest.fixture
def second(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.1.0", shards=1))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_a_version_is_a_commit_with_its_tag(
    repository: Path, git: Git, first: Outgoing, second: Outgoing
) -> None:
    published = publish_to_git(first, repository)
    assert git("rev-parse", "v1.0.0", "main").split() == [published.commit] * 2
    assert (len(published.new), published.read_back) == (4, 4)
    published = publish_to_git(second, repository)
    assert published.deleted == ("stance/train/2000-02-00000.parquet",)
    assert git("log", "--format=%s").splitlines() == ["Release v1.1.0", "Release v1.0.0"]
    for release in (first, second):
        assert contents(locate(str(repository), release.tag)) == contents(release.folder)
    if (repository / ".git").exists():
        assert contents(repository) == contents(second.folder)
        assert git("status", "--porcelain") == ""


def test_publishing_again_finds_everything_done(repository: Path, git: Git, first: Outgoing) -> None:
    publish_to_git(first, repository)
    assert publish_to_git(first, repository).read_back == 4
    git("tag", "--delete", "v1.0.0")  # as if the run had been cut off before it
    assert publish_to_git(first, repository).new == ()
    assert git("log", "--format=%s") == "Release v1.0.0"
    assert git("tag") == "v1.0.0"


def test_a_rehearsal_writes_no_commit(repository: Path, git: Git, first: Outgoing) -> None:
    assert len(publish_to_git(first, repository, rehearse=True).new) == 4
    assert git("for-each-ref") == ""


def test_an_existing_tag_is_never_moved(repository: Path, first: Outgoing, tmp_path: Path) -> None:
    publish_to_git(first, repository)
    other = read_outgoing(write_invented(tmp_path / "other", "1.0.0", shards=3))
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 is not this release .* choose a higher version"):
        publish_to_git(other, repository)


def test_what_others_committed_is_replaced_only_when_told(
    repository: Path, git: Git, first: Outgoing, second: Outgoing
) -> None:
    publish_to_git(first, repository)
    blob = git("hash-object", "-w", str(first.folder / "README.md"))
    git("read-tree", "main")
    git("update-index", "--add", "--cacheinfo", f"100644,{blob},notes.txt")
    commit = git("commit-tree", git("write-tree"), "-p", "main", "-m", "Notes")
    git("update-ref", "refs/heads/main", commit)
    if (repository / ".git").exists():
        git("reset", "--hard")
    with pytest.raises(ReleaseError, match=rf"notes\.txt changed since v1\.0\.0.*--onto {commit}"):
        publish_to_git(second, repository)
    assert "notes.txt" in publish_to_git(second, repository, onto=commit).deleted


def test_unfinished_work_is_not_lost(repository: Path, git: Git, first: Outgoing, second: Outgoing) -> None:
    if not (repository / ".git").exists():
        pytest.skip("a bare repository has no files to work on")
    publish_to_git(first, repository)
    (repository / "README.md").write_text("# Half a thought\n")
    with pytest.raises(ReleaseError, match="has changes that are not committed"):
        publish_to_git(second, repository)
    git("tag", "--delete", "v1.0.0")
    assert publish_to_git(first, repository).new == ()  # only the tag was missing
    assert (repository / "README.md").read_text() == "# Half a thought\n"


def test_line_breaks_and_ignored_files_are_published_as_they_are(
    repository: Path, git: Git, first: Outgoing
) -> None:
    git("config", "core.autocrlf", "true")
    (repository / "info" if not (repository / ".git").exists() else repository / ".git" / "info").mkdir(
        exist_ok=True
    )
    git("config", "core.excludesFile", str(first.folder.parent / "ignored"))
    (first.folder.parent / "ignored").write_text("*.parquet\n")
    assert publish_to_git(first, repository).read_back == 4
