import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import ModelError
from builder.records import Probability
from builder.stance import linear
from builder.stance.examples import StanceExample, read_labelled
from builder.stance.train import train

TUNNEL = [
    StanceExample("The tunnel was wonderful", "the tunnel"),
    StanceExample("The tunnel was corrupt", "the tunnel"),
    StanceExample("The tunnel was oval", "the tunnel"),
]


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "copy"))


def test_what_was_learned_is_told_apart(model: Path) -> None:
    classifier = linear.load(model)
    rows = classifier.probabilities(TUNNEL)
    assert [classifier.labels[row.index(max(row))] for row in rows] == ["favor", "against", "neutral"]
    assert [sum(row) for row in rows] == pytest.approx([1, 1, 1])


def test_a_text_of_unknown_words_says_nothing_even_if_it_names_the_target(model: Path) -> None:
    unknown = [StanceExample("Žluťoučký kůň", "kůň"), StanceExample("Tunnel!", "the tunnel")]
    assert linear.load(model).probabilities(unknown) == [(1 / 3, 1 / 3, 1 / 3)] * 2


def test_marks_alone_are_no_words(tmp_path: Path, labels_file: Path) -> None:
    rows = [json.loads(line) for line in labels_file.read_text().splitlines()]
    loud = tmp_path / "loud.jsonl"
    loud.write_text("".join(json.dumps(row | {"text": row["text"] + "!"}) + "\n" for row in rows))
    train(loud, tmp_path / "loud", ("favor", "against", "neutral"))
    assert linear.load(tmp_path / "loud").probabilities([StanceExample("Kůň!", "the tunnel")]) == [
        (1 / 3,) * 3
    ]


def test_no_example_no_answer(model: Path) -> None:
    assert linear.load(model).probabilities([]) == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(StanceExample, st.text(), st.text(), st.text(), st.text()), max_size=4))
def test_an_answer_does_not_depend_on_the_others_in_the_batch(
    model: Path, others: list[StanceExample]
) -> None:
    classifier = linear.load(model)
    assert classifier.probabilities([*others, *TUNNEL])[len(others) :] == classifier.probabilities(TUNNEL)


def test_weights_are_no_pickle_and_small(model: Path) -> None:
    with zipfile.ZipFile(model / linear.WEIGHTS) as archive:
        names = archive.namelist()
    assert "schema.json" in names
    assert all(name == "schema.json" or name.endswith(".npy") for name in names)


def test_weights_that_are_cut_off_are_refused(copy: Path) -> None:
    whole = (copy / linear.WEIGHTS).read_bytes()
    (copy / linear.WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"weights\.skops: cannot be read"):
        linear.load(copy)


def test_missing_weights_are_named(copy: Path) -> None:
    (copy / linear.WEIGHTS).unlink()
    with pytest.raises(ModelError, match=r"weights\.skops: cannot be read"):
        linear.load(copy)


def test_weights_of_an_untrusted_type_are_not_built(copy: Path) -> None:
    skops.io.dump(Path("/"), copy / linear.WEIGHTS)
    with pytest.raises(ModelError, match="types that are not trusted"):
        linear.load(copy)


def test_weights_of_another_kind_of_model_are_refused(copy: Path) -> None:
    skops.io.dump({"a": [1, 2]}, copy / linear.WEIGHTS)
    with pytest.raises(ModelError, match="is not a linear stance model"):
        linear.load(copy)


def test_weights_that_are_not_those_described_are_refused(copy: Path) -> None:
    description = json.loads((copy / "model.json").read_text())
    (copy / "model.json").write_text(json.dumps(description | {"fingerprint": "0" * 64}))
    with pytest.raises(ModelError, match="is damaged or of another model"):
        linear.load(copy)


def test_an_example_counts_for_each_label_by_its_share(labels_file: Path) -> None:
    labels = ("favor", "against", "neutral")
    certain = read_labelled(labels_file, labels)
    first = certain[0]
    assert first.label == "favor"

    def favored(*shares: Probability) -> float:
        estimator = linear.fit([replace(first, shares=shares), *certain[1:]], labels)
        ((scores, _),) = linear.scores(estimator, [first.example])
        return scores[0]

    assert favored(Probability("favor", 0.6), Probability("against", 0.4)) < favored()
    # A label that is certain is the same as no share at all.
    assert favored(Probability("favor", 1.0)) == favored()
