"""PolNeAR as the evaluation reads it: articles with annotated quotations, and who their sources are."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.lines import read_objects

from .data import data_folder
from .metrics.attribution import SpeakerLabel

SPLITS = ("dev", "train")


def corpus_files(split: str, *, speakers: bool = False) -> list[Path]:
    """The file of a split's articles and, if asked for, the one that says who their sources are.

    Raises:
        UsageError: one is not on this machine.
    """
    folder = data_folder()
    names = [f"{split}.jsonl", f"speakers_{split}.tsv"] if speakers else [f"{split}.jsonl"]
    files = [folder / "polnear" / name for name in names] if folder is not None else []
    if not files or not all(path.is_file() for path in files):
        raise UsageError(
            f"polnear/{' and '.join(names)} is not there; set QUOTESTANCE_DATA to the folder of the corpora"
        )
    return files


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Articles with `id`, `text` and `attributions`.

    Raises:
        UsageError: the file cannot be read, or a line lacks one of these.
    """
    return read_rows(path, ("id", "text", "attributions"))


def read_speakers(path: Path) -> dict[tuple[str, str], SpeakerLabel]:
    """Who each source is: lines of document's id, attribution's id, name and kind, separated by tabs.

    Raises:
        UsageError: a line has not four fields.
    """
    labels = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 4:
            raise UsageError(f"{path}:{number}: {len(fields)} fields instead of 4")
        labels[fields[0], fields[1]] = SpeakerLabel(fields[2], fields[3])
    return labels


def read_rows(path: Path, fields: Iterable[str]) -> list[dict[str, Any]]:
    """The objects of a JSONL file, all of which have the fields.

    Raises:
        UsageError: the file cannot be read, a line is no object or lacks a field; it is named.
    """
    rows = []
    wanted = tuple(fields)
    for number, row in read_objects(path):
        missing = [name for name in wanted if name not in row]
        if missing:
            raise UsageError(f"{path}:{number}: no {missing[0]!r}")
        rows.append(row)
    return rows
