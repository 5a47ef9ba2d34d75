import argparse
import json
import random
from pathlib import Path
from typing import Any

import pytest

from eval import stance_votes

WORDS = {"favor": "good welcome support", "against": "bad reject oppose", "neutral": "monday opens meeting"}


def rows(count: int, first: int) -> list[dict[str, Any]]:
    """Invented sentences whose words tell their label; of four votes on each, one strays on every third."""
    draw = random.Random(first)  # noqa: S311 - nothing is kept secret
    made = []
    for number in range(count):
        label = ("favor", "against", "neutral")[number % 3]
        filler = " ".join(f"w{draw.randrange(60)}" for _ in range(8))
        telling = draw.choices(WORDS[label].split(), k=2)
        text = f"{telling[0]} {filler} {telling[1]} x{first + number}"
        votes = {f"worker {who}": label for who in range(4)}
        if number % 3 == 0:
            votes["worker 3"] = "neutral"
        made.append(
            {"id": f"r{first + number}", "text": text, "target": "the dam", "label": label, "votes": votes}
        )
    return made


def write(folder: Path, name: str, some: list[dict[str, Any]], *without: str) -> None:
    folder.mkdir(exist_ok=True)
    lines = [{key: value for key, value in row.items() if key not in without} for row in some]
    (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_each_way_to_make_labels_is_scored_on_sentences_that_were_not_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, dev = rows(90, 0), rows(30, 1_000)
    write(tmp_path / "stance", "gwsd_train.jsonl", train, "votes")
    write(tmp_path / "stance", "gwsd_dev.jsonl", dev, "votes")
    write(tmp_path / "stance", "gwsd_votes.jsonl", train + dev, "label")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    monkeypatch.setattr(stance_votes, "RESAMPLES", 100)
    parser = argparse.ArgumentParser()
    stance_votes.add_arguments(parser)
    figures = stance_votes.run(parser.parse_args([]))
    assert [(row["labels"], row["examples"]) for row in figures["rows"]] == [
        ("label of the corpus", 90),
        ("majority", 90),
        ("votes", 90),
        ("dawid-skene", 90),
    ]
    corpus, majority, *_ = figures["rows"]
    assert corpus["macro_f1"] > 0.7  # the words tell
    # Every majority is the corpus's own label, so nothing is gained or lost.
    assert (majority["macro_f1"], majority["gain"]) == (corpus["macro_f1"], 0.0)
    assert "| votes | 90 |" in stance_votes.render(figures)
