"""Labelled pairs as what the stance network learns from: batches of sequences of about the same length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.quotes.encoding import padded
from builder.stance.encoding import FRAME, Encoded, encode
from builder.stance.examples import LabelledExample
from builder.tokenization import Tokenizer

AT_ONCE = 1000  # examples tokenized together


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that was read: what to learn from, what to measure on, and its labels."""

    name: str
    train: Sequence[LabelledExample]
    held_out: Sequence[LabelledExample]
    labels: tuple[str, ...]
    licence: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sequence with the probability of each label, and which labels were to choose from at all."""

    sequence: Encoded
    shares: tuple[float, ...]
    possible: tuple[bool, ...]


def lessons_of(
    examples: Sequence[LabelledExample],
    labels: Sequence[str],
    possible: Sequence[str],
    tokenizer: Tokenizer,
    limit: int,
) -> list[Lesson]:
    """What each example teaches; `possible` are the labels of `labels` that its corpus has."""
    allowed = tuple(label in possible for label in labels)
    lessons = []
    for start in range(0, len(examples), AT_ONCE):
        some = examples[start : start + AT_ONCE]
        sequences = encode([one.example for one in some], tokenizer, limit)
        lessons += [
            Lesson(sequence, shares_of(one, labels), allowed)
            for one, sequence in zip(some, sequences, strict=True)
        ]
    return lessons


def shares_of(labelled: LabelledExample, labels: Sequence[str]) -> tuple[float, ...]:
    """How probable each label of a scheme is, by what people answered."""
    given = {share.label: share.probability for share in labelled.shares} or {labelled.label: 1.0}
    return tuple(given.get(label, 0.0) for label in labels)


def repeated(lessons: Sequence[Lesson], passes: float, random: np.random.Generator) -> Iterator[Lesson]:
    """Each lesson as often as there are passes; of a part of a pass, that share of them is drawn."""
    whole = int(passes)
    for _ in range(whole):
        yield from lessons
    rest = round((passes - whole) * len(lessons))
    for number in random.permutation(len(lessons))[:rest]:
        yield lessons[number]


class Collator:
    """Pads a batch to the network's tensors; hides a share of the tokens, drawn by its own generator."""

    def __init__(self, mask: int, hidden_share: float, seed: int) -> None:
        """Takes the token that stands for a hidden one."""
        self._mask, self._hidden_share = mask, hidden_share
        self._random = np.random.default_rng(seed)

    def __call__(self, items: Sequence[Sequence[Lesson]]) -> dict[str, Tensor]:
        """The tensors of the only item, which is a batch."""
        (some,) = items
        tokens = padded([self._with_hidden(one.sequence) for one in some])
        parts = padded([one.sequence.parts for one in some])
        lengths = np.array([len(one.sequence.tokens) for one in some])
        attention = np.arange(tokens.shape[1]) < lengths[:, None]
        return {
            "tokens": torch.from_numpy(tokens),
            "attention": torch.from_numpy(attention.astype(np.int64)),
            "parts": torch.from_numpy(parts),
            "shares": torch.tensor([one.shares for one in some]),
            "possible": torch.tensor([one.possible for one in some]),
        }

    def _with_hidden(self, sequence: Encoded) -> NDArray[np.int64]:
        hidden = (self._random.random(len(sequence.tokens)) < self._hidden_share) & (sequence.parts != FRAME)
        return np.where(hidden, self._mask, sequence.tokens)
