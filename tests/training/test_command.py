"""The command that trains: what it says when all is well, and when something is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import called

pytest.importorskip("torch", reason="training needs the extra train")

from tests.training.articles import ARTICLES, write_articles

Run = Callable[..., tuple[int, str, str]]
NAMED = 'articles = "train.jsonl"\nheld_out = "dev.jsonl"\n'


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, encoder: Path
) -> Run:
    """Runs `quotestance train attribution` beside articles; gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    for name in ("train.jsonl", "dev.jsonl"):
        write_articles(tmp_path / name, ARTICLES)
    tiny = f"encoder = '{encoder}'\nwidth = 16\nwindow_tokens = 64\nepochs = 0.5\nbf16 = false\n"
    (tmp_path / "good.toml").write_text(NAMED + tiny, encoding="utf-8")
    (tmp_path / "key.toml").write_text(NAMED + tiny + "rate = 1.0\n", encoding="utf-8")
    (tmp_path / "none.toml").write_text(NAMED.replace("train", "none") + tiny, encoding="utf-8")
    (tmp_path / "package.toml").write_text(NAMED + "encoder = 'package:none_such/x'\n", encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, "train", "attribution", *arguments)

    return call


def test_it_says_what_was_written_and_how_good_it_is(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("good.toml", "-o", "models/mine")
    assert code == 0
    assert (tmp_path / "models" / "mine" / "model.json").is_file()
    last = out.splitlines()[-1]
    assert last.startswith("attribution-")
    assert " written to models/mine: joint F1 0." in last


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("no.toml -o model", "no.toml: cannot be read: No such file or directory"),
        ("key.toml -o model", "key.toml: rate: unknown key"),
        ("none.toml -o model", "none.jsonl: cannot be read: No such file or directory"),
        ("package.toml -o model", "encoder: the package 'none_such' is not installed"),
        ("good.toml -o good.toml", "good.toml: cannot be made: File exists"),
        ("good.toml", "Missing option '--output'"),
        ("good.toml -o model --weights default --checkpoints kept", "--checkpoints keeps what is trained"),
    ],
)
def test_wrong_use_ends_with_2_and_one_clear_line(run: Run, arguments: str, message: str) -> None:
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
