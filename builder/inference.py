"""Running exported models: the one door of OpenVINO, which reads ONNX files.

One thread a process, because the engine runs a process a core. The arithmetic is what the processor is
fastest in: where a file says how to round what its matrices are multiplied with, products of whole numbers
of eight bits, if there are instructions for those; otherwise bfloat16, if there are for that. Each is about
twice as fast as the next, and moves few answers. Small weights that are multiplied out are so once, when a
file is loaded: left to OpenVINO, that is done in every step, and in another way for a small batch than for a
large one, so that what is answered would depend on what else is asked.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as opset
from openvino.passes import ConstantFolding, Manager

from builder.errors import ModelError

Array = NDArray[np.float32] | NDArray[np.int64]
Row = TypeVar("Row")
# In its last digits a value depends on the length that its row is padded to. What is found in an article must
# not depend on other articles, so only rows of one length, rounded up to this, go together.
STEP = 16


class Graph:
    """A graph of an ONNX file, compiled for this processor.

    `arithmetic` says what most of it is computed in: `i8`, or else the `precision`.
    """

    def __init__(self, path: Path) -> None:
        """Compiles the file.

        Raises:
            ModelError: it is not there or is no graph.
        """
        try:
            model = _core().read_model(str(path))
            self.arithmetic = _prepare(model)
            compiled = _core().compile_model(model, "CPU", _OPTIONS)
        except RuntimeError as error:
            raise ModelError(f"{path}: cannot be loaded: {_last_line(error)}") from error
        self._path = path
        self._request = compiled.create_infer_request()
        self._outputs = len(compiled.outputs)

    def run(self, inputs: Sequence[Array]) -> list[NDArray[np.float32]]:
        """The outputs, in the order of the file, for inputs in the order of the file.

        Raises:
            ModelError: the graph does not take such inputs.
        """
        try:
            self._request.infer(list(inputs))
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{self._path}: cannot be run: {_last_line(error)}") from error
        return [self._request.get_output_tensor(n).data.copy() for n in range(self._outputs)]


def by_size(rows: Iterable[Row], length: Callable[[Row], int]) -> Iterator[tuple[int, Iterator[Row]]]:
    """The rows by their length rounded up to a multiple of `STEP`; otherwise in their order."""

    def size(row: Row) -> int:
        return -(-length(row) // STEP) * STEP

    return groupby(sorted(rows, key=size), key=size)


def _last_line(error: Exception) -> str:
    """What went wrong: the lines before say where in the runtime."""
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), repr(error))


_OPTIONS: dict[str, object] = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "ENABLE_CPU_PINNING": False,  # workers of one pool would share a core
}


@functools.cache
def _core() -> openvino.Core:
    return openvino.Core()


def _prepare(model: openvino.Model) -> str:
    """Makes a model one for this processor, and says what its arithmetic is."""
    roundings = [one for one in model.get_ops() if one.get_type_name() == "FakeQuantize"]
    if roundings and _multiplies_eight_bits():
        rounded = {_restored(one).get_friendly_name() for one in roundings}
        for one in model.get_ops():
            if (
                one.get_type_name() == "MatMul"
                and one.input_value(0).get_node().get_friendly_name() not in rounded
            ):
                _multiply_out_weights(one)
        return "i8"
    for one in roundings:
        for taker in _restored(one).output(0).get_target_inputs():
            taker.replace_source_output(one.input_value(0))
    _multiply_out(model)
    return precision()


def _restored(rounding: openvino.Node) -> openvino.Node:
    """The step that makes floating-point numbers of what was rounded to eight bits."""
    last = rounding
    while last.get_type_name() != "Multiply":
        takers = list(last.output(0).get_target_inputs())
        if not takers:
            raise RuntimeError("it rounds to eight bits what it never restores")
        last = takers[0].get_node()
    return last


def _multiply_out(model: openvino.Model) -> None:
    """Computes what no input changes."""
    manager = Manager()
    manager.register_pass(ConstantFolding())
    manager.run_passes(model)


def _multiply_out_weights(product: openvino.Node) -> None:
    """Multiplies out the small weights of a product, if it has any."""
    weights = product.input_value(1)
    node = weights.get_node()
    while node.get_type_name() in {"Multiply", "Convert"}:
        node = node.input_value(0).get_node()
    if node.get_type_name() == "Constant":
        _multiply_out(openvino.Model([weights], []))


@functools.cache
def _multiplies_eight_bits() -> bool:
    """Whether products of whole numbers of eight bits are fast on this processor, and right.

    Without instructions for them they are slower than floating-point arithmetic; with the first that there
    were, sums of two products are cut to sixteen bits. The largest product there can be tells.
    """
    size, most = 64, 127
    rows = opset.parameter([size, size], np.float32)
    least, largest = np.float32(0), np.float32(255)
    rounded = opset.fake_quantize(rows, least, largest, least, largest, 256)
    weights = opset.convert(opset.constant(np.full((size, size), most, dtype=np.int8)), "f32")
    scaled = opset.multiply(weights, np.ones((size, 1), dtype=np.float32))
    model = openvino.Model([opset.matmul(rounded, scaled, False, True)], [rows])
    compiled = _core().compile_model(model, "CPU", _OPTIONS)
    kinds = [one.get_rt_info()["primitiveType"].astype(str) for one in compiled.get_runtime_model().get_ops()]
    found = compiled([np.full((size, size), largest)])[0]
    return any("brgemm" in kind and "i8" in kind.lower() for kind in kinds) and bool(
        np.isclose(found, size * largest * most, rtol=0.01).all()
    )


def precision() -> str:
    """The floating-point arithmetic that graphs run in on this machine: `bf16` or `f32`."""
    return "bf16" if "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
