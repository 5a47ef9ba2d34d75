"""Training the stance classifier from a release, from the command to the score."""

import json
from pathlib import Path

import pytest

from builder.errors import UsageError
from builder.release.learn import train_stance
from builder.release.manifest import FILE, sha256_of
from builder.stance.description import read_description
from eval.__main__ import main
from eval.hub.releases import write_invented


def test_the_card_carries_the_revision_of_the_dataset(tmp_path: Path) -> None:
    folder = write_invented(tmp_path / "harbour", "1.0.0", shards=4)
    description = train_stance(str(folder.parent), "v1.0.0", tmp_path / "model")
    source = f"harbour@v1.0.0 (manifest with SHA-256 {sha256_of(folder / FILE)})"
    assert description == read_description(tmp_path / "model")
    assert description.source == source
    assert sum(description.examples.values()) == 80
    assert source in (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    again = train_stance(str(folder), None, tmp_path / "again")
    assert again.fingerprint == description.fingerprint


def test_the_model_is_scored_by_the_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_invented(tmp_path / "harbour", "1.0.0", shards=4)
    name = train_stance(str(folder), "v1.0.0", tmp_path / "model").name
    rows = [
        {"id": str(n), "text": "The bridge is a gift.", "target": "the bridge", "label": "favor"}
        for n in range(3)
    ]
    (tmp_path / "data" / "stance").mkdir(parents=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "data" / "stance" / "quotes_dev.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path / "data"))
    written = tmp_path / "figures.json"
    options = ["--model", str(tmp_path / "model"), "--json", str(written)]
    monkeypatch.setattr("sys.argv", ["eval", "stance", *options])
    assert main() == 0
    assert json.loads(written.read_text(encoding="utf-8"))["model"] == name
    assert name in capsys.readouterr().out


def test_too_few_labels_are_named_with_the_release(tmp_path: Path) -> None:
    folder = write_invented(tmp_path / "harbour", "1.0.0", shards=1, rows=3)
    with pytest.raises(UsageError, match=r"harbour@v1\.0\.0 .* examples are labelled 'favor'"):
        train_stance(str(folder), "v1.0.0", tmp_path / "model")
