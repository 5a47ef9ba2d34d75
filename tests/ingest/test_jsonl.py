"""JSON Lines: good lines become documents, bad ones rejects, and no line is held beyond the limit."""

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.jsonl import lines, read_jsonl
from builder.ingest.limits import Refused
from builder.ingest.source import Source
from builder.records import RawDocument, RejectReason

GOOD = [json.dumps({"id": f"s{n}", "text": f"Story {n} – the river rose."}).encode() for n in range(1, 4)]


def read(
    tmp_path: Path, data: bytes, compression: str = "none", limit: int = 10_000
) -> list[tuple[str, str]]:
    """What is read: the document's text, or the reason of the reject, by uri."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(data)
    source = Source("rows.jsonl", path, "jsonl", "article", compression)  # type: ignore[arg-type]
    found = []
    try:
        for one in read_jsonl(source, limit):
            shown = one.data.decode() if isinstance(one, RawDocument) else one.reason.value
            found.append((one.uri.removeprefix("rows.jsonl#"), shown))
    except Refused as refused:
        found.append(("", refused.reason.value))
    return found


STORIES = [(f"s{n}", f"Story {n} – the river rose.") for n in range(1, 4)]


@pytest.mark.parametrize(
    "data",
    [
        b"\n".join(GOOD),
        b"\n".join(GOOD) + b"\n",
        b"\r\n".join(GOOD) + b"\r\n",
        b"\n\n" + b"\n \n".join(GOOD),
        b"\xef\xbb\xbf" + b"\n".join(GOOD),
        b"\xef\xbb\xbf\r\n" + b"\n".join(GOOD),  # a mark on a line of its own
    ],
)
def test_lines_become_documents_however_they_end(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == STORIES
    assert read(tmp_path, gzip.compress(data), "gzip") == STORIES
    assert read(tmp_path, zstandard.compress(data), "zstd") == STORIES


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no JSON", "bad-record"),
        (b'{"id": "x", "text": "cut o', "bad-record"),
        (b'["text", "The river rose."]', "bad-record"),
        (b'"The river rose."', "bad-record"),
        (b'{"id": "x"}', "bad-record"),
        (b'{"text": 17}', "bad-record"),
        (b'{"text": "caf\xe9"}', "bad-encoding"),
        (b'{"text": "\\ud83d"}', "bad-encoding"),
        (b'{"text": ""}', "empty"),
        (b"[" * 9_000, "bad-record"),
        (b'{"text": "a", "n": ' + b"9" * 5_000 + b"}", "bad-record"),
        (b'{"text": "' + b"x" * 10_000 + b'"}', "too-large"),
        (b"\0" * 20, "bad-record"),
    ],
)
def test_a_bad_line_is_rejected_by_its_number_and_the_rest_is_read(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    assert read(tmp_path, b"\n".join([GOOD[0], line, GOOD[1]])) == [STORIES[0], ("2", reason), STORIES[1]]


def test_whole_lines_before_a_cut_are_kept(tmp_path: Path) -> None:
    data = b"\n".join(GOOD * 200) + b"\n"
    for packed, compression in [(gzip.compress(data), "gzip"), (zstandard.compress(data), "zstd")]:
        found = read(tmp_path, packed + packed[:-9], compression)
        assert found[:600] == STORIES * 200
        assert found[-1] == ("", "truncated")


def test_the_line_that_a_cut_goes_through_is_not_taken_for_a_record(tmp_path: Path) -> None:
    rows = [json.dumps({"text": f"{n} " * 50}).encode() for n in range(500)]
    packed = gzip.compress(b"\n".join(rows))
    found = read(tmp_path, packed[: len(packed) // 2], "gzip")
    assert 100 < len(found) < 400
    assert [reason for _, reason in found if not reason[0].isdigit()] == ["truncated"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_file_in_utf16_is_refused_as_a_whole(tmp_path: Path, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert read(tmp_path, mark + b"\n".join(GOOD).decode().encode(encoding)) == [("", "bad-encoding")]


def test_an_empty_file_has_no_documents(tmp_path: Path) -> None:
    assert read(tmp_path, b"") == []


@given(
    data=st.binary(max_size=300), sizes=st.lists(st.integers(1, 50), max_size=30), limit=st.integers(1, 100)
)
def test_lines_do_not_depend_on_how_the_file_comes_in_pieces(
    data: bytes, sizes: list[int], limit: int
) -> None:
    pieces, rest = [], data
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    expected = data.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    assert list(lines([*pieces, rest], limit)) == [line if len(line) <= limit else None for line in expected]


@given(data=st.binary(max_size=400))
def test_any_bytes_end_as_documents_or_rejects(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for _, shown in read(folder, data):
        assert shown in {reason.value for reason in RejectReason}  # random bytes are no object with a text
