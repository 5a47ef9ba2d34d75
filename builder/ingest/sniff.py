"""What a file is, by its name and by its first bytes."""

import codecs
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.ingest.compression import SUFFIXES as COMPRESSED
from builder.ingest.compression import Compression, chunks, compression_of
from builder.ingest.limits import Refused
from builder.ingest.names import printable
from builder.ingest.source import Kind
from builder.records import RawFormat, RejectReason

HEAD = 4096  # bytes

KINDS: dict[str, Kind] = {
    ".txt": "document",
    ".text": "document",
    ".html": "document",
    ".htm": "document",
    ".xhtml": "document",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
}
TEXT = (".txt", ".text")

MARKUP = re.compile(rb"\A\s*<(?s:.*?)\b(?:doctype\s+html|html|head|body)\b", re.IGNORECASE)
ENCODINGS_WITH_MARK = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


# Files that nothing here reads, by how they begin, whatever their name says.
_FOREIGN = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive, as the files of Word are",
    b"\xd0\xcf\x11\xe0": "a file of an old Office",
    b"{\\rtf": "a file in the Rich Text Format",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is to be read."""

    kind: Kind
    content: RawFormat
    compression: Compression


def sniffed(path: Path, asked: Literal["auto"] | RawFormat) -> Format:
    """The format of a file; `asked` is what the configuration says of its content.

    Raises:
        Refused: it cannot be opened, or no reader fits.
    """
    compression = compression_of(path.name, _first(path, "none"))
    named = _kind_of_name(path.name)
    try:
        head = _first(path, compression)
    except Refused:
        if named is None:
            raise
        head = b""  # reading it will say what is wrong
    for start, what in _FOREIGN.items():
        if head.startswith(start):
            told = f"is {what}, whatever its name says" if named else f"is {what}"
            raise Refused(RejectReason.UNKNOWN_FORMAT, f"{told}; {_READERS}")
    kind = named or _kind_of_content(head, asked)
    if kind is None:
        raise Refused(RejectReason.UNKNOWN_FORMAT, _no_reader(path.name))
    return Format(kind, _content(kind, path.name, head, asked), compression)


def looks_like_html(head: bytes) -> bool:
    """Whether a text's first bytes are those of a page."""
    return MARKUP.match(_as_ascii(head)) is not None


def _first(path: Path, compression: Compression) -> bytes:
    head = b""
    # The head ends within the first stretch, so how far it expands is judged when it is read.
    for piece in chunks(path, compression):
        head += piece
        if len(head) >= HEAD:
            break
    return head[:HEAD]


def _kind_of_name(name: str) -> Kind | None:
    return KINDS.get(Path(_without_compression(name)).suffix.lower())


def _without_compression(name: str) -> str:
    path = Path(name)
    return path.stem if path.suffix.lower() in COMPRESSED else name


def _kind_of_content(head: bytes, asked: str) -> Kind | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    if looks_like_html(head):
        return "document"
    if _starts_with_object(head):
        return "jsonl"
    text = asked != "auto" and head and b"\0" not in head
    return "document" if text else None


def _starts_with_object(head: bytes) -> bool:
    line, *more = head.lstrip().split(b"\n", 1)
    if not line.startswith(b"{"):
        return False
    if not more and len(head) == HEAD:  # a line longer than the head
        return re.match(rb'\{\s*"[^"]*"\s*:\s*\S', line) is not None
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _content(kind: Kind, name: str, head: bytes, asked: Literal["auto"] | RawFormat) -> RawFormat:
    if kind == "warc":
        return "html"
    if asked != "auto":
        return asked
    if kind != "document":
        return "article"
    named_text = Path(_without_compression(name)).suffix.lower() in TEXT
    return "dump" if named_text and not looks_like_html(head) else "html"


def _as_ascii(head: bytes) -> bytes:
    for mark, encoding in ENCODINGS_WITH_MARK.items():
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore").encode("ascii", "ignore")
    return head


def _no_reader(name: str) -> str:
    suffix = printable(Path(_without_compression(name)).suffix)
    what = (
        f"no reader for {suffix} files" if suffix else "no file type in its name, and its content shows none"
    )
    return f"{what}; {_READERS}"


_READERS = f"there are readers for {', '.join(KINDS)}, each also with .gz or .zst"
