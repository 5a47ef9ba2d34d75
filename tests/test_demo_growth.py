"""The demo a month later: v1.1.0 follows v1.0.0, and only what is new or was decided on differs."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CONFIGS = ROOT / "configs"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "builder", *words]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both releases, built in one workspace, and with what 1.0.1 was answered."""
    folder = tmp_path_factory.mktemp("growth")
    places = ("-w", "work", "-o", "releases", "--version")
    assert run(folder, "build", str(CONFIGS / "demo.toml"), *places, "1.0.0").returncode == 0
    refused = run(folder, "build", str(CONFIGS / "demo-july.toml"), *places, "1.0.1")
    (folder / "refused.txt").write_text(f"{refused.returncode} {refused.stderr}")
    assert run(folder, "build", str(CONFIGS / "demo-july.toml"), *places, "1.1.0").returncode == 0
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    done = run(folder, "diff", "releases@v1.0.0", "releases@v1.1.0", "--json")
    return dict(json.loads(done.stdout))


def test_the_configurations_differ_in_articles_and_decisions_only() -> None:
    one, other = (tomllib.loads((CONFIGS / name).read_text()) for name in ("demo.toml", "demo-july.toml"))
    assert other.pop("inputs") == [*one.pop("inputs"), {"path": "demo/july"}]
    decisions = one.pop("review")["decisions"]
    assert other.pop("review")["decisions"] == [*decisions, "../annotations/demo/decisions-july.jsonl"]
    assert one == other


def test_new_rows_are_no_patch(folder: Path) -> None:
    told = (folder / "refused.txt").read_text()
    assert told.startswith("2 quotestance: version 1.0.1 would be a patch change of 1.0.0")
    assert told.count("\n") == 1
    assert "1.1.0 would fit" in told


def test_old_rows_change_only_where_people_decided(found: dict[str, Any]) -> None:
    quotes, stance = found["diff"]["configs"]["quotes"], found["diff"]["configs"]["stance"]
    assert (found["old"], found["new"], found["needs"]) == ("1.0.0", "1.1.0", "minor")
    assert quotes["reasons"] == {"decided by review": 3, "boundaries edited by people": 2}
    assert stance["reasons"] == {
        "decided by review": 3,
        "relabelled by people": 4,
        "its quotation changed": 1,
    }
    assert sum(quotes["added"].values()) > 10
    assert sum(quotes["removed"].values()) == 1
    assert quotes["changed"] == 4
    assert "confidence" not in quotes["fields"]
    labels = [(one["before"], one["after"], one["rows"]) for one in stance["relabelled"]]
    assert ("neutral", "favor", 1) in labels
    assert found["diff"]["moves"] == []


def test_the_changes_and_the_card_tell_both_versions(folder: Path) -> None:
    release = folder / "releases" / "v1.1.0"
    changes, card = ((release / name).read_text(encoding="utf-8") for name in ("CHANGES.md", "README.md"))
    assert changes.index("## 1.1.0") < changes.index("Follows v1.0.0") < changes.index("## 1.0.0")
    assert "found to be no quotation by people" in changes
    versions = card[card.index("## Versions") :]
    assert versions.index("| 1.1.0 ") < versions.index("| 1.0.0 ")


def test_both_releases_are_what_they_say(folder: Path) -> None:
    for version in ("v1.0.0", "v1.1.0"):
        done = run(folder, "verify", "releases", "--revision", version, "--json")
        assert done.returncode == 0
        assert json.loads(done.stdout)["differences"] == []
    (folder / "releases" / "v1.1.0" / "notes.txt").write_text("stray")
    done = run(folder, "verify", "releases@v1.1.0")
    assert done.returncode == 3
    assert "notes.txt: is not in the manifest" in done.stderr
