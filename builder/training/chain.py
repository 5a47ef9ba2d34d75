"""A linear-chain conditional random field: how likely a sequence of states is, and its gradient.

Lafferty, McCallum and Pereira (2001). The normaliser is the product of transition matrices in the
log semiring, taken pair by pair as a tree: log2(length) steps instead of length.
"""

import torch
from torch import Tensor, nn

from builder.quotes.states import FORBIDDEN


class Chain(nn.Module):
    """Scores of transitions between `states`; `allowed` (states, states) says which can be."""

    def __init__(self, allowed: Tensor) -> None:
        super().__init__()
        states = len(allowed)
        self.transitions = nn.Parameter(torch.zeros(states, states))
        self.register_buffer("allowed", allowed.bool())
        self.allowed: Tensor

    def scores(self) -> Tensor:
        """The score of each transition, from (row) to (column)."""
        return self.transitions.masked_fill(~self.allowed, FORBIDDEN)

    def negative_log_likelihood(self, emissions: Tensor, states: Tensor, inside: Tensor) -> Tensor:
        """For each sequence, minus the logarithm of the probability of its states.

        Shapes: emissions (sequences, length, states), states and inside (sequences, length); `inside`
        is false where a sequence has ended, and true at its first place.
        """
        return self._normaliser(emissions, inside) - self._score(emissions, states, inside)

    def _score(self, emissions: Tensor, states: Tensor, inside: Tensor) -> Tensor:
        emitted = emissions.gather(2, states.unsqueeze(2)).squeeze(2)
        moved = self.scores()[states[:, :-1], states[:, 1:]]
        return (emitted * inside).sum(1) + (moved * inside[:, 1:]).sum(1)

    def _normaliser(self, emissions: Tensor, inside: Tensor) -> Tensor:
        count, length, states = emissions.shape
        # One matrix a step: from the state before to the state here; past the end, nothing changes.
        steps = self.scores() + emissions[:, 1:, None, :]
        stay = emissions.new_full((states, states), FORBIDDEN).fill_diagonal_(0.0)
        steps = torch.where(inside[:, 1:, None, None], steps, stay)
        while steps.shape[1] > 1:
            if steps.shape[1] % 2:
                steps = torch.cat([steps, stay.expand(count, 1, states, states)], 1)
            steps = _product(steps[:, 0::2], steps[:, 1::2])
        if length == 1:
            return emissions[:, 0].logsumexp(1)
        return (emissions[:, 0, :, None] + steps[:, 0]).logsumexp((1, 2))


def _product(first: Tensor, second: Tensor) -> Tensor:
    """The products of matrices in the log semiring: by an ordinary product of what is scaled to at most 1."""
    left = first.amax(3, keepdim=True)
    right = second.amax(2, keepdim=True)
    product = torch.matmul((first - left).exp(), (second - right).exp())
    return product.clamp_min(1e-37).log() + left + right
