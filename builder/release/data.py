"""Writing the data of a release: Parquet files by configuration, split and period."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.engine.database import Database
from builder.release.dataset import SPEAKERS, Features, Size, write_period
from builder.release.parts import Parts
from builder.release.speakers import speaker_tables
from builder.release.splits import SPLITS, placed

ONLY_SPLIT = SPLITS[0]  # as programs expect it where there is nothing to be split
ALL_TIME = "all"

Sizes = dict[str, dict[str, Size]]
"""How large the splits of each configuration of the dataset are; what has no rows is not among them."""


def write_data(
    parts: Mapping[str, Parts],
    speakers: Features,
    labels: Sequence[str],
    folder: Path,
    database: Database,
) -> Sizes:
    """Writes the placed rows of all configurations, and with the columns `speakers` who spoke them."""
    sizes = {name: _write_parts(some, folder / name, database, placed(name)) for name, some in parts.items()}
    tables = speaker_tables(database, speakers, labels)
    size = write_period(folder / SPEAKERS / ONLY_SPLIT, ALL_TIME, tables, speakers)
    sizes[SPEAKERS] = {ONLY_SPLIT: size} if size.rows else {}
    return {name: splits for name, splits in sizes.items() if splits}


def _write_parts(parts: Parts, folder: Path, database: Database, relation: str) -> dict[str, Size]:
    """Writes one configuration of the dataset: a folder per split, one or more files per period."""
    sizes: dict[str, Size] = {}
    for split, period, groups in parts.sorted(database, relation):
        written = write_period(folder / split, period, groups, parts.features)
        sizes[split] = sizes.get(split, Size()) + written
    return sizes
