"""From configured inputs to documents and rejects, over every format at once."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from builder.config import FieldNames, IngestConfig, InputConfig
from builder.ids import document_id, sha256
from builder.ingest.read import read
from builder.ingest.sources import batches, discover
from builder.records import RawDocument, Reject

TEXT = "“The river will fall by Friday,” said Ines Okoro of the flood office."
PAGE = f"<html><body><p>{TEXT}</p></body></html>"
CONFIG = IngestConfig(document_mb=1)


def warc_record(url: str, page: str = PAGE) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def gather(folder: Path, *inputs: InputConfig) -> list[RawDocument | Reject]:
    sources, rejects = discover(inputs or [InputConfig(path=".")], folder)
    return [*rejects, *(one for batch in batches(sources) for one in read(batch, CONFIG))]


def shown(found: list[RawDocument | Reject]) -> dict[str, str]:
    return {one.uri: one.format if isinstance(one, RawDocument) else one.reason.value for one in found}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with one good file of each format."""
    row = json.dumps({"id": "s1", "text": TEXT}).encode()
    for name, data in {
        "dump.txt": TEXT.encode(),
        "page.html": PAGE.encode(),
        "rows.jsonl": row,
        "crawl.warc": warc_record("https://paper.example/1"),
    }.items():
        (tmp_path / name).write_bytes(data)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(data))
        (tmp_path / f"{name}.zst").write_bytes(zstandard.compress(data))
    pq.write_table(pa.table({"id": ["s1"], "text": [TEXT]}), tmp_path / "rows.parquet")
    return tmp_path


GOOD = {
    f"{name}{packed}{record}": format_
    for name, record, format_ in [
        ("dump.txt", "", "dump"),
        ("page.html", "", "html"),
        ("rows.jsonl", "#s1", "article"),
        ("crawl.warc", "#https://paper.example/1", "html"),
    ]
    for packed in ("", ".gz", ".zst")
} | {"rows.parquet#s1": "article"}


def test_every_format_is_read_plain_and_compressed(news: Path) -> None:
    found = gather(news)
    assert shown(found) == GOOD
    data = {one.data for one in found if isinstance(one, RawDocument)}
    assert data == {TEXT.encode(), PAGE.encode()}


def test_the_same_document_has_the_same_id_wherever_it_was_read(news: Path) -> None:
    ids: dict[str, set[str]] = {}
    for one in gather(news):
        assert isinstance(one, RawDocument)
        ids.setdefault(one.uri.split(".")[0], set()).add(one.id)
    assert ids == {
        "dump": {document_id(sha256(TEXT.encode()), None)},
        "page": {document_id(sha256(PAGE.encode()), None)},
        "rows": {document_id(sha256(TEXT.encode()), "s1")},
        "crawl": {document_id(sha256(PAGE.encode()), "https://paper.example/1")},
    }


def nothing(path: Path) -> None:
    path.write_bytes(b"")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut.html.gz": (lambda path: path.write_bytes(gzip.compress(PAGE.encode())[:-5]), "truncated"),
    "cut.jsonl.zst": (lambda path: path.write_bytes(zstandard.compress(TEXT.encode())[:-5]), "truncated"),
    "cut.warc": (lambda path: path.write_bytes(warc_record("https://paper.example/2")[:-30]), "truncated"),
    "empty.txt": (nothing, "empty"),
    "empty.jsonl": (nothing, "empty"),
    "empty.warc": (nothing, "empty"),
    "empty.parquet": (nothing, "corrupt"),
    "requests.warc": (
        lambda path: path.write_bytes(
            warc_record("https://paper.example/3").replace(b": response", b": request ")
        ),
        "empty",
    ),
    "bomb.html.gz": (lambda path: path.write_bytes(gzip.compress(bytes(5_000_000))), "decompression-bomb"),
    "bomb.html.zst": (
        lambda path: path.write_bytes(zstandard.compress(bytes(5_000_000))),
        "decompression-bomb",
    ),
    "large.txt": (
        lambda path: path.write_bytes(random.Random(1).randbytes(1_000_001)),  # noqa: S311 - only has to be large
        "too-large",
    ),
    "wrong.gz.txt.gz": (lambda path: path.write_bytes(TEXT.encode()), "corrupt"),
    "wrong.parquet": (lambda path: path.write_bytes(TEXT.encode()), "corrupt"),
    "wrong.warc": (lambda path: path.write_bytes(TEXT.encode()), "corrupt"),
    "notes.docx": (lambda path: path.write_bytes(b"PK\x03\x04"), "unknown-format"),
    "gone.html": (lambda path: path.symlink_to("nowhere"), "unreadable"),
    "memory.txt": (lambda path: path.symlink_to("/proc/self/mem"), "unreadable"),  # opens, and cannot be read
}


def test_what_is_broken_is_rejected_by_name_and_the_rest_goes_on(news: Path) -> None:
    for name, (make, _) in BROKEN.items():
        make(news / name)
    found = shown(gather(news))
    rejected = {uri.split("#")[0]: what for uri, what in found.items() if uri not in GOOD}
    assert rejected == {name: reason for name, (_, reason) in BROKEN.items()}
    assert {uri: what for uri, what in found.items() if uri in GOOD} == GOOD


def test_a_file_that_goes_away_between_finding_and_reading_is_rejected(news: Path) -> None:
    sources, _ = discover([InputConfig(path="page.html"), InputConfig(path="rows.parquet")], news)
    (news / "page.html").unlink()
    (news / "rows.parquet").unlink()
    found = [one for batch in batches(sources) for one in read(batch, CONFIG)]
    assert shown(found) == {"page.html": "unreadable", "rows.parquet": "unreadable"}


def test_the_configuration_names_fields_and_content_per_input(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": PAGE}))
    (tmp_path / "b.txt").write_text(TEXT)
    rows = InputConfig(path="a.jsonl", content="html", fields=FieldNames(text="body"))
    found = gather(tmp_path, rows, InputConfig(path="b.txt", content="article"))
    assert shown(found) == {"a.jsonl#1": "html", "b.txt": "article"}
