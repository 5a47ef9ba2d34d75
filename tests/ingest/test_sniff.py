"""What a file is taken for."""

import gzip
import os
from pathlib import Path

import pytest
import zstandard

from builder.ingest.limits import Refused
from builder.ingest.sniff import looks_like_html, sniffed
from builder.records import RejectReason

PAGE = b"<!DOCTYPE html><html><body><p>The river rose.</p></body></html>"
TEXT = b"The river rose overnight.\n\n"
ROW = b'{"id": "1", "text": "The river rose."}\n'


@pytest.mark.parametrize(
    ("name", "data", "kind", "content", "compression"),
    [
        ("a.txt", TEXT, "document", "dump", "none"),
        ("a.TXT", TEXT, "document", "dump", "none"),
        ("a.txt", PAGE, "document", "html", "none"),  # a page that was saved as text
        ("a.html", PAGE, "document", "html", "none"),
        ("a.htm", b"", "document", "html", "none"),
        ("a.html", b"<p>a fragment</p>", "document", "html", "none"),
        ("a.html.gz", gzip.compress(PAGE), "document", "html", "gzip"),
        ("a.html", gzip.compress(PAGE), "document", "html", "gzip"),
        ("a.txt.gz", gzip.compress(TEXT), "document", "dump", "gzip"),
        ("a.txt.gz", gzip.compress(TEXT)[:5], "document", "dump", "gzip"),  # reading it will fail by name
        ("a.aspx", PAGE, "document", "html", "none"),
        ("a", b"\xef\xbb\xbf\n <?xml version='1.0'?> <html lang='en'>", "document", "html", "none"),
        ("a", "<html>".encode("utf-16"), "document", "html", "none"),
        ("a.jsonl", ROW, "jsonl", "article", "none"),
        ("a.ndjson.gz", gzip.compress(ROW), "jsonl", "article", "gzip"),
        ("a.json", ROW + ROW, "jsonl", "article", "none"),
        ("a.json", b'{"text": "' + b"long " * 2000 + b'"}', "jsonl", "article", "none"),
        ("a.dat", gzip.compress(ROW * 2_500), "jsonl", "article", "gzip"),  # repeats, yet no bomb
        ("a.dat", zstandard.compress(ROW * 250_000), "jsonl", "article", "zstd"),
        ("a.parquet", b"PAR1", "parquet", "article", "none"),
        ("a.pq", b"PAR1", "parquet", "article", "none"),
        ("a.warc", b"WARC/1.0\r\n", "warc", "html", "none"),
        ("a.wacz.part", b"WARC/1.1\r\n", "warc", "html", "none"),
    ],
)
def test_name_and_content_say_what_a_file_is(
    tmp_path: Path, name: str, data: bytes, kind: str, content: str, compression: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = sniffed(path, "auto")
    assert (found.kind, found.content, found.compression) == (kind, content, compression)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"id,text\n1,The river rose.\n"),
        ("a.md", TEXT),
        ("a", TEXT),
        ("a", b""),
        ("a.json", b'[{"text": "x"}]'),
        ("a.json", b'{\n  "text": "spread over lines"\n}'),
        ("a.zip", b"PK\x03\x04" + bytes(100)),
        ("a.tar.gz", gzip.compress(b"article.txt" + bytes(600))),
        ("a.png", b"\x89PNG\r\n"),
    ],
)
def test_a_file_that_no_reader_fits_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        sniffed(path, "auto")
    assert refused.value.reason == RejectReason.UNKNOWN_FORMAT


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.txt", b"%PDF-1.7\n1 0 obj", "is a PDF"),
        ("a.jsonl", b"%PDF-1.7\n1 0 obj", "is a PDF"),
        ("a.txt", b"PK\x03\x04" + bytes(40), "is a ZIP archive, as the files of Word are"),
        ("a.html", b"{\\rtf1 The river rose.}", "is a file in the Rich Text Format"),
        ("a.txt.gz", gzip.compress(b"\x89PNG\r\n"), "is a picture"),
    ],
)
def test_a_file_under_a_false_name_is_called_what_it_is(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(
        Refused, match=f"{what}, whatever its name says; there are readers for .txt"
    ) as refused:
        sniffed(path, "auto")
    assert refused.value.reason == RejectReason.UNKNOWN_FORMAT


def test_what_is_asked_for_makes_no_text_of_it(tmp_path: Path) -> None:
    (tmp_path / "memo.rtf").write_bytes(b"{\\rtf1 The river rose.}")
    with pytest.raises(Refused, match="is a file in the Rich Text Format; there are readers for"):
        sniffed(tmp_path / "memo.rtf", "dump")


def test_a_suffix_that_is_no_unicode_can_still_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"notes.\xff")
    path.write_bytes(TEXT)
    with pytest.raises(Refused) as refused:
        sniffed(path, "auto")
    assert refused.value.detail.startswith("no reader for .\\xff files")


@pytest.mark.parametrize(
    ("name", "data", "asked", "kind", "content"),
    [
        ("notes.md", TEXT, "article", "document", "article"),
        ("a.txt", TEXT, "article", "document", "article"),
        ("a.html", PAGE, "dump", "document", "dump"),
        ("a.jsonl", ROW, "html", "jsonl", "html"),
        ("a.warc", b"WARC/1.0\r\n", "article", "warc", "html"),  # an archive holds pages whatever is asked
    ],
)
def test_what_the_configuration_says_of_the_content_holds(
    tmp_path: Path, name: str, data: bytes, asked: str, kind: str, content: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = sniffed(path, asked)  # type: ignore[arg-type]
    assert (found.kind, found.content) == (kind, content)


def test_binary_data_of_no_known_name_is_no_text_even_if_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    with pytest.raises(Refused, match="unknown-format"):
        sniffed(tmp_path / "a.bin", "dump")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<html>", True),
        (b"\n\n<!-- saved --> <HTML lang=en>", True),
        (b"<!DOCTYPE HTML PUBLIC", True),
        (b"<head><title>", True),
        (b"He wrote <html> on the board", False),
        (b"<rss version='2.0'>", False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
)
def test_pages_are_told_by_how_they_begin(head: bytes, expected: bool) -> None:
    assert looks_like_html(head) is expected
