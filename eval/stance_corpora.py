"""The corpora of labelled pairs of text and target: where they lie, their labels, their rows."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.lines import read_objects

from .data import data_folder
from .metrics.stance import Prediction

LABELS = ("favor", "against", "neutral")
SPLITS = ("dev", "train")

# The labels that occur in each corpus: a model with more of them is asked for these only.
CORPORA: Mapping[str, tuple[str, ...]] = {
    "quotes": LABELS,
    "seesaw": ("favor", "against"),
    "newsmtsc": LABELS,
    "vast": LABELS,
    "gwsd": LABELS,
    "dse": LABELS,
    "perspectrum": ("favor", "against"),
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
