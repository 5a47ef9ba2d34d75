"""Gathering: every configured input, read once from front to back, becomes shards of raw documents.

The raw bytes are kept in the workspace, compressed, so that parsing them can be spread over
processes, repeated with another configuration and proved by hashes, whatever they came out of.
The shards of one batch of files do not depend on any other batch: a new file redoes one batch.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from builder.config import IngestConfig, InputConfig
from builder.engine.fingerprint import of_code, of_config
from builder.engine.workspace import Progress, Workspace, as_json, silent, write_atomically
from builder.ingest.limits import MEGABYTE
from builder.ingest.read import read
from builder.ingest.sources import Batch, batches, discover
from builder.records import RawDocument, Reject

FOLDER = "inputs"
BATCHES = "batches"  # within it: for each batch, its fingerprint and the names of its shards
GATHERED = "gathered"  # within it: what all shards were gathered by, once they all were
NOT_FOUND = "not-found"  # the shard that holds the rejects of inputs that are no file
LIBRARIES = ("datasets", "fastwarc", "jsonlines", "pyarrow", "zstandard")


def gather(
    workspace: Workspace,
    inputs: Sequence[InputConfig],
    base: Path,
    config: IngestConfig,
    progress: Progress = silent,
) -> list[str]:
    """Brings the shards of raw documents up to date.

    Relative paths of `inputs` start at `base`.

    Returns:
        The names of all shards, sorted.
    """
    sources, not_found = discover(inputs, base)
    found = batches(sources)
    settings = _settings(config)
    fingerprints = {batch.name: {"batch": batch.fingerprint(), **settings} for batch in found}
    kept = {
        name: _finished_shards(workspace, name, fingerprint) for name, fingerprint in fingerprints.items()
    }
    _note_gathered(workspace, {})
    workspace.prune(FOLDER, [shard for shards in kept.values() for shard in shards])
    for record in (workspace.root / FOLDER / BATCHES).glob("*.json"):
        if record.stem not in fingerprints:
            record.unlink()
    progress(FOLDER, 0, len(found))
    names = [NOT_FOUND] if not_found else []
    if not_found:
        workspace.write(FOLDER, NOT_FOUND, RawDocument, [], not_found, {}, settings)
    for number, batch in enumerate(found, 1):
        names += kept[batch.name] or _gather_batch(workspace, batch, config, fingerprints[batch.name])
        progress(FOLDER, number, len(found))
    _note_gathered(workspace, _gathered_by(inputs, config))
    return sorted(names)


def is_gathered(workspace: Workspace, inputs: Sequence[InputConfig], config: IngestConfig) -> bool:
    """Whether the shards are all that these inputs were gathered into by this program.

    Whether the files are still what they were is not looked at. Workspaces of older versions do not tell.
    """
    try:
        return bool(json.loads(_gathered_path(workspace).read_bytes()) == _gathered_by(inputs, config))
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def _settings(config: IngestConfig) -> dict[str, str]:
    """What shapes every shard besides what is read."""
    return {
        "config": of_config(config, without=["languages"]),
        "code": of_code("ingest", libraries=LIBRARIES),
    }


def _gathered_by(inputs: Sequence[InputConfig], config: IngestConfig) -> dict[str, str]:
    return {"inputs": of_config(inputs), **_settings(config)}


def _note_gathered(workspace: Workspace, by: dict[str, str]) -> None:
    """Notes what the shards are gathered by; nothing while they are not complete."""
    write_atomically(_gathered_path(workspace), as_json(by).encode())


def _gathered_path(workspace: Workspace) -> Path:
    return workspace.root / FOLDER / GATHERED / "all.json"


def _finished_shards(workspace: Workspace, batch: str, fingerprint: dict[str, str]) -> list[str]:
    """The shards of a batch that an earlier run finished, if they all still are as it left them."""
    try:
        done = json.loads(_batch_path(workspace, batch).read_text(encoding="utf-8"))
        shards, made_by = [str(shard) for shard in done["shards"]], done["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    proved = all(workspace.is_done(FOLDER, shard, {}, fingerprint) for shard in shards)
    return shards if made_by == fingerprint and proved else []


def _gather_batch(
    workspace: Workspace, batch: Batch, config: IngestConfig, fingerprint: dict[str, str]
) -> list[str]:
    names = []
    for number, shard in enumerate(_in_shards(read(batch, config), config)):
        names.append(f"{batch.name}-{number:05d}")
        workspace.write(FOLDER, names[-1], RawDocument, shard.documents, shard.rejects, {}, fingerprint)
    record = as_json({"fingerprint": fingerprint, "shards": names})
    write_atomically(_batch_path(workspace, batch.name), record.encode())
    return names


@dataclass(frozen=True, slots=True)
class _Shard:
    documents: list[RawDocument]
    rejects: list[Reject]


def _in_shards(read_in: Iterable[RawDocument | Reject], config: IngestConfig) -> Iterator[_Shard]:
    """Cuts a stream into shards by the configured number of records and of bytes; at least one."""
    shard, size, empty = _Shard([], []), 0, True
    for one in read_in:
        data = _size(one)
        full = len(shard.documents) + len(shard.rejects) >= config.shard_documents
        if full or (size and size + data > config.shard_mb * MEGABYTE):
            yield shard
            shard, size, empty = _Shard([], []), 0, False
        size += data
        if isinstance(one, RawDocument):
            shard.documents.append(one)
        else:
            shard.rejects.append(one)
    if shard.documents or shard.rejects or empty:
        yield shard


def _size(one: RawDocument | Reject) -> int:
    """The bytes of all fields of a record."""
    values = (getattr(one, field.name) for field in fields(one))
    return sum(len(value.encode() if isinstance(value, str) else value) for value in values if value)


def _batch_path(workspace: Workspace, batch: str) -> Path:
    return workspace.root / FOLDER / BATCHES / f"{batch}.json"
