"""Labelled pairs, invented for the tests, in the form that training a stance model reads."""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]

GOOD = "fine brave honest useful bright fair".split()
BAD = "weak wrong costly unfair dull cruel".split()
PLAIN = "old long new open small late".split()
LABELS = ("favor", "against", "neutral")


def rows(
    labels: tuple[str, ...] = LABELS, targets: tuple[str, ...] = ("the bridge", "the council")
) -> list[Row]:
    """A pair for every word and target, of the labels asked for."""
    words = dict(zip(LABELS, (GOOD, BAD, PLAIN), strict=True))
    return [
        {
            "id": f"{label}-{word}-{number}",
            "text": f"{target} is {word}",
            "context": f"Anna said {target} is {word} today",
            "speaker": "Anna",
            "target": target,
            "label": label,
        }
        for label in labels
        for word in words[label]
        for number, target in enumerate(targets)
    ]


def write_rows(path: Path, some: list[Row]) -> Path:
    """Writes one row a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
    return path
