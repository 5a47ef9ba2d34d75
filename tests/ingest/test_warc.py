"""Web archives: pages among the responses, however they are coded, damaged or cut off."""

import gzip
import random
import zlib
from pathlib import Path

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter
from hypothesis import given
from hypothesis import strategies as st

from builder.ids import document_id, sha256
from builder.ingest.limits import Refused
from builder.ingest.source import Source
from builder.ingest.warc import MOST_REPAIRS, read_warc
from builder.records import RawDocument, Reject

PAGE = b"<html><body><p>The river rose overnight.</p></body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252"


def record(
    number: int, payload: bytes = PAGE, http: bytes = OK, kind: str = "response", **changes: str
) -> bytes:
    block = http + b"\r\n\r\n" + payload
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number:032}>",
        "WARC-Date": "2024-03-01T06:00:00Z",
        "WARC-Target-URI": f"https://paper.example/{number}",
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(block)),
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def read(
    tmp_path: Path, data: bytes, compression: str = "none", limit: int = 10_000
) -> list[RawDocument | Reject]:
    path = tmp_path / "crawl.warc"
    path.write_bytes(data)
    source = Source("crawl.warc", path, "warc", "html", compression)  # type: ignore[arg-type]
    return list(read_warc(source, limit))


def shown(found: list[RawDocument | Reject]) -> list[tuple[str, str]]:
    return [
        (
            one.uri.removeprefix("crawl.warc#").removeprefix("https://paper.example/"),
            "page" if isinstance(one, RawDocument) else one.reason.value,
        )
        for one in found
    ]


def test_a_page_is_taken_with_its_address_and_declared_encoding(tmp_path: Path) -> None:
    assert read(tmp_path, record(1)) == [
        RawDocument(
            id=document_id(sha256(PAGE), "https://paper.example/1"),
            uri="crawl.warc#https://paper.example/1",
            format="html",
            data=PAGE,
            sha256=sha256(PAGE),
            charset="windows-1252",
            url="https://paper.example/1",
        )
    ]


def test_archives_are_read_whatever_they_are_compressed_with(tmp_path: Path) -> None:
    records = [record(n) for n in range(5)]
    pages = [(str(n), "page") for n in range(5)]
    assert shown(read(tmp_path, b"".join(records))) == pages
    assert shown(read(tmp_path, b"".join(map(gzip.compress, records)), "gzip")) == pages
    assert shown(read(tmp_path, gzip.compress(b"".join(records)), "gzip")) == pages
    assert shown(read(tmp_path, b"".join(map(zstandard.compress, records)), "zstd")) == pages


@pytest.mark.parametrize("kind", ["request", "metadata", "warcinfo", "revisit", "conversion"])
def test_records_that_hold_no_page_are_passed_over(tmp_path: Path, kind: str) -> None:
    assert shown(read(tmp_path, record(1) + record(2, kind=kind) + record(3))) == [
        ("1", "page"),
        ("3", "page"),
    ]


@pytest.mark.parametrize(
    ("http", "payload", "expected"),
    [
        (OK, PAGE, "page"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: TEXT/HTML", PAGE, "page"),
        (b"HTTP/1.1 203 Fine\r\nContent-Type: application/xhtml+xml; x=y", PAGE, "page"),
        (b"HTTP/1.1 200 OK\r\nServer: x", PAGE, "page"),  # no type, but it looks like a page
        (b"HTTP/1.1 200 OK\nContent-Type: text/html", PAGE, "page"),
        (b"HTTP/1.1 200 OK\r\nServer: x", b"GIF89a", "not-html"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: image/png", PAGE, "not-html"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json", b"{}", "not-html"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html", PAGE, "not-html"),
        (b"HTTP/1.1 301 Moved\r\nLocation: /2", b"", "not-html"),
        (OK, b"", "empty"),
        (OK, b" \r\n ", "empty"),
        (b"no HTTP", PAGE, "corrupt"),
        (OK, PAGE + b"x" * 10_000, "too-large"),
        (OK + b"\r\nX: " + b"y" * 2_000_000, PAGE, "too-large"),
    ],
)
def test_a_response_is_a_page_or_rejected_by_name(
    tmp_path: Path, http: bytes, payload: bytes, expected: str
) -> None:
    assert shown(read(tmp_path, record(1, payload, http) + record(2))) == [("1", expected), ("2", "page")]


def brotli(data: bytes, tmp_path: Path) -> bytes:
    writer = BrotliWriter(str(tmp_path / "packed.br"))
    writer.write(data)
    writer.close()
    return (tmp_path / "packed.br").read_bytes()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (data[:20], data[20:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "payload", "expected"),
    [
        (b"Content-Encoding: gzip", gzip.compress(PAGE), "page"),
        (b"Content-Encoding: x-gzip", gzip.compress(PAGE), "page"),
        (b"content-encoding: GZIP", gzip.compress(PAGE), "page"),
        (b"Content-Encoding: deflate", zlib.compress(PAGE), "page"),
        (b"Content-Encoding: deflate", raw_deflate(PAGE), "page"),
        (b"Content-Encoding: zstd", zstandard.compress(PAGE), "page"),
        (b"Content-Encoding: identity", PAGE, "page"),
        (b"Transfer-Encoding: chunked", chunked(PAGE), "page"),
        (b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked", chunked(gzip.compress(PAGE)), "page"),
        (b"Content-Encoding: gzip, gzip", gzip.compress(gzip.compress(PAGE)), "page"),
        # what crawlers leave that undo a coding and keep its header
        (b"Content-Encoding: gzip", PAGE, "page"),
        (b"Transfer-Encoding: chunked", PAGE, "page"),
        (b"Content-Encoding: br", PAGE, "page"),
        (b"Content-Encoding: gzip", gzip.compress(PAGE)[:-3], "truncated"),
        (b"Content-Encoding: gzip", b"no gzip", "corrupt"),
        (b"Content-Encoding: deflate", b"no deflate", "corrupt"),
        (b"Content-Encoding: br", b"no Brotli", "corrupt"),
        (b"Transfer-Encoding: chunked", b"not chunked", "corrupt"),
        (b"Content-Encoding: rot13", b"x", "unknown-format"),
        (b"Content-Encoding: gzip", gzip.compress(bytes(20_000_000)), "decompression-bomb"),
        (b"Content-Encoding: zstd", zstandard.compress(bytes(20_000_000)), "decompression-bomb"),
        (b"Content-Encoding: deflate", zlib.compress(bytes(9_000_000)), "too-large"),
        (b"Content-Encoding: gzip", gzip.compress(random.Random(1).randbytes(11_000)), "too-large"),  # noqa: S311
    ],
)
def test_codings_are_undone_within_bounds(
    tmp_path: Path, headers: bytes, payload: bytes, expected: str
) -> None:
    found = read(tmp_path, record(1, payload, OK + b"\r\n" + headers) + record(2), limit=10_000)
    assert shown(found) == [("1", expected), ("2", "page")]
    assert all(one.data == PAGE for one in found if isinstance(one, RawDocument))


def test_brotli_is_undone_within_bounds(tmp_path: Path) -> None:
    http = OK + b"\r\nContent-Encoding: br"
    data = record(1, brotli(PAGE, tmp_path), http) + record(2, brotli(bytes(9_000_000), tmp_path), http)
    assert shown(read(tmp_path, data)) == [("1", "page"), ("2", "too-large")]


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("<https://paper.example/x>", "https://paper.example/x"),
        ("https://paper.example/" + "x" * 300, "byte 0"),
    ],
)
def test_a_page_is_shown_by_its_address_or_its_place(tmp_path: Path, url: str, uri: str) -> None:
    (found,) = read(tmp_path, record(1, WARC_Target_URI=url))
    assert found.uri == f"crawl.warc#{uri}"
    assert isinstance(found, RawDocument)
    assert found.url == url.strip("<>")


def test_a_record_that_is_cut_off_is_rejected_and_those_before_it_are_kept(tmp_path: Path) -> None:
    whole = record(1) + record(2)
    for cut in range(len(record(1)) + 1, len(whole) - 4):
        found = shown(read(tmp_path, whole[:cut]))
        assert found[0] == ("1", "page")
        assert [reason for _, reason in found[1:]] in (["truncated"], ["corrupt"])


def test_an_archive_whose_compression_is_cut_off_keeps_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(gzip.compress(record(1)) + gzip.compress(record(2)) + gzip.compress(record(3))[:-60])
    reader = read_warc(Source("crawl.warc", path, "warc", "html", "gzip"), 10_000)
    assert shown([next(reader) for _ in range(3)]) == [("1", "page"), ("2", "page"), ("3", "truncated")]
    with pytest.raises(Refused, match="truncated"):
        next(reader)


PLACE = len(record(1))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # rubbish between two whole records
        (
            record(1) + record(2) + b"rubbish\r\n" + record(3),
            ["2: page", f"byte {2 * PLACE}: corrupt", "3: page"],
        ),
        # a record that says it is shorter than it is
        (record(1) + record(2, Content_Length="100") + record(3), [f"byte {PLACE}: corrupt", "3: page"]),
        # a record cut off in the middle of the file, so that it swallows the start of the next
        (
            record(1) + record(2)[:-50] + record(3) + record(4),
            [f"byte {PLACE}: corrupt", "3: page", "4: page"],
        ),
        # lengths that are no honest ones
        (record(1) + record(2, Content_Length="-5") + record(3), [f"byte {PLACE}: corrupt", "3: page"]),
        (record(1) + record(2, Content_Length="many") + record(3), [f"byte {PLACE}: corrupt", "3: page"]),
        # header lines without end
        (record(1) + record(2, X="y" * 3_000_000) + record(3), [f"byte {PLACE}: corrupt", "3: page"]),
    ],
)
def test_reading_goes_on_after_damage(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    found = [f"{uri}: {what}" for uri, what in shown(read(tmp_path, data))]
    assert found == ["1: page", *expected]


def test_a_length_beyond_any_memory_is_not_believed(tmp_path: Path) -> None:
    found = shown(read(tmp_path, record(1) + record(2, Content_Length=str(10**15))))
    assert found == [("1", "page"), ("2", "too-large")]


def test_what_is_no_archive_is_rejected(tmp_path: Path) -> None:
    assert shown(read(tmp_path, bytes(range(256)) * 500)) == [("byte 0", "corrupt")]
    assert shown(read(tmp_path, b"")) == []


def test_an_archive_damaged_all_over_is_given_up_with_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes((record(1) + b"rubbish\r\n") * (MOST_REPAIRS + 5))
    reader = read_warc(Source("crawl.warc", path, "warc", "html"), 10_000)
    found = [next(reader) for _ in range(2 * MOST_REPAIRS)]
    assert [what for _, what in shown(found)] == ["page", "corrupt"] * MOST_REPAIRS
    with pytest.raises(Refused, match="what follows byte"):
        next(reader)


WHOLE = b"".join(record(n) for n in range(4))


@given(
    changes=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, len(WHOLE)),
)
def test_any_damage_ends_as_documents_and_rejects(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    found = read(tmp_path_factory.mktemp("any"), bytes(data[:cut]))
    assert len(found) <= 8
