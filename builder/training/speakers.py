"""Training the ranker of speakers: one command, a configuration and a seed."""

import io
import itertools
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from builder.engine.workspace import make_folder, write_atomically
from builder.ids import sha256
from builder.speakers.candidates import KINDS
from builder.speakers.features import Floats, Question, source_words
from builder.speakers.ranker import DESCRIPTION, LEAST, PEOPLE, WEIGHTS, with_kinds
from builder.speakers.readings import second
from builder.training.config import SpeakerTraining, load_speaker_training
from builder.training.speakers_card import speakers_card
from builder.training.speakers_data import Labelled, read_labelled
from builder.training.speakers_network import FOLDS, NOWHERE, Asked, fitted_reading


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
    documents, knowledge = read_labelled(
        base / config.articles, base / config.speakers, config.hidden, config.seed
    )
    make_folder(output)
    arrays, description, figures = fitted(documents, config)
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, **arrays)
    content = held.getvalue()
    people = knowledge.table().encode()
    description["name"] = f"speakers-{_fingerprint(arrays, people)[:12]}"
    write_atomically(output / WEIGHTS, content)
    write_atomically(output / PEOPLE, people)
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
    asked = [_asked(one) for one in documents]
    counts = Counter(word for some in asked for one in some if one.kind >= 0 for word in one.words)
    vocabulary = {word: number for number, word in enumerate(sorted(w for w, n in counts.items() if n > 1))}
    flat = list(itertools.chain.from_iterable(asked))
    kinds, kind_arrays = _kinds(flat, vocabulary, config)
    numbers = [with_kinds(one, some) for one, some in zip(_questions(documents), kinds, strict=True)]
    first, first_arrays = fitted_reading("first", flat, numbers, None, config)
    again = [
        some
        for one, shares in zip(documents, _nested(documents, first), strict=True)
        for some in second(one.questions, shares)
    ]
    later, second_arrays = fitted_reading("second", flat, again, first, config)
    temperature = _temperature(flat, later)
    description = {
        "name": "",
        "temperature": temperature,
        "members": config.members,
        "vocabulary": list(vocabulary),
    }
    whole = [not one.copy for one in documents for _ in one.questions]
    right = [
        float(np.argmax(shares) == one.right)
        for shares, one, counts in zip(later, flat, whole, strict=True)
        if counts and one.right >= 0
    ]
    figures = {
        "sources": len(right),
        "right": sum(right) / max(len(right), 1),
        "folds": FOLDS,
        "numbers": numbers[0].shape[1],
    }
    return kind_arrays | first_arrays | second_arrays, description, figures


def _asked(labelled: Labelled) -> list[Asked]:
    return [
        Asked(labelled.article, tuple(source_words(labelled.text, question)), right, kind)
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


def _fingerprint(arrays: dict[str, NDArray[Any]], people: bytes) -> str:
    return sha256(b"".join(name.encode() + arrays[name].tobytes() for name in sorted(arrays)) + people)
