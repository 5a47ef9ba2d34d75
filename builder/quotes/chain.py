"""The best states of a linear chain, and how likely each state is: Viterbi and forward-backward.

The arithmetic is that of the conditional random field that `builder.training.chain` trains; many
sequences are decoded together, and none changes what another gives.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]

# The logarithm of the least weight of a state beside the likeliest at its place: so small that it counts for
# nothing, but no product of weights becomes 0 where every path has to pass through it.
LEAST = -300.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a chain says of `sequences` sequences of at most `length` places.

    `states` (sequences, length) are the best ones, `marginals` (sequences, length, states) the
    probability of each, and `log_probability` (sequences) that of the best states all together.
    Places behind a sequence's end say nothing.
    """

    states: Integers
    marginals: Floats
    log_probability: Floats


def decode(emissions: Floats, lengths: Integers, transitions: Floats, begins: Floats) -> Decoded:
    """Decodes sequences, each of at least one place.

    Shapes: emissions (sequences, length, states), lengths (sequences), transitions (states, states)
    from row to column, begins (states): what is added to the first place.
    """
    # Place by place, and there state by state: (length, states, sequences).
    scores = emissions.transpose(1, 2, 0).astype(np.float64)
    scores[0] += begins[:, None]
    highest = scores.max(1, keepdims=True)
    weights = np.exp(np.maximum(scores - highest, LEAST))
    moves = np.exp(transitions.astype(np.float64))
    forward, totals = _forward(weights, moves)
    backward = _backward(weights / totals, lengths, moves)
    marginals = np.minimum(forward * backward, 1.0).astype(np.float32)
    states, best = _viterbi(scores, lengths, transitions)
    of_all = (highest + np.log(totals))[:, 0].cumsum(0)[lengths - 1, np.arange(len(lengths))]
    log_probability = np.minimum(best - of_all, 0.0).astype(np.float32)
    return Decoded(states, marginals.transpose(2, 0, 1), log_probability)


def _viterbi(scores: Doubles, lengths: Integers, transitions: Floats) -> tuple[Integers, Doubles]:
    """The states of the best paths (sequences, length), and their scores."""
    best = np.empty_like(scores)  # of the paths that end in each state
    best[0] = scores[0]
    for place in range(1, len(scores)):
        best[place] = (best[place - 1, :, None] + transitions[:, :, None]).max(0) + scores[place]
    rows = np.arange(len(lengths))
    final = best[lengths - 1, :, rows].T
    ends = final.argmax(0)
    states = np.empty((len(scores), len(rows)), dtype=np.int64)
    state = ends
    for place in range(len(scores) - 1, -1, -1):
        before = (best[place] + transitions[:, state]).argmax(0)
        state = states[place] = np.where(lengths > place + 1, before, ends)
    return states.T, final.max(0)


def _forward(weights: Doubles, moves: Doubles) -> tuple[Doubles, Doubles]:
    """The probability of each state given what is before it and here, and what that was divided by.

    Divided at each place, no product becomes too small with the length (Rabiner 1989, section V.A).
    """
    forward, totals = np.empty_like(weights), np.empty_like(weights[:, :1])
    for place in range(len(weights)):
        here = weights[place] * (_summed(forward[place - 1], moves) if place else 1.0)
        totals[place] = here.sum(0)
        forward[place] = here / totals[place]
    return forward, totals


def _backward(weights: Doubles, lengths: Integers, moves: Doubles) -> Doubles:
    """What the forward probabilities are multiplied by for what is behind; takes weights so divided."""
    backward = np.ones_like(weights)
    for place in range(len(weights) - 2, -1, -1):
        behind = _summed(weights[place + 1] * backward[place + 1], moves.T)
        backward[place] = np.where(lengths > place + 1, behind, 1.0)
    return backward


def _summed(values: Doubles, moves: Doubles) -> Doubles:
    """The values (states, sequences) by the moves from each state; each sequence's sums are its own."""
    summed: Doubles = (values[:, None] * moves[:, :, None]).sum(0)
    return summed
