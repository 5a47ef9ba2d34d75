import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.ids import sha256
from builder.stance import linear
from builder.stance.description import read_description
from builder.stance.examples import StanceExample, read_labelled
from builder.stance.train import FEWEST_PER_LABEL, FOLDS, deal_folds, train

LABELS = ("favor", "against", "neutral")


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_same_file_and_seed_give_the_same_model(labels_file: Path, model: Path, tmp_path: Path) -> None:
    again = train(labels_file, tmp_path / "again", LABELS)
    assert again == read_description(model)
    assert (tmp_path / "again/README.md").read_bytes() == (model / "README.md").read_bytes()
    assert (tmp_path / "again/model.json").read_bytes() == (model / "model.json").read_bytes()


def test_another_label_gives_another_model(labels_file: Path, model: Path, tmp_path: Path) -> None:
    rows = rows_of(labels_file)
    rows[0]["label"], rows[10]["label"] = rows[10]["label"], rows[0]["label"]
    other = train(write(tmp_path / "labels.jsonl", rows), tmp_path / "other", LABELS)
    described = read_description(model)
    assert other.fingerprint != described.fingerprint
    assert other.data != described.data
    assert other.name != described.name


def test_training_over_an_older_model_replaces_it(labels_file: Path, tmp_path: Path) -> None:
    train(labels_file, tmp_path / "model", LABELS, seed=1)
    described = train(labels_file, tmp_path / "model", LABELS, seed=2)
    assert described.seed == read_description(tmp_path / "model").seed == 2
    assert linear.load(tmp_path / "model").name == described.name


def test_two_labels_make_a_model_too(labels_file: Path, tmp_path: Path) -> None:
    rows = [row for row in rows_of(labels_file) if row["label"] != "neutral"]
    train(write(tmp_path / "two.jsonl", rows), tmp_path / "two", ("against", "favor"))
    classifier = linear.load(tmp_path / "two")
    ((against, favor),) = classifier.probabilities([StanceExample("The tunnel was great", "the tunnel")])
    assert favor > 0.5 > against
    assert against + favor == pytest.approx(1)


def test_every_fold_has_every_label_and_a_text_is_in_one_fold_only(labels_file: Path) -> None:
    labelled = read_labelled(labels_file, LABELS)
    folds = deal_folds([*labelled, *labelled], seed=3)
    assert folds[: len(labelled)] == folds[len(labelled) :]
    for fold in range(FOLDS):
        held_out = [one.label for one, own in zip(labelled, folds, strict=False) if own == fold]
        assert sorted(held_out) == ["against"] * 2 + ["favor"] * 2 + ["neutral"] * 2
    assert folds != deal_folds([*labelled, *labelled], seed=4)


def test_the_figures_are_of_examples_that_the_model_did_not_see(labels_file: Path, tmp_path: Path) -> None:
    # Each text has words of its own that say nothing of the others' labels: what is known by heart
    # is right every time, what was held out is a guess.
    rows = [
        row | {"text": sha256(str(number).encode()), "target": "Coy"}
        for number, row in enumerate(rows_of(labels_file))
    ]
    path = write(tmp_path / "noise.jsonl", rows)
    described = train(path, tmp_path / "noise", LABELS)
    seen = linear.load(tmp_path / "noise").probabilities([one.example for one in read_labelled(path, LABELS)])
    known = sum(LABELS[row.index(max(row))] == one["label"] for row, one in zip(seen, rows, strict=True))
    assert known == len(rows)
    assert described.figures["accuracy"] < 0.6


def test_the_card_says_what_the_model_was_trained_on_and_how_well_it_does(
    labels_file: Path, tmp_path: Path
) -> None:
    described = train(labels_file, tmp_path / "model", LABELS, notes="## Where from\n\nInvented.")
    card = (tmp_path / "model/README.md").read_text()
    figures = described.figures
    row = f"| {figures['macro_f1']:.4f} | {figures['accuracy']:.4f} | {figures['ece']:.4f} |"
    assert row in card
    assert "30 labelled examples from labels.jsonl (10 favor, 10 against, 10 neutral)" in card
    assert described.data in card
    assert card.endswith("## Where from\n\nInvented.\n")


def test_too_few_examples_of_a_label_are_refused(labels_file: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "few.jsonl", rows_of(labels_file)[1:])
    with pytest.raises(UsageError, match=rf"9 examples are labelled 'favor'; at least {FEWEST_PER_LABEL}"):
        train(path, tmp_path / "model", LABELS)
    assert not (tmp_path / "model").exists()


def test_examples_of_a_label_that_share_one_text_are_refused(labels_file: Path, tmp_path: Path) -> None:
    rows = [row | {"text": "Ahem"} if row["label"] == "neutral" else row for row in rows_of(labels_file)]
    with pytest.raises(UsageError, match="labelled 'neutral' have too few different texts"):
        train(write(tmp_path / "same.jsonl", rows), tmp_path / "model", LABELS)


def test_examples_without_words_are_refused(labels_file: Path, tmp_path: Path) -> None:
    rows = [row | {"text": "…" * number} for number, row in enumerate(rows_of(labels_file), 1)]
    with pytest.raises(UsageError, match="too few words in common"):
        train(write(tmp_path / "dots.jsonl", rows), tmp_path / "model", LABELS)


@pytest.mark.parametrize("labels", [(), ("favor",), ("favor", "favor"), ("favor", " ")])
def test_what_is_no_label_scheme_is_refused(
    labels_file: Path, tmp_path: Path, labels: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError, match="a label scheme has two labels or more"):
        train(labels_file, tmp_path / "model", labels)


def test_a_folder_with_something_else_in_it_is_left_alone(labels_file: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(UsageError, match="holds something that is not a model"):
        train(labels_file, tmp_path, LABELS)
    with pytest.raises(UsageError, match="is a file"):
        train(labels_file, tmp_path / "thesis.txt", LABELS)
    with pytest.raises(UsageError, match="cannot be made: Not a directory"):
        train(labels_file, tmp_path / "thesis.txt" / "model", LABELS)
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_texts_with_lone_surrogates_are_learned_from_like_others(labels_file: Path, tmp_path: Path) -> None:
    rows = [row | {"text": row["text"] + " \ud800\ud801x"} for row in rows_of(labels_file)]
    described = train(write(tmp_path / "odd.jsonl", rows), tmp_path / "odd", LABELS)
    assert linear.load(tmp_path / "odd").name == described.name
