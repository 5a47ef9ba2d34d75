"""The shipped ranker, and folders that hold none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from builder.config import SpeakerConfig
from builder.errors import ModelError
from builder.records import Quotation, Span
from builder.speakers.candidates import KINDS
from builder.speakers.features import questions
from builder.speakers.knowledge import NOTHING
from builder.speakers.ranker import (
    DESCRIPTION,
    PEOPLE,
    SHIPPED,
    WEIGHTS,
    Member,
    load_ranker,
    logarithms,
    ranker_folder,
    scaled,
)
from builder.speakers.scene import scene_of


def test_probabilities_of_the_choices_sum_to_one() -> None:
    text = "Ilse Brandt met Jan Berg in the old harbour. Then she said that it rained."
    sources = [Span(0, 11), Span(text.index("she"), text.index("she") + 3)]
    quotations = [
        Quotation(f"q{number}", "d1", "indirect", (Span(60, 74),), (), (source,), (), 0, None, 1.0, "test")
        for number, source in enumerate(sources)
    ]
    asked = questions(scene_of(text, [Span(0, len(text))]), quotations, NOTHING)
    found = load_ranker().probabilities(text, asked)
    assert [len(one) for one in found] == [len(one.choices) for one in asked]
    assert all((one >= 0).all() and one.sum() == pytest.approx(1, abs=1e-5) for one in found)


def test_no_questions_have_no_probabilities() -> None:
    assert load_ranker().probabilities("", []) == []


def test_the_words_of_a_source_tell_its_kind() -> None:
    kinds = load_ranker().kinds.log_probabilities(["none such"])
    assert kinds.shape == (len(KINDS),)
    assert np.exp(kinds).sum() == pytest.approx(1, abs=0.01)


def test_numbers_are_scaled_bounded_and_marked_where_missing() -> None:
    numbers = np.array([[3.0, np.nan], [1e9, 5.0]], np.float32)
    mean, scale = np.array([1.0, 5.0], np.float32), np.array([2.0, 1.0], np.float32)
    # (3 - 1) / 2 = 1; what is missing counts as the mean; what is far counts as 4 deviations
    assert scaled(numbers, mean, scale, np.array([1])).tolist() == [[1, 0, 1], [4, 0, 0]]


def test_a_member_compares_each_choice_with_the_largest_values_of_all() -> None:
    one, none = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    # hidden = x; inner = hidden + 2 * largest of the question; score = inner + 0.5 * before
    member = Member(one, none, one, 2 * one, none, one, none, np.array([0.5], np.float32))
    numbers = np.array([[1.0], [3.0], [2.0]], np.float32)  # two questions: of two choices, and of one
    scores = member.scores(numbers, np.array([2, 1]), np.array([0, -2, 0], np.float32))
    assert scores.tolist() == [1 + 6, 3 + 6 - 1, 2 + 4]


def test_logarithms_are_bounded_below() -> None:
    assert logarithms(np.array([1.0, 0.0], np.float32)).tolist() == pytest.approx([0, np.log(1e-5)])


def test_the_folder_is_the_shipped_one_or_starts_at_the_base() -> None:
    assert ranker_folder(SpeakerConfig()) == SHIPPED
    assert ranker_folder(SpeakerConfig(model=Path("mine")), Path("base")) == Path("base/mine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped ranker."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "ranker"))


def described(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        change(description)
        (folder / DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")

    return damage


def weighted(change: Callable[[dict[str, np.ndarray]], object]) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        arrays = dict(np.load(folder / WEIGHTS, allow_pickle=False))
        change(arrays)
        np.savez(folder / WEIGHTS, **arrays)

    return damage


ANOTHER = "holds no ranker of speakers: made for another version of the program"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / WEIGHTS).unlink(), "cannot be read: No such file or directory"),
        (lambda folder: (folder / DESCRIPTION).unlink(), "cannot be read: No such file or directory"),
        (lambda folder: (folder / DESCRIPTION).write_text("{"), "holds no ranker of speakers: "),
        (lambda folder: (folder / DESCRIPTION).write_text("[]"), "holds no ranker of speakers: "),
        (lambda folder: (folder / DESCRIPTION).write_bytes(b"\xff"), "holds no ranker of speakers: "),
        (lambda folder: (folder / WEIGHTS).write_bytes(b"PK\x03\x04"), "holds no ranker of speakers: "),
        (lambda folder: (folder / WEIGHTS).write_bytes(b""), "holds no ranker of speakers: "),
        (described(lambda one: one.pop("temperature")), "holds no ranker of speakers: "),
        (described(lambda one: one.update(temperature=0)), ANOTHER),
        (described(lambda one: one.update(members=99)), "holds no ranker of speakers: "),
        (described(lambda one: one.update(vocabulary=["mayor"])), ANOTHER),
        (weighted(lambda one: one.pop("first.mean")), "holds no ranker of speakers: "),
        (weighted(lambda one: one.update({"first.mean": np.zeros(3)})), ANOTHER),
        (weighted(lambda one: one.update({"first.0.weight": np.zeros((3, 3), np.float32)})), ANOTHER),
        (weighted(lambda one: one.update({"second.0.trust": np.zeros(2, np.float32)})), ANOTHER),
        (weighted(lambda one: one.pop("second.0.others")), "holds no ranker of speakers: "),
        (lambda folder: (folder / PEOPLE).unlink(), "cannot be read: No such file or directory"),
        (lambda folder: (folder / PEOPLE).write_text("ilse"), "holds no ranker of speakers: "),
        (lambda folder: (folder / PEOPLE).write_text("ilse\tbrandt\t0\t\n"), "holds no ranker of speakers: "),
        (weighted(lambda one: one.update({"second.scale": np.zeros(3, np.float32)})), ANOTHER),
        (weighted(lambda one: one.update({"kinds.biases": np.zeros(2, np.float32)})), ANOTHER),
        (
            weighted(lambda one: one.update({"kinds.weights": np.array([{}], dtype=object)})),
            "holds no ranker of speakers: Object arrays cannot be loaded when allow_pickle=False",
        ),
    ],
)
def test_a_damaged_folder_is_named_with_the_reason(
    folder: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(folder)
    with pytest.raises(ModelError) as raised:
        load_ranker(folder)
    assert str(raised.value).startswith(f"{folder}: {reason}")
