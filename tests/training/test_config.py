"""Configurations of trainings: what is accepted, and what is refused by name."""

from pathlib import Path

import pytest

from builder.errors import ConfigError, UsageError
from builder.training.config import AttributionTraining, load_training

LEAST = 'articles = "train.jsonl"\nheld_out = "dev.jsonl"\nencoder = "tiny"\n'
SHIPPED = Path(__file__).parent.parent.parent / "configs" / "attribution.toml"


def loaded(folder: Path, lines: str) -> AttributionTraining:
    path = folder / "training.toml"
    path.write_text(lines, encoding="utf-8")
    return load_training(path)


def test_articles_and_an_encoder_are_all_that_must_be_named(tmp_path: Path) -> None:
    config = loaded(tmp_path, LEAST)
    assert (config.articles, config.held_out) == (Path("train.jsonl"), Path("dev.jsonl"))
    assert config.encoder_name() == "tiny"


def test_the_configuration_of_the_shipped_model_is_one() -> None:
    assert load_training(SHIPPED).window_tokens == 256


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (LEAST + "epoch = 4.0\n", "epoch: unknown key"),
        (LEAST.replace("articles", "article"), "article: unknown key"),
        (LEAST.replace('encoder = "tiny"', ""), "encoder: Field required"),
        (LEAST + "epochs = 0.0\n", "epochs: Input should be greater than 0 (got 0.0)"),
        (LEAST + "seed = 1.5\n", "seed: Input should be a valid integer"),
        (
            LEAST + "window_tokens = 31\n",
            "window_tokens: Input should be greater than or equal to 32 (got 31)",
        ),
        (LEAST + "hidden_share = 1.1\n", "hidden_share: Input should be less than or equal to 1 (got 1.1)"),
        (LEAST + "kernel = 4\n", "kernel: must be odd, the same on either side of a word (got 4)"),
        (
            LEAST + 'packings = 3\n[teacher]\nencoder = "e"\npackings = 2\n',
            "teacher.packings: must be at least `packings`, 3",
        ),
        (LEAST + '[teacher]\nencoder = "e"\nshare = 0.0\n', "teacher.share: Input should be greater than 0"),
        (LEAST + 'bf16 = "yes"\n', "bf16: Input should be a valid boolean (got 'yes')"),
        ("encoder = ", "is not valid TOML"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, lines)
    assert str(raised.value).startswith(f"{tmp_path / 'training.toml'}: {message}")


def test_an_installed_package_may_carry_the_encoder(tmp_path: Path) -> None:
    config = loaded(tmp_path, LEAST.replace("tiny", "package:builder/models"))
    assert Path(config.encoder_name()) == SHIPPED.parent.parent / "builder" / "models"


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        ("package:none_such/model", "encoder: the package 'none_such' is not installed"),
        ("package:builder/none", "encoder: the package 'builder' has no folder 'none'"),
    ],
)
def test_a_package_without_the_encoder_is_named(tmp_path: Path, encoder: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        loaded(tmp_path, LEAST.replace("tiny", encoder)).encoder_name()
