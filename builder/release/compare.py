"""Comparing two releases wherever they lie."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from builder.engine.database import connected
from builder.release.diff import Diff, diff
from builder.release.locate import locate
from builder.release.manifest import Manifest, read_manifest
from builder.release.row_changes import Discretion, RowChange, changed_rows
from builder.release.version import Bump

MEMORY_MB = 1024  # as `run.memory_mb` is where nobody changes it


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, what differs, and by which part the version has to be counted up for it, and why.

    `rows` gives the single rows that differ, at most so many of each kind, or all; `discretion` says on
    which side some are not named, since they may have been removed on request.
    """

    old: str
    new: str
    needs: Bump
    because: str
    diff: Diff
    discretion: Discretion
    rows: Callable[[int | None], Iterator[RowChange]]

    def told(self) -> dict[str, Any]:
        """All but the single rows, for programs."""
        names = ("old", "new", "needs", "because")
        return {name: getattr(self, name) for name in names} | {
            "diff": asdict(self.diff),
            "discretion": asdict(self.discretion),
        }


@contextmanager
def comparing(old: str, new: str) -> Iterator[Comparison]:
    """Compares the releases that two references name; see `builder.release.locate` for what they may be.

    Raises:
        UsageError: a reference names nothing.
        ReleaseError: a release is not there, or cannot be read.
    """
    before, after = locate(old), locate(new)
    told = read_manifest(before), read_manifest(after)
    discretion = discretion_between(*told)
    with tempfile.TemporaryDirectory() as spill, connected(MEMORY_MB, Path(spill)) as database:
        found = diff(database, before, after)
        needs, because = found.needs()
        rows = partial(changed_rows, database, before, after, discretion)
        yield Comparison(told[0].version, told[1].version, needs, because, found, discretion, rows)


def discretion_between(old: Manifest, new: Manifest) -> Discretion:
    """On which side of two releases rows may stand that the other lacks because somebody asked for it.

    That is the older one, if a version after it left something out on request, or does not say. Which of
    the two is older is in their histories; where neither knows the other, it may be either.
    """
    if any(one.version == old.version for one in new.history):
        return Discretion(before=_withdrew_since(old, new))
    if any(one.version == new.version for one in old.history):
        return Discretion(after=_withdrew_since(new, old))
    return Discretion(before=True, after=True)


def _withdrew_since(old: Manifest, new: Manifest) -> bool:
    versions = [one.version for one in new.history]
    return any(one.withdrew is not False for one in new.history[versions.index(old.version) + 1 :])
