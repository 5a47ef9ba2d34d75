"""Trained networks as ONNX files whose weights take eight bits each, or four.

Weights of matrices are stored as signed eight-bit integers with their scales. They are multiplied out when
the file is loaded, unless the graph rounds what they are multiplied with to eight bits, too, and the
processor has instructions for such products. Of a table with four bits a number, the rows that are looked up
are multiplied out, each time.
"""

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

OPSET = 17
SMALL, PAIRED, SCALE, TRANSPOSED = ".small", ".paired", ".scale", ".transposed"  # ends of names
SMOOTHS = "smooth_quant"  # is in the names of the steps that even out what is rounded, as NNCF calls them
SMALLEST = 2048  # tensors with fewer numbers than this stay as they are
MOST, ZERO, ABOVE = 7, 8, 16  # in four bits: the largest number, what stands for 0, how many there are
CLIPPED = np.linspace(1.0, 0.5, 11, dtype=np.float32)  # shares of a row's largest that it may be cut to


def export(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
    path: Path,
    in_four_bits: Collection[str] = (),
    changed: Callable[[onnx.ModelProto], onnx.ModelProto] | None = None,
) -> None:
    """Writes a network as ONNX.

    `inputs` are examples by name, in the order of the network's arguments; `dynamic` names the axes,
    of inputs and outputs, whose size may differ from the example's. The tables called `in_four_bits`
    take four bits a number; `on_grid` says which numbers lose nothing by that. What is written is what
    `changed` makes of the model, whose weights are floating-point and called as the network calls them.
    """
    with warnings.catch_warnings():
        # That it is the older of two exporters (the newer one needs a library more), that branches are
        # decided when they are traced, that indices must not be negative: none matters for encoders,
        # as the tests see who run the graphs on other sizes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in dynamic.items()},
            opset_version=OPSET,
            dynamo=False,
        )
    model = named(onnx.load(str(path)), network)
    if changed:
        model = changed(model)
    for name in in_four_bits:
        _pair(model.graph, name)
    onnx.save(with_small_weights(model), str(path))


def named(model: onnx.ModelProto, network: nn.Module) -> onnx.ModelProto:
    """The model with its weights called as the network calls them, so that `weights_of` finds them.

    The exporter turns matrices around and gives those a number for a name; they are called
    `NAME.transposed`.
    """
    known = {one.name for one in model.graph.initializer}
    missing = {
        name: weight.detach().cpu().numpy()
        for name, weight in network.named_parameters()
        if weight.ndim == 2 and name not in known
    }
    for one in [one for one in model.graph.initializer if len(one.dims) == 2]:
        values = numpy_helper.to_array(one)
        for name, weight in missing.items():
            if values.shape == weight.shape[::-1] and np.array_equal(values, weight.T):
                rename(model.graph, one, f"{name}{TRANSPOSED}")
                del missing[name]
                break
    return model


def weights_of(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of an exported network by their names in it, multiplied out."""
    model = onnx.load(str(path))
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    factors = {name: stored[factor].reshape(-1, 1) for name, factor in _factors(model.graph, stored)}
    weights = {}
    for whole, stored_values in stored.items():
        if whole.endswith(SCALE):
            continue
        name = whole.removesuffix(SMALL).removesuffix(PAIRED)
        values = stored_values
        if whole.endswith(PAIRED):
            values = (
                np.concatenate([stored_values % ABOVE, stored_values // ABOVE], 1).astype(np.float32) - ZERO
            )
        if whole != name:
            values = values.astype(np.float32) * stored[name + SCALE] * factors.get(whole, 1)
        if name.endswith(TRANSPOSED):
            values = np.ascontiguousarray(values.T)
        weights[name.removesuffix(TRANSPOSED)] = values
    return weights


def _factors(graph: onnx.GraphProto, stored: Collection[str]) -> Iterator[tuple[str, str]]:
    """The matrices whose inputs are multiplied with factors before they are rounded, each with these."""
    made = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        if node.op_type != "MatMul" or not all(one in made for one in node.input):
            continue
        given, restored = (made[one] for one in node.input)
        while given.op_type in {"DequantizeLinear", "QuantizeLinear"} and given.input[0] in made:
            given = made[given.input[0]]
        if SMOOTHS in given.name and restored.op_type == "DequantizeLinear":
            yield restored.input[0], next(one for one in given.input if one in stored)


def on_grid(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """The nearest table, shape (rows, columns), that four bits a number and a scale a row can hold."""
    whole, scale = _in_four_bits(table)
    return whole * scale


def _in_four_bits(table: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Whole numbers from -`MOST` to `MOST`, and the scale of each row that moves the row least."""
    largest = np.maximum(np.abs(table).max(1, keepdims=True), 1e-12).astype(np.float32)
    best = np.full_like(largest, np.inf)
    whole, scale = np.zeros_like(table), largest
    for share in CLIPPED:
        tried = largest * share / MOST
        rounded = np.clip(np.rint(table / tried), -MOST, MOST)
        moved = np.square(rounded * tried - table).sum(1, keepdims=True)
        better = moved < best
        best, scale = np.where(better, moved, best), np.where(better, tried, scale)
        whole = np.where(better, rounded, whole)
    return whole, scale


def _pair(graph: onnx.GraphProto, name: str) -> None:
    """Stores a table with two numbers a byte: one of a row's first half, and above it one of its second."""
    one = next(one for one in graph.initializer if one.name == name)
    whole, scale = _in_four_bits(numpy_helper.to_array(one))
    first, second = np.split((whole + ZERO).astype(np.uint8), 2, 1)
    constants = {
        PAIRED: first + ABOVE * second,
        SCALE: scale,
        ".above": np.array(ABOVE, dtype=np.float32),
        ".zero": np.array(ZERO, dtype=np.float32),
    }
    graph.initializer.remove(one)
    graph.initializer.extend(numpy_helper.from_array(value, name + end) for end, value in constants.items())
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        nodes += _looked_up(name, node.input[1], node.output[0]) if name in node.input else [node]
    del graph.node[:]
    graph.node.extend(nodes)


def _looked_up(name: str, rows: str, out: str) -> list[onnx.NodeProto]:
    """The steps from the numbers of rows to the rows, in arithmetic that bfloat16 is exact for."""

    nodes: list[onnx.NodeProto] = []

    def step(kind: str, inputs: Sequence[str], output: str, **options: int) -> str:
        node: onnx.NodeProto = helper.make_node(kind, inputs, [output])
        node.attribute.extend(helper.make_attribute(key, value) for key, value in options.items())
        nodes.append(node)
        return output

    bytes_ = step("Gather", [name + PAIRED, rows], f"{out}.bytes")
    pairs = step("Cast", [bytes_], f"{out}.pairs", to=TensorProto.FLOAT)
    divided = step("Div", [pairs, f"{name}.above"], f"{out}.divided")
    second = step("Floor", [divided], f"{out}.second")
    above = step("Mul", [second, f"{name}.above"], f"{out}.above")
    first = step("Sub", [pairs, above], f"{out}.first")
    joined = step("Concat", [first, second], f"{out}.joined", axis=-1)
    centred = step("Sub", [joined, f"{name}.zero"], f"{out}.centred")
    scale = step("Gather", [name + SCALE, rows], f"{out}.scale")
    step("Mul", [centred, scale], out)
    return nodes


def rename(graph: onnx.GraphProto, one: TensorProto, name: str) -> None:
    """Calls a tensor of a graph otherwise."""
    for node in graph.node:
        for place, given in enumerate(node.input):
            if given == one.name:
                node.input[place] = name
    one.name = name


def with_small_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with eight-bit weights: each output of a matrix, and each row of a table, has its scale."""
    graph = model.graph
    axes = {name: axis for node in graph.node for name, axis in _scaled(node)}
    for one in [one for one in graph.initializer if one.name in axes and _is_large(one)]:
        values = numpy_helper.to_array(one)
        others = tuple(place for place in range(values.ndim) if place != axes[one.name])
        scale = np.maximum(np.abs(values).max(axis=others, keepdims=True), 1e-12).astype(np.float32) / 127
        small = np.rint(values / scale).astype(np.int8)
        graph.initializer.remove(one)
        graph.initializer.extend(
            [
                numpy_helper.from_array(small, one.name + SMALL),
                numpy_helper.from_array(scale, one.name + SCALE),
            ]
        )
        whole = helper.make_node("Cast", [one.name + SMALL], [one.name + ".whole"], to=TensorProto.FLOAT)
        scaled = helper.make_node("Mul", [one.name + ".whole", one.name + SCALE], [one.name])
        graph.node.insert(0, scaled)
        graph.node.insert(0, whole)
    onnx.checker.check_model(model)
    return model


def _scaled(node: onnx.NodeProto) -> list[tuple[str, int]]:
    """The inputs of a node that are weights, each with the axis of its outputs or rows."""
    if node.op_type == "Gather":
        return [(node.input[0], 0)]
    if node.op_type == "MatMul":
        return [(node.input[1], 1)]
    if node.op_type == "Conv":
        return [(node.input[1], 0)]
    if node.op_type == "Gemm":
        transposed = any(one.name == "transB" and one.i for one in node.attribute)
        return [(node.input[1], 0 if transposed else 1)]
    return []


def _is_large(one: onnx.TensorProto) -> bool:
    if one.name.endswith(SCALE):
        return False
    return one.data_type == TensorProto.FLOAT and len(one.dims) >= 2 and int(np.prod(one.dims)) >= SMALLEST
