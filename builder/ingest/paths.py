"""Files by folder, glob or name, each with a name that is the same on every machine."""

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from builder.ingest.source import STAGE
from builder.records import Reject, RejectReason


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file and its name relative to the folder that was given or that the glob starts at."""

    name: str
    path: Path


def expand(given: str, base: Path) -> tuple[list[Found], list[Reject]]:
    """The files that a configured path stands for, sorted by name, and what could not be used.

    A folder is searched through all its sub-folders, links included. Names that begin with a dot
    are hidden and left out, as a shell does.
    """
    path = located(given, base)
    if is_folder(path):
        found = list(_in_folder(path, path))
    elif glob.has_magic(given) and not _exists(path):
        found = _matches(path)
    else:
        found = [_checked(path, path.parent)]
    if not found:
        found = [Reject(STAGE, shown(given), RejectReason.EMPTY, f"no file is found by {given!r}")]
    files = {one.name: one for one in found if isinstance(one, Found)}
    rejects = {one.uri: one for one in found if isinstance(one, Reject)}
    return [files[name] for name in sorted(files)], [rejects[uri] for uri in sorted(rejects)]


def located(given: str, base: Path) -> Path:
    """Where a configured path is; a relative one starts at `base`."""
    return base / os.path.expanduser(given)  # noqa: PTH111 - Path's raises when there is no such user


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that cannot be looked at is none."""
    return os.path.isdir(path)  # noqa: PTH112 - Path's raises when it cannot look


def shown(given: str) -> str:
    """A configured path as records show it: without the folders of this machine if it is absolute."""
    if "://" in given:
        return given
    path = Path(given)
    return _printable(path.name if path.is_absolute() or given.startswith("~") else path.as_posix())


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path's raises when it cannot look


def _matches(pattern: Path) -> list[Found | Reject]:
    root = _fixed_part(pattern)
    relative = str(pattern.relative_to(root))
    found: list[Found | Reject] = []
    for name in glob.glob(relative, root_dir=root, recursive=True):  # noqa: PTH207 - Path's finds hidden names
        path = root / name
        found += _in_folder(path, root) if is_folder(path) else [_checked(path, root)]
    return found


def _fixed_part(pattern: Path) -> Path:
    """The folders of a pattern before its first wildcard."""
    parts = pattern.parts
    fixed = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:fixed])


def _in_folder(folder: Path, root: Path, above: tuple[tuple[int, int], ...] = ()) -> Iterator[Found | Reject]:
    try:
        here = folder.stat()
        entries = sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError as error:
        yield _unreadable(folder, root, error.strerror or str(error))
        return
    if (here.st_dev, here.st_ino) in above:
        yield _unreadable(folder, root, "a link to a folder that it lies in")
        return
    for name in entries:
        if name.startswith("."):
            continue
        path = folder / name
        if is_folder(path):
            yield from _in_folder(path, root, (*above, (here.st_dev, here.st_ino)))
        else:
            yield _checked(path, root)


def _checked(path: Path, root: Path) -> Found | Reject:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        return _unreadable(path, root, getattr(error, "strerror", None) or str(error))
    # A pipe or a device would be read without end.
    return (
        Found(_name(path, root), path)
        if stat.S_ISREG(mode)
        else _unreadable(path, root, "not a regular file")
    )


def _unreadable(path: Path, root: Path, why: str) -> Reject:
    return Reject(STAGE, _name(path, root), RejectReason.UNREADABLE, why)


def _name(path: Path, root: Path) -> str:
    return _printable(path.relative_to(root).as_posix() if path != root else path.name)


def _printable(name: str) -> str:
    # A file's name may hold bytes that are no UTF-8, which no record could.
    return os.fsencode(name).decode("utf-8", "backslashreplace")
