"""Files of one document each."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from builder.ids import document_id, sha256
from builder.ingest.files import read_file
from builder.ingest.limits import Refused
from builder.ingest.source import Source
from builder.records import RawDocument, RejectReason

PAGE = "<html><body><p>The river rose – overnight.</p></body></html>".encode("windows-1252")


def as_it_is(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("compression", "compress"), [("none", as_it_is), ("gzip", gzip.compress), ("zstd", zstandard.compress)]
)
def test_a_file_is_one_document_with_its_bytes_as_found(
    tmp_path: Path, compression: str, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(compress(PAGE))
    source = Source("2024/page.html", path, "document", "html", compression)  # type: ignore[arg-type]
    assert list(read_file(source, 1000)) == [
        RawDocument(document_id(sha256(PAGE), None), "2024/page.html", "html", PAGE, sha256(PAGE))
    ]


@pytest.mark.parametrize(
    ("data", "compression", "reason"),
    [
        (b"", "none", RejectReason.EMPTY),
        (b" \r\n\t ", "none", RejectReason.EMPTY),
        (b"", "gzip", RejectReason.EMPTY),
        (gzip.compress(b""), "gzip", RejectReason.EMPTY),
        (zstandard.compress(b"\n"), "zstd", RejectReason.EMPTY),
        (b"x" * 1001, "none", RejectReason.TOO_LARGE),
        (gzip.compress(bytes(range(250)) * 5), "gzip", RejectReason.TOO_LARGE),
        (gzip.compress(bytes(2_000_000)), "gzip", RejectReason.DECOMPRESSION_BOMB),
        (zstandard.compress(bytes(2_000_000)), "zstd", RejectReason.DECOMPRESSION_BOMB),
        (gzip.compress(PAGE)[:-3], "gzip", RejectReason.TRUNCATED),
        (zstandard.compress(PAGE)[:-3], "zstd", RejectReason.TRUNCATED),
        (PAGE, "gzip", RejectReason.CORRUPT),
    ],
)
def test_a_file_that_holds_no_document_is_refused_by_name(
    tmp_path: Path, data: bytes, compression: str, reason: RejectReason
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    source = Source("page.html", path, "document", "html", compression)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        list(read_file(source, 1000))
    assert refused.value.reason == reason


def test_a_document_as_large_as_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"x" * 1000)
    (found,) = read_file(Source("page.txt", path, "document", "dump"), 1000)
    assert len(found.data) == 1000
