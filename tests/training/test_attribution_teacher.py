"""A network's answers to windows, and a training that learns from them."""

import shutil
from itertools import chain
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import torch

from builder.errors import UsageError
from builder.quotes.states import STATES, TAGS, around
from builder.tokenization import Tokenizer
from builder.training.attribution import train
from builder.training.attribution_data import Example, examples
from builder.training.attribution_network import AttributionNetwork, Sizes
from builder.training.attribution_teacher import answers, taught
from builder.training.averaging import Weights
from builder.training.encoders import load_encoder
from tests.training.articles import ARTICLES, annotated
from tests.training.test_attribution import FILES, configured


@pytest.fixture(scope="module")
def network(encoder: Path) -> AttributionNetwork:
    torch.manual_seed(1)
    return AttributionNetwork(load_encoder(str(encoder)), Sizes(width=16, kernel=1, layers=2, dropout=0.0))


@pytest.fixture(scope="module")
def some(encoder: Path) -> list[Example]:
    tokenizer = Tokenizer(encoder)
    return [one for article in ARTICLES for one in examples(article, tokenizer, 64)]


def answered(network: AttributionNetwork, some: list[Example], batch_tokens: int = 256) -> Weights:
    return answers(network, some, batch_tokens, bf16=False)


def test_answers_are_probabilities_of_the_shapes_that_they_say(
    network: AttributionNetwork, some: list[Example]
) -> None:
    found = answered(network, some)
    words, anchors = sum(len(one.tags) for one in some), [len(one.anchors) for one in some]
    assert found["tags"].shape == (words, TAGS)
    assert found["anchors"].shape == (words,)
    assert found["moves"].shape == (sum(anchors), STATES, STATES)
    for name in ("tags", "states"):
        assert torch.allclose(found[name].sum(1), torch.ones(len(found[name])), atol=1e-3), name


def test_they_depend_on_no_batch(network: AttributionNetwork, some: list[Example]) -> None:
    together, alone = answered(network, some, 4096), answered(network, some, 1)
    for name, tensor in together.items():
        assert torch.allclose(tensor, alone[name], atol=1e-3), name


def test_each_window_has_its_own(network: AttributionNetwork, some: list[Example]) -> None:
    for one, learnt in zip(some, taught(some, answered(network, some)), strict=True):
        (alone,) = taught([one], answered(network, [one]))
        assert learnt.answer is not None
        assert alone.answer is not None
        assert learnt.window is one.window
        assert learnt.answer.tags == pytest.approx(alone.answer.tags, abs=1e-3)
        assert learnt.answer.anchors == pytest.approx(alone.answer.anchors, abs=1e-3)
        seen = [around(anchor, len(one.tags)) for anchor in one.anchors]
        assert [len(states) for states in learnt.answer.states] == [
            place.stop - place.start for place in seen
        ]
        for mine, own in zip(
            chain(learnt.answer.states, learnt.answer.moves),
            chain(alone.answer.states, alone.answer.moves),
            strict=True,
        ):
            assert mine == pytest.approx(own, abs=1e-3)


def test_windows_without_an_anchor_are_answered(network: AttributionNetwork, encoder: Path) -> None:
    some = examples(annotated("a", "Rain fell on the town."), Tokenizer(encoder), 64)
    (one,) = taught(some, answered(network, some))
    assert one.answer is not None
    assert (one.answer.states, one.answer.moves) == ((), ())


def test_answers_that_are_no_numbers_are_refused(network: AttributionNetwork, some: list[Example]) -> None:
    found = dict(answered(network, some))
    found["anchors"] = found["anchors"] * float("nan")
    with pytest.raises(UsageError, match="teacher: its answers are no numbers"):
        taught(some, found)


def with_teacher(folder: Path, encoder: Path, teacher: Path, share: float = 1.0) -> Path:
    folder.mkdir(exist_ok=True)
    path = configured(folder, encoder)
    path.write_text(
        f'{path.read_text()}\n[teacher]\nencoder = "{teacher}"\nepochs = 2.0\nshare = {share}\n',
        encoding="utf-8",
    )
    return path


def test_what_a_teacher_has_learnt_is_kept_and_goes_into_the_model(encoder: Path, tmp_path: Path) -> None:
    config, kept = with_teacher(tmp_path, encoder, encoder), tmp_path / "kept"
    first = train(config, tmp_path / "first", kept)
    names = sorted(path.name.rpartition("-")[0] for path in kept.iterdir())
    assert names == ["answers-1", "answers-2", "teacher"]
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    second = train(config, tmp_path / "second", kept)
    assert first == second
    assert {path.name for path in (tmp_path / "second").iterdir()} == FILES
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == before
    alone = train(configured(tmp_path, encoder), tmp_path / "alone")
    other = train(with_teacher(tmp_path / "less", encoder, encoder, 0.5), tmp_path / "less" / "model")
    assert len({first.name, alone.name, other.name}) == 3
    told = f"100% is what a larger encoder ({encoder.name}) answers"
    cards = [(tmp_path / name / "README.md").read_text(encoding="utf-8") for name in ("first", "alone")]
    assert [told in card for card in cards] == [True, False]


def test_a_teacher_that_cuts_otherwise_is_named(encoder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(encoder, other)
    tokenizer = (other / "tokenizer.json").read_text(encoding="utf-8")
    (other / "tokenizer.json").write_text(tokenizer.replace('"rain"', '"rainn"'), encoding="utf-8")
    with pytest.raises(UsageError, match=r"teacher: .*other cuts the articles into other windows"):
        train(with_teacher(tmp_path, encoder, other), tmp_path / "model")
