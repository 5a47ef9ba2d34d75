"""Reading JSON Lines: one object a line."""

import codecs
from collections.abc import Iterable, Iterator

from builder.ingest.compression import chunks
from builder.ingest.limits import Refused, too_large
from builder.ingest.rows import document_of, rejected_row
from builder.ingest.source import Source
from builder.lines import parse_line
from builder.records import RawDocument, Reject, RejectReason

WIDE = (b"\xff\xfe", b"\xfe\xff")  # the byte order marks of UTF-16, and of UTF-32


def read_jsonl(source: Source, limit: int) -> Iterator[RawDocument | Reject]:
    """The documents of a file; a line of more than `limit` bytes is never held.

    Raises:
        Refused: the file, or the rest of it, cannot be read.
    """
    for number, line in enumerate(lines(chunks(source.file, source.compression), limit), 1):
        if number == 1 and line is not None and line.startswith(WIDE):
            raise Refused(RejectReason.BAD_ENCODING, "not UTF-8 but UTF-16 or UTF-32")
        if line is None:
            yield rejected_row(source, number, too_large(limit))
        elif (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).strip():
            yield _document(line, source, number, limit)


def lines(pieces: Iterable[bytes], limit: int) -> Iterator[bytes | None]:
    """The lines of a file that comes in pieces; None for one of more than `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        first, *others = piece.split(b"\n")
        for number, part in enumerate([first, *others]):
            if number:
                yield b"".join(parts) if size <= limit else None
                parts, size = [], 0
            size += len(part)
            if size <= limit:
                parts.append(part)
            else:
                parts.clear()
    if size:
        yield b"".join(parts) if size <= limit else None


def _document(line: bytes, source: Source, number: int, limit: int) -> RawDocument | Reject:
    parsed = parse_line(number, line)
    if parsed.value is None:
        reason = RejectReason.BAD_RECORD if _is_utf8(line) else RejectReason.BAD_ENCODING
        return rejected_row(source, number, Refused(reason, parsed.problem))
    return document_of(parsed.value, source, number, limit)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
