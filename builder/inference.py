"""Running exported models: the one door of OpenVINO, which reads ONNX files.

One thread a process, because the engine runs a process a core; bfloat16 arithmetic where the
processor has instructions for it, which is twice as fast and moves almost no label. Small weights are
multiplied out once, when a file is loaded: left to OpenVINO, that is done in every step, and in another way
for a small batch than for a large one, so that what is answered would depend on what else is asked.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino.passes import ConstantFolding, Manager

from builder.errors import ModelError

Array = NDArray[np.float32] | NDArray[np.int64]
Row = TypeVar("Row")
# In its last digits a value depends on the length that its row is padded to. What is found in an article must
# not depend on other articles, so only rows of one length, rounded up to this, go together.
STEP = 16


class Graph:
    """A graph of an ONNX file, compiled for this processor."""

    def __init__(self, path: Path) -> None:
        """Compiles the file.

        Raises:
            ModelError: it is not there or is no graph.
        """
        try:
            model = _core().read_model(str(path))
            _multiply_out(model)
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


def _multiply_out(model: openvino.Model) -> None:
    """Computes what no input changes."""
    manager = Manager()
    manager.register_pass(ConstantFolding())
    manager.run_passes(model)


def precision() -> str:
    """The arithmetic that graphs run in on this machine: `bf16` or `f32`."""
    return "bf16" if "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
