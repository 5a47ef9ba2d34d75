"""The training of the ranker of speakers, from the command to a folder that loads."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.command_line import called

pytest.importorskip("torch", reason="training needs the extra train")

from builder.records import Quotation, Span
from builder.speakers.features import questions
from builder.speakers.knowledge import NOTHING
from builder.speakers.ranker import load_ranker
from builder.speakers.scene import scene_of
from tests.training.sources import write_labelled

Run = Callable[..., tuple[int, str, str]]
CONFIG = 'articles = "articles.jsonl"\nspeakers = "speakers.tsv"\nmembers = 2\nhidden = 0.5\n'


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs `quotestance train speakers` beside labelled articles; gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    write_labelled(tmp_path)
    (tmp_path / "good.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "seed.toml").write_text(CONFIG + "seed = 1\n", encoding="utf-8")
    (tmp_path / "key.toml").write_text(CONFIG + "depth = 3\n", encoding="utf-8")
    (tmp_path / "none.toml").write_text(CONFIG.replace("speakers.tsv", "none.tsv"), encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(CONFIG.replace("speakers.tsv", "wrong.tsv"), encoding="utf-8")
    shutil.copy("speakers.tsv", "wrong.tsv")
    with (tmp_path / "wrong.tsv").open("a", encoding="utf-8") as file:
        file.write("harbour-a\tharbour-a-1\n")

    def call(*arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, "train", "speakers", *arguments)

    return call


def test_what_is_trained_loads_and_answers(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("good.toml", "-o", "models/mine")
    folder = tmp_path / "models" / "mine"
    ranker = load_ranker(folder)
    assert code == 0
    assert out.startswith(f"{ranker.name} written to models/mine: ")
    text = "Lena Brandt spoke. Then she said that it rained."
    source = Span(text.index("she"), text.index("she") + 3)
    quotation = Quotation("q", "d", "indirect", (Span(33, 47),), (), (source,), (), 0, None, 1.0, "test")
    asked = questions(scene_of(text, [Span(0, len(text))]), [quotation], NOTHING)
    (shares,) = ranker.probabilities(text, asked)
    assert shares.sum() == pytest.approx(1, abs=1e-5)


def test_the_card_names_the_data_and_the_figures(run: Run, tmp_path: Path) -> None:
    run("good.toml", "-o", "mine")
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    name = json.loads((tmp_path / "mine" / "model.json").read_text(encoding="utf-8"))["name"]
    assert f"# {name}" in card
    assert "| articles | articles.jsonl |" in card
    # 24 sources, of which the two of "Somebody" are labelled as unresolved
    assert "Seed 0, 20 passes, 22 labelled sources." in card


def test_the_same_seed_gives_the_same_arrays_and_another_one_others(run: Run, tmp_path: Path) -> None:
    for config, output in (("good.toml", "one"), ("good.toml", "again"), ("seed.toml", "other")):
        run(config, "-o", output)
    one, again, other = (dict(np.load(tmp_path / name / "weights.npz")) for name in ("one", "again", "other"))
    assert one.keys() == again.keys() == other.keys()
    assert all(one[name].tobytes() == again[name].tobytes() for name in one)
    assert any(one[name].tobytes() != other[name].tobytes() for name in one)
    files = ("model.json", "README.md")
    assert all(
        (tmp_path / "one" / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in files
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("no.toml -o model", "no.toml: cannot be read: No such file or directory"),
        ("key.toml -o model", "key.toml: depth: unknown key"),
        ("none.toml -o model", "none.tsv: cannot be read: "),
        ("wrong.toml -o model", "wrong.tsv:25: must be document, attribution, speaker and kind"),
        ("good.toml -o good.toml", "good.toml: cannot be made: File exists"),
        ("good.toml", "Missing option '--output'"),
    ],
)
def test_wrong_use_ends_with_2_and_one_clear_line(run: Run, arguments: str, message: str) -> None:
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
