"""A release that is about to go out: checked against its manifest, with the hash of every file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import ReleaseError
from builder.release import manifest
from builder.release.manifest import sha256_of
from builder.release.version import checked_version, folder_name

RETRACTED = "RETRACTED.md"
KEPT = frozenset({".gitattributes", RETRACTED})
"""Files that belong to the place where releases are published; no version replaces them."""

HEADING = """# Retracted versions

These versions were taken back by those who published them. Do not use copies of them.
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A release that keeps what its manifest promises; `files` holds the SHA-256 of each file by its path."""

    folder: Path
    version: str
    files: Mapping[str, str]

    @property
    def tag(self) -> str:
        """The name of its tag, and of its folder."""
        return folder_name(self.version)

    def bytes_of(self, paths: list[str]) -> int:
        """How many bytes some of its files have together."""
        return sum((self.folder / path).stat().st_size for path in paths)


def read_outgoing(folder: Path) -> Outgoing:
    """A release, if its files are those that its manifest names, byte for byte.

    Raises:
        ReleaseError: the folder is no release, or a file was changed, added or lost since it was made.
    """
    try:
        told = json.loads((folder / manifest.FILE).read_text("utf-8"))
        version = checked_version(told["version"])
        promised = {path: str(one["sha256"]) for path, one in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{folder}: is not a release: {manifest.FILE}: {error}") from error
    found = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    own = found.pop(manifest.FILE)
    wrong = sorted(path for path in found.keys() | promised.keys() if found.get(path) != promised.get(path))
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ReleaseError(
            f"{folder}: is not what its manifest says: {', '.join(wrong[:3])}{more} changed, added or lost "
            "since it was written; nothing was published"
        )
    return Outgoing(folder, version, {**found, manifest.FILE: own})


def retracted_in(note: str) -> list[str]:
    """The tags that a note of retracted versions lists."""
    return [line.removeprefix("- ").strip() for line in note.splitlines() if line.startswith("- ")]


def with_retracted(note: str, tag: str) -> str:
    """The note with one more retracted version."""
    return f"{note.rstrip() or HEADING}\n- {tag}\n"
