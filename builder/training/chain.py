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

    def negative_log_likelihood(
        self, emissions: Tensor, states: Tensor, moves: Tensor, inside: Tensor
    ) -> Tensor:
        """For each sequence, minus the logarithm of the probability of its states.

        Shapes: emissions and states (sequences, length, states), moves (sequences, states, states), inside
        (sequences, length). `states` is how probable each state is at each place, and `moves` how many
        steps from (row) to (column) are expected; of states that are known these are ones and whole numbers.
        Of others the result is a cross-entropy: the mean over the sequences that they stand for. `inside`
        is false where a sequence has ended, and `states` zero; at the first place it is true.
        """
        scored = (emissions * states).sum((1, 2)) + (self.scores() * moves).sum((1, 2))
        return _normaliser(emissions, self.scores(), inside) - scored

    def expected(self, emissions: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
        """How probable each state is, and how many steps of each kind: the normaliser's gradient.

        Shapes as in `negative_log_likelihood`.
        """
        count, _, states = emissions.shape
        with torch.enable_grad():
            emitted = emissions.detach().requires_grad_()
            moved = self.scores().detach().expand(count, 1, states, states).clone().requires_grad_()
            total = _normaliser(emitted, moved, inside).sum()
            found = torch.autograd.grad(total, (emitted, moved), materialize_grads=True)
        return found[0], found[1].squeeze(1)


def _normaliser(emissions: Tensor, transitions: Tensor, inside: Tensor) -> Tensor:
    count, length, states = emissions.shape
    # One matrix a step: from the state before to the state here; past the end, nothing changes.
    steps = transitions + emissions[:, 1:, None, :]
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
