"""Making a release in a folder of releases: one run at a time, and it appears whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.engine.workspace import acquired
from builder.errors import ReleaseError

LOCK = ".releases.lock"  # another name than a workspace's lock: its folder may be that of the releases, too
SUFFIX = ".partial"
RELEASE = "release"  # within the partial folder: what becomes the release


@contextmanager
def making(output: Path, target: Path) -> Iterator[Path]:
    """A folder in which to make the release `target`, while no other run makes one in `output`.

    In it lies an empty folder RELEASE. All of it is removed in the end, and at the beginning what killed
    runs left.

    Raises:
        ReleaseError: another run is making a release there, `target` exists, or it cannot be written.
    """
    partial = output / f".{target.name}{SUFFIX}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        with _holding(output):
            require_new(target)
            for left in {*_unfinished(output), partial}:
                shutil.rmtree(left, ignore_errors=True)
            try:
                (partial / RELEASE).mkdir(parents=True)
                yield partial
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise ReleaseError(f"{target}: cannot be written: {error}") from error


def require_new(target: Path) -> None:
    """Refuses a folder that exists.

    Raises:
        ReleaseError: it exists.
    """
    if target.exists():
        raise ReleaseError(f"{target} exists; a release is never changed: choose a higher version")


@contextmanager
def _holding(output: Path) -> Iterator[None]:
    """Keeps other runs out of a folder of releases: each follows what lies there when it begins."""
    lock = acquired(output / LOCK)
    if lock is None:
        others = [one.name.removeprefix(".").removesuffix(SUFFIX) for one in _unfinished(output)]
        raise ReleaseError(f"{output}: another run is making {' and '.join(others) or 'a release'} there")
    try:
        yield
    finally:
        lock.release()


def _unfinished(output: Path) -> list[Path]:
    """The folders of releases that are being made, or were when their run was killed; sorted."""
    return sorted(path.parent for path in output.glob(f".v*{SUFFIX}/{RELEASE}"))
