"""Training the ranker of speakers: one command, a configuration and a seed."""

import io
import itertools
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from builder.engine.workspace import make_folder, write_atomically
from builder.ids import sha256
from builder.speakers.features import KINDS, Floats, Question, second, source_words
from builder.speakers.ranker import DESCRIPTION, LEAST, WEIGHTS, scaled, with_kinds
from builder.training.config import SpeakerTraining, load_speaker_training
from builder.training.speakers_card import speakers_card
from builder.training.speakers_data import Labelled, read_labelled

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


@dataclass(frozen=True, slots=True)
class Trained:
    """A ranker that was written, and the share of sources that it told right in articles it had not seen."""

    name: str
    right: float


def train(config_file: Path, output: Path) -> Trained:
    """Trains a ranker and writes its folder: description, weights and card.

    Paths in the configuration start at its folder.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: a line of the articles or of the labels is wrong, or `output` cannot be written.
    """
    config = load_speaker_training(config_file)
    base = config_file.parent
    documents = read_labelled(base / config.articles, base / config.speakers)
    make_folder(output)
    arrays, description, figures = fitted(documents, config)
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, **arrays)
    content = held.getvalue()
    description["name"] = f"speakers-{_fingerprint(arrays)[:12]}"
    write_atomically(output / WEIGHTS, content)
    write_atomically(
        output / DESCRIPTION, (json.dumps(description, ensure_ascii=False, indent=1) + "\n").encode()
    )
    card = speakers_card(description["name"], config, figures, base / config.articles, base / config.speakers)
    write_atomically(output / "README.md", card.encode())
    return Trained(description["name"], figures["right"])


def fitted(
    documents: Sequence[Labelled], config: SpeakerTraining
) -> tuple[dict[str, NDArray[Any]], dict[str, Any], dict[str, float]]:
    """The arrays and the description of a ranker, and how it did on articles that it had not seen."""
    torch.set_num_threads(1)
    asked = [_asked(number, one) for number, one in enumerate(documents)]
    counts = Counter(word for some in asked for one in some for word in one.words)
    vocabulary = {word: number for number, word in enumerate(sorted(w for w, n in counts.items() if n > 1))}
    flat = list(itertools.chain.from_iterable(asked))
    kinds, kind_arrays = _kinds(flat, vocabulary, config)
    first_numbers = [with_kinds(one, some) for one, some in zip(_questions(documents), kinds, strict=True)]
    first, first_arrays = _reading("first", flat, first_numbers, config)
    again = _nested(documents, first)
    more = [
        some for one, shares in zip(documents, again, strict=True) for some in second(one.questions, shares)
    ]
    second_numbers = [np.concatenate(pair, axis=1) for pair in zip(first_numbers, more, strict=True)]
    later, second_arrays = _reading("second", flat, second_numbers, config)
    temperature = _temperature(flat, later)
    description = {
        "name": "",
        "temperature": temperature,
        "members": config.members,
        "vocabulary": list(vocabulary),
    }
    right = [float(np.argmax(p) == one.right) for p, one in zip(later, flat, strict=True) if one.right >= 0]
    figures = {
        "sources": len(right),
        "right": sum(right) / max(len(right), 1),
        "folds": FOLDS,
        "numbers": second_numbers[0].shape[1],
    }
    return kind_arrays | first_arrays | second_arrays, description, figures


def _asked(document: int, labelled: Labelled) -> list[Asked]:
    return [
        Asked(document, tuple(source_words(labelled.text, question)), right, kind)
        for question, right, kind in zip(labelled.questions, labelled.right, labelled.kinds, strict=True)
    ]


def _questions(documents: Sequence[Labelled]) -> list[Question]:
    return [question for one in documents for question in one.questions]


def _kinds(
    asked: Sequence[Asked], vocabulary: dict[str, int], config: SpeakerTraining
) -> tuple[list[Floats], dict[str, NDArray[Any]]]:
    """The kinds of all sources, each told by a model of other articles, and the model of all."""
    rows, columns = [], []
    for row, one in enumerate(asked):
        for word in one.words:
            if word in vocabulary:
                rows.append(row)
                columns.append(vocabulary[word])
    words = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(asked), len(vocabulary)))
    labels = np.array([one.kind for one in asked])
    fold = np.array([one.document % FOLDS for one in asked])
    told = np.zeros((len(asked), len(KINDS)))
    for part in range(FOLDS):
        seen = (labels >= 0) & (fold != part)
        model = LogisticRegression(C=config.kind_strength, max_iter=500).fit(words[seen], labels[seen])
        told[np.ix_(fold == part, model.classes_)] = model.predict_proba(words[fold == part])
    model = LogisticRegression(C=config.kind_strength, max_iter=500).fit(
        words[labels >= 0], labels[labels >= 0]
    )
    weights, biases = np.zeros((len(vocabulary), len(KINDS))), np.full(len(KINDS), NOWHERE)
    weights[:, model.classes_], biases[model.classes_] = model.coef_.T, model.intercept_
    arrays = {"kinds.weights": weights.astype(np.float32), "kinds.biases": biases.astype(np.float32)}
    return [np.log(one + LEAST).astype(np.float32) for one in told], arrays


def _reading(
    name: str, asked: Sequence[Asked], numbers: Sequence[Floats], config: SpeakerTraining
) -> tuple[list[Floats], dict[str, NDArray[Any]]]:
    """The shares of all choices, each told by networks of other articles, and the networks of all."""
    everything = np.concatenate(numbers)
    mean = np.nanmean(everything, axis=0).astype(np.float32)
    scale = (np.nanstd(everything, axis=0) + 1e-3).astype(np.float32)
    missing = np.flatnonzero(np.isnan(everything).any(axis=0)).astype(np.int64)
    ready = [scaled(one, mean, scale, missing) for one in numbers]
    batch = _padded(ready, [one.right for one in asked])
    fold = torch.tensor([one.document % FOLDS for one in asked])
    shares: list[Floats] = [np.zeros(0, np.float32)] * len(asked)
    for part in range(FOLDS):
        network = _fit(batch, fold != part, config, config.seed + part)
        for at in torch.nonzero(fold == part)[:, 0].tolist():
            shares[at] = _shares(network, ready[at])
    arrays: dict[str, NDArray[Any]] = {
        f"{name}.mean": mean,
        f"{name}.scale": scale,
        f"{name}.missing": missing,
    }
    for member in range(config.members):
        network = _fit(batch, fold >= 0, config, config.seed + FOLDS + member)
        layers = [layer for layer in network if isinstance(layer, nn.Linear)]
        for at, layer in enumerate(layers):
            arrays[f"{name}.{member}.{2 * at}"] = layer.weight.detach().numpy().T.copy()
            arrays[f"{name}.{member}.{2 * at + 1}"] = layer.bias.detach().numpy()
    return shares, arrays


@dataclass(frozen=True, slots=True)
class _Batch:
    """All questions: numbers (questions, choices, numbers), which places hold a choice, which is right."""

    numbers: Tensor
    there: Tensor
    right: Tensor


def _padded(numbers: Sequence[Floats], right: Sequence[int]) -> _Batch:
    most = max(len(one) for one in numbers)
    held = np.zeros((len(numbers), most, numbers[0].shape[1]), np.float32)
    there = np.zeros((len(numbers), most), bool)
    for at, one in enumerate(numbers):
        held[at, : len(one)], there[at, : len(one)] = one, True
    return _Batch(torch.from_numpy(held), torch.from_numpy(there), torch.tensor(right))


def _fit(batch: _Batch, chosen: Tensor, config: SpeakerTraining, seed: int) -> nn.Sequential:
    """A network that makes the right choice of each question likely (softmax over its choices)."""
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Dropout(config.input_dropout),
        nn.Linear(batch.numbers.shape[2], config.width),
        nn.ReLU(),
        nn.Dropout(config.dropout),
        nn.Linear(config.width, config.width // 2),
        nn.ReLU(),
        nn.Dropout(config.dropout),
        nn.Linear(config.width // 2, 1),
    )
    usable = torch.nonzero(chosen & (batch.right >= 0))[:, 0]
    steps = config.epochs * math.ceil(len(usable) / BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.rate, weight_decay=config.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config.rate, total_steps=steps)
    for _ in range(config.epochs):
        for some in usable[torch.randperm(len(usable))].split(BATCH):
            there = batch.there[some]
            scores = torch.full(there.shape, NOWHERE)
            scores[there] = network(batch.numbers[some][there])[:, 0]
            loss = nn.functional.cross_entropy(scores, batch.right[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def _shares(network: Callable[[Tensor], Tensor], numbers: Floats) -> Floats:
    with torch.no_grad():
        shares: Floats = network(torch.from_numpy(numbers))[:, 0].softmax(0).numpy()
    return shares


def _nested(documents: Sequence[Labelled], shares: Sequence[Floats]) -> list[list[Floats]]:
    left = iter(shares)
    return [[next(left) for _ in one.questions] for one in documents]


def _temperature(asked: Sequence[Asked], shares: Sequence[Floats]) -> float:
    """The temperature under which the right choices of unseen articles are likeliest (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        total = 0.0
        for one, some in zip(asked, shares, strict=True):
            if one.right >= 0:
                cooled = np.log(np.maximum(some, 1e-9)) / temperature
                total -= float(cooled[one.right] - np.log(np.exp(cooled - cooled.max()).sum()) - cooled.max())
        return total

    return min((round(0.5 + 0.05 * step, 2) for step in range(51)), key=loss)


def _fingerprint(arrays: dict[str, NDArray[Any]]) -> str:
    return sha256(b"".join(name.encode() + arrays[name].tobytes() for name in sorted(arrays)))
