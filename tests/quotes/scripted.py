"""A network that a test has written: it says what a table says, so that what is made of it can be told."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.quotes.chain import Floats
from builder.quotes.encoding import Window
from builder.quotes.states import CONTENT, CONTENT_BEGINS, CUE, NONE, SOURCE, SOURCE_BEGINS, STATES

Integers = NDArray[np.int64]

SURE = 9.0
STATE_OF = {"C": CONTENT_BEGINS, "c": CONTENT, "S": SOURCE_BEGINS, "s": SOURCE, "v": CUE, "-": NONE}


class Scripted:
    """Finds an anchor wherever a token is one of `script`, and around it the states that it names.

    `script` has, for each anchor's token, the states of the other tokens as letters of STATE_OF; what
    it does not name is in none. `odds` are the scores of anchors, SURE if it has none. What the
    network was asked is kept: `batches` are shapes of tokens, `asked` distances and paragraphs.
    """

    def __init__(
        self, script: Mapping[int, Mapping[int, str]], odds: Mapping[int, float] | None = None
    ) -> None:
        self._script, self._odds = script, odds or {}
        self.transitions: Floats = np.zeros((STATES, STATES), dtype=np.float32)
        self.batches: list[tuple[int, ...]] = []
        self.asked: list[tuple[list[int], list[int]]] = []

    def read(
        self,
        tokens: Integers,
        attention: Integers,
        shapes: Integers,
        quotes: Integers,
        first_tokens: Integers,
    ) -> tuple[Floats, Floats, Floats]:
        assert tokens.shape == attention.shape == shapes.shape == quotes.shape
        self.batches.append(tokens.shape)
        words = np.take_along_axis(tokens, first_tokens, 1)
        scores = [[self._score(int(token)) for token in row] for row in words]
        vectors = words[:, :, None].astype(np.float32)  # a word's vector is its token's number
        return np.array(scores, dtype=np.float32).reshape(words.shape), vectors, vectors

    def _score(self, token: int) -> float:
        return self._odds.get(token, SURE) if token in self._script else -SURE

    def link(self, anchors: Floats, words: Floats, distances: Integers, paragraphs: Integers) -> Floats:
        assert words.shape[:2] == distances.shape == paragraphs.shape
        emissions = np.zeros((*distances.shape, STATES), dtype=np.float32)
        for row, anchor in enumerate(anchors[:, 0]):
            self.asked.append((distances[row].tolist(), paragraphs[row].tolist()))
            for place, word in enumerate(words[row, :, 0]):
                emissions[row, place, STATE_OF[self._script[int(anchor)].get(int(word), "-")]] = 2 * SURE
        return emissions


def window(words: Sequence[int], paragraphs: Sequence[int] | None = None) -> Window:
    """A window of words of one token each; word n stands at the characters 10 n to 10 n + 5."""
    places = np.arange(len(words), dtype=np.int64)
    frame = np.zeros(len(words) + 2, dtype=np.int64)
    return Window(
        tokens=np.array([0, *words, 0], dtype=np.int64),
        shapes=frame,
        quotes=frame,
        first_tokens=places + 1,
        starts=places * 10,
        ends=places * 10 + 5,
        paragraphs=np.array(paragraphs if paragraphs is not None else [0] * len(words), dtype=np.int64),
    )
