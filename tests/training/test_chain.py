"""The conditional random field in training, beside all paths written out and beside the one that decodes."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="training needs the extra train")

import torch
from torch import Tensor

from builder.quotes.chain import decode
from builder.quotes.states import ALLOWED, MAY_BEGIN, STATES
from builder.training.chain import Chain

lengths_of_several = st.lists(st.integers(1, 6), min_size=1, max_size=4)
seeds = st.integers(0, 2**32)


def chain_of(states: int, seed: int, allowed: Tensor | None = None) -> Chain:
    chain = Chain(torch.ones(states, states) if allowed is None else allowed)
    with torch.no_grad():
        chain.transitions.copy_(drawn((states, states), seed))
    return chain


def drawn(shape: tuple[int, ...], seed: int) -> Tensor:
    return 2 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def loss_of(chain: Chain, emissions: Tensor, states: Tensor, inside: Tensor) -> Tensor:
    """The loss of states that are known."""
    hot = torch.nn.functional.one_hot(states, emissions.shape[2]).float() * inside.unsqueeze(2)
    moves = torch.einsum("spa,spb->sab", hot[:, :-1], hot[:, 1:])
    return chain.negative_log_likelihood(emissions, hot, moves, inside)


def inside_of(lengths: list[int]) -> Tensor:
    return torch.arange(max(lengths)).unsqueeze(0) < torch.tensor(lengths).unsqueeze(1)


def test_two_places_by_hand() -> None:
    # Paths and their weights: aa 2 x 1 x 1, ab 2 x 3 x 4, ba 1 x 1 x 1, bb 1 x 1 x 4; 31 together.
    chain = Chain(torch.ones(2, 2))
    with torch.no_grad():
        chain.transitions.copy_(torch.tensor([[1.0, 3.0], [1.0, 1.0]]).log())
    emissions = torch.tensor([[[2.0, 1.0], [1.0, 4.0]]]).log()
    loss = loss_of(chain, emissions, torch.tensor([[0, 1]]), torch.ones(1, 2, dtype=torch.bool))
    assert loss.item() == pytest.approx(math.log(31 / 24), abs=1e-5)


@given(seeds, lengths_of_several, st.integers(1, 3))
def test_ragged_sequences_have_the_likelihood_that_all_paths_give(
    seed: int, lengths: list[int], states: int
) -> None:
    chain = chain_of(states, seed)
    emissions = drawn((len(lengths), max(lengths), states), seed + 1)
    wanted = torch.randint(states, emissions.shape[:2], generator=torch.Generator().manual_seed(seed))
    losses = loss_of(chain, emissions, wanted, inside_of(lengths)).tolist()
    for row, length in enumerate(lengths):
        scores = {
            path: score(path, emissions[row], chain.transitions.detach())
            for path in itertools.product(range(states), repeat=length)
        }
        total = math.log(sum(math.exp(one) for one in scores.values()))
        assert losses[row] == pytest.approx(total - scores[tuple(wanted[row, :length].tolist())], abs=1e-3)


def score(path: tuple[int, ...], emissions: Tensor, transitions: Tensor) -> float:
    return float(
        sum(emissions[place, state] for place, state in enumerate(path))
        + sum(transitions[before, after] for before, after in itertools.pairwise(path))
    )


@given(seeds, lengths_of_several)
def test_what_is_decoded_is_as_likely_as_training_says(seed: int, lengths: list[int]) -> None:
    chain = chain_of(STATES, seed, torch.tensor(ALLOWED))
    emissions = drawn((len(lengths), max(lengths), STATES), seed + 1)
    emissions[:, 0, [not may for may in MAY_BEGIN]] = -1e4
    decoded = decode(
        emissions.numpy(),
        np.array(lengths),
        chain.scores().detach().numpy(),
        np.zeros(STATES, dtype=np.float32),
    )
    losses = loss_of(chain, emissions, torch.from_numpy(decoded.states), inside_of(lengths))
    assert (-losses).tolist() == pytest.approx(decoded.log_probability.tolist(), abs=1e-3)


def test_a_forbidden_step_is_all_but_impossible_and_has_no_gradient() -> None:
    chain = chain_of(2, 0, torch.tensor([[True, False], [True, True]]))
    inside = torch.ones(1, 3, dtype=torch.bool)
    loss = loss_of(chain, torch.zeros(1, 3, 2), torch.tensor([[1, 1, 1]]), inside)
    loss.sum().backward()
    assert chain.transitions.grad is not None
    assert chain.transitions.grad[0, 1] == 0
    assert loss_of(chain, torch.zeros(1, 3, 2), torch.tensor([[0, 1, 1]]), inside).item() > 1000


def test_the_gradient_is_what_is_expected_less_what_is_wanted() -> None:
    chain = chain_of(STATES, 1)
    emissions = drawn((1, 5, STATES), 2).requires_grad_()
    wanted = torch.tensor([[0, 3, 1, 1, 5]])
    loss_of(chain, emissions, wanted, torch.ones(1, 5, dtype=torch.bool)).sum().backward()
    marginals = decode(
        emissions.detach().numpy(),
        np.array([5]),
        chain.scores().detach().numpy(),
        np.zeros(STATES, dtype=np.float32),
    ).marginals
    expected = marginals[0] - np.eye(STATES)[wanted[0].numpy()]
    assert emissions.grad is not None
    assert emissions.grad[0].numpy() == pytest.approx(expected, abs=1e-3)


def test_a_long_sequence_has_a_finite_loss() -> None:
    chain = chain_of(STATES, 3, torch.tensor(ALLOWED))
    emissions = 10 * drawn((2, 241, STATES), 4)
    states = torch.zeros(2, 241, dtype=torch.long)
    losses = loss_of(chain, emissions, states, inside_of([241, 100]))
    assert torch.isfinite(losses).all()
    assert (losses >= 0).all()


@given(seeds, lengths_of_several, st.integers(1, 3))
def test_what_is_expected_is_what_all_paths_give_by_their_probability(
    seed: int, lengths: list[int], states: int
) -> None:
    chain = chain_of(states, seed)
    emissions = drawn((len(lengths), max(lengths), states), seed + 1)
    found, moves = chain.expected(emissions, inside_of(lengths))
    for row, length in enumerate(lengths):
        paths = list(itertools.product(range(states), repeat=length))
        scores = torch.tensor([score(path, emissions[row], chain.transitions.detach()) for path in paths])
        by_place, by_move = torch.zeros(max(lengths), states), torch.zeros(states, states)
        for path, probability in zip(paths, scores.softmax(0), strict=True):
            by_place[range(length), path] += probability
            for before, after in itertools.pairwise(path):
                by_move[before, after] += probability
        assert found[row].numpy() == pytest.approx(by_place.numpy(), abs=1e-3)
        assert moves[row].numpy() == pytest.approx(by_move.numpy(), abs=1e-3)


def test_a_chain_agrees_best_with_its_own_expectation() -> None:
    chain = chain_of(STATES, 5, torch.tensor(ALLOWED))
    emissions, inside = drawn((3, 7, STATES), 6), inside_of([7, 4, 1])
    states, moves = chain.expected(emissions, inside)
    assert not states[~inside].any()
    chain.negative_log_likelihood(emissions, states, moves, inside).sum().backward()
    assert chain.transitions.grad is not None
    assert chain.transitions.grad.abs().max() < 1e-3
