import json
from pathlib import Path
from typing import Any

import pytest

from builder.config import StanceConfig
from builder.errors import ModelError
from builder.stance.classifier import DEFAULT, SHIPPED, load_classifier, model_folder


def test_without_a_configured_model_the_shipped_one_is_taken(tmp_path: Path) -> None:
    assert model_folder(StanceConfig(), tmp_path) == SHIPPED[DEFAULT]
    assert model_folder(StanceConfig(model=Path("research")), tmp_path) == SHIPPED["research"]
    assert model_folder(StanceConfig(model=Path("models/mine")), tmp_path) == tmp_path / "models/mine"
    assert model_folder(StanceConfig(model=Path("/models/mine")), tmp_path) == Path("/models/mine")


def test_the_order_of_the_configured_labels_is_free(model: Path) -> None:
    classifier = load_classifier(StanceConfig(labels=("neutral", "favor", "against")), model)
    assert classifier.labels == ("favor", "against", "neutral")
    assert classifier.name.startswith("stance-linear-")


@pytest.mark.parametrize("labels", [("favor", "against"), ("favor", "against", "neutral", "mixed")])
def test_a_model_made_for_other_labels_is_refused(model: Path, labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="was made for the labels favor, against, neutral, but"):
        load_classifier(StanceConfig(labels=labels), model)


def test_a_folder_without_description_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is not a stance model: model\.json is missing"):
        load_classifier(StanceConfig(), tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        "[" * 100_000,
        {"temperature": None},
        {"temperature": -1},
        {"temperature": float("nan")},
        {"labels": "favor"},
        {"examples": 3},
        {"figures": {}},
        {"seed": "x"},
    ],
)
def test_a_damaged_description_is_named(model: Path, tmp_path: Path, damage: str | dict[str, Any]) -> None:
    if isinstance(damage, dict):
        damage = json.dumps(json.loads((model / "model.json").read_text()) | damage)
    (tmp_path / "model.json").write_text(damage)
    with pytest.raises(ModelError, match=r"model\.json: "):
        load_classifier(StanceConfig(), tmp_path)


def test_a_model_of_an_unknown_kind_is_refused(model: Path, tmp_path: Path) -> None:
    description = json.loads((model / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(description | {"kind": "oracle"}))
    with pytest.raises(ModelError, match="of the unknown kind 'oracle'"):
        load_classifier(StanceConfig(), tmp_path)
