"""Encoders that were published as ONNX files, as folders that transformers loads."""

import warnings
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import onnx
import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

from builder.errors import UsageError
from builder.training.onnx_encoder import GRAPH, convert


class Bare(nn.Module):
    """An encoder with nothing but tokens to ask for."""

    def __init__(self, bare: PreTrainedModel) -> None:
        super().__init__()
        self.bare = bare

    def forward(self, tokens: Tensor) -> Tensor:
        read: Tensor = self.bare(input_ids=tokens).last_hidden_state
        return read


@pytest.fixture
def drawn(encoder: Path, tmp_path: Path) -> Path:
    """The tests' encoder with no two weights alike, for the exporter would store those once."""
    network = AutoModel.from_pretrained(encoder, add_pooling_layer=False)
    torch.manual_seed(0)
    for weight in network.parameters():
        nn.init.normal_(weight, std=0.1)
    network.save_pretrained(tmp_path / "drawn")
    return tmp_path / "drawn"


@pytest.fixture
def published(drawn: Path, encoder: Path, tmp_path: Path) -> Path:
    """The encoder as transformers.js lays encoders out."""
    folder = tmp_path / "published"
    (folder / GRAPH).parent.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json"):
        (folder / name).write_bytes((encoder / name).read_bytes())
    network = AutoModel.from_pretrained(drawn, attn_implementation="eager", add_pooling_layer=False).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is the older of two exporters
        torch.onnx.export(
            Bare(network),
            (torch.ones(1, 3, dtype=torch.long),),
            str(folder / GRAPH),
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(str(folder / GRAPH))
    for node in model.graph.node:
        node.name = node.name.replace("/bare/", "/")
        node.input[:] = [one.removeprefix("bare.") for one in node.input]
    for one in model.graph.initializer:
        one.name = one.name.removeprefix("bare.")
    onnx.save(model, str(folder / GRAPH))
    return folder


def test_an_encoder_is_what_it_was_before_it_became_a_graph(
    published: Path, drawn: Path, encoder: Path, tmp_path: Path
) -> None:
    convert(published, tmp_path / "out")
    tokens = torch.tensor([[2, 7, 9, 3]])
    with torch.no_grad():
        ours, theirs = (
            AutoModel.from_pretrained(folder).eval()(input_ids=tokens).last_hidden_state
            for folder in (tmp_path / "out", drawn)
        )
    assert torch.allclose(ours, theirs, atol=1e-6)
    assert (tmp_path / "out" / "tokenizer.json").read_bytes() == (encoder / "tokenizer.json").read_bytes()


def test_a_graph_without_a_weight_is_refused_by_its_name(published: Path, tmp_path: Path) -> None:
    model = onnx.load(str(published / GRAPH))
    for node in model.graph.node:
        if "layer.0" in node.name and node.name.endswith("query/MatMul"):
            node.name = "another"
    onnx.save(model, str(published / GRAPH))
    with pytest.raises(UsageError, match=r"lacks encoder\.layer\.0\.attention\.self\.query\.weight"):
        convert(published, tmp_path / "out")
