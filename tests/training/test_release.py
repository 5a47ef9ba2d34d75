"""Training the attribution model from a release."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from builder.config import Config, parse_config
from builder.errors import ConfigError, ReleaseError
from builder.release.write import write_release
from builder.training.attribution import train, train_from
from tests.release.corpus import Corpus, cluster_in, confirmed


@pytest.fixture
def config() -> Config:
    return parse_config(
        {
            "dataset": {"name": "harbour", "license": "cc0-1.0"},
            "inputs": [{"path": "articles"}],
            "targets": [{"id": "bridge", "name": "the bridge"}],
        },
        Path("harbour.toml"),
    )


def released(folder: Path, config: Config, *splits: str) -> Path:
    corpus, decisions = Corpus(), []
    for number, split in enumerate(splits):
        for quotation in corpus.article(f"d{number}", cluster=cluster_in(split, config)):
            decisions += confirmed(quotation)
    tables = corpus.written(folder / "workspace", decisions)
    return write_release(tables, config, "1.0.0", folder / "harbour", {"config": "f00"}).path


@pytest.fixture
def tiny(tmp_path: Path, encoder: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(f"encoder = '{encoder}'\nwidth = 16\nwindow_tokens = 64\nepochs = 0.5\nbf16 = false\n")
    return path


def test_the_card_carries_the_revision_of_the_dataset(tmp_path: Path, config: Config, tiny: Path) -> None:
    folder = released(tmp_path, config, "train", "validation", "test")
    trained = train_from(str(folder), "v1.0.0", tiny, tmp_path / "model")
    assert trained.figures.articles == 1  # that of validation
    assert trained.figures.quotations == 2
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "The passages of the split `train` of harbour@v1.0.0 (manifest with SHA-256 " in card
    assert "PolNeAR" not in card


def test_a_release_without_a_settled_passage_to_hold_out_is_refused(
    tmp_path: Path, config: Config, tiny: Path
) -> None:
    folder = released(tmp_path, config, "train")
    with pytest.raises(ReleaseError, match="people settled no passage of validation"):
        train_from(str(folder), "v1.0.0", tiny, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_bars_are_chosen_on_what_people_settled_without_anything_to_learn(
    tmp_path: Path, config: Config, tiny: Path
) -> None:
    folder = released(tmp_path, config, "validation")
    trained = train_from(str(folder), "v1.0.0", tiny, tmp_path / "model", weights=Path("default"))
    assert trained.figures.articles == 1
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "PolNeAR" in card  # the weights learnt from it
    assert "were chosen on validation.jsonl of the split `validation` of harbour@v1.0.0" in card


def test_without_a_release_the_configuration_must_name_articles(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(ConfigError, match="articles: is missing; name a file, or train --from a release"):
        train(tiny, tmp_path / "model")
