"""Training from annotated articles to a model's folder, with an encoder that is tiny."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from builder.config import QuoteConfig
from builder.errors import ModelError, UsageError
from builder.ids import sha256
from builder.quotes.extract import load_extractor
from builder.quotes.model import DESCRIPTION, LINKER, READER, SHIPPED, read_description
from builder.records import Document
from builder.training.attribution import Trained, train
from builder.training.quantization import is_in_eight_bits
from tests.training.articles import ARTICLES, Article, write_articles

FILES = {"README.md", DESCRIPTION, READER, LINKER, "tokenizer.json"}


def configured(folder: Path, encoder: Path, articles: list[Article] | None = None, **values: object) -> Path:
    """A configuration in a folder of its own, with articles beside it; few steps, small layers."""
    write_articles(folder / "train.jsonl", ARTICLES if articles is None else articles)
    write_articles(folder / "dev.jsonl", ARTICLES[:2])
    keys = {
        "articles": "train.jsonl", "held_out": "dev.jsonl", "encoder": str(encoder), "seed": 7,
        "epochs": 4.0, "batch_windows": 2, "window_tokens": 64, "packings": 2, "width": 16, "layers": 2,
        "bf16": False, **values,
    }  # fmt: skip
    path = folder / "training.toml"
    path.write_text(
        "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def trained(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Path]:
    folder = tmp_path_factory.mktemp("trained")
    return train(configured(folder, encoder), folder / "model"), folder / "model"


def test_what_is_written_is_a_model_and_nothing_else(trained: tuple[Trained, Path]) -> None:
    result, folder = trained
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / DESCRIPTION).read_text())["name"] == result.name
    unnamed = replace(read_description(folder), name="").to_bytes()
    parts = [(folder / READER).read_bytes(), (folder / LINKER).read_bytes(), unnamed]
    assert result.name == f"attribution-{sha256(''.join(map(sha256, parts)).encode())[:12]}"


def test_a_model_multiplies_in_eight_bits_where_its_configuration_says_so(
    encoder: Path, tmp_path: Path
) -> None:
    trained = train(configured(tmp_path, encoder, arithmetic_bits=8, encoder_layers=1), tmp_path / "model")
    assert is_in_eight_bits(tmp_path / "model" / READER)
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert f"An encoder ({encoder.name}, the lowest 1 of its layers) reads windows" in card
    assert "the reader's are\nmultiplied as they are where the processor has instructions for that" in card
    kept = train(configured(tmp_path, encoder), tmp_path / "kept", weights=tmp_path / "model")
    assert kept.name == trained.name


def test_bars_are_chosen_again_for_weights_that_were_trained(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    _, folder = trained
    config = configured(tmp_path, encoder)
    again = train(config, tmp_path / "again", weights=folder)
    assert again == trained[0]  # on the same articles they are the same
    assert {path.name for path in (tmp_path / "again").iterdir()} == FILES
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()

    write_articles(tmp_path / "dev.jsonl", ARTICLES[2:])
    others = train(config, tmp_path / "others", weights=folder)
    assert others.name != again.name  # other bars give other results, so the name is another
    assert (tmp_path / "others" / READER).read_bytes() == (folder / READER).read_bytes()
    before, card = ((one / "README.md").read_text() for one in (folder, tmp_path / "others"))
    assert training_of(card) == training_of(before)
    assert sha256((tmp_path / "dev.jsonl").read_bytes()) in card
    assert f"An encoder ({encoder.name}) reads windows of at most 64 tokens" in card


def test_what_the_weights_read_is_theirs_not_the_configurations(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    config = configured(tmp_path, Path("another"), window_tokens=200)
    result = train(config, tmp_path / "again", weights=trained[1])
    assert result == trained[0]
    assert (tmp_path / "again" / "README.md").read_bytes() == (trained[1] / "README.md").read_bytes()


def training_of(card: str) -> str:
    """What a card says of the training."""
    return card[card.index("## Training data") : card.index("## Figures")]


def test_weights_without_a_card_are_told_to_be_that(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    old = shutil.copytree(trained[1], tmp_path / "old")
    (old / "README.md").unlink()
    train(configured(tmp_path, encoder), tmp_path / "model", weights=old)
    told = training_of((tmp_path / "model" / "README.md").read_text())
    assert "without a card" in told


def test_the_weights_that_ship_may_be_taken_by_name(encoder: Path, tmp_path: Path) -> None:
    train(configured(tmp_path, encoder), tmp_path / "model", weights=Path("default"))
    assert (tmp_path / "model" / READER).read_bytes() == (SHIPPED / READER).read_bytes()
    assert "PolNeAR" in training_of((tmp_path / "model" / "README.md").read_text())


def test_weights_for_another_version_get_their_bars_again(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    result, folder = trained
    old = shutil.copytree(folder, tmp_path / "old")
    description = json.loads((old / DESCRIPTION).read_text())
    description["calibration"]["weights"].pop()
    (old / DESCRIPTION).write_text(json.dumps(description))
    with pytest.raises(ModelError, match="made for another version; `train attribution --weights`"):
        read_description(old)
    assert train(configured(tmp_path, encoder), old, weights=old) == result
    assert read_description(old).name == result.name


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (DESCRIPTION, "describes no attribution model"),
        (READER, "reader.onnx: cannot be loaded"),
        (LINKER, "linker.onnx: cannot be loaded"),
        ("tokenizer.json", "cannot be read as a tokenizer"),
    ],
)
def test_weights_that_are_none_are_named(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path, broken: str, message: str
) -> None:
    old = shutil.copytree(trained[1], tmp_path / "old")
    (old / broken).write_text("{}")
    with pytest.raises(ModelError, match=message):
        train(configured(tmp_path, encoder), tmp_path / "model", weights=old)
    assert not (tmp_path / "model").exists()


def test_the_model_extracts(trained: tuple[Trained, Path], article: Callable[..., Document]) -> None:
    result, folder = trained
    extractor = load_extractor(QuoteConfig(model=folder))
    assert extractor.name.startswith(result.name)
    documents = [article(one["text"]) for one in ARTICLES]
    found = extractor.extract(documents)
    # However little it has learned, the net of quotation marks loses no quoted sentence.
    assert [bool(some) for some in found[:2]] == [True, True]
    assert extractor.extract(documents) == found


def test_the_card_says_what_it_was_trained_on(trained: tuple[Trained, Path]) -> None:
    result, folder = trained
    card = (folder / "README.md").read_text(encoding="utf-8")
    articles, held_out = (sha256((folder.parent / f"{name}.jsonl").read_bytes()) for name in ("train", "dev"))
    assert f"| train.jsonl | `{articles}` |" in card
    assert f"were chosen on dev.jsonl (SHA-256\n`{held_out}`):" in card
    assert "2 articles with 5 annotated quotations" in card
    assert "Seed 7, 4 passes" in card
    assert f"{result.figures.joint_f1:.4f}" in card


def test_the_same_seed_gives_the_same_model_and_another_one_another(
    trained: tuple[Trained, Path], encoder: Path, tmp_path: Path
) -> None:
    again = train(configured(tmp_path, encoder), tmp_path / "again")
    assert again == trained[0]
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (trained[1] / name).read_bytes(), name
    other = train(configured(tmp_path, encoder, seed=8, epochs=1.0), tmp_path / "other")
    assert other.name != again.name


def test_words_may_be_too_few_for_a_single_candidate(encoder: Path, tmp_path: Path) -> None:
    path = configured(tmp_path, encoder, articles=[ARTICLES[0] | {"attributions": []}], epochs=0.01)
    write_articles(tmp_path / "dev.jsonl", [{"id": "x", "text": "Rain.", "attributions": []}])
    assert train(path, tmp_path / "model").figures.quotations == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "has no articles"),
        ("{", "train.jsonl:1: "),
        ("{}", "train.jsonl:1: 'id' is missing or no text"),
        ('{"id": "a", "text": 7}', "train.jsonl:1: 'text' is missing or no text"),
        ('{"id": "a", "text": "x"}', "train.jsonl:1: 'attributions' is missing or no list"),
        ('{"id": "a", "text": "x", "attributions": [7]}', "attributions[0]: 'content' is no list"),
        ('{"id": "a", "text": "x", "attributions": [{"content": [[0, 1]], "source": [[0, 9]], "cue": []}]}',
         "attributions[0]: 'source' is no list of [start, end] within the text"),
        ('{"id": "a", "text": "x", "attributions": [{"content": [[0, 1]], "source": [], "cue": [[1, 1]]}]}',
         "attributions[0]: 'cue' is no list of [start, end] within the text"),
        ('{"id": "a", "text": "…", "attributions": []}', "train.jsonl: has no words"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["train.jsonl", "dev.jsonl"])
def test_articles_that_are_wrong_are_named(
    encoder: Path, tmp_path: Path, line: str, message: str, name: str
) -> None:
    if name == "dev.jsonl" and "no words" in message:
        pytest.skip("nothing need be said in held-out articles")
    path = configured(tmp_path, encoder)
    (tmp_path / name).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        train(path, tmp_path / "model")
    assert message.replace("train.jsonl", name) in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize("name", ["train.jsonl", "dev.jsonl"])
def test_articles_that_are_not_there_are_named(encoder: Path, tmp_path: Path, name: str) -> None:
    path = configured(tmp_path, encoder)
    (tmp_path / name).unlink()
    with pytest.raises(UsageError, match=rf"{name}: cannot be read: No such file"):
        train(path, tmp_path / "model")


def test_an_encoder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"encoder: no tokenizer of '.*empty': "):
        train(configured(tmp_path, tmp_path / "empty"), tmp_path / "model")


def test_an_encoder_that_is_damaged_is_named(encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    for path in encoder.iterdir():
        if path.suffix == ".json":
            (tmp_path / "broken" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(UsageError, match=r"encoder: '.*broken' cannot be loaded: "):
        train(configured(tmp_path, tmp_path / "broken"), tmp_path / "model")


def test_windows_longer_than_the_encoder_reads_are_refused(encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"window_tokens: the encoder reads at most 128 \(got 129\)"):
        train(configured(tmp_path, encoder, window_tokens=129), tmp_path / "model")


def test_a_folder_that_cannot_be_made_is_named(encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"file/model: cannot be made: Not a directory"):
        train(configured(tmp_path, encoder), tmp_path / "file" / "model")
