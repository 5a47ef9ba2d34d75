"""The networks of the ranker of speakers: trained on the choices of each question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from builder.speakers.features import Floats
from builder.speakers.ranker import logarithms, scaled
from builder.training.config import Reading, SpeakerTraining

FOLDS = 5  # parts of the articles, each read by a model that was trained on the others
BATCH = 64
NOWHERE = -1e4  # the score of a place without a choice


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of training: its document and words, which choice is right (-1: none), which kind."""

    document: int
    words: tuple[str, ...]
    right: int
    kind: int


def fitted_reading(
    name: str,
    asked: Sequence[Asked],
    numbers: Sequence[Floats],
    before: Sequence[Floats] | None,
    config: SpeakerTraining,
) -> tuple[list[Floats], dict[str, NDArray[Any]]]:
    """The shares of all choices, each told by networks of other articles, and the networks of all.

    `before` are the shares that the reading before gave, told in the same way.
    """
    everything = np.concatenate(numbers)
    absent = np.isnan(everything)
    everything[:, absent.all(axis=0)] = 0.0  # what is always missing says nothing
    mean = np.nanmean(everything, axis=0).astype(np.float32)
    scale = (np.nanstd(everything, axis=0) + 1e-3).astype(np.float32)
    missing = np.flatnonzero(absent.any(axis=0)).astype(np.int64)
    batch = _padded([scaled(one, mean, scale, missing) for one in numbers], before, asked)
    fold = torch.tensor([one.document % FOLDS for one in asked])
    reading: Reading = getattr(config, name)
    shares: list[Floats] = [np.zeros(0, np.float32)] * len(asked)
    for part in range(FOLDS):
        network = _fit(batch, fold != part, reading, config, config.seed + part)
        places = torch.nonzero(fold == part)[:, 0]
        for at, some in zip(places.tolist(), _shares(network, batch, places), strict=True):
            shares[at] = some
    arrays: dict[str, NDArray[Any]] = {
        f"{name}.mean": mean,
        f"{name}.scale": scale,
        f"{name}.missing": missing,
    }
    for member in range(config.members):
        network = _fit(batch, fold >= 0, reading, config, config.seed + FOLDS + member)
        arrays |= {f"{name}.{member}.{part}": array for part, array in network.arrays().items()}
    return shares, arrays


@dataclass(frozen=True, slots=True)
class _Batch:
    """All questions, or some.

    `numbers` are (questions, choices, numbers), `before` the logarithms of the shares that the reading
    before gave, `there` which places hold a choice, `right` which choice is right.
    """

    numbers: Tensor
    before: Tensor
    there: Tensor
    right: Tensor

    def of(self, places: Tensor) -> "_Batch":
        """Some of the questions, with as many places as the one with most choices needs."""
        there = self.there[places]
        most = int(there.sum(dim=1).max())
        return _Batch(
            self.numbers[places, :most], self.before[places, :most], there[:, :most], self.right[places]
        )


def _padded(numbers: Sequence[Floats], before: Sequence[Floats] | None, asked: Sequence[Asked]) -> _Batch:
    most = max(len(one) for one in numbers)
    held = np.zeros((len(numbers), most, numbers[0].shape[1]), np.float32)
    found = np.zeros((len(numbers), most), np.float32)
    there = np.zeros((len(numbers), most), bool)
    for at, one in enumerate(numbers):
        held[at, : len(one)], there[at, : len(one)] = one, True
        if before is not None:
            found[at, : len(one)] = logarithms(before[at])
    right = torch.tensor([one.right for one in asked])
    return _Batch(torch.from_numpy(held), torch.from_numpy(found), torch.from_numpy(there), right)


class _Dropout(nn.Module):
    """Drops the same numbers of all choices of a question, or they could not be compared."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, numbers: Tensor) -> Tensor:
        if not self.training or not self.share:
            return numbers
        kept = torch.rand(numbers.shape[0], 1, numbers.shape[2]) >= self.share
        return numbers * kept / (1 - self.share)


class _Network(nn.Module):
    """`builder.speakers.ranker.Member`, to be trained."""

    def __init__(self, numbers: int, reading: Reading) -> None:
        super().__init__()
        half = reading.width // 2
        self.ready, self.dropout = _Dropout(reading.input_dropout), _Dropout(reading.dropout)
        self.own = nn.Linear(numbers, reading.width)
        self.inner = nn.Linear(reading.width, half)
        self.others = nn.Linear(reading.width, half, bias=False)
        self.last = nn.Linear(half, 1)
        self.trust = nn.Parameter(torch.ones(1))

    def forward(self, batch: _Batch) -> Tensor:
        """The score of each place (questions, choices)."""
        hidden = self.dropout(torch.relu(self.own(self.ready(batch.numbers))))
        largest = hidden.masked_fill(~batch.there[..., None], 0).amax(dim=1, keepdim=True)
        hidden = self.dropout(torch.relu(self.inner(hidden) + self.others(largest)))
        scores: Tensor = self.last(hidden)[..., 0] + self.trust * batch.before
        return scores.masked_fill(~batch.there, NOWHERE)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The parts of a `Member`."""
        held = {
            "weight": self.own.weight.T,
            "bias": self.own.bias,
            "inner": self.inner.weight.T,
            "others": self.others.weight.T,
            "inner_bias": self.inner.bias,
            "last": self.last.weight.T,
            "last_bias": self.last.bias,
            "trust": self.trust,
        }
        return {name: tensor.detach().numpy().copy() for name, tensor in held.items()}


def _fit(batch: _Batch, chosen: Tensor, reading: Reading, config: SpeakerTraining, seed: int) -> _Network:
    """A network that makes the right choice of each question likely (softmax over its choices)."""
    torch.manual_seed(seed)
    network = _Network(batch.numbers.shape[2], reading)
    usable = torch.nonzero(chosen & (batch.right >= 0))[:, 0]
    steps = reading.epochs * math.ceil(len(usable) / BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.rate, weight_decay=config.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config.rate, total_steps=steps)
    for _ in range(reading.epochs):
        for places in usable[torch.randperm(len(usable))].split(BATCH):
            some = batch.of(places)
            loss = nn.functional.cross_entropy(network(some), some.right)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def _shares(network: _Network, batch: _Batch, places: Tensor) -> list[Floats]:
    found: list[Floats] = []
    with torch.no_grad():
        for some in places.split(BATCH):
            part = batch.of(some)
            shares = network(part).softmax(dim=1).numpy()
            sizes = part.there.sum(dim=1).tolist()
            found += [one[:size] for one, size in zip(shares, sizes, strict=True)]
    return found
