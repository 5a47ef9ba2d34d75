"""Searching folders, through links too, without going in circles."""

import os
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.ingest.names import printable
from builder.ingest.own import is_own, without_own
from builder.ingest.patterns import Places, after, before_any, is_matched
from builder.ingest.source import STAGE
from builder.records import Reject, RejectReason


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file and its name relative to the folder that was given or that the glob starts at."""

    name: str
    path: Path


def search(root: Path, parts: Sequence[str]) -> Iterator[Found | Reject]:
    """The files below `root` that match a pattern, and what could not be looked at.

    A folder that links lead to again is not searched again: that would give the same files under
    other names, without end where it holds a link to itself. Workspaces and releases are passed over,
    unless `root` is one: then what runs wrote into it is.
    """
    searched: dict[tuple[int, int, Places], str] = {}
    folders = [("", before_any(parts))]
    links: deque[tuple[str, Places]] = deque()
    while folders or links:
        # Links last, so that files are known by the names of the folders that they are in.
        folder, places = folders.pop() if folders else links.popleft()
        path = root / folder
        try:
            here = path.stat()
            names = _names_in(path, is_root=not folder)
        except OSError as error:
            yield unreadable(folder or root.name, error)
            continue
        # Elsewhere in the pattern, the same folder may hold other matches.
        known = searched.setdefault((here.st_dev, here.st_ino, places), folder)
        if known != folder:
            yield _refused(folder, f"a folder that links lead to more than once; read as {known or '.'!r}")
            continue
        for name in names:
            reached = after(parts, places, name)
            if not reached:
                continue
            below = f"{folder}/{name}" if folder else name
            try:
                mode = (root / below).stat().st_mode
            except OSError as error:
                # What a link to nowhere would have been, if it does not match by itself, is no loss.
                if is_matched(parts, places, name) or not isinstance(error, FileNotFoundError):
                    yield unreadable(below, error)
                continue
            if stat.S_ISDIR(mode):
                (links if (root / below).is_symlink() else folders).append((below, reached))
            elif is_matched(parts, places, name):
                yield regular(root / below, below, mode)


def _names_in(folder: Path, is_root: bool) -> Sequence[str]:
    """The names in a folder, sorted, without what this program wrote itself."""
    names = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    if is_root:
        return without_own(folder, names)
    return [] if is_own(folder, names) else names


def regular(path: Path, name: str, mode: int) -> Found | Reject:
    """A file, if it is a regular one: a pipe or a device would be read without end."""
    return Found(printable(name), path) if stat.S_ISREG(mode) else _refused(name, "not a regular file")


def unreadable(name: str, error: Exception) -> Reject:
    """The reject of what cannot be looked at."""
    return _refused(name, getattr(error, "strerror", None) or str(error))


def _refused(name: str, why: str) -> Reject:
    return Reject(STAGE, printable(name), RejectReason.UNREADABLE, why)
