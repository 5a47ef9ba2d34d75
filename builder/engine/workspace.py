"""The workspace: shards of records, and the markers that prove which of them are finished.

A workspace is a folder with one folder per stage, one Parquet file per shard and one marker
(JSON) per Parquet file; what was left out lies under `rejects/STAGE/`. A file is written under a
temporary name, flushed to the disk and renamed, and its marker only after that: a marker that is
there tells the truth, whenever the run was killed. Nothing in a workspace holds a time, a path of
the machine or anything else that would differ between two runs on the same input.

Whatever lies where shards lie is removed when no stage needs it any more. So a workspace is marked as
one, and a folder in which somebody else's files would be taken for shards is never made one.
"""

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from builder.errors import UsageError, WorkspaceError
from builder.ids import sha256
from builder.records import Reject, from_table, schema, to_table

TEMPORARY = ".tmp-"
LOCK = ".lock"
MARK = ".quotestance-workspace"
MARK_TEXT = b"quotestance writes, replaces and removes what lies here: keep nothing of your own in it.\n"
SPILL, REJECTS = "spill", "rejects"
ROWS_AT_ONCE = 10_000  # of a global step's output: a few megabytes, whatever the corpus

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Marker:
    """What proves that a shard is finished: its inputs, what made it, and its own hashes.

    `inputs` maps the folder of each input to the SHA-256 of the input shard; `fingerprint` holds
    hashes of the configuration, the code, the libraries and the models.
    """

    inputs: Mapping[str, str]
    fingerprint: Mapping[str, str]
    rows: int
    sha256: str
    rejects: int
    rejects_sha256: str | None


class Workspace:
    """A folder that one run at a time works in."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def locked(self) -> Iterator["Workspace"]:
        """Creates the folder if need be, keeps other runs out, and clears what a killed run left.

        Raises:
            WorkspaceError: another run holds it, it cannot be created or written, or it holds files of
                somebody's own in the place of shards and so is no workspace; then nothing in it is touched.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._require_own()
            lock = acquired(self.root / LOCK)
        except OSError as error:
            raise WorkspaceError(f"{self.root}: cannot be used as a workspace: {error.strerror}") from error
        if lock is None:
            raise WorkspaceError(f"{self.root}: another run is working in this workspace")
        try:
            if not (self.root / MARK).exists():
                write_atomically(self.root / MARK, MARK_TEXT)
            self.sweep()
            shutil.rmtree(self.spill, ignore_errors=True)
            yield self
        finally:
            lock.release()

    def _require_own(self) -> None:
        # In this order: what another run has just begun has its mark before it has any shard.
        found = _in_place_of_shards(self.root)
        if found is not None and not ((self.root / MARK).exists() or self.holds_shards()):
            raise WorkspaceError(
                f"{self.root}: is not a workspace: it holds {found.relative_to(self.root)}, which no run "
                "wrote and a run might remove; name a folder for the workspace alone with --workspace"
            )

    def sweep(self) -> None:
        """Removes the unfinished files of processes that are no more."""
        for depth in ("", "*/", "*/*/"):
            for left in sorted(self.root.glob(f"{depth}{TEMPORARY}[0-9]*-*")):
                if left.is_file():
                    left.unlink(missing_ok=True)

    def holds_shards(self) -> bool:
        """Whether there is a finished shard of any stage: older workspaces are known by that alone."""
        return any(self._holds_shards(folder) for folder in self.root.glob("[!.]*"))

    def folders(self) -> list[str]:
        """The folders that hold what runs wrote, releases excepted; sorted."""
        found = sorted(path for path in self.root.glob("[!.]*") if path.is_dir())
        return [path.name for path in found if path.name in {SPILL, REJECTS} or self._holds_shards(path)]

    def _holds_shards(self, folder: Path) -> bool:
        return any(
            path.with_suffix(".parquet").is_file() and self.marker(folder.name, path.stem) is not None
            for path in folder.glob("*.json")
        )

    @property
    def spill(self) -> Path:
        """Where a database may put what it does not hold in memory; emptied when a run begins."""
        return self.root / SPILL

    def path(self, folder: str, shard: str) -> Path:
        """Where the records of a shard lie."""
        return self.root / folder / f"{shard}.parquet"

    def shards(self, folder: str) -> list[str]:
        """The names of the finished shards of a folder, sorted."""
        return sorted(
            path.stem for path in (self.root / folder).glob("*.json") if not path.name.startswith(".")
        )

    def marker(self, folder: str, shard: str) -> Marker | None:
        """The marker of a shard, or None where there is none that can be read."""
        try:
            return Marker(**json.loads((self.root / folder / f"{shard}.json").read_text(encoding="utf-8")))
        except (OSError, RecursionError, TypeError, ValueError):
            return None

    def finished(self, folder: str, shard: str) -> Marker:
        """The marker of a shard that must be there.

        Raises:
            WorkspaceError: it is not.
        """
        marker = self.marker(folder, shard)
        if marker is None:
            raise WorkspaceError(f"{self.root / folder}: shard {shard} is not finished; run the build again")
        return marker

    def is_done(
        self, folder: str, shard: str, inputs: Mapping[str, str], fingerprint: Mapping[str, str]
    ) -> bool:
        """Whether a shard was made from just these inputs by just this, and still is what it was."""
        marker = self.marker(folder, shard)
        return (
            marker is not None
            and marker.inputs == inputs
            and marker.fingerprint == fingerprint
            and _hash_of(self.path(folder, shard)) == marker.sha256
            and (marker.rejects == 0 or _hash_of(self._rejects(folder, shard)) == marker.rejects_sha256)
        )

    def read(self, folder: str, shard: str, record: type[R]) -> list[R]:
        """The records of a shard, in order.

        Raises:
            WorkspaceError: the file is missing or damaged.
        """
        return _read(self.path(folder, shard), record)

    def rejects(self, folder: str, shard: str) -> list[Reject]:
        """What a stage left out of a shard."""
        path = self._rejects(folder, shard)
        return _read(path, Reject) if path.exists() else []

    def reject_files(self) -> list[Path]:
        """All files of rejects, of every stage, sorted."""
        return sorted((self.root / REJECTS).glob("*/[!.]*.parquet"))

    def all_rejects(self) -> list[Reject]:
        """What every stage left out, in the order of `reject_files`.

        Raises:
            WorkspaceError: a file is damaged.
        """
        return [reject for path in self.reject_files() for reject in _read(path, Reject)]

    def write(
        self,
        folder: str,
        shard: str,
        record: type,
        records: Iterable[Any],
        rejects: Sequence[Reject],
        inputs: Mapping[str, str],
        fingerprint: Mapping[str, str],
    ) -> Marker:
        """Writes a shard and, after it, its marker; both appear whole or not at all."""
        marker_path = self.root / folder / f"{shard}.json"
        marker_path.unlink(missing_ok=True)
        rows = _write_parquet(self.path(folder, shard), records, record)
        rejects_path = self._rejects(folder, shard)
        if rejects:
            _write_parquet(rejects_path, rejects, Reject)
        else:
            rejects_path.unlink(missing_ok=True)
        marker = Marker(
            inputs=dict(sorted(inputs.items())),
            fingerprint=dict(sorted(fingerprint.items())),
            rows=rows,
            sha256=_hash_of(self.path(folder, shard)) or "",
            rejects=len(rejects),
            rejects_sha256=_hash_of(rejects_path) if rejects else None,
        )
        write_atomically(marker_path, as_json(asdict(marker)).encode())
        return marker

    def prune(self, folder: str, keep: Iterable[str]) -> None:
        """Removes the shards of a folder that are not to be kept, markers first."""
        kept = set(keep)
        for suffix in ("json", "parquet"):
            for path in sorted((self.root / folder).glob(f"*.{suffix}")):
                if path.stem not in kept:
                    path.unlink()
        for path in sorted((self.root / REJECTS / folder).glob("*.parquet")):
            if path.stem not in kept:
                path.unlink()

    def _rejects(self, folder: str, shard: str) -> Path:
        return self.root / REJECTS / folder / f"{shard}.parquet"


def is_workspace(folder: Path, names: Collection[str]) -> bool:
    """Whether a folder, in which there are these names, is a workspace."""
    return MARK in names or (LOCK in names and Workspace(folder).holds_shards())


def acquired(path: Path) -> FileLock | None:
    """A lock that is held by way of a file, to be released; None where another run holds it.

    Raises:
        OSError: the file cannot be written.
    """
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def as_json(value: Any) -> str:
    """JSON as every file of a workspace and a release holds it: sorted keys, a line break at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def make_folder(folder: Path) -> None:
    """Makes a folder that somebody named for what is written, with those above it.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error


def write_atomically(path: Path, data: bytes) -> None:
    """Writes a file so that it appears whole or not at all, and survives a power cut."""
    with _replacing(path) as temporary:
        temporary.write_bytes(data)


def _in_place_of_shards(root: Path) -> Path | None:
    """A file that a run would remove, or take for a shard, if it were not of its own; None without any."""
    patterns = (f"{SPILL}/*", f"{REJECTS}/*/*.parquet", "[!.]*/*.json", "[!.]*/*.parquet")
    found = (path for pattern in patterns for path in sorted(root.glob(pattern)))
    return next((path for path in found if not path.name.startswith(TEMPORARY)), None)


def _read(path: Path, record: type[R]) -> list[R]:
    try:
        return from_table(pq.read_table(path, columns=schema(record).names), record)
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise WorkspaceError(f"{path}: cannot be read; run the build again ({error})") from error


def _write_parquet(path: Path, records: Iterable[Any], record: type) -> int:
    rows = 0
    with (
        _replacing(path) as temporary,
        pq.ParquetWriter(temporary, schema(record), compression="zstd") as writer,
    ):
        for some in batched(records, ROWS_AT_ONCE):
            writer.write_table(to_table(some, record))
            rows += len(some)
    return rows


def batched(records: Iterable[R], size: int) -> Iterator[list[R]]:
    """The records in lists of at most `size`, in order; no more than one list is held."""
    rest = iter(records)
    while some := list(islice(rest, size)):
        yield some


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place, flushed to the disk, when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        yield temporary
        _flush(temporary, os.O_RDONLY)
        temporary.replace(path)
        _flush(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    finally:
        temporary.unlink(missing_ok=True)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash_of(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return None


Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many of its shards are finished, and how many there are."""


def silent(stage: str, finished: int, total: int) -> None:
    """A `Progress` that shows nothing."""
