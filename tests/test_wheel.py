"""The wheel holds all that the program needs: an editable install hides what a wheel forgets."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_only_the_package_is_installed(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} == {"builder"}


def test_the_demo_runs_and_is_reviewed_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "-c", "import builder; print(builder.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    config = str(ROOT / "configs" / "demo.toml")
    found = json.loads(run(installed, tmp_path, "-m", "builder", "build", config, "--json"))
    assert found["rows"]["quotes"]
    assert "items added" in run(installed, tmp_path, "-m", "builder", "review", "init", config)
    start = "from builder.review.store import *; from builder.review.web.app import create_app; "
    database = "sqlite:///workspaces/veldoria-quotes/review.sqlite"
    run(installed, tmp_path, "-c", f"{start} create_app(open_store({database!r}))")


def test_the_template_of_init_is_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "-m", "builder", "init", "mine.toml")
    assert (tmp_path / "mine.toml").stat().st_size > 0
