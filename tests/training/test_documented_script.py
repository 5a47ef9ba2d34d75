"""The script of the documentation that fine-tunes an encoder: it runs as it is printed there."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from eval.__main__ import main as evaluate
from eval.hub.releases import write_invented

SCRIPT = Path(__file__).parent.parent.parent / "docs" / "fine_tune_stance.py"
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", [str(SCRIPT), *arguments])
        runpy.run_path(str(SCRIPT), run_name="__main__")
        return capsys.readouterr().out

    return call


def test_the_model_names_its_dataset_and_is_scored_by_the_evaluation(
    run: Run,
    tmp_path: Path,
    encoder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release, model = str(write_invented(tmp_path / "harbour", "1.0.0", shards=2)), str(tmp_path / "model")
    run(release, "v1.0.0", model, "--encoder", str(encoder), "--epochs", "0.5")
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert f"36 rows of {release}, revision v1.0.0" in card

    gold = tmp_path / "data" / "stance" / "quotes_dev.jsonl"
    gold.parent.mkdir(parents=True)
    row = {"text": "The bridge is a gift.", "target": "the bridge", "label": "favor"}
    gold.write_text("".join(json.dumps({"id": f"p{n}", **row}) + "\n" for n in range(3)), encoding="utf-8")
    answers = tmp_path / "answers.jsonl"
    answers.write_text(run(release, "v1.0.0", model, "--label", str(gold)), encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path / "data"))
    written = tmp_path / "figures.json"
    options = ["--predictions", str(answers), "--json", str(written)]
    monkeypatch.setattr("sys.argv", ["eval", "stance", *options])
    assert evaluate() == 0
    assert json.loads(written.read_text(encoding="utf-8"))["corpora"]["quotes"]["n"] == 3


def test_another_revision_than_the_folder_holds_is_refused(run: Run, tmp_path: Path, encoder: Path) -> None:
    release = str(write_invented(tmp_path / "harbour", "1.0.0", shards=1))
    with pytest.raises(SystemExit, match=r"is v1\.0\.0, not v2\.0\.0"):
        run(release, "v2.0.0", str(tmp_path / "model"), "--encoder", str(encoder))
