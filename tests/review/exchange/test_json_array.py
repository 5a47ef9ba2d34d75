"""One JSON array, element after element."""

from pathlib import Path

import pytest

from builder.errors import UsageError
from builder.review.exchange import json_array
from builder.review.exchange.json_array import read_array, writing_array


def found(path: Path, text: str) -> list[object]:
    path.write_text(text, encoding="utf-8")
    return [
        (line.number, line.value if line.value is not None else line.problem) for line in read_array(path)
    ]


def test_elements_come_with_the_line_that_they_begin_on(tmp_path: Path) -> None:
    text = '\n[{"a": 1},\n\n {"b":\n 2}, {"c": "]"}]\n'
    assert found(tmp_path / "f", text) == [(2, {"a": 1}), (4, {"b": 2}), (5, {"c": "]"})]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    for rows in ([], [{"a": "🚢 \ud800"}], [{"a": number} for number in range(5)]):
        with writing_array(tmp_path / "f") as append:
            for row in rows:
                append(row)
        assert [line.value for line in read_array(tmp_path / "f")] == rows


def test_elements_may_lie_across_what_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_array, "CHUNK", 3)
    text = '[{"long": "' + "x" * 50 + '", "n": 12345}, 678, {"b": [1, 2]}]'
    assert found(tmp_path / "f", text) == [
        (1, {"long": "x" * 50, "n": 12345}),
        (1, "is not a JSON object"),
        (1, {"b": [1, 2]}),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"a": 1}, {"a": }]', "is not JSON"),
        ('[{"a": 1} {"b": 2}]', "expected , or ]"),
        ('[{"a": 1}', "expected , or ]"),
        ('[{"a": 1}, ', "is not JSON"),
        ('[{"a": 1}, {"a": "' + "x" * 50, "is not JSON"),
        ('[{"a": 1}, ' + '{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_where_an_array_breaks_the_line_is_named_and_what_came_before_is_kept(
    tmp_path: Path, text: str, told: str
) -> None:
    first, last = found(tmp_path / "f", text)
    assert first == (1, {"a": 1})
    assert told in str(last)


def test_an_element_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "CHUNK", 16)
    monkeypatch.setattr(json_array, "LARGEST", 100)
    (only,) = found(tmp_path / "f", '[{"a": "' + "x" * 1000 + '"}]')
    assert "more than 100 characters" in str(only)


@pytest.mark.parametrize("text", ["", "{}", '"[]"', "  \n"])
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(UsageError, match="is not a JSON array"):
        list(read_array(tmp_path / "f"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b'[{"a": "\xff"}]')
    (only,) = read_array(tmp_path / "f")
    assert "is not UTF-8" in only.problem
