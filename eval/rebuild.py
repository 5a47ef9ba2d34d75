"""Whether the demo's release has the same bytes however and wherever it is built.

It is built in folders of different names, with one worker and with several, and with different seeds of
Python's hashes, which change the order of sets.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from builder.release.manifest import sha256_of

ROOT = Path(__file__).parent.parent
PARTS = ("configs", "annotations")  # of the repository: what the demo is built from
WAYS = (("a", 1, "0"), ("another/and/a longer/path", 2, "4242"), ("b", 3, "random"))
"""The folder, the number of workers and the seed of each build."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--builds", type=int, choices=(2, 3), default=3, help="how many builds to compare")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Builds the release in some ways; `missed` names the files that are not the same in all of them."""
    with tempfile.TemporaryDirectory() as name:
        ways = WAYS[: arguments.builds]
        first, *others = [build(Path(name) / folder, workers, seed) for folder, workers, seed in ways]
    names = sorted(first.keys() | {path for one in others for path in one})
    differing = [path for path in names if any(one.get(path) != first.get(path) for one in others)]
    return {"builds": arguments.builds, "files": len(names), "missed": differing}


def build(folder: Path, workers: int, seed: str) -> dict[str, str]:
    """The SHA-256 of every file of a release, built from a copy of the demo in a process of its own."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    config = folder / "configs" / "demo.toml"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n[run]\nworkers = {workers}\n", encoding="utf-8")
    command = [sys.executable, "-m", "builder", "build", str(config), "-w", str(folder / "work")]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    release = folder / "work" / "releases" / "v1.0.0"
    paths = sorted(path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): sha256_of(path) for path in paths}
