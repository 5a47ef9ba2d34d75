"""The stance network as the graph that the classifier runs."""

from pathlib import Path

import torch
from torch import Tensor, nn

from builder.errors import ModelError
from builder.training.export import export, weights_of
from builder.training.stance_network import StanceNetwork

POOLER = ".pooler."  # of some encoders; the network does not use it, so the graph does not have it
LAST = "head.4."  # the layer that answers, one output a label


class _Scores(nn.Module):
    """The network without its loss, which only training needs."""

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, attention: Tensor, parts: Tensor) -> Tensor:
        return self.network.scores(tokens, attention, parts)


def export_stance(network: StanceNetwork, path: Path) -> None:
    """Writes the graph: tokens, attention and parts (batch, tokens) to scores (batch, labels)."""
    token = torch.ones(2, 12, dtype=torch.long)
    by_token = {0: "batch", 1: "tokens"}
    export(
        _Scores(network).eval(),
        {"tokens": token, "attention": token, "parts": token},
        ("scores",),
        {**dict.fromkeys(("tokens", "attention", "parts"), by_token), "scores": {0: "batch"}},
        path,
    )


def restore(network: StanceNetwork, path: Path) -> None:
    """Gives a network the weights of an exported one, in the eight bits that those have left.

    The head's last layer stays as it is where the exported network answers with another number of labels.

    Raises:
        ModelError: the graph is one of another network.
    """
    found = weights_of(path)
    weights = network.state_dict()
    for name, weight in weights.items():
        if POOLER in name:
            continue
        kept = found.get(f"network.{name}")
        if kept is None or (kept.shape != tuple(weight.shape) and not name.startswith(LAST)):
            raise ModelError(f"{path}: is the graph of another network: {name} is missing or of another size")
        if kept.shape == tuple(weight.shape):
            weights[name] = torch.from_numpy(kept.copy())
    network.load_state_dict(weights)
