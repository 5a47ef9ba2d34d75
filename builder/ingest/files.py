"""Reading files of one document each: text dumps, articles and HTML."""

from collections.abc import Iterator

from builder.ids import document_id, sha256
from builder.ingest.compression import chunks
from builder.ingest.limits import Refused, collected
from builder.ingest.source import Source
from builder.records import RawDocument, RejectReason


def read_file(source: Source, limit: int) -> Iterator[RawDocument]:
    """The one document of a file.

    Raises:
        Refused: it is empty, has more than `limit` bytes, or cannot be read.
    """
    data = collected(chunks(source.file, source.compression, stretch=limit), limit)
    if not data.strip():
        raise Refused(RejectReason.EMPTY, f"{len(data)} bytes and nothing but blanks" if data else "0 bytes")
    digest = sha256(data)
    yield RawDocument(document_id(digest, None), source.uri, source.content, data, digest)
