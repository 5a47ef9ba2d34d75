"""Invented releases of any number of shards, which are as whole as those that the product writes."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from builder.release.dataset import STANCE, Size, columns, dataset_info, to_table, write_period
from builder.release.folder import CARD
from builder.release.front_matter import with_metadata
from builder.release.manifest import write_manifest

LABELS = ("favor", "against", "neutral")
SPLIT = "train"
WORDS = "the harbour bridge will bring jobs and ruin quiet streets, says the mayor of the old town".split()


def write_invented(
    folder: Path, version: str, shards: int, rows: int = 20, labels: Mapping[int, str] | None = None
) -> Path:
    """Writes the release `version` into `folder`: `shards` months of `rows` stances each.

    `labels` are those of the rows of single shards, which otherwise are drawn; nothing else differs from one
    version to the next, so a version with more shards begins with the files of the one with fewer.
    """
    target = folder / f"v{version}"
    features = columns(LABELS)[STANCE]
    size = Size()
    for shard in range(shards):
        period = f"{2000 + shard // 12}-{shard % 12 + 1:02}"
        made = list(_rows(shard, rows, (labels or {}).get(shard)))
        table = to_table(made, features, pa.schema(features.arrow_schema))
        size += write_period(target / STANCE / SPLIT, period, [table], features)
    (target / CARD).write_text(_card(features, size, version), encoding="utf-8")
    write_manifest(target, version, {})
    return target


def _rows(shard: int, count: int, label: str | None) -> Iterator[dict[str, Any]]:
    draw = random.Random(shard)  # noqa: S311 - invented text
    for number in range(count):
        text = " ".join(draw.choices(WORDS, k=12))
        yield {
            **dict.fromkeys(columns(LABELS)[STANCE]),
            "id": f"s{shard}-{number}",
            "quotation_id": f"q{shard}-{number}",
            "text": text,
            "context": f"“{text},” said the mayor.",
            "speaker": "Odile Brandt",
            "target_id": "bridge",
            "target": "the bridge",
            "label": label or draw.choice(LABELS),
            "label_source": "reviewed",
            "n_annotators": 1,
        }


def _card(features: Any, size: Size, version: str) -> str:
    metadata = {
        "license": "cc0-1.0",
        "configs": [
            {
                "config_name": STANCE,
                "default": True,
                "data_files": [{"split": SPLIT, "path": f"{STANCE}/{SPLIT}/*.parquet"}],
            }
        ],
        "dataset_info": [dataset_info(STANCE, features, {SPLIT: size})],
    }
    return with_metadata(metadata, f"# Invented quotations\n\nVersion {version}.\n")
