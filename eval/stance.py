"""`python -m eval stance`: a stance model, or predictions of any program, on a corpus of labelled pairs."""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.config import StanceConfig
from builder.errors import UsageError
from builder.ids import sha256
from builder.lines import read_objects
from builder.stance.classifier import load_classifier, model_folder
from builder.stance.label import label_rows

from .data import data_folder
from .metrics.stance import Prediction, score

CORPORA = ("quotes", "seesaw", "newsmtsc", "vast", "gwsd", "dse", "perspectrum")
SPLITS = ("dev", "train")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--corpus", choices=CORPORA, default="quotes", help="which corpus to score on")
    parser.add_argument("--split", choices=SPLITS, default="dev", help="which part of it")
    parser.add_argument(
        "--model", type=Path, help="the folder of a stance model; the shipped one if not given"
    )
    parser.add_argument(
        "--predictions", type=Path, help="score this output of `quotestance label` instead of running a model"
    )
    parser.add_argument(
        "--labels", help="restrict the model's answers to some labels, separated by commas: favor,against"
    )


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures, with the corpus, the fingerprint of its rows, and the model that was scored.

    Raises:
        UsageError: the corpus is not there, options do not go together, or a line is malformed.
        ModelError: the model cannot be loaded.
    """
    path = corpus_path(arguments.corpus, arguments.split)
    gold = read_rows(path)
    if arguments.predictions is not None:
        if arguments.model is not None or arguments.labels is not None:
            raise UsageError("--predictions goes with neither --model nor --labels")
        name, answered = str(arguments.predictions), read_rows(arguments.predictions)
    else:
        classifier = load_classifier(
            StanceConfig(), model_folder(StanceConfig(model=arguments.model), Path.cwd())
        )
        labels = arguments.labels.split(",") if arguments.labels is not None else None
        name, answered = classifier.name, list(label_rows(gold, classifier, StanceConfig(), labels))
    figures = score({str(row["id"]): str(row["label"]) for row in gold}, predictions_of(answered))
    return {
        "corpus": path.name,
        "data": sha256(path.read_bytes()),
        "model": name,
        "labels": arguments.labels,
        **figures,
    }


def corpus_path(corpus: str, split: str) -> Path:
    """The file of one part of a corpus.

    Raises:
        UsageError: the corpora are not on this machine.
    """
    folder = data_folder()
    path = folder / "stance" / f"{corpus}_{split}.jsonl" if folder is not None else None
    if path is None or not path.is_file():
        raise UsageError(
            f"{corpus}_{split}.jsonl is not there; set QUOTESTANCE_DATA to the folder of the corpora"
        )
    return path


def read_rows(path: Path) -> list[dict[str, Any]]:
    """One JSON object with an id a line.

    Raises:
        UsageError: the file cannot be read or a line is no such object; it is named.
    """
    rows = []
    for number, row in read_objects(path):
        if "id" not in row or "label" not in row:
            raise UsageError(f"{path}:{number}: has no `id` or no `label`")
        rows.append(row)
    return rows


def predictions_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Prediction]:
    """Predictions by id; without a confidence, the highest probability is taken for it."""
    return {str(row["id"]): Prediction(row["label"], _confidence(row), row.get("route")) for row in rows}


def _confidence(row: Mapping[str, Any]) -> float:
    confidence = row.get("confidence")
    if confidence is None and row.get("probabilities"):
        confidence = max(row["probabilities"].values())
    return float(confidence or 0.0)
