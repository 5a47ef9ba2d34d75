"""Running the steps that look at the whole corpus at once, such as clustering.

Their memory is bounded by the database they work with, not by the shard; their output is one
shard named ALL, proved by a marker as any other is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.engine.workspace import Progress, Workspace, as_json, silent
from builder.ids import sha256

ALL = "all"


@dataclass(frozen=True, slots=True)
class CorpusStep:
    """A step over all shards of the folders that it `reads`.

    `produce` is given the Parquet files of each folder, in the order of the shards, and gives the
    step's records in an order that does not depend on the machine.
    """

    name: str
    reads: tuple[str, ...]
    record: type
    fingerprint: tuple[tuple[str, str], ...]
    produce: Callable[[Mapping[str, list[Path]]], Iterable[Any]]


def run_over_corpus(
    workspace: Workspace, step: CorpusStep, shards: Sequence[str], progress: Progress = silent
) -> None:
    """Brings a step's one output shard up to date."""
    workspace.prune(step.name, [ALL])
    progress(step.name, 0, 1)
    if not is_up_to_date(workspace, step, shards):
        files = {folder: [workspace.path(folder, shard) for shard in shards] for folder in step.reads}
        inputs = _inputs(workspace, step, shards)
        workspace.write(step.name, ALL, step.record, step.produce(files), [], inputs, dict(step.fingerprint))
    progress(step.name, 1, 1)


def is_up_to_date(workspace: Workspace, step: CorpusStep, shards: Sequence[str]) -> bool:
    """Whether a step's output was made of just these shards by just this."""
    return workspace.is_done(step.name, ALL, _inputs(workspace, step, shards), dict(step.fingerprint))


def _inputs(workspace: Workspace, step: CorpusStep, shards: Sequence[str]) -> dict[str, str]:
    return {folder: hash_of_shards(workspace, folder, shards) for folder in step.reads}


def hash_of_shards(workspace: Workspace, folder: str, shards: Iterable[str]) -> str:
    """One hash over the contents of a folder's shards.

    Raises:
        WorkspaceError: one of them is not finished.
    """
    return sha256(as_json({shard: workspace.finished(folder, shard).sha256 for shard in shards}).encode())
