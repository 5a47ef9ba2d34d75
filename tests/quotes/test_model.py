"""The folder of an attribution model: what it says of itself, and what is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder import inference
from builder.errors import ModelError
from builder.inference import precision
from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import DESCRIPTION, LINKER, READER, SHIPPED, Description, Settings, load_tagger
from builder.quotes.quoted import Confidences
from builder.quotes.states import STATES

DESCRIBED = Description(
    name="attribution-test",
    settings=Settings(
        threshold=-3.5,
        least_confidence=0.4,
        least_without_source=0.25,
        confidences=Confidences(introduced=0.7, turn=0.8, signed=0.6, continued=0.3, unattributed=0.1),
        window_tokens=256,
        batch_tokens=4096,
    ),
    calibration=Calibration(-1.5, tuple(number / 8 for number in range(len(FEATURES)))),
    transitions=tuple(tuple(row - column / 2 for column in range(STATES)) for row in range(STATES)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped model's folder under another name."""
    made = tmp_path / "model"
    made.mkdir()
    for path in SHIPPED.iterdir():
        (made / path.name).symlink_to(path)
    return made


def written(folder: Path, content: bytes) -> Path:
    (folder / DESCRIPTION).unlink()
    (folder / DESCRIPTION).write_bytes(content)
    return folder


def test_a_description_is_read_as_it_was_written() -> None:
    assert Description.from_json(json.loads(DESCRIBED.to_bytes())) == DESCRIBED


def test_a_description_is_written_the_same_every_time() -> None:
    written_once = DESCRIBED.to_bytes()
    assert Description.from_json(json.loads(written_once)).to_bytes() == written_once


def test_the_shipped_model_loads_and_is_named_with_its_arithmetic() -> None:
    model = load_tagger(SHIPPED)
    described = json.loads((SHIPPED / DESCRIPTION).read_text(encoding="utf-8"))
    arithmetic = "i8" if inference._multiplies_eight_bits() else precision()
    assert model.name == f"{described['name']}-{arithmetic}"
    assert model.network.transitions.shape == (STATES, STATES)
    assert model.network.transitions.dtype == np.float32


def test_the_shipped_model_is_small_and_no_pickle() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 30_000_000
    assert {path.suffix for path in SHIPPED.iterdir()} == {".json", ".md", ".onnx"}


def test_a_process_loads_a_model_once() -> None:
    assert load_tagger(SHIPPED) is load_tagger(SHIPPED)


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "no name": lambda value: value.pop("name"),
    "no settings": lambda value: value.pop("settings"),
    "no threshold": lambda value: value["settings"].pop("threshold"),
    "no window": lambda value: value["settings"].pop("window_tokens"),
    "no confidence of turns": lambda value: value["settings"]["confidences"].pop("turn"),
    "a setting of another version": lambda value: value["settings"].update(more=1),
    "a threshold in words": lambda value: value["settings"].update(threshold="low"),
    "a threshold that is no number": lambda value: value["settings"].update(threshold=float("nan")),
    "a window without room": lambda value: value["settings"].update(window_tokens=2),
    "a confidence that is none": lambda value: value["settings"]["confidences"].update(turn=None),
    "a weight too few": lambda value: value["calibration"]["weights"].pop(),
    "a weight that is none": lambda value: value["calibration"]["weights"].__setitem__(0, True),
    "weights that are none": lambda value: value["calibration"].update(weights=None),
    "no bias": lambda value: value["calibration"].pop("bias"),
    "a row too few": lambda value: value["transitions"].pop(),
    "a column too many": lambda value: value["transitions"][0].append(0.0),
    "transitions that are none": lambda value: value.update(transitions=7),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_description_of_something_else_is_refused(folder: Path, change: Change) -> None:
    value = json.loads(DESCRIBED.to_bytes())
    change(value)
    with pytest.raises(ModelError, match=r"model\.json: describes no attribution model: ."):
        load_tagger(written(folder, json.dumps(value).encode()))


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b'{"name": "attr', b"\xff\xfe{}", b"{}"])
def test_a_damaged_description_is_refused(folder: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match=r"model\.json: describes no attribution model: ."):
        load_tagger(written(folder, content))


@pytest.mark.parametrize("name", [DESCRIPTION, READER, LINKER, "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name}: cannot be "):
        load_tagger(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none/model\.json: cannot be read: No such file"):
        load_tagger(tmp_path / "none")


def test_graphs_that_are_not_the_model_s_are_refused(folder: Path) -> None:
    (folder / READER).unlink()
    shutil.copy(SHIPPED / LINKER, folder / READER)
    network = load_tagger(folder).network
    tokens = np.ones((1, 4), dtype=np.int64)
    with pytest.raises(ModelError, match=r"reader\.onnx: cannot be run"):
        network.read(tokens, tokens, tokens, tokens, tokens)
