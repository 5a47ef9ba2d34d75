"""The columns of a release and its Parquet files: the one module that knows `datasets`.

`datasets` writes Parquet with content-defined chunking and a page index, and the column types
into the files and into the card, so that `load_dataset` gives every column the type it has here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, get_args

import datasets
import pyarrow as pa
from datasets.arrow_writer import ParquetWriter

from builder.errors import ReleaseError
from builder.records import QuotationKind
from builder.release.label_source import LABEL_SOURCES

Features = Any
"""A `datasets.Features`, which is published without type information."""

QUOTES, STANCE, SPEAKERS = "quotes", "stance", "speakers"
FILE_ROWS = 100_000  # some two hundred megabytes before compression
FILE_BYTES = 512 * 2**20  # before compression: the most where rows are long


@dataclass(frozen=True, slots=True)
class Size:
    """How large some written rows are: in number, in bytes in memory, and in bytes of their files."""

    rows: int = 0
    memory: int = 0
    files: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.rows + other.rows, self.memory + other.memory, self.files + other.files)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a card says about one configuration of the dataset: columns, rows by split, bytes of its files."""

    features: Features
    rows: Mapping[str, int]
    files: int


def columns(labels: Sequence[str]) -> dict[str, Features]:
    """The columns of each configuration of the dataset, for a label scheme."""
    text, number, count = datasets.Value("string"), datasets.Value("float64"), datasets.Value("int32")
    spans = datasets.List({"start": count, "end": count})
    source = datasets.ClassLabel(names=list(LABEL_SOURCES))
    label = datasets.ClassLabel(names=list(labels))
    quotes = {
        "id": text,
        "document_id": text,
        "url": text,
        "raw_sha256": text,
        "title": text,
        "site": text,
        "agency": text,
        "published": text,
        "document_extractor": text,
        "context": text,
        "content": spans,
        "cue": spans,
        "source": spans,
        "document_spans": dict.fromkeys(("content", "cue", "source", "context", "mention"), spans),
        "kind": datasets.ClassLabel(names=list(get_args(QuotationKind))),
        "speaker": {
            "name": text,
            "kind": text,
            "id": text,
            "confidence": number,
            "method": text,
            "model": text,
        },
        "cluster": text,
        "confidence": number,
        "label_source": source,
        "n_annotators": count,
        "agreement": number,
        "extractor": text,
    }
    stance = {
        "id": text,
        "quotation_id": text,
        "document_id": text,
        "url": text,
        "raw_sha256": text,
        "text": text,
        "context": text,
        "content": spans,
        "document_spans": dict.fromkeys(("content", "context", "target"), spans),
        "speaker": text,
        "target_id": text,
        "target": text,
        "target_named": text,
        "target_names": datasets.List(text),
        "label": label,
        "probabilities": dict.fromkeys(labels, number),
        "confidence": number,
        "label_source": source,
        "n_annotators": count,
        "agreement": number,
        "annotations": datasets.List({"annotator": text, "label": text}),
        "cluster": text,
        "model": text,
    }
    share = {"label": text, "share": number, "low": number, "high": number, "method": text}
    counted = dict.fromkeys(("rows", "sampled", "reviewed"), count)
    speakers = {
        "id": text,
        "name": text,
        "names": datasets.List(text),
        "kind": text,
        "entity": text,
        "quotations": count,
        "documents": count,
        "first": text,
        "last": text,
        "stance": datasets.List(
            {"target_id": text, "target": text, **counted, "shares": datasets.List(share)}
        ),
    }
    return {
        QUOTES: datasets.Features(quotes),
        STANCE: datasets.Features(stance),
        SPEAKERS: datasets.Features(speakers),
    }


def to_table(rows: Sequence[Mapping[str, Any]], features: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table of some columns; the classes among `features` as their numbers."""
    classes = {name: kind.names for name, kind in features.items() if isinstance(kind, datasets.ClassLabel)}
    columns = []
    for field in schema:
        values = [row[field.name] for row in rows]
        if field.name in classes:
            numbers = {None: None, **{label: number for number, label in enumerate(classes[field.name])}}
            values = [numbers[value] for value in values]
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def write_period(
    folder: Path,
    period: str,
    groups: Iterable[pa.Table],
    features: Features,
    file_rows: int = FILE_ROWS,
    file_bytes: int = FILE_BYTES,
) -> Size:
    """Writes the row groups of a period into as many Parquet files as they need.

    Every file is numbered, also an only one, so that a period that grows gets further files and
    renames none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, rest = Size(), iter(groups)
    for number in count():
        first = next(rest, None)
        if first is None:
            break
        path = folder / f"{period}-{number:05}.parquet"
        written += _write_file(path, chain([first], rest), features, file_rows, file_bytes)
    return written


def dataset_info(config: str, features: Features, splits: Mapping[str, Size]) -> dict[str, Any]:
    """What the card says about one configuration of the dataset, so that it can be loaded."""
    total = sum(splits.values(), start=Size())
    declared = datasets.SplitDict()
    for name, size in splits.items():
        declared.add(datasets.SplitInfo(name, num_bytes=size.memory, num_examples=size.rows))
    info = datasets.DatasetInfo(
        features=features, splits=declared, download_size=total.files, dataset_size=total.memory
    )
    written: dict[str, Any] = {}
    datasets.info.DatasetInfosDict({config: info}).to_dataset_card_data(written)
    return dict(written["dataset_info"])


def declared_in(metadata: Mapping[str, Any]) -> dict[str, Declared]:
    """What the metadata of a card say about each configuration, as `datasets` reads it.

    Raises:
        ReleaseError: `datasets` cannot read it.
    """
    try:
        infos = datasets.info.DatasetInfosDict.from_dataset_card_data(metadata)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"dataset_info of the card cannot be read: {error!r}") from error
    return {
        name: Declared(
            features=info.features,
            rows={split: part.num_examples for split, part in (info.splits or {}).items()},
            files=info.download_size or 0,
        )
        for name, info in infos.items()
    }


def features_of(columns: Mapping[str, Any]) -> Features:
    """The features that a data file holds in plain JSON.

    Raises:
        ReleaseError: they are none.
    """
    try:
        return datasets.Features.from_dict(dict(columns))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"its columns are none that datasets knows: {error!r}") from error


def _write_file(
    path: Path, groups: Iterable[pa.Table], features: Features, file_rows: int, file_bytes: int
) -> Size:
    """Writes row groups until the file is full; what is left of `groups` is for the next one."""
    rows = memory = 0
    with ParquetWriter(features=features, path=str(path)) as writer:
        for group in groups:
            writer.write_table(group, writer_batch_size=group.num_rows)
            rows, memory = rows + group.num_rows, memory + group.nbytes
            if rows >= file_rows or memory >= file_bytes:
                break
        writer.finalize()
    return Size(rows, memory, path.stat().st_size)
