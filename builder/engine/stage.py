"""What a stage is to the engine: a pure function from one input shard to one output shard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.engine.workspace import Workspace
from builder.records import Reject

Output = tuple[Sequence[Any], Sequence[Reject]]
Work = Callable[..., Output]


@dataclass(frozen=True, slots=True)
class Input:
    """A folder that a stage reads, and the class of its records."""

    folder: str
    record: type


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way from files to a release.

    `start` is called once in every worker process, where it may load models; what it returns is
    called once per shard with one list of records per input and gives the stage's own records and
    rejects. It must be picklable, as a module's function or a `functools.partial` of one is.
    `fingerprint` names everything besides the inputs that the output depends on.
    """

    name: str
    inputs: tuple[Input, ...]
    record: type
    fingerprint: tuple[tuple[str, str], ...]
    start: Callable[[], Work] = field(compare=False)


def input_hashes(workspace: Workspace, stage: Stage, shard: str) -> dict[str, str]:
    """The SHA-256 of each input of a stage for one shard, by folder.

    Raises:
        WorkspaceError: an input is not finished.
    """
    return {one.folder: workspace.finished(one.folder, shard).sha256 for one in stage.inputs}


def is_done(workspace: Workspace, stage: Stage, shard: str) -> bool:
    """Whether a shard of a stage is finished and still what it was made to be.

    Raises:
        WorkspaceError: an input is not finished.
    """
    return workspace.is_done(
        stage.name, shard, input_hashes(workspace, stage, shard), dict(stage.fingerprint)
    )


def run_shard(workspace: Workspace, stage: Stage, work: Work, shard: str) -> None:
    """Runs a stage on one shard and writes what it gives."""
    inputs = input_hashes(workspace, stage, shard)
    records, rejects = work(*(workspace.read(one.folder, shard, one.record) for one in stage.inputs))
    workspace.write(stage.name, shard, stage.record, records, rejects, inputs, dict(stage.fingerprint))
