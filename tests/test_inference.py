"""Running graphs: small ones, written here, on arrays; and files that are none."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from builder import inference
from builder.errors import ModelError
from builder.inference import Array, Graph, precision

onnx = pytest.importorskip("onnx", reason="writing graphs needs the extra train")

BFLOAT16 = 2**-7  # how exact the fastest arithmetic is


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A file with two inputs, floats (n, 2) and integers (n, 1), and two outputs: product and sum."""
    helper, floats, integers = onnx.helper, onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    made = helper.make_graph(
        [
            helper.make_node("MatMul", ["a", "weights"], ["product"]),
            helper.make_node("Cast", ["b"], ["b as floats"], to=floats),
            helper.make_node("Add", ["product", "b as floats"], ["sum"]),
        ],
        "product and sum",
        [
            helper.make_tensor_value_info("a", floats, ["n", 2]),
            helper.make_tensor_value_info("b", integers, ["n", 1]),
        ],
        [helper.make_tensor_value_info(name, floats, ["n", 3]) for name in ("sum", "product")],
        [helper.make_tensor("weights", floats, [2, 3], [1, 2, 3, 10, 20, 30])],
    )
    path = tmp_path / "graph.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def test_inputs_and_outputs_are_in_the_order_of_the_file(graph: Path) -> None:
    total, product = Graph(graph).run([np.array([[1, 1]], dtype=np.float32), np.array([[100]])])
    assert product == pytest.approx(np.array([[11, 22, 33]]), rel=BFLOAT16)
    assert total == pytest.approx(np.array([[111, 122, 133]]), rel=BFLOAT16)


def test_sizes_may_differ_from_run_to_run_and_results_stay(graph: Path) -> None:
    loaded = Graph(graph)
    (_, first) = loaded.run([np.ones((2, 2), dtype=np.float32), np.zeros((2, 1), dtype=np.int64)])
    kept = first.copy()
    (_, second) = loaded.run([np.zeros((5, 2), dtype=np.float32), np.zeros((5, 1), dtype=np.int64)])
    assert (first.shape, second.shape) == ((2, 3), (5, 3))
    assert first.tolist() == kept.tolist()  # the runtime's own memory is used again
    assert not second.any()


def test_the_same_inputs_give_the_same_bytes(graph: Path) -> None:
    inputs: list[Array] = [
        np.linspace(-1, 1, 40, dtype=np.float32).reshape(20, 2),
        np.arange(20).reshape(20, 1),
    ]
    runs = [[one.tobytes() for one in Graph(graph).run(inputs)] for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.skipif(precision() == "bf16", reason="sums of bfloat16 are split in ways that no one promises")
def test_a_row_gives_the_same_bytes_whatever_stands_beside_it(tmp_path: Path) -> None:
    helper, numbers = onnx.helper, np.random.default_rng(0)
    small = numbers.integers(-127, 128, (1536, 64), dtype=np.int8)
    scale = numbers.random((1, 64), dtype=np.float32)
    made = helper.make_graph(
        [
            helper.make_node("Cast", ["small"], ["whole"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", ["whole", "scale"], ["weights"]),
            helper.make_node("MatMul", ["a", "weights"], ["product"]),
        ],
        "weights of eight bits",
        [helper.make_tensor_value_info("a", onnx.TensorProto.FLOAT, ["n", 8, 1536])],
        [helper.make_tensor_value_info("product", onnx.TensorProto.FLOAT, ["n", 8, 64])],
        [onnx.numpy_helper.from_array(small, "small"), onnx.numpy_helper.from_array(scale, "scale")],
    )
    path = tmp_path / "small.onnx"
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    graph, rows = Graph(path), numbers.random((40, 8, 1536), dtype=np.float32)
    (together,) = graph.run([rows])
    for count in (1, 2, 5, 39):
        (some,) = graph.run([rows[:count]])
        assert some.tobytes() == together[:count].tobytes()


def write_rounding(path: Path, weights: NDArray[np.float32], restored: bool = True) -> None:
    """A product of floats (n, length, 64), from -1 to 1, with weights, both rounded to eight bits."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    scale = np.abs(weights).max(0) / 127
    constants = {
        "step": np.float32(2 / 255),
        "zero": np.uint8(128),
        "small": np.rint(weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "zeros": np.zeros(len(scale), dtype=np.int8),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["a", "step", "zero"], ["whole"]),
        helper.make_node("DequantizeLinear", ["whole", "step", "zero"], ["rounded"]),
        helper.make_node("DequantizeLinear", ["small", "scale", "zeros"], ["weights"], axis=1),
        helper.make_node("MatMul", ["rounded", "weights"], ["product"]),
    ]
    out = helper.make_tensor_value_info("product", floats, ["n", "length", len(scale)])
    if not restored:
        nodes, out = nodes[:1], helper.make_tensor_value_info("whole", onnx.TensorProto.UINT8, None)
    made = helper.make_graph(
        nodes,
        "rounding",
        [helper.make_tensor_value_info("a", floats, ["n", "length", len(weights)])],
        [out],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


@pytest.fixture
def weights() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(64, 48)).astype(np.float32)


@pytest.mark.parametrize("eight_bits", [True, False])
def test_what_is_rounded_answers_nearly_the_same_in_either_arithmetic(
    tmp_path: Path, weights: NDArray[np.float32], eight_bits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if eight_bits and not inference._multiplies_eight_bits():
        pytest.skip("this processor has no instructions for products in eight bits")
    monkeypatch.setattr(inference, "_multiplies_eight_bits", lambda: eight_bits)
    write_rounding(tmp_path / "graph.onnx", weights)
    graph = Graph(tmp_path / "graph.onnx")
    assert graph.arithmetic == ("i8" if eight_bits else precision())
    rows = np.random.default_rng(1).uniform(-1, 1, (3, 20, 64)).astype(np.float32)
    (found,) = graph.run([rows])
    exact = rows @ weights
    assert np.abs(found - exact).max() < 0.02 * np.abs(exact).max()
    assert (np.abs(found - exact).max() > 0) or not eight_bits


@pytest.mark.skipif(
    not inference._multiplies_eight_bits(), reason="no instructions for products in eight bits"
)
def test_what_is_rounded_gives_the_same_bytes_whatever_stands_beside_it(
    tmp_path: Path, weights: NDArray[np.float32]
) -> None:
    write_rounding(tmp_path / "graph.onnx", weights)
    graph, rows = Graph(tmp_path / "graph.onnx"), np.random.default_rng(1).uniform(-1, 1, (40, 8, 64))
    (together,) = graph.run([rows.astype(np.float32)])
    for count in (1, 2, 5, 39):
        (some,) = graph.run([rows[:count].astype(np.float32)])
        assert some.tobytes() == together[:count].tobytes()


def test_a_graph_that_rounds_and_does_not_restore_is_named(
    tmp_path: Path, weights: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "_multiplies_eight_bits", lambda: False)
    write_rounding(tmp_path / "graph.onnx", weights, restored=False)
    with pytest.raises(ModelError, match=r"graph\.onnx: cannot be loaded: it rounds to eight bits"):
        Graph(tmp_path / "graph.onnx")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx: cannot be loaded: .*[Cc]ould not open"):
        Graph(tmp_path / "none.onnx")


@pytest.mark.parametrize("kept", [0, 40, -30])
def test_a_file_that_is_cut_off_is_named(graph: Path, kept: int) -> None:
    graph.write_bytes(graph.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"graph\.onnx: cannot be loaded: Unable to read the model"):
        Graph(graph)


def test_a_file_of_something_else_is_named(graph: Path) -> None:
    graph.write_text("version https://git-lfs.github.com/spec/v1\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"graph\.onnx: cannot be loaded: Unable to read the model"):
        Graph(graph)


def test_inputs_that_the_graph_does_not_take_are_an_error_that_names_it(graph: Path) -> None:
    with pytest.raises(ModelError, match=r"graph\.onnx: cannot be run: ."):
        Graph(graph).run([np.ones((2, 2), dtype=np.float32)] * 3)


def test_the_arithmetic_has_a_name() -> None:
    assert precision() in {"bf16", "f32"}
