"""Graphs that multiply whole numbers of eight bits: the one door of NNCF.

Quantization after training (Jacob et al. 2018, https://arxiv.org/abs/1712.05877): for each matrix the graph
says how to round what is multiplied with it, by the range that this had in examples. Single places of an
encoder's vectors are many times as large as the others, which would then be rounded to nothing: they are
made smaller first, and the matrix larger there (SmoothQuant, Xiao et al. 2023,
https://arxiv.org/abs/2211.10438).
"""

import contextlib
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx

from builder.inference import Array
from builder.training.export import SCALE, SMALL, rename

os.environ.setdefault("NNCF_CI", "1")  # without it the library tells its makers that it is used
import nncf

nncf.set_log_level(logging.ERROR)
ENCODER = "/encoder/"  # is in the names of its steps
ALPHA = 0.8  # how much of the unevenness matrices take over; 0.95, 0.8 and 0.5 were compared


def in_eight_bits(model: onnx.ModelProto, rows: Sequence[Sequence[Array]]) -> onnx.ModelProto:
    """The model with its matrices in eight bits and the rounding of what they are multiplied with.

    `rows` are examples of the inputs, in the order of the model's. What comes behind the encoder stays
    floating-point: it is little, and OpenVINO 2026.4 computes nonsense of sums behind a rounding. Weights are
    called as `weights_of` looks for them.
    """
    graph = model.graph
    weights = {node.name: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    inputs = [one.name for one in graph.input]
    with contextlib.redirect_stdout(sys.stderr):  # it draws how far it is
        quantized: onnx.ModelProto = nncf.quantize(
            model,
            nncf.Dataset(rows, lambda row: dict(zip(inputs, row, strict=True))),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(rows),
            ignored_scope=nncf.IgnoredScope(
                names=[node.name for node in graph.node if ENCODER not in node.name],
                types=["Gather"],  # tables: each row has its own scale
                validate=False,
            ),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(matmul=ALPHA)
            ),
        )
    _call(quantized.graph, weights)
    return quantized


def is_in_eight_bits(path: Path) -> bool:
    """Whether the graph of a file says how to round what its matrices are multiplied with."""
    return any(node.op_type == "QuantizeLinear" for node in onnx.load(str(path)).graph.node)


def _call(graph: onnx.GraphProto, weights: Mapping[str, str]) -> None:
    """Calls matrices in eight bits and their scales as `export` does; `weights` are their names by node."""
    made = {output: node for node in graph.node for output in node.output}
    stored = {one.name: one for one in graph.initializer}
    for node in [node for node in graph.node if node.name in weights]:
        restored = made.get(node.input[1])
        if restored is not None and restored.op_type == "DequantizeLinear":
            small, scale, _ = [stored[one] for one in restored.input]
            rename(graph, small, weights[node.name] + SMALL)
            rename(graph, scale, weights[node.name] + SCALE)
