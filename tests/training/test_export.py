"""Networks as files of eight-bit weights: what comes out of them, beside what comes out of PyTorch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from builder import inference
from builder.inference import Array, Graph
from builder.quotes.model import LINKER, READER
from builder.training.attribution_data import windows_of
from builder.training.attribution_export import export_attribution
from builder.training.attribution_network import AttributionNetwork, Sizes, to_read
from builder.training.encoders import load_encoder
from builder.training.export import SMALLEST, export, on_grid, weights_of
from builder.training.quantization import is_in_eight_bits
from tests.training.networks import windows_of_articles

CLOSE = 0.03  # of the largest number: eight bits a weight, and bfloat16 where the processor has it


class Layers(nn.Module):
    """One of each kind of layer whose weights are made small, and one that is too small to be."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(100, 32)
        self.narrow = nn.Embedding(5, 32)
        self.wide = nn.Linear(32, 64)
        self.convolution = nn.Conv1d(64, 64, 3, padding=1)
        self.last = nn.Linear(64, 48, bias=False)

    def forward(self, numbers: Tensor, kinds: Tensor) -> Tensor:
        mixed = self.wide(self.table(numbers) + self.narrow(kinds))
        passed: Tensor = self.last(self.convolution(mixed.transpose(1, 2)).transpose(1, 2))
        return passed


def write(network: Layers, path: Path, in_four_bits: Sequence[str] = ()) -> None:
    example = torch.ones(2, 7, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    inputs = {"numbers": example, "kinds": example}
    export(network, inputs, ("out",), {"numbers": axes, "kinds": axes, "out": axes}, path, in_four_bits)


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layers, Path]:
    torch.manual_seed(0)
    network, path = Layers().eval(), tmp_path_factory.mktemp("layers") / "layers.onnx"
    write(network, path)
    return network, path


def drawn(shape: tuple[int, ...], below: int, seed: int = 0) -> Tensor:
    return torch.randint(below, shape, generator=torch.Generator().manual_seed(seed))


def far_apart(ours: Sequence[Array], theirs: Sequence[Tensor]) -> float:
    """The largest difference, as a share of the largest number."""
    return max(
        float(np.abs(one - other.numpy()).max() / np.abs(other.numpy()).max())
        for one, other in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("shape", [(2, 7), (1, 1), (5, 31)])
def test_the_file_says_nearly_what_the_network_says(
    layers: tuple[Layers, Path], shape: tuple[int, int]
) -> None:
    network, path = layers
    numbers, kinds = drawn(shape, 100), drawn(shape, 5)
    with torch.no_grad():
        expected = network(numbers, kinds)
    assert far_apart(Graph(path).run([numbers.numpy(), kinds.numpy()]), [expected]) < CLOSE


def test_large_weights_take_eight_bits_and_small_ones_stay(layers: tuple[Layers, Path]) -> None:
    network, path = layers
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(path)).graph.initializer}
    small = [one for one in stored.values() if one.dtype == np.int8]
    assert sorted(one.size for one in small) == sorted(
        weight.numel() for weight in network.parameters() if weight.ndim > 1 and weight.numel() >= SMALLEST
    )
    floats = sum(one.size for one in stored.values() if one.dtype == np.float32)
    assert floats < sum(weight.numel() for weight in network.parameters()) / 10


def test_no_weight_is_further_off_than_half_a_step_of_its_row(layers: tuple[Layers, Path]) -> None:
    network, path = layers
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(path)).graph.initializer}
    (name,) = [name for name in stored if name.endswith("table.weight.small")]
    scale = stored[name.replace(".small", ".scale")]
    weights = network.table.weight.detach().numpy()
    assert scale.shape == (100, 1)
    assert scale[:, 0] == pytest.approx(np.abs(weights).max(1) / 127, rel=1e-5)
    assert np.all(np.abs(stored[name] * scale - weights) <= scale / 2 * 1.001)


def test_the_weights_are_found_again_under_their_names(layers: tuple[Layers, Path]) -> None:
    network, path = layers
    found = weights_of(path)
    for name, weight in network.named_parameters():
        if weight.ndim == 2:  # a matrix may stand in the file turned around, and in eight bits
            assert found[name].shape == tuple(weight.shape), name
            step = weight.detach().abs().max().item() / 127
            assert np.abs(found[name] - weight.detach().numpy()).max() <= step, name


@pytest.fixture(scope="module")
def halved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layers, Path]:
    """The layers with a table that four bits a number can hold, in a file where it has so many."""
    torch.manual_seed(3)
    network, path = Layers().eval(), tmp_path_factory.mktemp("halved") / "layers.onnx"
    with torch.no_grad():
        network.table.weight.copy_(torch.from_numpy(on_grid(network.table.weight.numpy())))
    write(network, path, in_four_bits=["table.weight"])
    return network, path


def test_a_table_in_four_bits_answers_as_the_network_does(halved: tuple[Layers, Path]) -> None:
    network, path = halved
    numbers, kinds = drawn((3, 11), 100), drawn((3, 11), 5)
    with torch.no_grad():
        expected = network(numbers, kinds)
    assert far_apart(Graph(path).run([numbers.numpy(), kinds.numpy()]), [expected]) < CLOSE


def test_a_table_in_four_bits_takes_half_a_byte_a_number(halved: tuple[Layers, Path]) -> None:
    _, path = halved
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(path)).graph.initializer}
    assert stored["table.weight.paired"].shape == (100, 16)
    assert stored["table.weight.paired"].dtype == np.uint8
    assert "table.weight" not in stored


def test_a_table_on_the_grid_is_found_again_as_it_was(halved: tuple[Layers, Path]) -> None:
    network, path = halved
    weights = network.table.weight.detach().numpy()
    assert weights_of(path)["table.weight"] == pytest.approx(weights, abs=1e-6)


def test_four_bits_a_number_are_fifteen_steps_of_a_row_that_is_cut_where_it_loses_least() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    rounded = on_grid(rows)
    assert max(len(np.unique(row)) for row in rounded) <= 15
    largest = np.abs(rows).max(1, keepdims=True)
    uncut = np.rint(rows / largest * 7) * largest / 7
    assert np.square(rounded - rows).sum() < 0.95 * np.square(uncut - rows).sum()
    assert on_grid(rounded) == pytest.approx(rounded, abs=1e-6)


def test_weights_that_are_all_zero_stay_zero(tmp_path: Path) -> None:
    network = nn.Linear(64, 64, bias=False).eval()
    nn.init.zeros_(network.weight)
    export(network, {"x": torch.ones(2, 64)}, ("y",), {"x": {0: "n"}, "y": {0: "n"}}, tmp_path / "zero.onnx")
    (found,) = Graph(tmp_path / "zero.onnx").run([np.ones((3, 64), dtype=np.float32)])
    assert found.shape == (3, 64)
    assert not found.any()


@pytest.fixture(scope="module")
def network(encoder: Path) -> AttributionNetwork:
    torch.manual_seed(2)
    made = AttributionNetwork(load_encoder(str(encoder)), Sizes(width=64, kernel=5, layers=2))
    for table in (made.reader.shapes, made.reader.quotes):
        nn.init.normal_(table.weight)
    return made.eval()


@pytest.fixture(scope="module")
def folder(network: AttributionNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exported")
    export_attribution(network, made)
    return made


@pytest.mark.parametrize(("windows", "tokens", "words"), [(1, 3, 1), (2, 12, 7), (5, 60, 41)])
def test_the_reader_reads_windows_of_any_size(
    network: AttributionNetwork, folder: Path, windows: int, tokens: int, words: int
) -> None:
    attention = torch.ones(windows, tokens, dtype=torch.long)
    attention[0, tokens // 2 + 1 :] = 0
    by_token = [drawn((windows, tokens), below, seed) for seed, below in enumerate((40, 6, 5))]
    inputs = [by_token[0], attention, *by_token[1:], drawn((windows, words), tokens, 4)]
    with torch.no_grad():
        _, *expected = network.reader(*inputs)
    found = Graph(folder / READER).run([one.numpy() for one in inputs])
    assert far_apart(found, expected) < CLOSE


@pytest.mark.parametrize(("anchors", "words"), [(1, 1), (3, 7), (11, 241)])
def test_the_linker_links_any_number_of_anchors(
    network: AttributionNetwork, folder: Path, anchors: int, words: int
) -> None:
    torch.manual_seed(3)
    inputs = [
        torch.randn(anchors, 64), torch.randn(anchors, words, 64), drawn((anchors, words), 48),
        drawn((anchors, words), 5),
    ]  # fmt: skip
    with torch.no_grad():
        expected = network.linker(*inputs)
    assert far_apart(Graph(folder / LINKER).run([one.numpy() for one in inputs]), [expected]) < CLOSE


def test_the_same_network_gives_the_same_files(
    network: AttributionNetwork, folder: Path, tmp_path: Path
) -> None:
    export_attribution(network, tmp_path)
    for name in (READER, LINKER):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.fixture(scope="module")
def rounding(network: AttributionNetwork, encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network's folder with a reader that multiplies in eight bits."""
    made = tmp_path_factory.mktemp("rounding")
    export_attribution(network, made, windows_of_articles(encoder))
    return made


def test_only_a_reader_that_was_shown_windows_multiplies_in_eight_bits(folder: Path, rounding: Path) -> None:
    assert [is_in_eight_bits(one / READER) for one in (folder, rounding)] == [False, True]
    assert (rounding / LINKER).read_bytes() == (folder / LINKER).read_bytes()


@pytest.mark.parametrize("eight_bits", [True, False])
def test_a_reader_in_eight_bits_answers_nearly_as_the_network_does(
    network: AttributionNetwork,
    encoder: Path,
    rounding: Path,
    eight_bits: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if eight_bits and not inference._multiplies_eight_bits():
        pytest.skip("this processor has no instructions for products in eight bits")
    monkeypatch.setattr(inference, "_multiplies_eight_bits", lambda: eight_bits)
    batch = windows_of(windows_of_articles(encoder))
    inputs = to_read(batch)
    with torch.no_grad():
        _, *expected = network.reader(*inputs)
    found = Graph(rounding / READER).run([one.numpy() for one in inputs])
    assert far_apart(found, expected) < 2 * CLOSE


def test_weights_in_eight_bits_are_found_again_as_they_were_before_they_were_evened_out(
    network: AttributionNetwork, rounding: Path
) -> None:
    found = weights_of(rounding / READER)
    known = {f"_reader.{name}": one.detach().numpy() for name, one in network.reader.named_parameters()}
    layers = {name: weight for name, weight in known.items() if ".layer." in name and weight.ndim == 2}
    assert layers
    for name, weight in layers.items():
        assert found[name].shape == weight.shape, name
        assert np.abs(found[name] - weight).max() < 0.05 * np.abs(weight).max(), name


def test_the_same_network_gives_the_same_reader_in_eight_bits(
    network: AttributionNetwork, encoder: Path, rounding: Path, tmp_path: Path
) -> None:
    export_attribution(network, tmp_path, windows_of_articles(encoder))
    assert (tmp_path / READER).read_bytes() == (rounding / READER).read_bytes()
