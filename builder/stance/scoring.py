"""The scores of a linear model over the views of examples: those of scikit-learn, several times faster.

Character n-grams never cross a blank, so those of a word are looked up once and kept; what is left is
counted, weighted and summed for many examples at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.stance.examples import StanceExample
from builder.stance.features import TARGET, Views, views

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NO_WORDS = (TARGET, "?", "!")  # of the view `words`: alone, they say nothing
AT_ONCE = 512  # examples: what is held for each is a few kilobytes
MOST_KEPT = 50_000  # words whose n-grams are kept: a language's common ones, in a few megabytes
_NONE: Integers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class View:
    """What a model has learned about one view: where a term stands, and what it counts.

    `rarity` is the inverse document frequency of each term; `weights` have the shape (labels, terms).
    """

    vocabulary: Mapping[str, int]
    rarity: Floats
    weights: Floats


class Scorer:
    """A linear model, ready to score.

    `character_terms` cuts a word into the terms of the view `plain`.
    """

    def __init__(self, words: View, near: View, plain: View, intercept: Floats, character_terms: Any) -> None:
        """Takes what was learned about each view."""
        self._words, self._near, self._plain = words, near, plain
        self._intercept = intercept
        self._character_terms = character_terms
        self._kept: dict[str, Integers] = {}
        self._empty = frozenset(_known(words.vocabulary, NO_WORDS))

    def scores(self, examples: Sequence[StanceExample]) -> list[tuple[tuple[float, ...], bool]]:
        """The unnormalised score of each label, and whether the text has a word that the model knows."""
        found: list[tuple[tuple[float, ...], bool]] = []
        for start in range(0, len(examples), AT_ONCE):
            found += self._some([views(one) for one in examples[start : start + AT_ONCE]])
        return found

    def _some(self, seen: Sequence[Views]) -> Iterable[tuple[tuple[float, ...], bool]]:
        words = [self._of_words(one.words.split()) for one in seen]
        near = [_known(self._near.vocabulary, one.near.split()) for one in seen]
        plain = [[self._of_characters(word) for word in one.plain.split()] for one in seen]
        scores = self._intercept + (
            _summed(_flat(words), list(map(len, words)), self._words)
            + _summed(_flat(near), list(map(len, near)), self._near)
            + _summed(_joined(plain), [sum(map(len, some)) for some in plain], self._plain)
        )
        known = [not self._empty.issuperset(places) for places in words]
        return zip(map(tuple, scores.tolist()), known, strict=True)

    def _of_words(self, words: Sequence[str]) -> list[int]:
        """The places of the words and of the pairs of neighbours."""
        return _known(self._words.vocabulary, [*words, *map(" ".join, pairwise(words))])

    def _of_characters(self, word: str) -> Integers:
        kept = self._kept
        if word not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[word] = np.array(_known(self._plain.vocabulary, self._character_terms(word)), dtype=np.int64)
        return kept[word]


def _known(vocabulary: Mapping[str, int], terms: Iterable[str]) -> list[int]:
    """Where the terms stand that the model knows, each as often as it occurs."""
    return [vocabulary[term] for term in terms if term in vocabulary]


def _flat(rows: Sequence[Sequence[int]]) -> Integers:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64)


def _joined(rows: Sequence[Sequence[Integers]]) -> Integers:
    return np.concatenate([_NONE, *chain.from_iterable(rows)])


def _summed(terms: Integers, lengths: Sequence[int], view: View) -> Floats:
    """The scores that a view adds, shape (rows, labels): sublinear TF-IDF of length 1, times the weights.

    `terms` are those of all rows, one row after the other; `lengths` says how many belong to each.
    """
    rows, width = len(lengths), len(view.rarity)
    flat = np.repeat(np.arange(rows), lengths) * width + terms
    flat.sort()
    first = np.flatnonzero(np.diff(flat, prepend=-1))
    counts = np.diff(first, append=len(flat))
    row, term = np.divmod(flat[first], width)
    values = (1 + np.log(counts)) * view.rarity[term]
    norms = np.sqrt(np.bincount(row, values**2, minlength=rows))
    sums = [np.bincount(row, values * own[term], minlength=rows) for own in view.weights]
    return np.stack(sums, axis=1) / np.where(norms > 0, norms, 1.0)[:, None]
