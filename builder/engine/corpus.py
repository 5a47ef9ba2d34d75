"""Running the steps that look at the whole corpus at once, such as clustering.

Their memory is bounded by the database they work with, not by the shard; their output is one
shard named ALL, proved by a marker as any other is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.engine.workspace import Progress, Workspace, as_json, silent
from builder.ids import sha256

ALL = "all"


def run_over_corpus(
    workspace: Workspace,
    name: str,
    reads: Sequence[str],
    shards: Sequence[str],
    record: type,
    fingerprint: Mapping[str, str],
    produce: Callable[[Mapping[str, list[Path]]], Iterable[Any]],
    progress: Progress = silent,
) -> None:
    """Brings a step's one output shard up to date.

    `produce` is given the Parquet files of each folder that the step reads, in the order of
    `shards`, and gives the step's records in an order that does not depend on the machine.
    """
    inputs = {folder: hash_of_shards(workspace, folder, shards) for folder in reads}
    workspace.prune(name, [ALL])
    progress(name, 0, 1)
    if not workspace.is_done(name, ALL, inputs, fingerprint):
        files = {folder: [workspace.path(folder, shard) for shard in shards] for folder in reads}
        workspace.write(name, ALL, record, produce(files), [], inputs, fingerprint)
    progress(name, 1, 1)


def hash_of_shards(workspace: Workspace, folder: str, shards: Iterable[str]) -> str:
    """One hash over the contents of a folder's shards.

    Raises:
        WorkspaceError: one of them is not finished.
    """
    return sha256(as_json({shard: workspace.finished(folder, shard).sha256 for shard in shards}).encode())
