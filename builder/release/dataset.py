"""The columns of a release and its Parquet files: the one module that knows `datasets`.

`datasets` writes Parquet with content-defined chunking and a page index, and the column types
into the files and into the card, so that `load_dataset` gives every column the type it has here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import datasets
import pyarrow as pa
from datasets.arrow_writer import ParquetWriter

from builder.records import QuotationKind
from builder.release.label_source import LABEL_SOURCES

Features = Any
"""A `datasets.Features`, which is published without type information."""

QUOTES, STANCE = "quotes", "stance"
ROW_GROUP = 10_000  # rows: some twenty megabytes before compression


@dataclass(frozen=True, slots=True)
class Size:
    """How large some written rows are: in number, in bytes in memory, and in bytes of their files."""

    rows: int = 0
    memory: int = 0
    files: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.rows + other.rows, self.memory + other.memory, self.files + other.files)


def columns(labels: Sequence[str]) -> dict[str, Features]:
    """The columns of each configuration of the dataset, for a label scheme."""
    text, number, count = datasets.Value("string"), datasets.Value("float64"), datasets.Value("int32")
    spans = datasets.List({"start": count, "end": count})
    source = datasets.ClassLabel(names=list(LABEL_SOURCES))
    quotes = {
        "id": text,
        "document_id": text,
        "url": text,
        "title": text,
        "site": text,
        "agency": text,
        "published": text,
        "context": text,
        "content": spans,
        "cue": spans,
        "source": spans,
        "document_spans": {"content": spans, "cue": spans, "source": spans},
        "kind": datasets.ClassLabel(names=list(get_args(QuotationKind))),
        "speaker": {"name": text, "kind": text, "id": text, "confidence": number},
        "cluster": text,
        "confidence": number,
        "label_source": source,
        "extractor": text,
    }
    stance = {
        "id": text,
        "quotation_id": text,
        "text": text,
        "context": text,
        "speaker": text,
        "target_id": text,
        "target": text,
        "label": datasets.ClassLabel(names=list(labels)),
        "probabilities": dict.fromkeys(labels, number),
        "confidence": number,
        "label_source": source,
        "n_annotators": count,
        "agreement": number,
        "model": text,
    }
    return {QUOTES: datasets.Features(quotes), STANCE: datasets.Features(stance)}


def to_table(rows: Iterable[Mapping[str, Any]], features: Features, beside: pa.Schema) -> pa.Table:
    """Rows as an Arrow table: the columns of `features`, classes as their numbers, and those `beside`."""
    classes = {name: kind for name, kind in features.items() if isinstance(kind, datasets.ClassLabel)}
    encoded = [{**row, **{name: _number(kind, row[name]) for name, kind in classes.items()}} for row in rows]
    plain = features.arrow_schema.remove_metadata()
    return pa.Table.from_pylist(encoded, schema=pa.schema([*plain, *beside]))


def write_parquet(path: Path, tables: Iterable[pa.Table], features: Features) -> Size:
    """Writes tables into one Parquet file; how the rows were cut into tables changes no byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with ParquetWriter(features=features, path=str(path)) as writer:
        for table in _regrouped(tables, ROW_GROUP):
            writer.write_table(table, writer_batch_size=ROW_GROUP)
        rows, memory = writer.finalize()
    return Size(rows, memory, path.stat().st_size)


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


def _number(kind: Any, name: str | None) -> int | None:
    return None if name is None else int(kind.str2int(name))


def _regrouped(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The same rows as tables of exactly `rows` rows, the last one excepted."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        while sum(one.num_rows for one in waiting) >= rows:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, rows)
            waiting = [joined.slice(rows)]
    if any(one.num_rows for one in waiting):
        yield pa.concat_tables(waiting)
