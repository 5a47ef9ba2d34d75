"""Files by folder, glob or name, each with a name that is the same on every machine."""

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from builder.ingest.hub import is_on_hub
from builder.ingest.names import printable
from builder.ingest.search import Found, regular, search, unreadable
from builder.ingest.source import STAGE
from builder.records import Reject, RejectReason


def expand(given: str, base: Path) -> tuple[list[Found], list[Reject]]:
    """The files that a configured path stands for, sorted by name, and what could not be used.

    A folder is searched through all its sub-folders, links included. Names that begin with a dot
    are hidden and left out, as a shell does.
    """
    path = located(given, base)
    if is_folder(path):
        found = list(search(path, ()))
    elif glob.has_magic(given) and not _exists(path):
        found = list(search(*_root_and_pattern(given, base)))
    else:
        found = [_file(path)]
    if not found:
        found = [Reject(STAGE, shown(given), RejectReason.EMPTY, f"no file is found by {given!r}")]
    files = [one for one in found if isinstance(one, Found)]
    rejects = [one for one in found if isinstance(one, Reject)]
    return sorted(files, key=lambda one: one.name), sorted(rejects, key=lambda one: one.uri)


def located(given: str, base: Path) -> Path:
    """Where a configured path is; a relative one starts at `base`."""
    return base / os.path.expanduser(given)  # noqa: PTH111 - Path's raises when there is no such user


def is_missing(given: str, base: Path) -> bool:
    """Whether a configured path that is no glob, and no dataset on the Hub, names nothing at all."""
    if is_on_hub(given):
        return False
    try:
        located(given, base).stat()
    except (FileNotFoundError, NotADirectoryError):
        return not glob.has_magic(given)
    except (OSError, ValueError):
        return False  # reading it will say so in a reject
    return False


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that cannot be looked at is none."""
    return os.path.isdir(path)  # noqa: PTH112 - Path's raises when it cannot look


def shown(given: str) -> str:
    """A configured path as records show it: without the folders of this machine if it is absolute."""
    if "://" in given:
        return printable(given)
    path = Path(given)
    return printable(path.name if path.is_absolute() or given.startswith("~") else path.as_posix())


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path's raises when it cannot look


def _root_and_pattern(given: str, base: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder that a glob starts at, and the parts from its first wildcard on.

    What the configuration's own folder is called is no pattern, nor is what exists by that name.
    """
    parts = Path(given).parts
    fixed = 0
    while fixed < len(parts) and _is_plain(parts[: fixed + 1], base):
        fixed += 1
    return located(str(Path(*parts[:fixed])), base), parts[fixed:]


def _is_plain(parts: Sequence[str], base: Path) -> bool:
    return not glob.has_magic(parts[-1]) or _exists(located(str(Path(*parts)), base))


def _file(path: Path) -> Found | Reject:
    try:
        return regular(path, path.name, path.stat().st_mode)
    except (OSError, ValueError) as error:
        return unreadable(path.name, error)
