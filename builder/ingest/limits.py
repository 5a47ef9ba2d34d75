"""What keeps hostile or damaged input from costing unbounded memory or time."""

from collections.abc import Iterable

from builder.config import IngestConfig
from builder.ingest.names import encodable
from builder.records import RejectReason

MEGABYTE = 1_000_000
BLOCK = 65_536  # bytes read from a file at once

# Text and HTML compress ten to fifty times, gzip never more than 1,032 times; what expands beyond
# this for a whole stretch of output was made to expand.
MAXIMUM_EXPANSION = 200
EXPANSION_STRETCH = 64 * MEGABYTE

LONGEST_DETAIL = 2000  # characters


class Refused(Exception):  # noqa: N818 - named for what happened to the input
    """An input, or the rest of one, cannot be read; `read` makes a `Reject` of it."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        self.reason, self.detail = reason, encodable(detail[:LONGEST_DETAIL])
        super().__init__(f"{reason}: {self.detail}")


def document_limit(config: IngestConfig) -> int:
    """How many bytes a document may have."""
    return config.document_mb * MEGABYTE


def too_large(limit: int) -> Refused:
    """The refusal of a document of more than `limit` bytes."""
    return Refused(RejectReason.TOO_LARGE, f"more than {limit // MEGABYTE} MB, the limit ingest.document_mb")


def collected(chunks: Iterable[bytes], limit: int) -> bytes:
    """The chunks as one piece.

    Raises:
        Refused: they are more than `limit` bytes; no more than that is held.
    """
    parts, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        parts.append(chunk)
    return b"".join(parts)
