"""The trained ranker: how likely each candidate is to be the speaker of a quotation.

A linear model tells from a source's words what kind of speaker it describes; two small networks, one
for each reading of the sources, weigh the candidates. The second one corrects what the first found. Each
network is the mean of several that were trained from different seeds. Weights are plain arrays, read
without pickle.
"""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from builder.config import SpeakerConfig
from builder.errors import ModelError
from builder.speakers.candidates import KINDS
from builder.speakers.features import FIRST, Floats, Question, source_words
from builder.speakers.knowledge import Knowledge, read_table
from builder.speakers.readings import SECOND, second

DESCRIPTION, WEIGHTS, PEOPLE = "model.json", "weights.npz", "people.tsv"
READINGS = {"first": FIRST + len(KINDS), "second": SECOND}
SHIPPED = Path(__file__).parent.parent / "models" / "speakers"
ANOTHER_VERSION = "made for another version of the program"
LEAST = 1e-3  # probability, so that logarithms are bounded
LEAST_SHARE = np.float32(1e-5)
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
class Member:
    """One of a network's members.

    A hidden layer for each choice by itself; a second one that also takes the largest values of the first
    over all choices of the question (`inner` for the choice's own, `others` for those); and its score.
    What the reading before found counts with the weight `trust`.
    """

    weight: Floats
    bias: Floats
    inner: Floats
    others: Floats
    inner_bias: Floats
    last: Floats
    last_bias: Floats
    trust: Floats

    def scores(self, numbers: Floats, sizes: NDArray[np.int64], before: Floats) -> Floats:
        """The score of each choice of the questions that have so many choices."""
        hidden = numbers @ self.weight
        hidden += self.bias
        np.maximum(hidden, 0, out=hidden)
        # Faster than `np.maximum.reduceat`, and than any sum that makes an array of its own.
        largest = np.stack([some.max(axis=0) for some in np.split(hidden, np.cumsum(sizes)[:-1])])
        shared = largest @ self.others + self.inner_bias
        hidden = hidden @ self.inner
        hidden += np.repeat(shared, sizes, axis=0)
        np.maximum(hidden, 0, out=hidden)
        scores: Floats = (hidden @ self.last + self.last_bias)[:, 0] + self.trust * before
        return scores


@dataclass(frozen=True, slots=True)
class Network:
    """A network for one reading: the mean of several members.

    `mean` and `scale` (numbers,) make numbers comparable, `missing` are those that may be NaN.
    """

    mean: Floats
    scale: Floats
    missing: NDArray[np.int64]
    members: tuple[Member, ...]

    def shares(
        self,
        numbers: Sequence[Floats],
        before: Sequence[Floats] | None = None,
        temperature: float = 1.0,
    ) -> list[Floats]:
        """How likely each choice of each question is, for the numbers (choices, numbers) of each.

        `before` are the shares that the reading before gave.
        """
        if not numbers:
            return []
        sizes = np.array([len(one) for one in numbers])
        bounds = np.cumsum(sizes)[:-1]
        taken = scaled(np.concatenate(numbers), self.mean, self.scale, self.missing)
        found = logarithms(np.concatenate(before)) if before else np.zeros(len(taken), np.float32)
        shares = [
            _softmax(member.scores(taken, sizes, found) / temperature, sizes) for member in self.members
        ]
        return np.split(np.mean(shares, axis=0), bounds)


def logarithms(shares: Floats) -> Floats:
    """The logarithms of shares, bounded below."""
    return np.log(np.maximum(shares, LEAST_SHARE))


def _softmax(scores: Floats, sizes: NDArray[np.int64]) -> Floats:
    """The shares of choices, which sum to 1 over each question's."""
    starts = np.cumsum(sizes) - sizes
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    shares: Floats = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
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
    knowledge: Knowledge

    def probabilities(self, text: str, asked: Sequence[Question]) -> list[Floats]:
        """How likely each choice of each question of a document is, summing to 1."""
        numbers = [with_kinds(one, self.kinds.log_probabilities(source_words(text, one))) for one in asked]
        first = self.first.shares(numbers)
        return self.second.shares(second(asked, first), first, self.temperature)


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
        knowledge = read_table((folder / PEOPLE).read_text(encoding="utf-8"))
        return Ranker(str(description["name"]), kinds, first, later, temperature, knowledge)
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
    held = (_member(weights, f"{reading}.{member}", numbers + len(missing)) for member in range(members))
    return Network(mean, scale, missing, tuple(held))


def _member(weights: Any, name: str, numbers: int) -> Member:
    """A member whose layers fit together."""
    member = Member(**{part.name: weights[f"{name}.{part.name}"] for part in fields(Member)})
    width, inner = len(member.bias), len(member.inner_bias)
    _check(member.weight, numbers, width)
    _check(member.bias, width)
    _check(member.inner, width, inner)
    _check(member.others, width, inner)
    _check(member.inner_bias, inner)
    _check(member.last, inner, 1)
    _check(member.last_bias, 1)
    _check(member.trust, 1)
    return member


def _check(array: NDArray[Any], *shape: int) -> None:
    if array.shape != shape or array.dtype.kind not in "fi":
        raise ValueError(ANOTHER_VERSION)
