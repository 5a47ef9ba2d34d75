"""Batches of sequences of about the same length, which waste little on padding."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from torch.utils.data import Dataset

Item = TypeVar("Item")


def batches_of(
    items: Sequence[Item], lengths: Sequence[int], tokens: int, random: np.random.Generator
) -> list[list[Item]]:
    """Batches of about `tokens` tokens, of items of about the same length, in random order."""
    # A little noise, so that a length's sequences do not always meet the same others.
    order = np.argsort(np.array(lengths) * random.uniform(0.9, 1.1, len(items)), kind="stable")
    batches: list[list[Item]] = []
    batch: list[Item] = []
    longest = 0
    for number in order:
        longest = max(longest, lengths[number])
        if batch and longest * (len(batch) + 1) > tokens:
            batches.append(batch)
            batch, longest = [], lengths[number]
        batch.append(items[number])
    if batch:
        batches.append(batch)
    return [batches[number] for number in random.permutation(len(batches))]


class Batches(Dataset[list[Item]]):
    """Batches that are made already, one an item."""

    def __init__(self, batches: Sequence[list[Item]]) -> None:
        """Keeps the batches."""
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, number: int) -> list[Item]:
        return self._batches[number]
