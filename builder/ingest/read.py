"""Reading a batch of sources, whatever their format, into raw documents and rejects."""

from collections.abc import Callable, Iterator

from builder.config import IngestConfig
from builder.ingest.files import read_file
from builder.ingest.hub import read_repository
from builder.ingest.jsonl import read_jsonl
from builder.ingest.limits import Refused, document_limit
from builder.ingest.parquet import read_parquet
from builder.ingest.source import STAGE, Kind, Source
from builder.ingest.sources import Batch
from builder.ingest.warc import read_warc
from builder.records import RawDocument, Reject, RejectReason

Reader = Callable[[Source, int], Iterator[RawDocument | Reject]]

READERS: dict[Kind, Reader] = {
    "document": read_file,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "warc": read_warc,
    "repository": read_repository,
}


def read(batch: Batch, config: IngestConfig) -> Iterator[RawDocument | Reject]:
    """The documents of a batch, in order, and a reject for each one that cannot be had.

    No more is held at once than a document of `config.document_mb` needs. Where a source is cut
    off or damaged, what was read before is kept.
    """
    for source in batch.sources:
        yield from _read_source(source, document_limit(config))


def _read_source(source: Source, limit: int) -> Iterator[RawDocument | Reject]:
    empty = True
    try:
        for one in READERS[source.kind](source, limit):
            empty = False
            yield one
    except Refused as refused:
        yield Reject(STAGE, source.uri, refused.reason, refused.detail)
    except OSError as error:
        yield Reject(STAGE, source.uri, RejectReason.UNREADABLE, error.strerror or str(error))
    else:
        if empty:
            yield Reject(STAGE, source.uri, RejectReason.EMPTY, "no documents in it")
