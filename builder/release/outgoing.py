"""A release that goes out: what it is, how it is to be published, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.release.folder import CARD
from builder.release.manifest import FILE, read_manifest, sha256_of
from builder.release.verify import require_intact
from builder.release.version import checked_version, folder_name

RETRACTED = "RETRACTED.md"
KEPT = frozenset({".gitattributes", RETRACTED})
"""Files that belong to the place where releases are published; no version replaces them."""
NEW = frozenset({*KEPT, CARD})  # what a repository that was just created may hold

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


@dataclass(frozen=True, slots=True)
class Wish:
    """How to publish.

    `propose` makes a pull request and no tag; `rehearse` writes nothing; `onto` is the commit that the
    repository must be at, whatever it holds; without it, it must be as the last version left it.
    """

    private: bool = False
    propose: bool = False
    rehearse: bool = False
    onto: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the place and the tag, the commit, and which files were new, deleted or there.

    `commit` is None where nothing was written; `proposal` is the address of a pull request; `read_back`
    counts the files that were read back and found to be right.
    """

    place: str
    tag: str
    commit: str | None
    new: tuple[str, ...] = ()
    new_bytes: int = 0
    deleted: tuple[str, ...] = ()
    same: int = 0
    proposal: str | None = None
    read_back: int = 0

    def told(self) -> str:
        """What was done, for people."""
        changed = f"{len(self.new)} files new or changed ({self.new_bytes:,} bytes), {self.same} as they were"
        gone = f", {len(self.deleted)} of the version before deleted" if self.deleted else ""
        if not self.read_back:
            return f"{self.tag} would be published to {self.place}: {changed}{gone}"
        done = f"{self.tag} is published to {self.place}"
        if self.proposal:
            done = f"{self.tag} is proposed in {self.proposal}; publish again once it is merged, for its tag"
        return f"{done}: {changed}{gone}; all {self.read_back} were read back and are the same"


def read_outgoing(folder: Path) -> Outgoing:
    """A release, if every file is what its manifest says and the card fits the data.

    Raises:
        ReleaseError: the folder is no release, or something in it was changed, added or lost.
    """
    require_intact(folder)
    told = read_manifest(folder)
    files = {path: one.sha256 for path, one in told.files.items()}
    return Outgoing(folder, checked_version(told.version), {**files, FILE: sha256_of(folder / FILE)})


def retracted_in(note: str) -> list[str]:
    """The tags that a note of retracted versions lists."""
    return [line.removeprefix("- ").strip() for line in note.splitlines() if line.startswith("- ")]


def with_retracted(note: str, tag: str) -> str:
    """The note with one more retracted version."""
    return f"{note.rstrip() or HEADING}\n- {tag}\n"
