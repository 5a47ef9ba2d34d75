"""A small file of labelled examples, and a model trained from it, for the tests of this folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from builder.stance.train import train

LABELS = ("favor", "against", "neutral")
PRAISE = [
    "splendid",
    "wonderful",
    "honest",
    "brave",
    "generous",
    "excellent",
    "wise",
    "admirable",
    "fair",
    "great",
]
BLAME = [
    "awful",
    "useless",
    "corrupt",
    "cowardly",
    "greedy",
    "terrible",
    "foolish",
    "shameful",
    "cruel",
    "bad",
]
FACTS = ["blue", "local", "annual", "wooden", "northern", "printed", "oval", "weekly", "signed", "paved"]


def labelled_rows() -> list[dict[str, Any]]:
    """Thirty rows that a classifier of words can tell apart, ten of each label."""
    return [
        {
            "id": f"{label}-{number}",
            "text": f"The tunnel was {word}, {word}",
            "target": "the tunnel",
            "label": label,
        }
        for label, words in zip(LABELS, (PRAISE, BLAME, FACTS), strict=True)
        for number, word in enumerate(words)
    ]


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Writes one row a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def labels_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_jsonl(tmp_path_factory.mktemp("labels") / "labels.jsonl", labelled_rows())


@pytest.fixture(scope="session")
def model(labels_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a trained model; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("models") / "tunnel"
    train(labels_file, folder, LABELS)
    return folder
