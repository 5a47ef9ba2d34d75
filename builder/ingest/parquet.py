"""Reading Parquet, a few rows at a time."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from builder.config import FieldNames
from builder.ingest.compression import chunks
from builder.ingest.limits import EXPANSION_STRETCH, MAXIMUM_EXPANSION, MEGABYTE, Refused
from builder.ingest.names import encodable, listed
from builder.ingest.rows import document_of, rejected_row
from builder.ingest.source import STAGE, Source
from builder.records import RawDocument, Reject, RejectReason

# A dictionary page can make every row as large as the largest, so few rows are decoded at once.
ROWS_AT_ONCE = 8
# Arrow decodes whole values: a group this large with an average value over the limit is not opened.
LARGE_GROUP = 128 * MEGABYTE
# What Arrow raises for dates beyond the year 9999, durations and time zones that do not exist.
UNCONVERTIBLE = (ArithmeticError, LookupError, ValueError, TypeError, OSError, pa.ArrowException)


def read_parquet(source: Source, limit: int) -> Iterator[RawDocument | Reject]:
    """The documents of a file; a row group that is damaged or would explode is left out alone.

    Raises:
        Refused: the file, or the rest of it, cannot be read.
    """
    with _seekable(source) as stream, _opened(stream) as file:
        columns = _columns(file, source.fields)
        size = stream.seek(0, os.SEEK_END)
        start = 0
        for group in range(file.num_row_groups):
            uri = f"{source.uri}#row group {group + 1}"
            try:
                _check_sizes(file.metadata.row_group(group), size, limit)
                yield from _group(file, group, columns, source, start, limit)
            except Refused as refused:
                yield Reject(STAGE, uri, refused.reason, refused.detail)
            except (pa.ArrowException, OSError, ValueError) as error:
                yield Reject(STAGE, uri, RejectReason.CORRUPT, _one_line(error))
            start += file.metadata.row_group(group).num_rows


@contextmanager
def _seekable(source: Source) -> Iterator[BinaryIO]:
    """The file itself or, if it is compressed as a whole, its contents in a temporary file."""
    if source.compression == "none":
        with source.file.open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as copy:
        for chunk in chunks(source.file, source.compression):
            copy.write(chunk)
        copy.seek(0)
        yield copy


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[Any]:
    try:
        file = pq.ParquetFile(stream, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused(RejectReason.CORRUPT, _one_line(error)) from error
    with file:
        yield file


def _columns(file: Any, fields: FieldNames) -> list[str]:
    there = set(file.schema_arrow.names)
    if fields.text not in there:
        detail = f"no column {fields.text!r}; the columns are: {listed(file.schema_arrow.names)}"
        raise Refused(RejectReason.BAD_RECORD, detail)
    return sorted(there.intersection(fields.model_dump().values()))


def _check_sizes(group: Any, file_size: int, limit: int) -> None:
    """Refuses a row group by the size that the file's description gives it.

    The columns' own descriptions would be more exact, but where they are damaged, asking Arrow for
    them ends the process.
    """
    size = group.total_byte_size
    if size > EXPANSION_STRETCH and size > file_size * MAXIMUM_EXPANSION:
        detail = f"a file of {file_size} bytes says that it expands to {size}"
        raise Refused(RejectReason.DECOMPRESSION_BOMB, detail)
    if size > LARGE_GROUP and size > limit * group.num_rows:
        raise Refused(RejectReason.TOO_LARGE, f"{size} bytes in {group.num_rows} rows")


def _group(
    file: Any, group: int, columns: list[str], source: Source, start: int, limit: int
) -> Iterator[RawDocument | Reject]:
    number = start
    for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, row_groups=[group], columns=columns):
        for row in range(batch.num_rows):
            number += 1
            try:
                (values,) = batch.slice(row, 1).to_pylist()
            except UnicodeDecodeError as error:
                refused = Refused(RejectReason.BAD_ENCODING, f"not UTF-8 (byte {error.start})")
                yield rejected_row(source, number, refused)
            except UNCONVERTIBLE as error:
                detail = f"a value that cannot be converted: {_one_line(error)}"
                yield rejected_row(source, number, Refused(RejectReason.BAD_RECORD, detail))
            else:
                yield document_of(values, source, number, limit)


def _one_line(error: Exception) -> str:
    return encodable(" ".join(str(error).split())[:300])
