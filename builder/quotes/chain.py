"""The best states of a linear chain, and how likely each state is: Viterbi and forward-backward.

The arithmetic is that of the conditional random field that `builder.training.chain` trains; many
sequences are decoded together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a chain says of `sequences` sequences of at most `length` places.

    `states` (sequences, length) are the best ones, `marginals` (sequences, length, states) the
    probability of each, and `log_probability` (sequences) that of the best states all together.
    Places behind a sequence's end say nothing.
    """

    states: NDArray[np.int64]
    marginals: Floats
    log_probability: Floats


def decode(emissions: Floats, lengths: NDArray[np.int64], transitions: Floats, begins: Floats) -> Decoded:
    """Decodes sequences, each of at least one place.

    Shapes: emissions (sequences, length, states), lengths (sequences), transitions (states, states)
    from row to column, begins (states): what is added to the first place.
    """
    forward, scaled = _forward(emissions, transitions, begins)
    backward = _backward(scaled, lengths, transitions)
    best, score, back = _viterbi(scaled, lengths, transitions, begins)
    marginals = np.exp(np.minimum(forward + backward, 0.0))
    return Decoded(_followed(best, lengths, back), marginals, np.minimum(score, 0.0))


def _viterbi(
    emissions: Floats, lengths: NDArray[np.int64], transitions: Floats, begins: Floats
) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """The last state of the best path, its score, and for each place and state the best state before."""
    back = np.zeros(emissions.shape, dtype=np.int64)
    score = emissions[:, 0] + begins
    final = score.copy()
    for place in range(1, emissions.shape[1]):
        ways = score[:, :, None] + transitions
        back[:, place] = ways.argmax(1)
        score = ways.max(1) + emissions[:, place]
        ended = lengths == place + 1
        final[ended] = score[ended]
    return final.argmax(1), final.max(1), back


def _followed(
    best: NDArray[np.int64], lengths: NDArray[np.int64], back: NDArray[np.int64]
) -> NDArray[np.int64]:
    rows = np.arange(len(best))
    states = np.zeros(back.shape[:2], dtype=np.int64)
    state = best.copy()
    for place in range(back.shape[1] - 1, -1, -1):
        state = np.where(lengths == place + 1, best, state)
        states[:, place] = state
        if place:
            state = back[rows, place, state]
    return states


def _forward(emissions: Floats, transitions: Floats, begins: Floats) -> tuple[Floats, Floats]:
    """The probability of each state given what is before it and here, and the emissions scaled to that.

    Scaled, all paths together have the probability 1, and no sum grows with the length: in single
    precision such sums are too coarse for probabilities near 1 (Rabiner 1989, section V.A).
    """
    forward, scaled = np.empty_like(emissions), np.empty_like(emissions)
    before = begins
    for place in range(emissions.shape[1]):
        here = before + emissions[:, place]
        total = _log_sum(here, 1)[:, None]
        forward[:, place] = here - total
        scaled[:, place] = emissions[:, place] - total
        before = _log_sum(forward[:, place, :, None] + transitions, 1)
    return forward, scaled


def _backward(emissions: Floats, lengths: NDArray[np.int64], transitions: Floats) -> Floats:
    backward = np.zeros_like(emissions)
    for place in range(emissions.shape[1] - 2, -1, -1):
        behind = transitions + (emissions[:, place + 1] + backward[:, place + 1])[:, None, :]
        goes_on = (lengths > place + 1)[:, None]
        backward[:, place] = np.where(goes_on, _log_sum(behind, 2), 0.0)
    return backward


def _log_sum(values: Floats, axis: int) -> Floats:
    highest = values.max(axis, keepdims=True)
    total = np.log(np.exp(values - highest).sum(axis, keepdims=True)) + highest
    summed: Floats = total.squeeze(axis)
    return summed
