import json
import os
import threading
from pathlib import Path

import pytest

from builder.errors import UsageError
from builder.lines import read_lines, read_objects, writing_lines


@pytest.mark.parametrize(
    ("raw", "value", "problem"),
    [
        (b'{"a": 1}', {"a": 1}, ""),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, ""),
        (b"[1]", None, "is not a JSON object"),
        (b"null", None, "is not a JSON object"),
        (b'{"a":', None, "is not a JSON object"),
        (b'{"a": "\xff"}', None, "is not UTF-8 (byte 7)"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", None, "is not a JSON object"),
    ],
    ids=range(8),
)
def test_a_line_is_an_object_or_says_what_is_wrong(
    tmp_path: Path, raw: bytes, value: object, problem: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(raw + b"\n")
    (line,) = read_lines(tmp_path / "a.jsonl")
    assert line.number == 1
    assert line.value == value
    assert problem in line.problem


def test_blank_lines_are_passed_over_but_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf\n{"a": 1}\n\n \n{"a": 2}')
    assert list(read_objects(tmp_path / "a.jsonl")) == [(2, {"a": 1}), (5, {"a": 2})]


def test_a_bad_line_is_named_where_all_must_be_good(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{')
    with pytest.raises(UsageError, match=r"a\.jsonl:2: is not a JSON object"):
        list(read_objects(tmp_path / "a.jsonl"))


def test_what_is_written_can_be_read_whatever_characters_it_holds(tmp_path: Path) -> None:
    rows = [{"a": "“é”\u2028\x00"}, {"a": "\ud800"}]
    with writing_lines(tmp_path / "a.jsonl") as write:
        for row in rows:
            write(row)
    assert [value for _, value in read_objects(tmp_path / "a.jsonl")] == rows


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("before")
    with pytest.raises(RuntimeError, match="stopped"), writing_lines(path) as write:
        write({"a": 1})
        raise RuntimeError("stopped")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with writing_lines(tmp_path / "link") as write:
        write({"a": 1})
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "target").read_text()) == {"a": 1}


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    with writing_lines(tmp_path / "pipe") as write:
        write({"a": 1})
    reader.join()
    assert read == [b'{"a": 1}\n']
    assert (tmp_path / "pipe").is_fifo()
