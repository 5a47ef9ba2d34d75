"""The attribution network as the two graphs that the tagger runs."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from builder.quotes.model import LINKER, READER
from builder.training.attribution_data import Example, windows_of
from builder.training.attribution_network import READ, AttributionNetwork, to_read
from builder.training.export import export
from builder.training.quantization import in_eight_bits


class _Reads(nn.Module):
    """The reader without its tags, which only training needs."""

    def __init__(self, reader: nn.Module) -> None:
        super().__init__()
        self._reader = reader

    def forward(
        self, tokens: Tensor, attention: Tensor, shapes: Tensor, quotes: Tensor, first_tokens: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        _, anchors, as_anchor, as_word = self._reader(tokens, attention, shapes, quotes, first_tokens)
        return anchors, as_anchor, as_word


def export_attribution(network: AttributionNetwork, folder: Path, read: Sequence[Example] = ()) -> None:
    """Writes `reader.onnx` and `linker.onnx`.

    With windows that are `read`, the reader multiplies whole numbers of eight bits where that is fast; what
    it does with the windows says how they are rounded.
    """
    network.eval()
    _export_reader(network, folder / READER, read)
    _export_linker(network, folder / LINKER)


def _export_reader(network: AttributionNetwork, path: Path, read: Sequence[Example]) -> None:
    token = torch.ones(2, 12, dtype=torch.long)
    rows = [[one.numpy() for one in to_read(windows_of([window]))] for window in read]
    by_token, by_word = {0: "batch", 1: "tokens"}, {0: "batch", 1: "words"}
    export(
        _Reads(network.reader).eval(),
        {**dict.fromkeys(READ[:-1], token), READ[-1]: torch.ones(2, 7, dtype=torch.long)},
        ("anchors", "as_anchor", "as_word"),
        {
            **dict.fromkeys(READ[:-1], by_token),
            **dict.fromkeys((READ[-1], "anchors", "as_anchor", "as_word"), by_word),
        },
        path,
        changed=partial(in_eight_bits, rows=rows) if rows else None,
    )


def _export_linker(network: AttributionNetwork, path: Path) -> None:
    width = network.reader.as_word.out_features
    place = torch.ones(3, 7, dtype=torch.long)
    by_place = {0: "anchors", 1: "length"}
    export(
        network.linker,
        {
            "anchor": torch.zeros(3, width),
            "words": torch.zeros(3, 7, width),
            "distances": place,
            "paragraphs": place,
        },
        ("states",),
        {
            "anchor": {0: "anchors"},
            **dict.fromkeys(("words", "distances", "paragraphs", "states"), by_place),
        },
        path,
    )
