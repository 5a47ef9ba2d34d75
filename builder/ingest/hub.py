"""Reading `datasets` repositories, on the Hub and in local folders; streamed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.config import FieldNames, InputConfig
from builder.ingest.limits import Refused
from builder.ingest.rows import document_of
from builder.ingest.source import Repository, Source
from builder.records import RawDocument, Reject, RejectReason

PREFIX = "hf://"
NAME = re.compile(r"hf://(?P<name>[\w.-]+/[\w.-]+)(?:/(?P<subset>[\w.-]+))?/?", re.ASCII)
SAVED = ("state.json", "dataset_dict.json")  # what save_to_disk leaves
CARD = re.compile(r"\A---\n(?:(?!---).*\n)*?(?:configs|dataset_info):")
CARD_HEAD = 65_536  # characters


def is_on_hub(given: str) -> bool:
    """Whether a configured path names a repository on the Hub."""
    return given.startswith(PREFIX)


def is_repository(folder: Path) -> bool:
    """Whether a folder was written by `save_to_disk`, or has a dataset card that declares its data."""
    if any((folder / name).is_file() for name in SAVED):
        return True
    try:
        with (folder / "README.md").open(encoding="utf-8") as card:
            return CARD.match(card.read(CARD_HEAD)) is not None
    except (OSError, UnicodeDecodeError):
        return False


def repository_source(asked: InputConfig, path: Path | None) -> Source:
    """The source that a repository is: `path` is its folder, None on the Hub.

    What is on the Hub is pinned to the commit that the revision (by default the newest) is now.

    Raises:
        Refused: there is no such repository, or it cannot be reached.
    """
    content = "article" if asked.content == "auto" else asked.content
    if path is not None:
        uri = f"{path.resolve().name}/{asked.split}"
        return Source(
            uri, path, "repository", content, fields=asked.fields, repository=Repository(asked.split)
        )
    match = NAME.fullmatch(asked.path)
    if match is None:
        raise Refused(RejectReason.UNREADABLE, f"{asked.path!r} is not of the form hf://user/name[/subset]")
    name, subset = match["name"], match["subset"]
    repository = Repository(asked.split, name, subset, _commit(name, subset, asked.revision))
    uri = f"{asked.path.rstrip('/')}/{asked.split}"
    return Source(uri, None, "repository", content, fields=asked.fields, repository=repository)


def read_repository(source: Source, limit: int) -> Iterator[RawDocument | Reject]:
    """The documents of a split, streamed.

    Raises:
        Refused: the split, or the rest of it, cannot be read.
    """
    for number, row in enumerate(_rows(source), 1):
        yield document_of(row, source, number, limit)


def _commit(name: str, subset: str | None, revision: str | None) -> str:
    # Imported where it is used: datasets takes seconds to load, and most runs read files only.
    from datasets import load_dataset_builder  # noqa: PLC0415

    try:
        builder = load_dataset_builder(name, subset, revision=revision)
    except Exception as error:  # datasets and its file systems raise errors of any kind
        raise _refused(RejectReason.UNREADABLE, error) from error
    return str(builder.hash)


def _rows(source: Source) -> Iterator[Mapping[str, Any]]:
    data = _selected(_opened(source), source.fields)
    try:
        yield from data
    except Exception as error:
        reason = RejectReason.UNREADABLE if isinstance(error, OSError) else RejectReason.CORRUPT
        raise _refused(reason, error) from error


def _opened(source: Source) -> Any:
    from datasets import disable_progress_bars, load_dataset  # noqa: PLC0415 - as above

    repository = source.repository
    if repository is None:
        raise ValueError(f"{source.uri} is no repository")
    disable_progress_bars()
    name, subset, split = repository.name, repository.subset, repository.split
    try:
        if source.path is None:
            return load_dataset(name, subset, split=split, revision=repository.commit, streaming=True)
        if any((source.path / saved).is_file() for saved in SAVED):
            return _saved(source.path, split)
        return load_dataset(str(source.path), split=split, streaming=True)
    except Exception as error:
        raise _refused(RejectReason.UNREADABLE, error) from error


def _saved(folder: Path, split: str) -> Any:
    from datasets import Dataset, load_from_disk  # noqa: PLC0415 - as above

    saved = load_from_disk(str(folder))
    if isinstance(saved, Dataset):
        return saved
    if split not in saved:
        raise ValueError(f"no split {split!r}; there are {', '.join(map(str, saved))}")
    return saved[split]


def _selected(data: Any, fields: FieldNames) -> Any:
    """The columns that are read; others may hold images or sound, which would be decoded."""
    if data.column_names is None:
        return data
    names = [str(name) for name in data.column_names]
    if fields.text not in names:
        raise Refused(
            RejectReason.BAD_RECORD, f"no column {fields.text!r}; the columns are: {', '.join(names[:20])}"
        )
    wanted = set(fields.model_dump().values())
    return data.select_columns([name for name in names if name in wanted])


def _refused(reason: RejectReason, error: Exception) -> Refused:
    detail = " ".join(str(error).split())[:300]
    return Refused(reason, f"{type(error).__name__}: {detail}")
