"""Releases in a git repository, a tag per version; the one module that starts `git`."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from builder.errors import ReleaseError

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
    commit = run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
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
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        run(repository, "read-tree", commit, **index)
        run(repository, "checkout-index", "--all", f"--prefix={folder.resolve()}/", **index)


def run(repository: Path, *arguments: str, given: str = "", **variables: str) -> str:
    """What `git` prints, without the blanks around it.

    `given` is its input, `variables` are added to its environment.

    Raises:
        ReleaseError: `git` is not installed, or fails; the message is its own.
    """
    own = {name: value for name, value in os.environ.items() if name not in OUTER}
    try:
        done = subprocess.run(  # noqa: S603 - no shell; what users give is marked as a revision or a path
            ["git", "-C", str(repository), *arguments],  # noqa: S607 - the user's own git
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


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "quotestance" / "releases"
