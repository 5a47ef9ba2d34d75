"""Training the encoder that tells stances, from labelled pairs to a model's folder, with a tiny encoder."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="training needs the extra train")

from builder.config import StanceConfig
from builder.errors import ConfigError, ModelError, UsageError
from builder.ids import sha256
from builder.stance.classifier import load_classifier
from builder.stance.description import FILE, read_description
from builder.stance.encoder import WEIGHTS, EncoderClassifier
from builder.stance.examples import StanceExample, read_labelled, to_example
from builder.tokenization import Tokenizer
from builder.training.batches import batches_of
from builder.training.encoders import load_encoder
from builder.training.export import on_grid, weights_of
from builder.training.quantization import is_in_eight_bits
from builder.training.stance import Trained, calibrate_again, fine_tune, train
from builder.training.stance_data import lessons_of, repeated
from tests.training.pairs import LABELS, rows, write_rows

FILES = {"README.md", FILE, WEIGHTS, "config.json", "tokenizer.json"}
TERMS = "Learnt from what may not be sold."


def configured(folder: Path, encoder: Path, first: str = "{ ours = 3.0 }", **values: object) -> Path:
    """A configuration in a folder of its own, with two corpora beside it: the second has two labels."""
    folder.mkdir(exist_ok=True)
    write_rows(folder / "ours.jsonl", rows())
    write_rows(folder / "theirs.jsonl", rows(LABELS[:2], ("a claim of four words",)))
    keys = {
        "encoder": str(encoder),
        "seed": 7,
        "tokens": 96,
        "read_tokens": 96,
        "batch_tokens": 256,
        **values,
    }
    path = folder / "training.toml"
    path.write_text(
        "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        + f"""
[[corpora]]
name = "ours"
train = "ours.jsonl"
held_out = "ours.jsonl"
licence = "our own"
[[corpora]]
name = "theirs"
train = "theirs.jsonl"
held_out = "theirs.jsonl"
labels = ["favor", "against"]
licence = "theirs"
[[stages]]
passes = {first}
[[stages]]
seed = 1
beside = true
share = 0.25
passes = {{ ours = 1.5, theirs = 1.0 }}
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def trained(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Path]:
    folder = tmp_path_factory.mktemp("trained")
    return train(configured(folder, encoder, terms=TERMS), folder / "model"), folder / "model"


def classifier(folder: Path) -> EncoderClassifier:
    loaded = load_classifier(StanceConfig(), folder)
    assert isinstance(loaded, EncoderClassifier)
    return loaded


def test_what_is_written_is_a_model_and_nothing_else(trained: tuple[Trained, Path]) -> None:
    result, folder = trained
    assert {path.name for path in folder.iterdir()} == FILES
    assert read_description(folder) == result.description
    assert result.description.fingerprint == sha256((folder / WEIGHTS).read_bytes())
    assert result.description.terms == TERMS
    config = json.loads((folder / "config.json").read_text())
    assert config["id2label"] == {"0": "favor", "1": "against", "2": "neutral"}


def test_the_model_answers_with_probabilities(trained: tuple[Trained, Path]) -> None:
    loaded = classifier(trained[1])
    assert loaded.name.startswith(trained[0].description.name)
    examples = [to_example(row) for row in rows()]
    answers = loaded.probabilities(examples)
    assert np.array(answers).sum(axis=1) == pytest.approx(np.ones(len(examples)))
    assert loaded.probabilities([]) == []


def test_an_answer_does_not_depend_on_the_others_asked_for(trained: tuple[Trained, Path]) -> None:
    loaded = classifier(trained[1])
    examples = [to_example(row) for row in rows()]
    examples += [StanceExample("the bridge is fine " * 30, "the bridge"), StanceExample("fine", "it")]
    together = loaded.probabilities(examples)
    assert loaded.probabilities(examples[::-1])[::-1] == together
    assert [loaded.probabilities([one])[0] for one in examples] == together


def test_the_card_says_data_terms_and_figures(trained: tuple[Trained, Path]) -> None:
    result, folder = trained
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert f"**{TERMS}**" in card
    assert "| ours | 36 | favor, against, neutral | our own |" in card
    assert "| theirs | 12 | favor, against | theirs |" in card
    assert (
        "| 2, beside 1; 25% of the mean with the weights before | ours 1.5, theirs 1 | 0.0001, 0.001 |"
        in card
    )
    for one in result.figures:
        assert f"| {one.corpus} | {one.count} | {one.figures['macro_f1']:.4f} |" in card


def test_the_same_seed_gives_the_same_model_and_another_one_another(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    again = train(configured(tmp_path, encoder, terms=TERMS), tmp_path / "again")
    assert again == trained[0]
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (trained[1] / name).read_bytes(), name
    other = train(configured(tmp_path, encoder, seed=8), tmp_path / "other")
    assert other.description.fingerprint != again.description.fingerprint


def words_of(weights: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The table of words among an encoder's weights."""
    (table,) = (values for name, values in weights.items() if name.endswith("word_embeddings.weight"))
    return table


def test_a_table_of_four_bits_is_settled_before_anything_is_learnt(encoder: Path, tmp_path: Path) -> None:
    train(configured(tmp_path, encoder, table_bits=4), tmp_path / "small")
    before = {name: one.detach().numpy() for name, one in load_encoder(str(encoder)).named_parameters()}
    after = weights_of(tmp_path / "small" / WEIGHTS)
    assert words_of(after) == pytest.approx(on_grid(words_of(before)), abs=1e-6)
    card = (tmp_path / "small" / "README.md").read_text(encoding="utf-8")
    assert "eight bits, and four for the table of words," in card
    train(configured(tmp_path, tmp_path / "small", table_bits=4), tmp_path / "again")
    again = weights_of(tmp_path / "again" / WEIGHTS)
    assert words_of(again) == pytest.approx(words_of(after), abs=1e-6)
    assert not np.array_equal(again["parts.weight"], after["parts.weight"])


def test_a_model_is_calibrated_again_on_the_pairs_of_a_configuration(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    config = configured(tmp_path, encoder, first="{ ours = 1.0 }")
    assert calibrate_again(config, str(trained[1]), tmp_path / "same") == trained[0]
    for name in FILES:
        assert (tmp_path / "same" / name).read_bytes() == (trained[1] / name).read_bytes(), name
    write_rows(tmp_path / "ours.jsonl", [row | {"label": "against"} for row in rows()])
    other = calibrate_again(config, str(trained[1]), tmp_path / "other")
    assert other.description.fingerprint == trained[0].description.fingerprint
    assert other.description.name != trained[0].description.name
    assert classifier(tmp_path / "other").name.startswith(other.description.name)
    card = (tmp_path / "other" / "README.md").read_text(encoding="utf-8")
    assert f"# {other.description.name}\n" in card
    assert trained[0].description.name not in card
    assert f"| ours | 36 | {other.figures[0].figures['macro_f1']:.4f} |" in card
    assert card.count("| ours | 36 |") == 2  # its data and its figures


def test_a_model_is_given_arithmetic_in_eight_bits_when_it_is_calibrated_again(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    config = configured(tmp_path, encoder, arithmetic_bits=8)
    made = calibrate_again(config, str(trained[1]), tmp_path / "rounding")
    assert is_in_eight_bits(tmp_path / "rounding" / WEIGHTS)
    assert not is_in_eight_bits(trained[1] / WEIGHTS)
    assert made.description.fingerprint == sha256((tmp_path / "rounding" / WEIGHTS).read_bytes())
    card = (tmp_path / "rounding" / "README.md").read_text(encoding="utf-8")
    assert "multiplied as they are where the\nprocessor has instructions for that" in card
    before, after = classifier(trained[1]), classifier(tmp_path / "rounding")
    examples = [to_example(row) for row in rows()]
    assert np.array(after.scores(examples)) == pytest.approx(np.array(before.scores(examples)), abs=0.1)
    assert after.name.removeprefix(made.description.name) in {"-i8", "-bf16", "-f32"}
    # What is in eight bits stays so: calibrated once more, and learnt from.
    again = calibrate_again(config, str(tmp_path / "rounding"), tmp_path / "again")
    assert again.description.fingerprint == made.description.fingerprint
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", rows()), LABELS)
    fine_tune(str(tmp_path / "rounding"), labelled, "labels.jsonl", tmp_path / "mine", LABELS)
    assert is_in_eight_bits(tmp_path / "mine" / WEIGHTS)


def test_a_model_without_a_card_has_its_figures_in_one_when_it_is_calibrated_again(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in FILES - {"README.md"}:
        (bare / name).write_bytes((trained[1] / name).read_bytes())
    again = calibrate_again(configured(tmp_path, encoder), str(bare), tmp_path / "again")
    card = (tmp_path / "again" / "README.md").read_text(encoding="utf-8")
    assert card.startswith(f"# {again.description.name}\n\n## Figures\n")
    assert "| theirs | 12 |" in card


def test_a_model_of_another_scheme_is_not_calibrated_again(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    config = configured(tmp_path, encoder, labels=["favor", "against", "neither"])
    with pytest.raises(ConfigError, match="labels: the model answers favor, against, neutral"):
        calibrate_again(config, str(trained[1]), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_training_goes_on_behind_the_stages_that_it_finds_done(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    whole = train(configured(tmp_path, encoder, terms=TERMS), tmp_path / "whole", kept)
    assert whole == trained[0]
    stages = sorted(path.name for path in kept.iterdir())
    assert len(stages) == 2
    (kept / stages[1]).unlink()
    assert train(configured(tmp_path, encoder, terms=TERMS), tmp_path / "resumed", kept) == whole
    # Another first stage is another training; the second starts beside it, so it is the same.
    train(configured(tmp_path, encoder, first="{ ours = 1.0 }"), tmp_path / "other", kept)
    assert len(list(kept.iterdir())) == 3


def test_an_encoder_learns_from_labels_starting_from_a_stance_model(
    trained: tuple[Trained, Path], tmp_path: Path
) -> None:
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", rows()), LABELS)
    made = fine_tune(str(trained[1]), labelled, "labels.jsonl", tmp_path / "mine", LABELS, notes="# Mine")
    assert made.terms == TERMS  # what was learnt before is in it still
    assert made.fingerprint != trained[0].description.fingerprint
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert card.endswith("# Mine\n")
    _, _, before = card.partition(f"### What {trained[0].description.name} learnt before")
    before, _, _ = before.partition("## Figures")
    assert "| theirs | 12 | favor, against | theirs |" in before
    assert "| stage | passes through the corpora |" in before
    assert classifier(tmp_path / "mine").labels == LABELS


def test_an_encoder_learns_another_scheme(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    scale = ("very bad", "bad", "middling", "good")
    some = [row | {"label": scale[number % 4]} for number, row in enumerate(rows() * 2)]
    some = [row | {"id": str(number), "text": f"{row['text']} {number}"} for number, row in enumerate(some)]
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", some), scale)
    for start, name in ((trained[1], "from-stance"), (encoder, "from-encoder")):
        made = fine_tune(str(start), labelled, "labels.jsonl", tmp_path / name, scale)
        assert made.labels == scale
        answers = load_classifier(StanceConfig(labels=scale), tmp_path / name).probabilities(
            [labelled[0].example]
        )
        assert len(answers[0]) == 4


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "theirs"', 'name = "ours"', "each must have a name of its own"),
        ("theirs = 1.0", "others = 1.0", "there is no corpus 'others'"),
        ('labels = ["favor", "against"]', 'labels = ["favor", "pro"]', "'pro' is not in the scheme"),
        ("seed = 7", "sed = 7", "sed"),
        ('licence = "theirs"', "", "licence"),
    ],
)
def test_a_wrong_configuration_is_named(
    encoder: Path, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    path = configured(tmp_path, encoder)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ConfigError, match=problem):
        train(path, tmp_path / "model")


def test_held_out_pairs_are_needed(encoder: Path, tmp_path: Path) -> None:
    path = configured(tmp_path, encoder)
    path.write_text("\n".join(line for line in path.read_text().split("\n") if "held_out" not in line))
    with pytest.raises(ConfigError, match="at least one needs `held_out`"):
        train(path, tmp_path / "model")


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", rows()), LABELS)
    with pytest.raises(UsageError, match="encoder: no tokenizer of"):
        fine_tune(str(tmp_path / "none"), labelled, "labels.jsonl", tmp_path / "mine", LABELS)


@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json"])
def test_a_damaged_model_is_named(trained: tuple[Trained, Path], tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in trained[1].iterdir():
        (folder / path.name).write_bytes(path.read_bytes()[: 100 if path.name == name else None])
    with pytest.raises(ModelError, match=name):
        load_classifier(StanceConfig(), folder)


def test_a_share_of_a_pass_draws_that_share(encoder: Path, tmp_path: Path) -> None:
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", rows()), LABELS)
    lessons = lessons_of(labelled, LABELS, LABELS[:2], Tokenizer(encoder), 96)
    assert {one.possible for one in lessons} == {(True, True, False)}
    random = np.random.default_rng(0)
    drawn = list(repeated(lessons, 1.5, random))
    # 36 lessons once, and 18 of them once more
    assert Counter(Counter(map(id, drawn)).values()) == {1: 18, 2: 18}
    batches = batches_of(drawn, [len(one.sequence.tokens) for one in drawn], 64, random)
    assert sum(map(len, batches)) == 54
    assert all(max(len(one.sequence.tokens) for one in batch) * len(batch) <= 64 for batch in batches)
