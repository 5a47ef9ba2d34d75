"""An encoder that somebody published as an ONNX file, as a folder that transformers loads.

Run as `python -m builder.training.onnx_encoder SOURCE OUTPUT`: `SOURCE` has `config.json`, `tokenizer.json`
and `onnx/model.onnx`, as transformers.js lays encoders out.
"""

import shutil
import sys
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from transformers import AutoConfig, AutoModel

from builder.errors import UsageError
from builder.tokenization import FILE as TOKENIZER

GRAPH = Path("onnx") / "model.onnx"
TOKENIZERS = (TOKENIZER, "tokenizer_config.json", "special_tokens_map.json")


def convert(source: Path, output: Path) -> None:
    """Writes an encoder's weights and tokenizer to a folder.

    Exporters give a matrix a number for a name, and turn it around; where it belongs is told by the name of
    the node that multiplies with it: `/encoder/layer.0/output/dense/MatMul`.

    Raises:
        UsageError: the graph lacks a weight of the encoder that its `config.json` describes.
    """
    encoder = AutoModel.from_config(AutoConfig.from_pretrained(str(source)), add_pooling_layer=False)
    graph = onnx.load(str(source / GRAPH)).graph
    stored = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in stored:
            place = node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".")
            stored[f"{place}.weight"] = stored[node.input[1]].T
    wanted = [name for name, _ in encoder.named_parameters()]
    if missing := sorted(set(wanted) - set(stored)):
        raise UsageError(f"{source / GRAPH}: lacks {missing[0]}")
    encoder.load_state_dict({name: stored[name] for name in wanted}, strict=False)
    encoder.save_pretrained(output)
    for name in TOKENIZERS:
        if (source / name).is_file():
            shutil.copyfile(source / name, output / name)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
