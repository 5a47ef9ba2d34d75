"""Comparing two releases wherever they lie."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from builder.engine.database import connected
from builder.release.diff import Diff, diff
from builder.release.locate import locate
from builder.release.manifest import read_manifest
from builder.release.version import Bump

MEMORY_MB = 1024  # as `run.memory_mb` is where nobody changes it


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, what differs, and by which part the version has to be counted up for it, and why."""

    old: str
    new: str
    needs: Bump
    because: str
    diff: Diff


def compare(old: str, new: str) -> Comparison:
    """Compares the releases that two references name; see `builder.release.locate` for what they may be.

    Raises:
        UsageError: a reference names nothing.
        ReleaseError: a release is not there, or cannot be read.
    """
    before, after = locate(old), locate(new)
    versions = read_manifest(before).version, read_manifest(after).version
    with tempfile.TemporaryDirectory() as spill, connected(MEMORY_MB, Path(spill)) as database:
        found = diff(database, before, after)
    needs, because = found.needs()
    return Comparison(*versions, needs, because, found)
