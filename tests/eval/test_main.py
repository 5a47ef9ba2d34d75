import json
import sys
from pathlib import Path

import pytest

from eval.__main__ import COMMANDS, main

TEXT = "“The bridge is closed,” said Ilse Brandt."


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    gold = {"id": "a", "content": [[0, 23]], "cue": [[24, 28]], "source": [[29, 40]]}
    (tmp_path / "polnear").mkdir()
    rows = json.dumps({"id": "one", "text": TEXT, "attributions": [gold]})
    (tmp_path / "polnear" / "dev.jsonl").write_text(rows, encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["eval", *words])
    return main()


def test_figures_are_printed_as_json(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "attribution", "--json", str(data / "figures.json")) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["documents"] == 1
    assert (data / "figures.json").read_text(encoding="utf-8") == printed


def test_a_command_may_say_them_more_readably_and_still_write_json(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "peers", "--json", str(data / "figures.json")) == 0
    assert capsys.readouterr().out.startswith("dev.jsonl: 1 documents, 1 annotated quotations.")
    assert "extractors" in json.loads((data / "figures.json").read_text(encoding="utf-8"))


def test_wrong_use_ends_with_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "peers", "--split", "train")
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("eval: polnear/train.jsonl is not there")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_describes_itself(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, command, "--help")
    assert ended.value.code == 0
    assert f"usage: python -m eval {command}" in capsys.readouterr().out


def test_every_command_is_documented() -> None:
    guide = (Path(__file__).parent.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = guide.split("## Evaluating")[1]
    assert [command for command in COMMANDS if f"| `{command}` |" not in table] == []


def test_without_spacy_the_rest_works_and_its_command_says_what_to_install(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)  # which makes an import of it fail
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "spacy-docs", "docs.spacy", "-o", str(data / "lines.jsonl"))
    assert ended.value.code == 2
    assert "pip install 'quotestance[peers]'" in capsys.readouterr().err
