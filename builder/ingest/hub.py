"""Reading `datasets` repositories, on the Hub and in local folders; streamed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.config import FieldNames, InputConfig
from builder.ingest.limits import Refused
from builder.ingest.local_repository import CARD, check_declared, inside, is_file, is_saved, saved_files
from builder.ingest.names import listed, printable
from builder.ingest.rows import document_of
from builder.ingest.source import Repository, Source
from builder.records import RawDocument, Reject, RejectReason

PREFIX = "hf://"
NAME = re.compile(r"hf://(?P<name>[\w.-]+/[\w.-]+)(?:/(?P<subset>[\w.-]+))?/?", re.ASCII)
DECLARES = re.compile(r"\A---\n(?:(?!---).*\n)*?(?:configs|dataset_info):")
CARD_HEAD = 65_536  # characters
CARD_ELSEWHERE = ".huggingface.yaml"  # overrides the card
DESCRIPTIONS = (CARD, "dataset_infos.json")


def is_on_hub(given: str) -> bool:
    """Whether a configured path names a repository on the Hub."""
    return given.startswith(PREFIX)


def is_repository(folder: Path) -> bool:
    """Whether a folder was written by `save_to_disk`, or has a dataset card that declares its data."""
    if is_saved(folder):
        return True
    if not is_file(folder / CARD):  # it might be a pipe, which would be waited for
        return False
    try:
        with (folder / CARD).open(encoding="utf-8") as card:
            return DECLARES.match(card.read(CARD_HEAD)) is not None
    except (OSError, UnicodeDecodeError):
        return False


def repository_source(asked: InputConfig, path: Path | None) -> Source:
    """The source that a repository is: `path` is its folder, None on the Hub.

    What is on the Hub is pinned to the commit that the revision (by default the newest) is now.

    Raises:
        Refused: there is no such repository, it cannot be reached, or a local one declares files
            outside its folder.
    """
    content = "article" if asked.content == "auto" else asked.content
    if path is not None:
        uri = f"{printable(path.resolve().name)}/{asked.split}"
        repository = Repository(asked.split, files=_local_files(path))
        return Source(uri, path, "repository", content, fields=asked.fields, repository=repository)
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


def _local_files(folder: Path) -> tuple[str, ...]:
    """The names of all files in a folder that reading it involves."""
    from datasets import load, load_dataset_builder  # noqa: PLC0415 - as below

    if is_saved(folder):
        return saved_files(folder)
    if is_file(folder / CARD_ELSEWHERE):
        raise Refused(RejectReason.UNKNOWN_FORMAT, f"declared by {CARD_ELSEWHERE}; only {CARD} is understood")
    try:
        check_declared(load.DatasetCard.load(folder / CARD).data.get("configs"))
        data = load_dataset_builder(str(folder.resolve())).config.data_files or {}
    except Refused:
        raise
    except Exception as error:
        raise _refused(RejectReason.UNREADABLE, error) from error
    described = [name for name in DESCRIPTIONS if is_file(folder / name)]
    return inside(folder, [*described, *(file for files in data.values() for file in files)])


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
        folder = source.path.resolve()
        return (
            _saved(folder, split)
            if is_saved(folder)
            else load_dataset(str(folder), split=split, streaming=True)
        )
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
        detail = f"no column {fields.text!r}; the columns are: {listed(names)}"
        raise Refused(RejectReason.BAD_RECORD, detail)
    wanted = set(fields.model_dump().values())
    return data.select_columns([name for name in names if name in wanted])


def _refused(reason: RejectReason, error: Exception) -> Refused:
    detail = " ".join(str(error).split())[:300]
    return Refused(reason, f"{type(error).__name__}: {detail}")
