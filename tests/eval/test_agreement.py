"""Agreement of corpora: which answers become which ratings, and what is made of them."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval import agreement
from eval.data import data_folder

VOTES = [
    {"a": "favor", "b": "favor", "c": "neutral"},
    {"a": "against", "b": "against", "c": "against"},
    {"a": "neutral", "b": "favor", "c": "against"},
]
TEXT = "“No,” said Ada Quill."  # four words


def figures(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("QUOTESTANCE_DATA", str(folder))
    return agreement.run(argparse.Namespace())


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def attribution(*source: int) -> dict[str, Any]:
    return {"id": "E1", "content": [[0, 5]], "cue": [[6, 10]], "source": [list(source)]}


def test_votes_and_words_become_ratings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": str(number), "votes": votes} for number, votes in enumerate(VOTES)]
    write(tmp_path / "stance" / "gwsd_votes.jsonl", *rows)
    article = {
        "id": "one",
        "text": TEXT,
        "annotators": {"x": [attribution(11, 20)], "y": [attribution(11, 14)]},
    }
    write(tmp_path / "polnear" / "train_multi.jsonl", article)
    write(tmp_path / "polnear" / "dev_multi.jsonl")
    found = figures(tmp_path, monkeypatch)
    stances = found["stances"]
    assert (stances["clauses"], stances["annotators"]) == (3, 3)
    # Favor three times, neutral twice, against four times. In the first item 4 of 6 ordered pairs differ, in
    # the third all 6, each at 1 / (3 - 1): 5 of 9. Expected: 9² - 3² - 2² - 4² of 9 · 8, 52 / 72.
    assert stances["nominal alpha"]["value"] == pytest.approx(1 - (5 / 9) / (52 / 72), abs=0.00005)
    assert stances["majority overruled by Dawid and Skene"]["majorities"] == 2
    words = found["words in a part of a quotation"]
    assert (words["content"]["value"], words["cue"]["value"], words["content"]["items"]) == (1.0, 1.0, 4)
    # Ada and Quill against Ada alone, of four words: one of four differs; 3 of 8 answers are "in".
    # 1 - (2 / 8) / (2 · 3 · 5 / (8 · 7)).
    assert words["source"]["value"] == pytest.approx(1 - (2 / 8) / (30 / 56), abs=0.00005)
    assert "| stance, ordinal alpha" in agreement.render(found)


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"stance/gwsd_votes\.jsonl is not there"):
        figures(tmp_path, monkeypatch)


@pytest.mark.corpus
@pytest.mark.skipif(data_folder() is None, reason="the corpora are not on this machine")
def test_people_agree_more_than_chance_on_real_data() -> None:
    found: Any = agreement.run(argparse.Namespace())
    stances = found["stances"]
    assert stances["ordinal alpha"]["value"] > stances["nominal alpha"]["value"] > 0.3
    assert found["words in a part of a quotation"]["content"]["value"] > 0.6
