"""From a release's folder to `load_dataset(repo, revision=…)`, each in a fresh process with a fresh home.

The programs are those that people run, unpatched: the command line, and `datasets`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.hub.releases import write_invented
from eval.hub.routes import TOKEN, Hub
from tests.release.corpus import Corpus, Release, confirmed

NAME = "ann/harbour"
PUBLISH = """
import sys
from pathlib import Path
from builder.errors import ReleaseError
from builder.release.outgoing import Wish
from builder.release.publish import publish

for folder in sys.argv[2:]:
    try:
        print(publish(Path(folder), sys.argv[1], None, Wish()).told())
    except ReleaseError as error:
        sys.exit(str(error))
"""
LOAD = """
import json, sys
from datasets import load_dataset

told = []
for reference in sys.argv[2:]:
    repo, _, revision = reference.partition("@")
    try:
        rows = load_dataset(repo, "stance", revision=revision or None, split=sys.argv[1])
        told.append([str(rows.features), rows.num_rows, rows["label"][:3]])
    except Exception as error:
        told.append(type(error).__name__)
print(json.dumps(told))
"""

Fresh = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def fresh(hub: Hub, tmp_path: Path) -> Fresh:
    """Runs Python in a process that knows the hub and its token from the environment, and nothing else."""

    def call(home: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        given = {
            "PATH": os.environ["PATH"],
            "HF_ENDPOINT": hub.address,
            "HF_TOKEN": TOKEN,
            "HF_HOME": str(tmp_path / home),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "no_proxy": "*",
        }
        return subprocess.run(
            [sys.executable, *arguments],
            env={**given, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def loaded(done: "subprocess.CompletedProcess[str]") -> list[Any]:
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("way", ["the hub itself", "Xet"])
def test_every_version_is_loaded_as_it_was_released(fresh: Fresh, hub: Hub, tmp_path: Path, way: str) -> None:
    hub.xet = tmp_path / "xet" if way == "Xet" else None
    xet = {"HF_HUB_DISABLE_XET": "0" if way == "Xet" else "1"}
    first = write_invented(tmp_path, "1.0.0", 1, labels={0: "favor"})
    second = write_invented(tmp_path, "1.1.0", 2, labels={0: "favor"})
    done = fresh("publisher", "-c", PUBLISH, NAME, str(first), str(second), **xet)
    assert (done.returncode, done.stderr) == (0, "")
    assert "v1.0.0 is published to ann/harbour: 3 files new or changed" in done.stdout
    assert "v1.1.0 is published to ann/harbour: 3 files new or changed" in done.stdout
    # The month of the first version is not sent again; with Xet the hub gets no month at all.
    assert hub.requests.count("PUT upload") == (0 if way == "Xet" else 2)
    versions = [f"{NAME}@{tag}" for tag in ("v1.0.0", "v1.1.0", "v2.0.0")]
    one, other, missing = loaded(fresh("reader", "-c", LOAD, "train", *versions, **xet))
    assert (one[1:], other[1:]) == ([20, [0, 0, 0]], [40, [0, 0, 0]])
    assert isinstance(missing, str)


def test_a_release_of_the_product_is_loaded_over_the_wire(
    fresh: Fresh, corpus: Corpus, release: Release
) -> None:
    decisions = [one for quotation in corpus.article("d1", cluster="c0") for one in confirmed(quotation)]
    folder = release(decisions).path
    done = fresh("publisher", "-m", "builder", "publish", str(folder), "--repo", NAME, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["place"], told["tag"], told["deleted"]) == (NAME, "v1.0.0", [])
    (split,) = {path.parent.name for path in (folder / "stance").rglob("*.parquet")}
    remote, local = loaded(fresh("reader", "-c", LOAD, split, f"{NAME}@v1.0.0", str(folder)))
    assert remote == local
    assert remote[1] > 0


def test_the_token_is_found_where_people_keep_it_and_never_told(
    fresh: Fresh, hub: Hub, tmp_path: Path
) -> None:
    publish = ("-c", PUBLISH, NAME, str(write_invented(tmp_path, "1.0.0", 1)))
    done = fresh("home", *publish, HF_TOKEN="hf_another")  # noqa: S106 - invented
    assert (done.returncode, done.stdout) == (1, "")
    assert "Bearer TOKEN" in done.stderr
    assert "hf_another" not in done.stderr
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "token").write_text(TOKEN)
    done = fresh("home", *publish, HF_TOKEN="")
    assert (done.returncode, done.stderr) == (0, "")
    assert hub.kept.at(NAME).tags
    assert TOKEN not in done.stdout
