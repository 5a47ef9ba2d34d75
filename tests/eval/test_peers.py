import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval import peers
from eval.data import data_folder

DATA = data_folder()

TEXT = "“The bridge is closed,” said Ilse Brandt."
CONTENT, CUE, SOURCE = [[0, 23]], [[24, 28]], [[29, 40]]


def arguments(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    peers.add_arguments(parser)
    return parser.parse_args(options)


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of corpora with one article, and one peer that finds all and has no confidence."""
    gold = {"id": "a", "content": CONTENT, "cue": CUE, "source": SOURCE}
    write(tmp_path / "polnear" / "dev.jsonl", {"id": "one", "text": TEXT, "attributions": [gold]})
    write(tmp_path / "peers" / "textacy_dev.jsonl", {"id": "one", "quotations": [gold]})
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    return tmp_path


def test_peers_stand_beside_ours(data: Path) -> None:
    figures = peers.run(arguments())
    extractors: Any = figures["extractors"]
    assert list(extractors) == [*(name for name, _ in peers.variants()), "textacy"]
    assert extractors["textacy"]["exact"] == {"p": 100.0, "r": 100.0, "f1": 100.0}
    assert figures["absent"] == ["GenderGapTracker (peers/ggt_dev.jsonl)"]


def test_more_predictions_can_be_named(data: Path) -> None:
    # the source is another one; a line is of no document of the corpus, and that of the article is missing
    other = write(
        data / "other.jsonl",
        {"id": "two", "quotations": []},
        {"id": "one", "quotations": [{"content": CONTENT, "source": CUE, "confidence": 0.9}]},
    )
    nothing = write(data / "nothing.jsonl")
    figures = peers.run(arguments("--predictions", f"other={other}", "--predictions", f"nothing={nothing}"))
    extractors: Any = figures["extractors"]
    assert list(extractors)[-2:] == ["other", "nothing"]
    assert extractors["other"]["joint"]["f1"] == 0.0
    assert extractors["other"]["ece"] == 0.9
    assert extractors["other"]["lines_of_other_documents"] == 1
    assert extractors["nothing"]["documents_without_line"] == 1


def test_an_unknown_file_of_the_folder_is_called_by_its_name(data: Path) -> None:
    write(data / "peers" / "mine_dev.jsonl", {"id": "one", "quotations": []})
    write(data / "peers" / "mine_train.jsonl", {"id": "one", "quotations": []})
    extractors: Any = peers.run(arguments())["extractors"]
    assert list(extractors)[-2:] == ["mine", "textacy"]


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("file.jsonl", "NAME=FILE"),
        ("=file.jsonl", "NAME=FILE"),
        ("textacy=peers/textacy_dev.jsonl", "two extractors are called 'textacy'"),
        ("other=none.jsonl", "none.jsonl: cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch, option: str, complaint: str
) -> None:
    monkeypatch.chdir(data)
    with pytest.raises(UsageError, match=complaint):
        peers.run(arguments("--predictions", option))


def test_the_table_by_hand(data: Path) -> None:
    half = write(
        data / "half.jsonl", {"id": "one", "quotations": [{"content": [[0, 11]], "confidence": 0.25}]}
    )
    shown = peers.render(peers.run(arguments("--predictions", f"half | less={half}")))
    rows = {}
    for line in shown.splitlines():
        if line.startswith("| "):
            label, *cells = (cell.strip() for cell in line.strip("|").replace("\\|", "/").split("|"))
            rows[label] = cells
    assert rows[""][-2:] == ["textacy", "half / less"]
    assert rows["quotations predicted"][-2:] == ["1", "1"]
    assert rows["joint (content and source)"][-2:] == ["100.0 (100.0 / 100.0)", "0.0 (0.0 / 0.0)"]
    # 2 of 4 words are half of them, so it is found: 2 / 2 and 2 / 4 words, f1 = 2 * 1 * 0.5 / 1.5
    assert rows["words"][-1] == "66.7 (100.0 / 50.0)"
    assert rows["found"][-1] == "100.0 (100.0 / 100.0)"
    assert rows["joint F1, direct"][-2:] == ["100.0", "0.0"]
    assert rows["joint F1, mixed"][-2:] == ["–", "–"]
    assert rows["source right, of those found"][-1] == "0.0"
    assert rows["source fragments"][-2:] == ["100.0 (100.0 / 100.0)", "0.0 (0.0 / 0.0)"]
    assert rows["calibration error (ECE)"][-2:] == ["–", "0.25"]
    assert "Not compared, because its predictions are not there: GenderGapTracker" in shown


def test_what_is_incomplete_is_noted(data: Path) -> None:
    other = write(data / "other.jsonl", {"id": "two", "quotations": []})
    shown = peers.render(peers.run(arguments("--predictions", f"other={other}")))
    assert "other: documents without a line, which count as empty: 1." in shown
    assert "other: lines of documents that are not in the corpus, which are left out: 1." in shown


@pytest.mark.corpus
@pytest.mark.skipif(DATA is None, reason="the corpora are not on this machine")
def test_the_known_peers_are_found() -> None:
    found, absent = peers.peer_files("dev")
    assert {"GenderGapTracker", "textacy"} <= {name for name, _ in found}
    assert absent == []
    assert peers.peer_files("train")[1] == [
        "GenderGapTracker (peers/ggt_train.jsonl)",
        "textacy (peers/textacy_train.jsonl)",
    ]
