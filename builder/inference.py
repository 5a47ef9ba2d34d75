"""Running exported models: the one door of OpenVINO, which reads ONNX files.

One thread a process, because the engine runs a process a core; bfloat16 arithmetic where the
processor has instructions for it, which is twice as fast and moves almost no label.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import numpy as np
import openvino
from numpy.typing import NDArray

from builder.errors import ModelError

Array = NDArray[np.float32] | NDArray[np.int64]
Row = TypeVar("Row")
# In its last digits a value depends on the shape of the batch that it is computed in. What is found in an
# article must not depend on other articles, so only rows of one length, rounded up to this, go together.
STEP = 32


class Graph:
    """A graph of an ONNX file, compiled for this processor."""

    def __init__(self, path: Path) -> None:
        """Compiles the file.

        Raises:
            ModelError: it is not there or is no graph.
        """
        try:
            compiled = _core().compile_model(str(path), "CPU", _OPTIONS)
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


def by_size(
    rows: Iterable[Row], length: Callable[[Row], int], step: int = STEP
) -> Iterator[tuple[int, Iterator[Row]]]:
    """The rows by their length rounded up to a multiple of `step`; otherwise in their order."""

    def size(row: Row) -> int:
        return -(-length(row) // step) * step

    return groupby(sorted(rows, key=size), key=size)


def _last_line(error: Exception) -> str:
    """What went wrong: the lines before say where in the runtime."""
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), repr(error))


_OPTIONS: dict[str, object] = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "PERFORMANCE_HINT": "LATENCY",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,  # without bf16, activations would be rounded to eight bits, too
    "ENABLE_CPU_PINNING": False,  # workers of one pool would share a core
}


@functools.cache
def _core() -> openvino.Core:
    return openvino.Core()


def precision() -> str:
    """The arithmetic that graphs run in on this machine: `bf16` or `f32`."""
    return "bf16" if "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
