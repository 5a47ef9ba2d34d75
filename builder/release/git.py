"""Releases in a git repository, a tag per version; the one module that starts `git`."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from builder.errors import ReleaseError

EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's id of the tree without files
NOWHERE = "0" * 40  # what git writes for the commit of a reference that is not there
EXACT = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false")  # no line break is ever changed
# Set where this program is started by a hook of another repository's.
OUTER = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a git repository, with files or bare; not one within it."""
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return bare or (folder / ".git").exists()


def fetch(repository: Path, revision: str) -> Path:
    """A copy of the files of a revision, kept in the user's cache by the commit's id.

    Raises:
        ReleaseError: there is no such revision, or `git` cannot be used.
    """
    commit = _commit(repository, revision)
    kept = _cache() / commit
    if not kept.is_dir():
        _cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_cache(), prefix=".partial-") as partial:
            extract(repository, commit, Path(partial) / "release")
            shutil.rmtree(kept, ignore_errors=True)
            (Path(partial) / "release").rename(kept)
    return kept


def extract(repository: Path, commit: str, folder: Path) -> None:
    """Writes the files of a commit into a folder."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index"), "GIT_DIR": directory(repository)}
        run(repository, "read-tree", commit, **index)
        run(folder, "checkout-index", "--all", **index, GIT_WORK_TREE=str(folder.resolve()))


def tags(repository: Path) -> list[str]:
    """The names of all tags."""
    return run(repository, "for-each-ref", "--format=%(refname:strip=2)", "refs/tags").splitlines()


def commit_of(repository: Path, revision: str) -> str | None:
    """The id of the commit that a revision names, or None if there is none."""
    try:
        return _commit(repository, revision)
    except ReleaseError:
        return None


def directory(repository: Path) -> str:
    """The folder in which git keeps the repository."""
    return run(repository, "rev-parse", "--absolute-git-dir")


def changes(repository: Path, before: str | None, after: str) -> dict[str, str]:
    """The paths that differ between two trees or commits, each with git's letter for how (D: deleted)."""
    listed = run(repository, "diff-tree", "-r", "-z", "--name-status", "--no-renames", before or EMPTY, after)
    parts = listed.split("\0")
    return dict(zip(parts[1::2], parts[0::2], strict=False))


def unfinished(repository: Path) -> bool:
    """Whether files are checked out that are changed and not committed, or not known to git."""
    if run(repository, "rev-parse", "--is-bare-repository") == "true":
        return False
    return bool(run(repository, "status", "--porcelain"))


def read(repository: Path, commit: str, path: str) -> str:
    """The text of a file, empty if the commit has none of that path."""
    listed = run(repository, "ls-tree", "--name-only", commit, "--", path)
    return run(repository, "cat-file", "blob", f"{commit}:{path}") if listed else ""


def tree_with(repository: Path, base: str | None, path: str, text: str) -> str:
    """Writes the tree of a commit, or an empty one, with one file replaced or added; its id."""
    blob = run(repository, "hash-object", "-w", "--stdin", given=text)
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        run(repository, "read-tree", base or EMPTY, **index)
        run(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **index)
        return run(repository, "write-tree", **index)


def move(repository: Path, references: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Moves references from one commit to another in one transaction; None is where there is no reference.

    Raises:
        ReleaseError: one of them is not where it should be; none was moved.
    """
    updates = [
        f"update {name} {after or NOWHERE} {before or NOWHERE}"
        for name, (before, after) in references.items()
        if before != after
    ]
    run(repository, "update-ref", "--stdin", given="\n".join(["start", *updates, "commit", ""]))


def check_out(repository: Path) -> None:
    """Brings the files that are checked out, if any are, to the newest commit."""
    if run(repository, "rev-parse", "--is-bare-repository") != "true":
        run(repository, "reset", "--quiet", "--hard")


def run(repository: Path, *arguments: str, given: str = "", **variables: str) -> str:
    """What `git` prints, without the blanks around it.

    `given` is its input, `variables` are added to its environment.

    Raises:
        ReleaseError: `git` is not installed, or fails; the message is its own.
    """
    own = {name: value for name, value in os.environ.items() if name not in OUTER}
    try:
        done = subprocess.run(  # noqa: S603 - no shell; what users give is marked as a revision or a path
            ["git", *EXACT, "-C", str(repository), *arguments],  # noqa: S607 - the user's own git
            input=given.encode(),
            env={**own, **variables},
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise ReleaseError(f"git cannot be started: {error}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise ReleaseError(f"{repository}: git {arguments[0]} {arguments[-1]}: {said or 'no such revision'}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def _commit(repository: Path, revision: str) -> str:
    return run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "quotestance" / "releases"
