"""From a release's folder to `load_dataset(repo, revision=…)`, each in a fresh process with a fresh home.

The programs are those that people run, unpatched: the command line, and `datasets`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.hub.releases import write_invented
from eval.hub.routes import TOKEN, Hub
from tests.release.corpus import Corpus, Release, confirmed

NAME, PRODUCT = "ann/harbour", "ann/product"
PUBLISH = """
import sys
from pathlib import Path
from builder.release.outgoing import Wish
from builder.release.publish import publish

for argument in sys.argv[1:]:
    folder, _, name = argument.partition("@")
    print(publish(Path(folder), name, None, Wish()).told())
"""
READ = """
import json, sys
from datasets import load_dataset
from builder.release.examples import find_source

def loaded(reference, split):
    name, _, revision = reference.partition("@")
    try:
        rows = load_dataset(name, "stance", revision=revision or None, split=split)
        return [str(rows.features), rows.num_rows, rows["label"][:3]]
    except Exception as error:
        return type(error).__name__

def source(reference):
    try:
        return find_source(reference, None).told
    except Exception as error:
        return str(error)

asked = json.loads(sys.argv[1])
print(json.dumps({one: [loaded(one, split), source(one)] for one, split in asked.items()}))
"""

Fresh = Callable[..., str]


@pytest.fixture
def fresh(hub: Hub, tmp_path: Path) -> Fresh:
    """Runs Python in a process that knows the hub and a token from its environment; what it prints."""

    def call(home: str, *arguments: str, **environment: str) -> str:
        given = {
            "PATH": os.environ["PATH"],
            "HF_ENDPOINT": hub.address,
            "HF_HOME": str(tmp_path / home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_XET": "1",
            "no_proxy": "*",
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**given, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


@pytest.mark.parametrize("way", ["the hub itself", "Xet"])
def test_every_version_is_loaded_as_it_was_released(
    fresh: Fresh, hub: Hub, tmp_path: Path, corpus: Corpus, release: Release, way: str
) -> None:
    hub.xet = tmp_path / "xet" if way == "Xet" else None
    environment = {"HF_HUB_DISABLE_XET": "0" if way == "Xet" else "1", "HF_TOKEN": TOKEN}
    first = write_invented(tmp_path, "1.0.0", 1, labels={0: "favor"})
    second = write_invented(tmp_path, "1.1.0", 2, labels={0: "favor"})
    decisions = [one for quotation in corpus.article("d1") for one in confirmed(quotation)]
    product = release(decisions).path
    (split,) = {path.parent.name for path in (product / "stance").rglob("*.parquet")}

    arguments = [f"{first}@{NAME}", f"{second}@{NAME}", f"{product}@{PRODUCT}"]
    told = fresh("publisher", "-c", PUBLISH, *arguments, **environment)
    assert "v1.0.0 is published to ann/harbour: 3 files new or changed" in told
    assert "v1.1.0 is published to ann/harbour: 3 files new or changed" in told
    # The month of the first version is not sent again; with Xet the hub gets no month at all.
    sent = 2 + len(list(product.rglob("*.parquet")))
    assert hub.requests.count("PUT upload") == (0 if way == "Xet" else sent)

    versions = [f"{NAME}@v1.0.0", f"{NAME}@v1.1.0", f"{NAME}@v2.0.0"]
    splits = {**dict.fromkeys(versions, "train"), f"{PRODUCT}@v1.0.0": split, str(product): split}
    found = json.loads(fresh("reader", "-c", READ, json.dumps(splits), **environment))
    assert [found[one][0][1:] for one in versions[:2]] == [[20, [0, 0, 0]], [40, [0, 0, 0]]]
    for version in versions[:2]:
        assert found[version][1].startswith(f"{version} (manifest with SHA-256 ")
    assert isinstance(found[versions[2]][0], str)
    assert "no folder here and was looked for on the Hub: 404" in found[versions[2]][1]
    assert found[f"{PRODUCT}@v1.0.0"][0] == found[str(product)][0]


def test_the_command_finds_the_token_where_people_keep_it_and_does_not_tell_it(
    fresh: Fresh, hub: Hub, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "token").write_text(TOKEN)
    folder = str(write_invented(tmp_path, "1.0.0", 1))
    told = fresh("home", "-m", "builder", "publish", folder, "--repo", NAME, "--private", "--json")
    assert json.loads(told)["commit"] == hub.kept.at(NAME).tags["v1.0.0"]
    assert hub.kept.at(NAME).private
    assert TOKEN not in told
