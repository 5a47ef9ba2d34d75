"""A release as it lies in a folder: its data files, and the columns that they say they have."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import ReleaseError

CARD = "README.md"
CLASS = "ClassLabel"


def data_files(folder: Path) -> dict[str, dict[str, Path]]:
    """The Parquet files of each configuration of the dataset, by their path within the folder; sorted."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*/*/*.parquet")):
        name = path.relative_to(folder).as_posix()
        found.setdefault(name.split("/")[0], {})[name] = path
    return found


def split_of_file(name: str) -> str:
    """The split that a data file belongs to, from its path within the release."""
    return name.split("/")[1]


def footer_of(path: Path) -> pq.FileMetaData:
    """The footer of a data file: its number of rows and its columns.

    Raises:
        ReleaseError: it is no Parquet file, or damaged.
    """
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise ReleaseError(f"{path}: cannot be read as Parquet: {error}") from error


def columns_of(path: Path) -> dict[str, Any]:
    """The columns of a data file as `datasets` wrote them into it: each one's type as plain JSON.

    Raises:
        ReleaseError: the file cannot be read, or `datasets` did not write it.
    """
    metadata = footer_of(path).metadata or {}
    try:
        return dict(json.loads(metadata[b"huggingface"])["info"]["features"])
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path}: does not say which columns it has, so it is of no release") from error


def classes_of(column: Any) -> list[str] | None:
    """The names of the classes of a column of classes, None for any other."""
    is_class = isinstance(column, Mapping) and column.get("_type") == CLASS
    return [str(name) for name in column["names"]] if is_class else None
