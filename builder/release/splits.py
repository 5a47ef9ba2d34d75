"""Which split a row belongs to: drawn by what may never be divided, never by row.

That is a unit: a cluster of near-duplicate articles or a speaker, together with all other units that
hold the same quotation. Its draw is a hash of its id and the seed, or follows from its date. `test`
holds rows that people labelled, and nothing else; a row that only the model labelled in a unit drawn
for `test` may stand in no other labelled split either, so its label is withheld and it is published
unlabelled.

A unit stays where the release before had it, so that what was tested on is never trained on later; of
several splits that it was in, before units were joined, the test wins.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from builder.clusters.groups import Groups
from builder.config import SplitConfig
from builder.engine.database import Database
from builder.release.dataset import QUOTES, STANCE
from builder.release.label_source import HUMAN, LABEL_SOURCES
from builder.release.same import find_same

Split = Literal["train", "validation", "test", "unlabelled"]

SPLITS: tuple[Split, ...] = get_args(Split)
LABELLED = SPLITS[:3]
"""From the one that gives way to the one that wins."""

UNITS_AT_ONCE = 10_000

UNITS = """
    create table numbered as
    select row_number() over (order by unit) - 1 as number, unit, max(day) as day
    from {quotes} group by unit
"""
LINKS = """
    with first as (select quotation, min(unit) as unit from same group by quotation)
    select distinct a.number, b.number
    from same join first using (quotation)
    join numbered as a on a.unit = first.unit join numbered as b on b.unit = same.unit
    where a.number <> b.number order by all
"""
# In which labelled split rows of a unit were before, as its place in LABELLED.
HELD = """
    create table held as
    select unit, max(place) as place
    from before join (select id, unit from {quotes} union all select id, unit from {stance}) using (id)
    group by unit
"""
# Each unit with the name, the last day and the split that all those have which it is joined with.
JOINED = """
    with named as (
        select numbered.*, place, coalesce(joined.smallest, number) as first
        from numbered left join joined using (number) left join held using (unit)
    )
    select unit, min(unit) over together, max(day) over together, max(place) over together
    from named window together as (partition by first) order by unit
"""
PLACED = """
    create view {name} as
    select
        * replace (if(split = 'unlabelled', 0, label_source) as label_source{without_label}),
        split = 'unlabelled' and label_source <> 0 as withheld
    from (
        select laid.*, case
            when label_source = 0 or (drawn.split = 'test' and label_source not in {human}) then 'unlabelled'
            else drawn.split
        end as split
        from {laid} as laid join drawn using (unit)
    )
"""
DRAWN = pa.schema([("unit", pa.string()), ("split", pa.string())])
BEFORE = pa.schema([("id", pa.string()), ("place", pa.int8())])
HUMAN_SOURCES = tuple(LABEL_SOURCES.index(one) for one in HUMAN)


def place_rows(database: Database, shares: SplitConfig, before: Path | None = None) -> None:
    """Makes the relations `placed_quotes` and `placed_stance`: all rows with `split` and `withheld`.

    It reads `laid_quotes` and `laid_stance`, which hold the source and the label that each row has as
    long as it is in no split: a row in `unlabelled` has none, and is `withheld` if it had one.
    `before` is the folder of the release before this one.
    """
    relations = {config: laid(config) for config in (QUOTES, STANCE)}
    find_same(database, laid(QUOTES))
    database.execute(UNITS.format(**relations))
    database.register("joined", _joined_units(database).as_table())
    database.register("before", _labelled_before(before))
    database.execute(HELD.format(**relations))
    database.register("drawn", pa.Table.from_batches(_draws(database, shares), DRAWN))
    for config, relation in relations.items():
        without_label = ", if(split = 'unlabelled', null, label) as label" if config == STANCE else ""
        database.execute(
            PLACED.format(
                name=placed(config), laid=relation, without_label=without_label, human=HUMAN_SOURCES
            )
        )


def laid(config: str) -> str:
    """The name of the relation with the rows of a configuration of the dataset before they are placed."""
    return f"laid_{config}"


def placed(config: str) -> str:
    """The name of the relation with the placed rows of a configuration of the dataset."""
    return f"placed_{config}"


def _joined_units(database: Database) -> Groups:
    """The units, by their numbers, that hold the same quotations."""
    groups = Groups()
    found = database.execute(LINKS)
    while links := found.fetchmany(UNITS_AT_ONCE):
        for one, other in links:
            groups.join(one, other)
    return groups


def _labelled_before(release: Path | None) -> pa.Table:
    """The ids of the labelled rows of a release, and where their split stands in LABELLED."""
    tables = [BEFORE.empty_table()]
    for place, split in enumerate(LABELLED if release is not None else ()):
        for config in (QUOTES, STANCE):
            for path in sorted(release.glob(f"{config}/{split}/*.parquet")):  # type: ignore[union-attr]
                ids = pq.ParquetFile(path).read(["id"])
                tables.append(
                    ids.append_column("place", pa.array([place] * len(ids), pa.int8())).cast(BEFORE)
                )
    return pa.concat_tables(tables)


def _draws(database: Database, shares: SplitConfig) -> Iterator[pa.RecordBatch]:
    found = database.execute(JOINED)
    while rows := found.fetchmany(UNITS_AT_ONCE):
        units = [unit for unit, *_ in rows]
        # A date decides by itself: it does not change when others come.
        held = [None if shares.by == "time" else place for *_, place in rows]
        splits = [
            draw(named, day, shares) if place is None else LABELLED[place]
            for (_, named, day, _), place in zip(rows, held, strict=True)
        ]
        yield pa.record_batch([units, splits], DRAWN)


def draw(unit: str, day: str | None, shares: SplitConfig) -> Split:
    """The split that a unit is drawn for; `day` is when the last of it was published."""
    if shares.by == "time":
        return _by_time(day, shares)
    digest = hashlib.sha256(f"{shares.seed}:{unit}".encode()).digest()
    position = int.from_bytes(digest[:8], "big") / 2**64
    if position < shares.test:
        return "test"
    if position < shares.test + shares.validation:
        return "validation"
    return "train"


def _by_time(day: str | None, shares: SplitConfig) -> Split:
    """What has no date is for training: nothing says that it is later than that."""
    if day and shares.test_from and day >= shares.test_from:
        return "test"
    if day and shares.validation_from and day >= shares.validation_from:
        return "validation"
    return "train"
