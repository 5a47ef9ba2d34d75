"""Calibrating a stance encoder on held-out pairs, and measuring it there.

Every corpus counts alike, however large it is. The figures are cross-fitted: each pair's probabilities
come from a calibration that was fitted on the other folds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from builder.ids import sha256
from builder.inference import Graph
from builder.measure import accuracy, expected_calibration_error, macro_f1
from builder.stance.description import EncoderSettings
from builder.stance.encoder import WEIGHTS, EncoderClassifier
from builder.stance.examples import LabelledExample
from builder.stance.forms import FORM, FormCalibration, biased, form_of, uncalibrated
from builder.tokenization import Tokenizer
from builder.training.stance_network import IMPOSSIBLE

FOLDS = 5
PENALTY = 1e-3  # on the squares of the weights, and one pair's worth more: few pairs move little
LARGEST = 4.0  # of a weight: what is larger says only that the pairs are few
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The held-out pairs of a corpus, and the labels that it has."""

    corpus: str
    examples: Sequence[LabelledExample]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model did on the held-out pairs of a corpus: macro_f1, accuracy, ece."""

    corpus: str
    count: int
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scored pairs of all corpora, as tensors whose rows are pairs; the biases see `biased` of the forms."""

    scores: Tensor
    forms: Tensor
    biased: Tensor
    gold: Tensor
    possible: Tensor
    weights: Tensor

    def only(self, chosen: Tensor) -> "_Scored":
        return _Scored(
            self.scores[chosen],
            self.forms[chosen],
            self.biased[chosen],
            self.gold[chosen],
            self.possible[chosen],
            self.weights[chosen],
        )


def calibrated(
    folder: Path, labels: Sequence[str], read_tokens: int, batch_tokens: int, held_out: Sequence[HeldOut]
) -> tuple[EncoderSettings, list[Measured]]:
    """The settings of the graph in a folder, and the figures of each corpus in the order given."""
    raw = EncoderSettings(read_tokens, batch_tokens, uncalibrated(len(labels)))
    classifier = EncoderClassifier("", tuple(labels), raw, Tokenizer(folder), Graph(folder / WEIGHTS))
    scored = _scored(classifier, held_out)
    folds = torch.tensor([_fold(one.example.text) for corpus in held_out for one in corpus.examples])
    probabilities = torch.zeros_like(scored.scores)
    for fold in range(FOLDS):
        here = folds == fold
        if here.any():
            probabilities[here] = torch.softmax(_logits(scored.only(here), *fit(scored.only(~here))), 1)
    temperature, biases = (np.round(weights.numpy(), DECIMALS).tolist() for weights in fit(scored))
    calibration = FormCalibration(tuple(temperature), tuple(map(tuple, biases)))
    measured, start = [], 0
    for corpus in held_out:
        end = start + len(corpus.examples)
        measured.append(_measured(corpus, labels, probabilities[start:end]))
        start = end
    return EncoderSettings(read_tokens, batch_tokens, calibration), measured


def fit(scored: _Scored) -> tuple[Tensor, Tensor]:
    """The weights of temperature (FORM,) and biases (labels, FORM) of the greatest penalised likelihood."""
    penalty = PENALTY + 1 / len(scored.gold)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = torch.tensor(values, requires_grad=True)
        logarithms = torch.log_softmax(_logits(scored, *_split(weights)), 1)
        losses = -logarithms.gather(1, scored.gold.unsqueeze(1)).squeeze(1)
        total = (losses * scored.weights).sum() / scored.weights.sum() + penalty * (weights**2).sum()
        (slope,) = torch.autograd.grad(total, weights)
        return float(total.detach()), slope.numpy()

    size = len(FORM) * (1 + scored.scores.shape[1])
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=[(-LARGEST, LARGEST)] * size)
    return _split(torch.tensor(found.x))


def _split(weights: Tensor) -> tuple[Tensor, Tensor]:
    return weights[: len(FORM)], weights[len(FORM) :].reshape(-1, len(FORM))


def _logits(scored: _Scored, temperature: Tensor, biases: Tensor) -> Tensor:
    moved = scored.scores + scored.biased @ biases.T
    divided = moved * torch.exp(-(scored.forms @ temperature)).unsqueeze(1)
    return divided.masked_fill(~scored.possible, IMPOSSIBLE)


def _scored(classifier: EncoderClassifier, held_out: Sequence[HeldOut]) -> _Scored:
    every = [one for corpus in held_out for one in corpus.examples]
    possible = [
        [label in corpus.labels for label in classifier.labels]
        for corpus in held_out
        for _ in corpus.examples
    ]
    weights = [1 / len(corpus.examples) for corpus in held_out for _ in corpus.examples]
    forms = [
        form_of(one.example, len(corpus.labels) < len(classifier.labels))
        for corpus in held_out
        for one in corpus.examples
    ]
    return _Scored(
        torch.tensor(classifier.scores([one.example for one in every]), dtype=torch.float64),
        torch.tensor(forms, dtype=torch.float64),
        torch.tensor([biased(form) for form in forms], dtype=torch.float64),
        torch.tensor([classifier.labels.index(one.label) for one in every]),
        torch.tensor(possible),
        torch.tensor(weights, dtype=torch.float64),
    )


def _fold(text: str) -> int:
    return int(sha256(text.encode("utf-8", "surrogatepass"))[:8], 16) % FOLDS


def _measured(corpus: HeldOut, labels: Sequence[str], probabilities: Tensor) -> Measured:
    confidences, chosen = probabilities.max(1)
    gold = [one.label for one in corpus.examples]
    answers = [labels[number] for number in chosen.tolist()]
    right = [one == ours for one, ours in zip(gold, answers, strict=True)]
    figures = {
        "macro_f1": macro_f1(gold, answers),
        "accuracy": accuracy(gold, answers),
        "ece": expected_calibration_error(confidences.tolist(), right),
    }
    return Measured(corpus.corpus, len(gold), {name: round(value, 4) for name, value in figures.items()})
