"""The states that a word can have toward an anchor, and how anchors see the words around them."""

import numpy as np
from numpy.typing import NDArray

# Toward an anchor, which is the first word of a cue.
NONE, CONTENT_BEGINS, CONTENT, SOURCE_BEGINS, SOURCE, CUE = range(6)
STATES = 6
# Without an anchor, for the help it gives in training: nothing, and begin and rest of each role.
TAGS = 7

# Each word after each: what goes on must have begun, and with the same role.
ALLOWED: tuple[tuple[bool, ...], ...] = tuple(
    tuple(after not in {CONTENT, SOURCE} or before in {after, after - 1} for after in range(STATES))
    for before in range(STATES)
)
MAY_BEGIN = tuple(state not in {CONTENT, SOURCE} for state in range(STATES))
FORBIDDEN = -1e4  # the score of what cannot be

# An anchor sees this many words before and behind it: 999 of 1,000 quotations are in their reach.
BEFORE, BEHIND = 80, 160
BUCKETS = 48
PARAGRAPHS = 5  # two or more before, one before, the same, the next, two or more behind

_EXACT = 12  # distances up to this have a bucket each


def around(anchor: int, words: int) -> slice:
    """The words that the anchor sees, of so many in its window."""
    return slice(max(anchor - BEFORE, 0), min(anchor + BEHIND + 1, words))


def buckets(distances: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bucket of each distance from the anchor in words: exact where near, then by its logarithm."""
    size = np.abs(distances)
    far = _EXACT + np.floor(3 * np.log2(np.maximum(size, 1) / _EXACT)).astype(np.int64)
    one_sided = np.minimum(np.where(size <= _EXACT, size, far), BUCKETS // 2 - 1)
    return np.where(distances < 0, one_sided + BUCKETS // 2, one_sided)


def steps(paragraphs: NDArray[np.int64], anchor: int) -> NDArray[np.int64]:
    """How many paragraphs each word's is behind that of the anchor, as a bucket of PARAGRAPHS."""
    return np.clip(paragraphs - anchor, -2, 2) + 2
