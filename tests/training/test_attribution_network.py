"""The network: what its loss depends on, and what an encoder brings along."""

from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import torch

from builder.errors import UsageError
from builder.quotes.states import STATES, TAGS
from builder.tokenization import Tokenizer
from builder.training.attribution_data import Collator, Example, examples
from builder.training.attribution_network import AttributionNetwork, to_read
from builder.training.encoders import layers_of, load_encoder
from tests.training.articles import annotated
from tests.training.networks import drawn_network, windows_of_articles


@pytest.fixture(scope="module")
def network(encoder: Path) -> AttributionNetwork:
    return drawn_network(encoder)


@pytest.fixture(scope="module")
def some(encoder: Path) -> list[Example]:
    return windows_of_articles(encoder)


def loss_of(network: AttributionNetwork, some: Sequence[Example]) -> float:
    with torch.no_grad():
        return float(network(**Collator(mask=4, hidden_share=0.0, seed=0)([some]))["loss"])


def test_the_parts_have_the_shapes_that_they_say(network: AttributionNetwork, some: list[Example]) -> None:
    batch = Collator(mask=4, hidden_share=0.0, seed=0)([some])
    tags, anchors, as_anchor, as_word = network.reader(*to_read(batch))
    count, words = batch["first_tokens"].shape
    assert (tags.shape, anchors.shape) == ((count, words, TAGS), (count, words))
    assert as_anchor.shape == as_word.shape == (count, words, 16)
    states = network.linker(as_anchor[:, 0], as_word, batch["first_tokens"] * 0, batch["first_tokens"] * 0)
    assert states.shape == (count, words, STATES)


def test_a_batch_costs_what_its_windows_cost_alone(encoder: Path, some: list[Example]) -> None:
    # A kernel of one word: a wider one sees behind a short row's end what pads it to the longest.
    network = drawn_network(encoder, kernel=1)
    counts = [len(one.tags) for one in some]
    assert len(set(counts)) > 1  # so that some are padded
    alone = sum(loss_of(network, [one]) * count for one, count in zip(some, counts, strict=True))
    assert loss_of(network, some) == pytest.approx(alone / sum(counts), rel=1e-4)


def test_windows_without_an_attribution_teach_that_there_is_none(
    network: AttributionNetwork, encoder: Path
) -> None:
    (nothing,) = examples(annotated("a", "Rain fell on the town."), Tokenizer(encoder), 64)
    loss = network(**Collator(mask=4, hidden_share=0.0, seed=0)([[nothing]]))["loss"]
    loss.backward()
    gradients = [weight.grad for weight in network.reader.anchor.parameters()]
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients)
    network.zero_grad()


def test_every_weight_learns_except_the_encoder_s_unused_ones(
    network: AttributionNetwork, some: list[Example]
) -> None:
    network(**Collator(mask=4, hidden_share=0.0, seed=0)([some]))["loss"].backward()
    idle = {name for name, weight in network.named_parameters() if weight.grad is None}
    network.zero_grad()
    assert all("pooler" in name for name in idle)


def test_an_encoder_is_loaded_without_dropout(encoder: Path) -> None:
    loaded = load_encoder(str(encoder))
    rates = [module.p for module in loaded.modules() if isinstance(module, torch.nn.Dropout)]
    assert rates
    assert set(rates) == {0.0}


def test_its_layers_are_found_from_the_lowest_up(encoder: Path) -> None:
    loaded = load_encoder(str(encoder))
    names = {module: name for name, module in loaded.named_modules()}
    assert [names[layer] for layer in layers_of(loaded)] == ["encoder.layer.0", "encoder.layer.1"]


def test_an_encoder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"encoder: '.*none' cannot be loaded: "):
        load_encoder(str(tmp_path / "none"))
