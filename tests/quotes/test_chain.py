"""Decoding of linear chains, beside all paths written out."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.chain import Floats, decode

NEVER = -1e4


def scores(shape: tuple[int, ...], seed: int) -> Floats:
    return np.random.default_rng(seed).normal(scale=3, size=shape).astype(np.float32)


def test_two_places_by_hand() -> None:
    # Paths and their weights: aa 2 x 1 x 1, ab 2 x 3 x 4, ba 1 x 1 x 1, bb 1 x 1 x 4; 31 together.
    emissions = np.log(np.array([[[2, 1], [1, 4]]], dtype=np.float32))
    transitions = np.log(np.array([[1, 3], [1, 1]], dtype=np.float32))
    found = decode(emissions, np.array([2]), transitions, np.zeros(2, dtype=np.float32))
    assert found.states.tolist() == [[0, 1]]
    assert found.log_probability.tolist() == pytest.approx([math.log(24 / 31)])
    assert found.marginals[0].tolist() == [pytest.approx([26 / 31, 5 / 31]), pytest.approx([3 / 31, 28 / 31])]


@given(st.integers(0, 2**32), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 3))
def test_ragged_sequences_are_decoded_as_if_all_paths_were_tried(
    seed: int, lengths: list[int], states: int
) -> None:
    emissions = scores((len(lengths), max(lengths), states), seed)
    transitions, begins = scores((states, states), seed + 1), scores((states,), seed + 2)
    found = decode(emissions, np.array(lengths), transitions, begins)
    for row, length in enumerate(lengths):
        best, log_probability, marginals = all_paths(emissions[row, :length], transitions, begins)
        assert found.states[row, :length].tolist() == list(best)
        assert found.log_probability[row] == pytest.approx(log_probability, abs=1e-4)
        assert found.marginals[row, :length] == pytest.approx(marginals, abs=1e-4)


def all_paths(
    emissions: Floats, transitions: Floats, begins: Floats
) -> tuple[tuple[int, ...], float, Floats]:
    """The best path, the logarithm of its probability, and the probability of each state at each place."""
    length, states = emissions.shape
    weights = {
        path: math.exp(
            float(begins[path[0]])
            + sum(float(emissions[place, state]) for place, state in enumerate(path))
            + sum(float(transitions[before, after]) for before, after in itertools.pairwise(path))
        )
        for path in itertools.product(range(states), repeat=length)
    }
    total = sum(weights.values())
    marginals = np.zeros((length, states), dtype=np.float32)
    for path, weight in weights.items():
        marginals[range(length), path] += weight / total
    best = max(weights, key=lambda path: weights[path])
    return best, math.log(weights[best] / total), marginals


def test_what_cannot_be_is_not_and_has_no_probability() -> None:
    # The second state would be far likelier, but must neither begin nor follow the first.
    emissions = np.array([[[0, 50]] * 4], dtype=np.float32)
    transitions = np.array([[0, NEVER], [0, 0]], dtype=np.float32)
    found = decode(emissions, np.array([4]), transitions, np.array([0, NEVER], dtype=np.float32))
    assert found.states.tolist() == [[0, 0, 0, 0]]
    assert found.marginals[0, :, 1].tolist() == [0, 0, 0, 0]
    assert found.log_probability.tolist() == [0]


@given(st.integers(0, 2**32), st.integers(0, 30))
def test_what_stands_behind_the_end_changes_nothing(seed: int, behind: int) -> None:
    emissions = scores((1, 6, 3), seed)
    longer = np.concatenate([emissions, scores((1, behind, 3), seed + 1)], axis=1)
    transitions, begins = scores((3, 3), seed + 2), scores((3,), seed + 3)
    alone = decode(emissions, np.array([6]), transitions, begins)
    padded = decode(longer, np.array([6]), transitions, begins)
    assert padded.states[:, :6].tolist() == alone.states.tolist()
    assert padded.marginals[:, :6].tolist() == alone.marginals.tolist()
    assert padded.log_probability.tolist() == alone.log_probability.tolist()


@given(st.integers(0, 2**32))
def test_a_long_sequence_stays_within_what_probabilities_can_be(seed: int) -> None:
    found = decode(
        scores((2, 240, 6), seed), np.array([240, 1]), scores((6, 6), seed + 1), scores((6,), seed + 2)
    )
    assert found.marginals[0].sum(1) == pytest.approx(np.ones(240), abs=1e-4)
    assert np.all(found.marginals[0] >= 0)
    assert np.all(found.log_probability <= 0)
