"""What a release teaches: its rows, as people settled them, in the forms that trainings read.

Nothing is learnt from `test`, nor from a label that no person looked at. What has no label teaches only with
answers of another model.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from builder.errors import ReleaseError
from builder.quotes.paragraphs import lines_around
from builder.records import Span
from builder.release.dataset import QUOTES, STANCE
from builder.release.folder import classes_of, columns_of, data_files, split_of_file
from builder.release.label_source import HUMAN
from builder.release.locate import locate, split_reference
from builder.release.manifest import FILE, read_manifest, sha256_of
from builder.release.verify import require_intact
from builder.release.version import folder_name

TRAIN, VALIDATION, TEST, UNLABELLED = "train", "validation", "test", "unlabelled"
ASKED = ("id", "text", "context", "content", "speaker", "target")  # of a stance, what a model is asked
PARTS = ("content", "cue", "source")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A release to learn from: where it lies, and what a model's card says of it."""

    folder: Path
    told: str


def find_source(reference: str, revision: str | None) -> Source:
    """The release that a reference and a revision name, if it is what it was when it was released.

    Raises:
        UsageError: the reference is none.
        ReleaseError: there is no such release, or it was changed.
    """
    folder = locate(reference, revision)
    require_intact(folder)
    place, _ = split_reference(reference, revision)
    tag = folder_name(read_manifest(folder).version)
    if Path(place).is_dir():  # the path to it says nothing on another machine
        path = Path(place).resolve()
        place = path.parent.name if path.name == tag else path.name
    return Source(folder, f"{place}@{tag} (manifest with SHA-256 {sha256_of(folder / FILE)})")


def stance_rows(folder: Path) -> Iterator[Row]:
    """The labelled stances of a release: `{"id", "text", "context", "speaker", "target", "label"}` each.

    Raises:
        ReleaseError: it has no stances to learn from.
    """
    found = False
    for name, path in _files(folder, STANCE).items():
        if split_of_file(name) in {TRAIN, VALIDATION}:
            for row in _read(path, [*ASKED, "label", "label_source"]):
                if row.pop("label_source") in HUMAN:
                    found = True
                    yield _in_its_paragraph(row)
    if not found:
        raise ReleaseError(f"{folder}: no stance in {TRAIN} or {VALIDATION} was labelled by a person")


def unlabelled_rows(folder: Path) -> Iterator[Row]:
    """The pairs of a release that have no label: `{"id", "text", "context", "speaker", "target"}` each.

    Those that go with a row of `test`, because their articles are alike, are left out.

    Raises:
        ReleaseError: no pair is left.
    """
    files = _files(folder, STANCE)
    tested = {
        row["cluster"]
        for name, path in [*files.items(), *_files(folder, QUOTES).items()]
        if split_of_file(name) == TEST
        for row in _read(path, ["cluster"])
    }
    found = False
    for name, path in files.items():
        if split_of_file(name) == UNLABELLED:
            for row in _read(path, [*ASKED, "cluster"]):
                if row.pop("cluster") not in tested:
                    found = True
                    yield _in_its_paragraph(row)
    if not found:
        raise ReleaseError(f"{folder}: has no stance without a label")


def _in_its_paragraph(row: Row) -> Row:
    """A pair with the paragraphs of its quotation for a context, much as a model is asked when it is used."""
    context, content = row["context"], row.pop("content")
    if not content:  # where the quotation stands is not known
        return row
    hull = Span(min(span["start"] for span in content), max(span["end"] for span in content))
    return row | {"context": lines_around(context, hull, len(context)).of(context)}


def stance_labels(folder: Path) -> list[str]:
    """The label scheme of a release."""
    column = columns_of(next(iter(_files(folder, STANCE).values())))["label"]
    return classes_of(column) or []


def passages(folder: Path, split: str) -> Iterator[Row]:
    """Passages of articles in which people settled every quotation, each `{"id", "text", "attributions"}`.

    A passage is as many whole lines of overlapping contexts as no quotation touches that is not settled or
    belongs to another split: what is not marked in a passage is taught as no quotation.
    """
    for files in _by_period(_files(folder, QUOTES)).values():
        documents: dict[str, list[Row]] = defaultdict(list)
        for name, path in files.items():
            for row in _read(path, ["document_id", "context", "document_spans", "label_source"]):
                settled = row["label_source"] in HUMAN and split_of_file(name) == split
                documents[row["document_id"]].append({**row, "settled": settled})
        for document, rows in sorted(documents.items()):
            for group in _overlapping(rows):
                yield from _settled_passages(document, group)


def _files(folder: Path, config: str) -> Mapping[str, Path]:
    files = data_files(folder).get(config)
    if not files:
        raise ReleaseError(f"{folder}: has no {config} to learn from")
    return files


def _by_period(files: Mapping[str, Path]) -> dict[str, dict[str, Path]]:
    """The files of all splits by the period that they are of: an article is of one."""
    periods: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in sorted(files.items()):
        periods[path.stem.rpartition("-")[0]][name] = path
    return periods


def _read(path: Path, wanted: Sequence[str]) -> Iterator[Row]:
    """Rows with some columns, the classes by their names."""
    columns = columns_of(path)
    if missing := [name for name in wanted if name not in columns]:
        raise ReleaseError(f"{path}: has no column {missing[0]} to learn from")
    classes = {name: names for name in wanted if (names := classes_of(columns[name]))}
    for batch in pq.ParquetFile(path).iter_batches(columns=list(wanted)):
        for row in batch.to_pylist():
            named = {one: names[row[one]] for one, names in classes.items() if row[one] is not None}
            yield row | named


def _overlapping(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of one document in groups whose contexts overlap."""
    group: list[Row] = []
    end = 0
    for row in sorted(rows, key=_start):
        if group and _start(row) >= end:
            yield group
            group = []
        group.append(row)
        end = max(end, _start(row) + len(row["context"]))
    if group:
        yield group


def _start(row: Row) -> int:
    return int(row["document_spans"]["context"][0]["start"])


def _settled_passages(document: str, rows: Sequence[Row]) -> Iterator[Row]:
    start, text = _start(rows[0]), ""
    for row in rows:
        text += row["context"][len(text) + start - _start(row) :]
    ends = [*accumulate(len(line) for line in text.splitlines(keepends=True))]
    touched = [_lines_of(row, start, ends) for row in rows]
    closed = _closed(touched, [row["settled"] for row in rows])
    for is_closed, group in groupby(range(len(ends)), key=closed.__contains__):
        lines = set(group)
        inside = [row for row, own in zip(rows, touched, strict=True) if own <= lines]
        if inside and not is_closed:
            first = ends[min(lines) - 1] if min(lines) else 0
            yield _passage(document, start + first, text[first : ends[max(lines)]], inside)


def _lines_of(row: Row, start: int, ends: Sequence[int]) -> set[int]:
    """The numbers of the lines from the first to the last that a quotation touches."""
    spans = [one for part in PARTS for one in row["document_spans"][part]]
    first = bisect_right(ends, min(one["start"] for one in spans) - start)
    last = bisect_left(ends, max(one["end"] for one in spans) - start)
    return set(range(first, last + 1))


def _closed(touched: Sequence[set[int]], settled: Sequence[bool]) -> set[int]:
    """The lines that a quotation touches which is not settled, or one that shares a line with such a one."""
    closed = set().union(*(own for own, good in zip(touched, settled, strict=True) if not good))
    while caught := [own for own in touched if own & closed and not own <= closed]:
        closed.update(*caught)
    return closed


def _passage(document: str, start: int, text: str, rows: Sequence[Row]) -> Row:
    attributions = [
        {
            part: [[one["start"] - start, one["end"] - start] for one in row["document_spans"][part]]
            for part in PARTS
        }
        for row in rows
    ]
    return {"id": f"{document}:{start}", "text": text, "attributions": attributions}
