"""A network's answers to windows, and a training that learns from them."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import numpy as np
import torch

from builder.errors import UsageError
from builder.quotes.model import load_network
from builder.quotes.states import CONTENT, CONTENT_BEGINS, CUE, SOURCE, SOURCE_BEGINS, STATES, TAGS
from builder.tokenization import Tokenizer
from builder.training import attribution_teacher
from builder.training.attribution import train
from builder.training.attribution_data import Example, annotated, examples
from builder.training.attribution_export import export_attribution
from builder.training.attribution_network import AttributionNetwork
from builder.training.attribution_teacher import FinishedNetwork, answers, taught
from builder.training.averaging import Weights
from tests.training.articles import ARTICLES
from tests.training.networks import drawn_network, windows_of_articles
from tests.training.test_attribution import FILES, configured


@pytest.fixture(scope="module")
def network(encoder: Path) -> AttributionNetwork:
    return drawn_network(encoder, layers=3)


@pytest.fixture(scope="module")
def some(encoder: Path) -> list[Example]:
    return windows_of_articles(encoder)


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
    for one, learnt in zip(some, taught(some, answered(network, some), 1.0), strict=True):
        (alone,) = taught([one], answered(network, [one]), 1.0)
        assert learnt.answer is not None
        assert alone.answer is not None
        assert learnt.window is one.window
        assert learnt.answer.tags == pytest.approx(alone.answer.tags, abs=1e-3)
        assert learnt.answer.anchors == pytest.approx(alone.answer.anchors, abs=1e-3)
        lengths = [len(states) for states in learnt.answer.states]
        assert lengths == [place.stop - place.start for place in one.seen()]
        for mine, own in zip(
            chain(learnt.answer.states, learnt.answer.moves),
            chain(alone.answer.states, alone.answer.moves),
            strict=True,
        ):
            assert mine == pytest.approx(own, abs=1e-3)


def test_an_answer_is_mixed_with_what_is_annotated(network: AttributionNetwork, some: list[Example]) -> None:
    found = answered(network, some)
    for one, whole, quarter in zip(some, taught(some, found, 1.0), taught(some, found, 0.25), strict=True):
        told, people = whole.answer, annotated(one)
        assert told is not None
        assert quarter.answer is not None
        for name in ("tags", "anchors", "states", "moves"):
            theirs, ours, mixed = (getattr(of, name) for of in (told, people, quarter.answer))
            pairs = (
                [(theirs, ours, mixed)]
                if isinstance(ours, np.ndarray)
                else zip(theirs, ours, mixed, strict=True)
            )
            for his, hers, both in pairs:
                assert both == pytest.approx(0.25 * his + 0.75 * hers, abs=1e-5)


def test_where_nobody_annotated_its_own_anchors_are_linked(
    network: AttributionNetwork, some: list[Example], encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A network that has learnt nothing is about as unsure everywhere: half of the words are above its median.
    least = float(answered(network, some)["anchors"].median())
    monkeypatch.setattr(attribution_teacher, "LEAST_ANCHOR", least)
    tokenizer = Tokenizer(encoder)
    plain = [one for article in ARTICLES for one in examples({"text": article["text"]}, tokenizer, 64)]
    found = answered(network, plain)
    assert torch.equal(found["anchors"], answered(network, some)["anchors"])
    learnt = taught(plain, found, 0.1)  # the share is of what people annotated
    expected = (found["anchors"] >= least).sum()
    assert 0 < sum(len(one.anchors) for one in learnt) == expected < len(found["anchors"])
    for one in learnt:
        assert one.answer is not None
        assert len(one.answer.states) == len(one.answer.moves) == len(one.anchors)
        assert all(one.answer.anchors[anchor] >= least for anchor in one.anchors)


def test_windows_without_an_anchor_are_answered(network: AttributionNetwork, encoder: Path) -> None:
    some = examples({"text": "Rain fell on the town.", "attributions": []}, Tokenizer(encoder), 64)
    (one,) = taught(some, answered(network, some), 1.0)
    assert one.answer is not None
    assert (one.answer.states, one.answer.moves) == ((), ())


def test_answers_that_are_no_numbers_are_refused(network: AttributionNetwork, some: list[Example]) -> None:
    found = dict(answered(network, some))
    found["anchors"] = found["anchors"] * float("nan")
    with pytest.raises(UsageError, match="teacher: its answers are no numbers"):
        taught(some, found, 1.0)


def with_teacher(
    folder: Path, encoder: Path, teacher: Path, share: float = 1.0, texts: Sequence[str] = ()
) -> Path:
    folder.mkdir(exist_ok=True)
    path = configured(folder, encoder)
    section = f'[teacher]\nencoder = "{teacher}"\nepochs = 2.0\nshare = {share}\n'
    if texts:
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        (folder / "more.jsonl").write_text(lines, encoding="utf-8")
        section += 'texts = ["more.jsonl"]\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{section}", encoding="utf-8")
    return path


def test_what_a_teacher_has_learnt_is_kept_and_goes_into_the_model(encoder: Path, tmp_path: Path) -> None:
    config, kept = with_teacher(tmp_path, encoder, encoder), tmp_path / "kept"
    first = train(config, tmp_path / "first", kept)
    names = sorted(path.name.rpartition("-")[0] for path in kept.iterdir())
    assert names == ["answers-1", "answers-2", "teacher", "weights"]
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    second = train(config, tmp_path / "second", kept)
    assert first == second
    assert {path.name for path in (tmp_path / "second").iterdir()} == FILES
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == before
    alone = train(configured(tmp_path, encoder), tmp_path / "alone")
    other = train(with_teacher(tmp_path / "less", encoder, encoder, 0.5), tmp_path / "less" / "model")
    more = train(
        with_teacher(tmp_path / "more", encoder, encoder, texts=["Rain, said Brandt."]),
        tmp_path / "more" / "model",
    )
    assert len({first.name, alone.name, other.name, more.name}) == 4
    assert "that it alone has answered: more.jsonl (as their owner says)." in (
        tmp_path / "more/model/README.md"
    ).read_text("utf-8")
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


def test_the_graphs_of_a_network_answer_as_it_does(
    network: AttributionNetwork, some: list[Example], tmp_path: Path
) -> None:
    export_attribution(network, tmp_path)
    scores = network.chain.transitions.detach().tolist()
    finished = FinishedNetwork(load_network(tmp_path, tuple(map(tuple, scores))))
    own, others = answered(network, some), answers(finished, some, 256, bf16=False)
    for name in ("anchors", "states", "moves"):
        assert torch.allclose(own[name], others[name], atol=0.05), name
    assert torch.allclose(others["tags"].sum(1), torch.ones(len(others["tags"])), atol=1e-3)


def test_tags_of_a_finished_model_are_what_its_anchors_make_of_the_words(encoder: Path) -> None:
    (plain,) = examples({"text": "a b c d e f"}, Tokenizer(encoder), 64)
    one = replace(plain, anchors=(2,))
    states = np.zeros((6, STATES), dtype=np.float32)
    states[range(6), [SOURCE_BEGINS, SOURCE, CUE, CUE, CONTENT_BEGINS, CONTENT]] = 1.0
    tags = attribution_teacher._tags(one, [states])
    assert tags.argmax(1).tolist() == [3, 4, 5, 6, 1, 2]  # source, cue and content, each begun and gone on
    assert attribution_teacher._tags(plain, []).argmax(1).tolist() == [0] * 6


def test_a_finished_model_teaches_as_it_is(encoder: Path, tmp_path: Path) -> None:
    train(configured(tmp_path, encoder), tmp_path / "finished")
    kept = tmp_path / "kept"
    config = with_teacher(tmp_path / "taught", encoder, tmp_path / "finished")
    trained = train(config, tmp_path / "taught" / "model", kept)
    names = sorted(path.name.rpartition("-")[0] for path in kept.iterdir())
    assert names == ["answers-1", "answers-2", "weights"]
    assert train(config, tmp_path / "taught" / "again", kept) == trained
    card = (tmp_path / "taught" / "model" / "README.md").read_text(encoding="utf-8")
    assert "is what a finished model (finished) answers to it" in " ".join(card.split())
