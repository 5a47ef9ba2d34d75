"""The stance network as the graph that the classifier runs, and back again."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from builder.errors import ModelError
from builder.stance.encoding import Encoded
from builder.training.encoders import table_of
from builder.training.export import export, weights_of
from builder.training.quantization import in_eight_bits
from builder.training.stance_network import FIRST, LAST, StanceNetwork, pooled

POOLER = ".pooler."  # of some encoders; the network does not use it, so the graph does not have it


class _Scores(nn.Module):
    """The network without its loss, arranged so that no row's scores depend on how many rows there are.

    A product of a matrix with few rows is computed otherwise than one with many, which moves the last
    digits. So the head's first layer comes before the means are taken, where there are as many rows as
    tokens (the mean of products is the product with the mean), and its last layer is a sum.
    """

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        self.encoder, self.parts = network.encoder, network.parts
        first, last = network.head[FIRST], network.head[LAST]
        assert isinstance(first, nn.Linear)  # noqa: S101 - for the type checker
        assert isinstance(last, nn.Linear)  # noqa: S101 - likewise
        width = network.encoder.config.hidden_size
        self.first = nn.ParameterList(piece.clone() for piece in first.weight.detach().split(width, 1))
        self.last = nn.ParameterList(row.clone() for row in last.weight.detach())
        self.first_bias, self.last_bias = first.bias, last.bias

    def forward(self, tokens: Tensor, attention: Tensor, parts: Tensor) -> Tensor:
        embedded = self.encoder.get_input_embeddings()(tokens) + self.parts(parts)
        read = self.encoder(inputs_embeds=embedded, attention_mask=attention).last_hidden_state
        views = pooled([read @ weight.T for weight in self.first], attention, parts)
        hidden = nn.functional.gelu(sum(views[1:], start=views[0]) + self.first_bias)
        # Label by label: OpenVINO 2026.4 computes nonsense of one product with all labels, summed.
        return torch.stack([(hidden * row).sum(1) for row in self.last], 1) + self.last_bias


def export_stance(
    network: StanceNetwork, path: Path, table_bits: int = 8, read: Sequence[Encoded] = ()
) -> None:
    """Writes the graph: tokens, attention and parts (batch, tokens) to scores (batch, labels).

    `table_bits` is how many bits a number of the encoder's table of words takes: 8 or 4. With sequences that
    are `read`, the graph multiplies whole numbers of eight bits where that is fast; what it does with the
    sequences says how they are rounded.
    """
    rows = [[one.tokens[None], np.ones_like(one.tokens)[None], one.parts[None]] for one in read]
    token = torch.ones(2, 12, dtype=torch.long)
    by_token = {0: "batch", 1: "tokens"}
    scores = _Scores(network).eval()
    table = table_of(network.encoder)
    names = [name for name, weight in scores.named_parameters() if weight is table]
    export(
        scores,
        {"tokens": token, "attention": token, "parts": token},
        ("scores",),
        {**dict.fromkeys(("tokens", "attention", "parts"), by_token), "scores": {0: "batch"}},
        path,
        in_four_bits=names if table_bits == 4 else (),
        changed=partial(in_eight_bits, rows=rows) if rows else None,
    )


def restore(network: StanceNetwork, path: Path) -> None:
    """Gives a network the weights of an exported one, in the eight bits that those have left.

    The head's last layer stays as it is where the exported network answers with another number of labels.

    Raises:
        ModelError: the graph is one of another network.
    """
    found = {name: torch.from_numpy(values.copy()) for name, values in weights_of(path).items()}
    for name, pieces, join in (
        (f"head.{FIRST}.weight", "first", partial(torch.cat, dim=1)),
        (f"head.{LAST}.weight", "last", torch.stack),
    ):
        numbered = [found[f"{pieces}.{n}"] for n in range(len(found)) if f"{pieces}.{n}" in found]
        if numbered:
            found[name] = join(numbered)
    for layer, name in ((FIRST, "first_bias"), (LAST, "last_bias")):
        if name in found:
            found[f"head.{layer}.bias"] = found[name]
    weights = network.state_dict()
    for name, weight in weights.items():
        kept = found.get(name)
        if kept is not None and kept.shape == weight.shape:
            weights[name] = kept
        elif POOLER not in name and (kept is None or not name.startswith(f"head.{LAST}.")):
            raise ModelError(f"{path}: is the graph of another network: {name} is missing or of another size")
    network.load_state_dict(weights)
