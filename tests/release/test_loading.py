"""A release loads with `datasets`, without network, as another program would do it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.release.write import write_release
from tests.release.corpus import AUTO, LABELS, SOURCES, Configured, Corpus, Release, cluster_in, confirmed

LOAD = """
import json, sys
from datasets import load_dataset

told = {}
for config in ("quotes", "stance", "speakers"):
    loaded = load_dataset(sys.argv[1], config)
    told[config] = {
        "splits": {name: part.num_rows for name, part in loaded.items()},
        "features": {name: str(kind) for name, kind in next(iter(loaded.values())).features.items()},
        "same": len({str(part.features) for part in loaded.values()}) == 1,
        "names": {
            name: kind.names
            for name, kind in next(iter(loaded.values())).features.items()
            if hasattr(kind, "names")
        },
        "rows": {name: part[:]  for name, part in loaded.items()},
    }
print(json.dumps(told))
"""

SPANS = "List({'start': Value('int32'), 'end': Value('int32')})"


@pytest.fixture
def loaded(corpus: Corpus, release: Release, configured: Configured, tmp_path: Path) -> dict[str, Any]:
    """What a fresh process finds in a release with all splits, two periods and columns without a value."""
    config = configured()
    decisions = []
    for number, split in enumerate(("train", "validation", "test")):
        direct, indirect = corpus.article(
            f"d{number}", cluster=cluster_in(split, config), site=None, url=None, agency=None, title=None
        )
        decisions += [*confirmed(direct), *confirmed(indirect)]
    corpus.next_shard()
    corpus.article("d8", cluster=cluster_in("train", config), auto=AUTO, published="2023-01-01", site=None)
    corpus.article("d9", published=None, site=None, url=None, agency=None, title=None)
    summary = release(decisions)
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(summary.path)],
        env={**os.environ, **offline},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_release_loads_with_its_splits_and_types(loaded: dict[str, Any]) -> None:
    splits = {"train": 4, "validation": 2, "test": 2, "unlabelled": 2}
    assert loaded["quotes"]["splits"] == splits
    assert loaded["stance"]["splits"] == splits
    assert loaded["quotes"]["same"]
    assert loaded["stance"]["same"]
    kinds = {"kind": ["direct", "mixed", "indirect"], "label_source": list(SOURCES)}
    assert loaded["quotes"]["names"] == kinds
    assert loaded["stance"]["names"] == {"label": list(LABELS), "label_source": list(SOURCES)}
    quotes, stance = loaded["quotes"]["features"], loaded["stance"]["features"]
    assert " ".join(quotes) == (
        "id document_id url raw_sha256 title site agency published document_extractor context content cue "
        "source document_spans kind speaker cluster confidence label_source n_annotators agreement extractor"
    )
    assert " ".join(stance) == (
        "id quotation_id document_id url raw_sha256 text context content document_spans speaker target_id "
        "target target_named target_names label probabilities confidence label_source n_annotators agreement "
        "annotations cluster model"
    )
    assert " ".join(loaded["speakers"]["features"]) == (
        "id name names kind entity quotations documents first last stance"
    )
    # Odile Brandt of the authority table, the name that people gave without it, and the port authority.
    assert loaded["speakers"]["splits"] == {"train": 3}
    assert quotes["content"] == quotes["cue"] == quotes["source"] == SPANS
    assert quotes["agency"] == "Value('string')"  # though no row has one
    assert stance["probabilities"] == str(dict.fromkeys(LABELS, "Value('float64')")).replace('"', "")
    rows = loaded["quotes"]["rows"]["test"]
    cut = [
        [context[one["start"] : one["end"]] for one in spans]
        for context, spans in zip(rows["context"], rows["content"], strict=True)
    ]
    place = "d2ville d2shire d2land"
    assert sorted(cut) == [
        [f"the bridge brings 400 jobs {place}"],
        [f"“The harbour bridge will ruin this town {place},”"],
    ]
    assert loaded["stance"]["rows"]["unlabelled"]["label"] == [None, None]
    assert loaded["stance"]["rows"]["test"]["label"] == [LABELS.index("favor")] * 2


def test_a_column_without_a_value_has_its_type_in_every_file_and_version(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("site", "url", "agency", "title"))
    corpus.article("d1", published="2024-01-05", **nothing)
    corpus.speakers, corpus.stance = [[]], [[]]
    bare = write_release(corpus.written(tmp_path / "a"), configured(), "1.0.0", tmp_path / "out", {})
    corpus.next_shard()
    corpus.article("d2", auto=AUTO, agency="Coast Wire")
    full = write_release(corpus.written(tmp_path / "b"), configured(), "1.1.0", tmp_path / "out", {})
    schemas = {
        (config, pq.read_schema(path).remove_metadata().to_string())
        for summary in (bare, full)
        for config in ("quotes", "stance", "speakers")
        for path in sorted((summary.path / config).rglob("*.parquet"))
    }
    assert sorted(config for config, _ in schemas) == ["quotes", "speakers", "stance"]
    assert not any("null" in schema.replace("not null", "") for _, schema in schemas)
