"""Which files a local `datasets` repository is read from: what it declares, if none lies outside."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from builder.ingest.limits import Refused
from builder.records import RejectReason

CARD = "README.md"
# By its scheme; two colons stand before the path or address of the archive that something is in.
ADDRESS = re.compile(r"\A[a-z][a-z0-9+.-]*:|::|://", re.IGNORECASE)
SAVED_DICT, SAVED_STATE, SAVED_INFO = "dataset_dict.json", "state.json", "dataset_info.json"


def is_saved(folder: Path) -> bool:
    """Whether a folder was written by `save_to_disk`."""
    return is_file(folder / SAVED_STATE) or is_file(folder / SAVED_DICT)


def saved_files(folder: Path) -> tuple[str, ...]:
    """The names, relative to the folder, of what loading a saved dataset reads.

    Raises:
        Refused: its lists of files cannot be read, or name one outside the folder.
    """
    if is_file(folder / SAVED_STATE) and is_file(folder / SAVED_INFO):
        return inside(folder, _saved_split(folder, "."))
    (listed,) = inside(folder, [SAVED_DICT])
    splits = _named_in(folder / listed, lambda found: found["splits"])
    return inside(folder, [listed, *(name for split in splits for name in _saved_split(folder, split))])


def check_declared(configs: object) -> None:
    """Refuses what a card's configs declare outside the folder, before anything looks for it there.

    Raises:
        Refused: it is an address, an absolute path, or one that leads out of the folder.
    """
    for config in configs if isinstance(configs, list) else []:
        for key in ("data_files", "data_dir"):
            for path in _strings(config.get(key) if isinstance(config, dict) else None):
                if _is_address(path) or path.startswith("/") or ".." in PurePosixPath(path).parts:
                    raise _outside(path)


def inside(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Files, absolute or relative to the folder, by their real names relative to it, sorted.

    Raises:
        Refused: one does not lie in the folder, be it by a link, or is no regular file.
    """
    root = os.path.realpath(folder)
    names = set()
    for file in files:
        try:
            path = os.path.realpath(os.path.join(root, file))  # noqa: PTH118 - Path's raises where links go round
        except ValueError as error:  # what no file can be called
            raise _outside(file) from error
        if _is_address(file) or os.path.commonpath([root, path]) != root:
            raise _outside(file)
        if not is_file(Path(path)):
            raise Refused(RejectReason.UNREADABLE, f"{file[:200]!r} is not a regular file")
        names.add(os.path.relpath(path, root))
    return tuple(sorted(names))


def is_file(path: Path) -> bool:
    """Whether a path is a regular file; what cannot be looked at is none."""
    return os.path.isfile(path)  # noqa: PTH113 - Path's raises when it cannot look


def _saved_split(folder: Path, split: str) -> list[str]:
    # These are checked before one of them is opened.
    described = inside(folder, [f"{split}/{SAVED_STATE}", f"{split}/{SAVED_INFO}"])
    data = _named_in(
        folder / split / SAVED_STATE, lambda found: [one["filename"] for one in found["_data_files"]]
    )
    return [*described, *(f"{split}/{name}" if not name.startswith("/") else name for name in data)]


def _named_in(path: Path, names: Callable[[Any], list[Any]]) -> list[str]:
    try:
        found = names(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(RejectReason.CORRUPT, f"{path.name} lists no files: {error}") from error
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise Refused(RejectReason.CORRUPT, f"{path.name} lists no files")
    return found


def _is_address(path: str) -> bool:
    return ADDRESS.search(path) is not None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _outside(path: str) -> Refused:
    return Refused(RejectReason.OUTSIDE, f"{path[:200]!r} is not in the repository's folder")
