"""The file beside a model's weights that says what it is: `model.json`."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from builder.engine.workspace import write_atomically
from builder.errors import ModelError
from builder.ids import sha256
from builder.stance.forms import FORM, FormCalibration

FILE = "model.json"
LEAST_TOKENS = 96  # of a sequence: target and speaker may take 72 of them
FIGURES = ("macro_f1", "accuracy", "ece")


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """How an encoder is run: tokens of a sequence, and of a batch, at most; how its scores are calibrated."""

    read_tokens: int
    batch_tokens: int
    calibration: FormCalibration


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """What a stance model is, what it was made from, and how well it did.

    `kind` says which module reads the weights; `fingerprint` is the hash of what the weights say,
    `data` that of the labelled examples; `source` is the name of their file; `examples` counts them by
    label; `figures` (macro_f1, accuracy, ece) were measured on held-out ones; `libraries` are the
    versions that the weights were written with. `terms` is what the licences of its data ask of who
    uses it, empty if nothing; `encoder` is None unless that is its kind.
    """

    kind: str
    labels: tuple[str, ...]
    fingerprint: str
    temperature: float
    seed: int
    data: str
    source: str
    examples: Mapping[str, int]
    figures: Mapping[str, float]
    libraries: Mapping[str, str]
    terms: str = ""
    encoder: EncoderSettings | None = None

    @property
    def name(self) -> str:
        """The model's name in records: its kind, and the start of a hash of all that decides its answers."""
        made_of = self.fingerprint
        if self.encoder:
            made_of = sha256(f"{made_of} {self.encoder}".encode())
        return f"stance-{self.kind}-{made_of[:12]}"

    def training_data(self) -> str:
        """What it was trained on and how well it did, in one sentence."""
        counts = ", ".join(f"{count} {label}" for label, count in self.examples.items())
        figures = f"macro-F1 {self.figures['macro_f1']:.2f}, ECE {self.figures['ece']:.2f}"
        total = sum(self.examples.values())
        return f"{total} labelled examples from {self.source} ({counts}); on those held out: {figures}."


def write_description(description: ModelDescription, folder: Path) -> None:
    """Writes `model.json`, last of a model's files: its presence says that the others are whole."""
    written = json.dumps(asdict(description), ensure_ascii=False, indent=2)
    write_atomically(folder / FILE, (written + "\n").encode())


def read_description(folder: Path) -> ModelDescription:
    """Reads the `model.json` of a folder.

    Raises:
        ModelError: the folder is no model, or its description is damaged.
    """
    path = folder / FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: is not a stance model: {FILE} is missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from error
    try:
        return _checked(values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: is damaged ({error!r}); train the model again") from error


def _checked(values: Any) -> ModelDescription:
    if not isinstance(values, dict):
        raise TypeError("not an object")
    temperature = float(values["temperature"])
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature {temperature}")
    labels = values["labels"]
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise TypeError("labels are not a list of strings")
    return ModelDescription(
        kind=str(values["kind"]),
        labels=tuple(labels),
        fingerprint=str(values["fingerprint"]),
        temperature=temperature,
        seed=int(values["seed"]),
        data=str(values["data"]),
        source=str(values["source"]),
        examples={str(label): int(count) for label, count in values["examples"].items()},
        figures={name: float(values["figures"][name]) for name in FIGURES},
        libraries={str(name): str(version) for name, version in values["libraries"].items()},
        terms=str(values.get("terms", "")),
        encoder=_settings(values["encoder"], len(labels)) if values.get("encoder") else None,
    )


def _settings(values: dict[str, Any], labels: int) -> EncoderSettings:
    calibration = values["calibration"]
    temperature, *biases = (
        tuple(_number(one) for one in row) for row in [calibration["temperature"], *calibration["biases"]]
    )
    rows = [row + (0.0,) * (len(FORM) - len(row)) for row in (temperature, *biases)]  # of an older version
    if len(biases) != labels or any(len(row) != len(FORM) for row in rows):
        raise ValueError("its calibration is of another form")
    temperature, *biases = rows
    read_tokens, batch_tokens = int(values["read_tokens"]), int(values["batch_tokens"])
    if min(read_tokens, batch_tokens) < LEAST_TOKENS:
        raise ValueError(f"read_tokens and batch_tokens must be at least {LEAST_TOKENS}")
    return EncoderSettings(read_tokens, batch_tokens, FormCalibration(temperature, tuple(biases)))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)
