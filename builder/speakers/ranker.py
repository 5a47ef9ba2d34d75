"""The trained ranker: how likely each candidate is to be the speaker of a quotation.

A linear model tells from a source's words what kind of speaker it describes; two small networks, one
for each reading of the sources, weigh the candidates. Each network is the mean of several that were
trained from different seeds. Weights are plain arrays, read without pickle.
"""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from builder.config import SpeakerConfig
from builder.errors import ModelError
from builder.speakers.features import FIRST, KINDS, SECOND, Floats, Question, second, source_words

DESCRIPTION, WEIGHTS = "model.json", "weights.npz"
READINGS = {"first": FIRST + len(KINDS), "second": FIRST + len(KINDS) + SECOND}
SHIPPED = Path(__file__).parent.parent / "models" / "speakers"
ANOTHER_VERSION = "made for another version of the program"
LEAST = 1e-3  # probability, so that logarithms are bounded
CLIP = 4.0  # standard deviations; what is farther from the mean counts as this far


@dataclass(frozen=True, slots=True)
class KindModel:
    """What kind of speaker a source describes, told by its words: a linear model.

    `weights` are (vocabulary, KINDS), `biases` (KINDS,); `vocabulary` numbers the words that it knows.
    """

    vocabulary: dict[str, int]
    weights: Floats
    biases: Floats

    def log_probabilities(self, words: Sequence[str]) -> Floats:
        """The logarithm of the probability of each kind, bounded below."""
        known = [self.vocabulary[word] for word in words if word in self.vocabulary]
        scores = self.biases + self.weights[known].sum(axis=0)
        powers = np.exp(scores - scores.max())
        logarithms: Floats = np.log(powers / powers.sum() + LEAST).astype(np.float32)
        return logarithms


@dataclass(frozen=True, slots=True)
class Network:
    """A network for one reading: the mean of several members.

    `mean` and `scale` (numbers,) make numbers comparable, `missing` are those that may be NaN. Each
    member is the weights and biases of three layers.
    """

    mean: Floats
    scale: Floats
    missing: NDArray[np.int64]
    members: tuple[tuple[Floats, ...], ...]

    def shares(self, numbers: Sequence[Floats], temperature: float = 1.0) -> list[Floats]:
        """How likely each choice of each question is, for the numbers (choices, numbers) of each."""
        if not numbers:
            return []
        bounds = np.cumsum([len(one) for one in numbers])[:-1]
        taken = scaled(np.concatenate(numbers), self.mean, self.scale, self.missing)
        scores = [np.split(_scores(member, taken) / temperature, bounds) for member in self.members]
        return [np.mean([_softmax(one) for one in some], axis=0) for some in zip(*scores, strict=True)]


def _scores(layers: Sequence[Floats], taken: Floats) -> Floats:
    weight, bias, inner, inner_bias, last, last_bias = layers
    hidden = np.maximum(np.maximum(taken @ weight + bias, 0) @ inner + inner_bias, 0)
    scores: Floats = (hidden @ last + last_bias)[:, 0]
    return scores


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares


def scaled(numbers: Floats, mean: Floats, scale: Floats, missing: NDArray[np.int64]) -> Floats:
    """Numbers as a network takes them: about 0, none missing, with a sign for each that was."""
    absent = np.isnan(numbers)
    near = np.clip((np.where(absent, mean, numbers) - mean) / scale, -CLIP, CLIP)
    return np.concatenate([near, absent[:, missing]], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Ranker:
    """A ranker that is loaded."""

    name: str
    kinds: KindModel
    first: Network
    second: Network
    temperature: float

    def probabilities(self, text: str, asked: Sequence[Question]) -> list[Floats]:
        """How likely each choice of each question of a document is, summing to 1."""
        numbers = [with_kinds(one, self.kinds.log_probabilities(source_words(text, one))) for one in asked]
        alone = self.first.shares(numbers)
        more = second(asked, alone)
        both = [np.concatenate(pair, axis=1) for pair in zip(numbers, more, strict=True)]
        return self.second.shares(both, self.temperature)


def with_kinds(question: Question, kinds: Floats) -> Floats:
    """The numbers of the first reading (choices, FIRST + KINDS)."""
    return np.concatenate([question.first, np.repeat(kinds[None], len(question.choices), axis=0)], axis=1)


def ranker_folder(config: SpeakerConfig, base: Path = Path()) -> Path:
    """Where the ranker lies: relative to `base`, or the shipped one."""
    return SHIPPED if config.model is None else base / config.model


@cache
def load_ranker(folder: Path = SHIPPED) -> Ranker:
    """The ranker of a folder; each process loads it once.

    Raises:
        ModelError: a file is missing or is not what it should be.
    """
    path = folder / DESCRIPTION
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        vocabulary = {str(word): number for number, word in enumerate(description["vocabulary"])}
        temperature, members = float(description["temperature"]), int(description["members"])
        if not (math.isfinite(temperature) and temperature > 0 and members > 0):
            raise ValueError(ANOTHER_VERSION)
        with (folder / WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as weights:
            kinds = KindModel(vocabulary, weights["kinds.weights"], weights["kinds.biases"])
            _check(kinds.weights, len(vocabulary), len(KINDS))
            _check(kinds.biases, len(KINDS))
            first, later = (_network(weights, reading, size, members) for reading, size in READINGS.items())
        return Ranker(str(description["name"]), kinds, first, later, temperature)
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, OverflowError, EOFError, BadZipFile, zlib.error) as error:
        raise ModelError(f"{folder}: holds no ranker of speakers: {error}") from error


def _network(weights: Any, reading: str, numbers: int, members: int) -> Network:
    mean, scale, missing = (weights[f"{reading}.{part}"] for part in ("mean", "scale", "missing"))
    _check(mean, numbers)
    _check(scale, numbers)
    _check(missing, len(missing))
    if not all(0 <= at < numbers for at in missing.tolist()):
        raise ValueError(ANOTHER_VERSION)
    layers = (_layers(weights, f"{reading}.{member}", numbers + len(missing)) for member in range(members))
    return Network(mean, scale, missing, tuple(layers))


def _layers(weights: Any, member: str, numbers: int) -> tuple[Floats, ...]:
    """The weights and biases of a member's three layers, each of which takes what the one before gives."""
    layers: tuple[Floats, ...] = tuple(weights[f"{member}.{array}"] for array in range(6))
    taken = numbers
    for weight, bias in zip(layers[::2], layers[1::2], strict=True):
        _check(weight, taken, len(bias))
        _check(bias, len(bias))
        taken = len(bias)
    _check(layers[-1], 1)
    return layers


def _check(array: NDArray[Any], *shape: int) -> None:
    if array.shape != shape or array.dtype.kind not in "fi":
        raise ValueError(ANOTHER_VERSION)
