"""Writing the data of a release: Parquet files by configuration, split and period."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from builder.engine.database import Database
from builder.release.dataset import SPEAKERS, Features, Size, write_period
from builder.release.laying import in_workers
from builder.release.parts import Parts, Period
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
    workers: int = 1,
) -> Sizes:
    """Writes the placed rows of all configurations, and with the columns `speakers` who spoke them.

    A folder per split holds one or more files per period.
    """
    periods = [(name, one) for name, some in parts.items() for one in some.sort(database, placed(name))]
    sizes: Sizes = {}
    for name, period in periods:
        sizes.setdefault(name, {})[period.split] = Size()
    jobs = ((f"{name}/{period.split}/{period.name}", (name, period)) for name, period in periods)
    for name, split, size in in_workers(partial(_write_period, parts, folder), jobs, workers):
        sizes[name][split] += size
    tables = speaker_tables(database, speakers, labels)
    size = write_period(folder / SPEAKERS / ONLY_SPLIT, ALL_TIME, tables, speakers)
    return {**sizes, SPEAKERS: {ONLY_SPLIT: size}} if size.rows else sizes


def _write_period(parts: Mapping[str, Parts], folder: Path, job: tuple[str, Period]) -> tuple[str, str, Size]:
    name, period = job
    groups = parts[name].groups(period)
    written = write_period(folder / name / period.split, period.name, groups, parts[name].features)
    return name, period.split, written
