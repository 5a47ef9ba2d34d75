"""The attribution model's folder: two graphs, a tokenizer, and a description with what goes with them."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.inference import Graph
from builder.quotes.attributions import AttributionModel
from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.quoted import Confidences
from builder.quotes.states import STATES
from builder.tokenization import Tokenizer

DESCRIPTION, READER, LINKER = "model.json", "reader.onnx", "linker.onnx"
LEAST_WINDOW = 8  # tokens
_T = TypeVar("_T")

Transitions = tuple[tuple[float, ...], ...]
"""The chain's scores (states, states), from row to column."""

SHIPPED = Path(__file__).parent.parent / "models" / "attribution"


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen on held-out articles.

    `threshold` is the least score of an anchor, a logarithm of odds; quotations of less than
    `least_confidence`, or `least_without_source` if they have no source, are dropped; `confidences`
    are those of quoted sentences that the model passed over. A window has at most `window_tokens`
    tokens, a batch about `batch_tokens`.
    """

    threshold: float
    least_confidence: float
    least_without_source: float
    confidences: Confidences
    window_tokens: int
    batch_tokens: int


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """What goes with the graphs, whatever is chosen: the chain's scores, and the most tokens of a window."""

    transitions: Transitions
    window_tokens: int

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "GraphSettings":
        """From what `model.json` says.

        Raises:
            KeyError, TypeError, ValueError: it is not of that form.
        """
        transitions = tuple(tuple(map(_number, row)) for row in value["transitions"])
        if [len(row) for row in transitions] != [STATES] * STATES:
            raise ValueError(f"transitions must be {STATES} rows of {STATES} numbers")
        window_tokens = int(_number(value["settings"]["window_tokens"]))
        if window_tokens < LEAST_WINDOW:
            raise ValueError(f"window_tokens must be at least {LEAST_WINDOW} (got {window_tokens})")
        return cls(transitions, window_tokens)


@dataclass(frozen=True, slots=True)
class Description:
    """What `model.json` says. `transitions` are the chain's scores (states, states), row to column."""

    name: str
    settings: Settings
    calibration: Calibration
    transitions: Transitions

    def to_bytes(self) -> bytes:
        """As the content of `model.json`."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Description":
        """From an object of JSON.

        Raises:
            KeyError, TypeError, ValueError: it is not of that form.
        """
        calibration = Calibration(
            _number(value["calibration"]["bias"]), tuple(map(_number, value["calibration"]["weights"]))
        )
        given = dict(value["settings"])
        confidences = Confidences(**{key: _number(one) for key, one in given.pop("confidences").items()})
        sizes = {key: int(_number(given.pop(key))) for key in ("window_tokens", "batch_tokens")}
        bars = {key: _number(one) for key, one in given.items()}
        settings = Settings(confidences=confidences, **sizes, **bars)  # type: ignore[arg-type]
        if len(calibration.weights) != len(FEATURES):
            raise ValueError("made for another version; `train attribution --weights` makes it one of this")
        return cls(str(value["name"]), settings, calibration, GraphSettings.from_json(value).transitions)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


@dataclass(frozen=True, slots=True)
class TaggerModel:
    """A model that is loaded; its name tells the weights and the arithmetic, which both move figures."""

    name: str
    tokenizer: Tokenizer
    network: AttributionModel
    settings: Settings
    calibration: Calibration


def is_model(folder: Path) -> bool:
    """Whether a folder is that of an attribution model."""
    return (folder / DESCRIPTION).is_file()


def load_network(folder: Path, transitions: Transitions) -> "Graphs":
    """The two graphs of a folder, with the transitions that go with them.

    Raises:
        ModelError: one is missing or is no graph.
    """
    return Graphs(
        Graph(folder / READER),
        Graph(folder / LINKER),
        np.array(transitions, dtype=np.float32),
    )


class Graphs:
    """The two graphs, as `AttributionModel` wants them; `arithmetic` is the reader's."""

    def __init__(self, reader: Graph, linker: Graph, transitions: NDArray[np.float32]) -> None:
        self._reader, self._linker, self.transitions = reader, linker, transitions
        self.arithmetic = reader.arithmetic

    def read(
        self,
        tokens: NDArray[np.int64],
        attention: NDArray[np.int64],
        shapes: NDArray[np.int64],
        quotes: NDArray[np.int64],
        first_tokens: NDArray[np.int64],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """As `AttributionModel.read`."""
        scores, anchors, words = self._reader.run([tokens, attention, shapes, quotes, first_tokens])
        return scores, anchors, words

    def link(
        self,
        anchors: NDArray[np.float32],
        words: NDArray[np.float32],
        distances: NDArray[np.int64],
        paragraphs: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """As `AttributionModel.link`."""
        return self._linker.run([anchors, words, distances, paragraphs])[0]


def read_description(folder: Path) -> Description:
    """What the `model.json` of a folder says.

    Raises:
        ModelError: it is missing or is none.
    """
    return _read(folder, Description.from_json)


def read_graph_settings(folder: Path) -> GraphSettings:
    """What goes with the graphs of a model, which may be one for another version of the program.

    Raises:
        ModelError: its `model.json` is missing or is none.
    """
    return _read(folder, GraphSettings.from_json)


def _read(folder: Path, form: Callable[[dict[str, Any]], _T]) -> _T:
    path = folder / DESCRIPTION
    try:
        return form(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: describes no attribution model: {error}") from error


@cache
def load_tagger(folder: Path) -> TaggerModel:
    """The model of a folder; each process loads it once.

    Raises:
        ModelError: a file is missing or is not what it should be.
    """
    description = read_description(folder)
    network = load_network(folder, description.transitions)
    return TaggerModel(
        f"{description.name}-{network.arithmetic}",
        Tokenizer(folder),
        network,
        description.settings,
        description.calibration,
    )
