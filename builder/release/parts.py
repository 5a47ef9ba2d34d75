"""Rows on their way from the shards of the workspace to the files of a release.

They are laid down as they are made, shard by shard: in a temporary Parquet file, from which the release
is measured, and whole, with their long texts apart, in files beside it. One sort, bounded in memory
and spilling to disk, brings the places of the rows into the order of the release, and the rows are
read again from there in groups, each bounded by rows and by bytes. Shards can be laid down, and periods
read, by several processes at once.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.engine.database import Database
from builder.errors import ReleaseError
from builder.release.dataset import Features, to_table
from builder.release.rows import Row
from builder.release.splits import SPLITS
from builder.release.texts import Appender, Place, Reader, Texts

LONG = ("context", "text")
"""The columns whose texts can be as long as an article."""

MEASURED = (
    "id",
    "quotation_id",
    "document_id",
    "cluster",
    "kind",
    "speaker",
    "target_id",
    "target",
    "label",
    "label_source",
    "probabilities",
    "confidence",
    "extractor",
    "model",
)
"""The columns that rows are placed and measured by; a database need not read the others."""

ROW = "row"
"""The column whose text is all the rest of a row, in JSON."""

UNDECIDED = {"label_source": "none", "label": None}
"""What rows without a decision say, those of configurations without labels the first of it."""

ROWS_AT_ONCE = 2_000  # without their long texts: a megabyte or two in memory
GROUP_ROWS = 2_000  # with their long texts: some megabytes before compression
GROUP_BYTES = 16 * 2**20  # of long texts; one row alone may have more


SHARD = "shard"
"""The column that says in which shard's files the texts of a row lie."""


@dataclass(frozen=True, slots=True)
class Period:
    """The rows of a period in one split; their sorted places are the batches from `first` to before `end`."""

    split: str
    name: str
    first: int
    end: int


class Parts:
    """The rows of one configuration of the dataset; nothing is kept of them in memory.

    `beside` are the columns that rows have besides the published `features`.
    """

    def __init__(
        self, folder: Path, features: Features, beside: pa.Schema, group_bytes: int = GROUP_BYTES
    ) -> None:
        self.features, self._folder, self._group_bytes = features, folder, group_bytes
        self._texts, self._rest = Texts(folder / "texts"), Texts(folder / "rest")
        self._order = folder / "order.arrow"
        self._long = [name for name in LONG if name in features]
        self._places = [f"{name}_{part}" for name in (*self._long, ROW) for part in ("at", "bytes")]
        self._plain = pa.schema(
            [one for one in features.arrow_schema.remove_metadata() if one.name not in LONG]
        )
        measured = [one for one in self._plain if one.name in MEASURED]
        places = [(SHARD, pa.int32()), *((name, pa.int64()) for name in self._places)]
        self._schema = pa.schema([*measured, *places, *beside])

    def register(self, database: Database, name: str) -> int:
        """Makes the rows, without their long texts, a relation of the database; how many they are."""
        files = sorted(self._folder.glob("*.parquet"))
        database.from_parquet([str(path) for path in files]).create_view(name)
        return sum(pq.read_metadata(path).num_rows for path in files)

    @contextmanager
    def adding(self, shard: int) -> Iterator[Callable[[Iterable[Row]], None]]:
        """A function that lays down rows of a shard; all of them must be added in one go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        waiting: list[Row] = []
        with (
            self._texts.appending(shard) as texts,
            self._rest.appending(shard) as rest,
            pq.ParquetWriter(self._folder / f"{shard:05}.parquet", self._schema) as writer,
        ):

            def write() -> None:
                writer.write_table(to_table(waiting, self.features, self._schema))
                waiting.clear()

            def add(rows: Iterable[Row]) -> None:
                for row in rows:
                    waiting.append(self._without_texts(row, texts, rest) | {SHARD: shard})
                    if len(waiting) == ROWS_AT_ONCE:
                        write()

            yield add
            write()

    def sort(self, database: Database, relation: str) -> list[Period]:
        """Sorts the rows by split, period and id; the periods of each split, in order.

        `relation` holds the rows with their `split`.
        """
        columns = ", ".join(["split", "period", SHARD, *self._places])
        found = database.sql(
            f"select {columns} from {relation}"  # noqa: S608 - names of our own
            " order by list_position($splits, split), period, id",
            params={"splits": list(SPLITS)},
        )
        periods: list[Period] = []
        end = 0
        schema = pa.schema([self._schema.field(name) for name in (SHARD, *self._places)])
        with (
            found.to_arrow_reader(ROWS_AT_ONCE) as reader,
            pa.ipc.new_file(str(self._order), schema) as order,
        ):
            runs = (run for batch in reader for run in _runs(batch))
            for (split, period), some in groupby(runs, key=lambda run: run[0]):
                first = end
                for _, batch in some:
                    order.write_batch(batch.select(schema.names).cast(schema))
                    end += 1
                periods.append(Period(split, period, first, end))
        return periods

    def groups(self, period: Period) -> Iterator[pa.Table]:
        """The sorted rows of a period in groups; those of `unlabelled` without the label that they had."""
        blank = UNDECIDED if period.split == "unlabelled" else {}
        with (
            pa.OSFile(str(self._order)) as file,
            pa.ipc.open_file(file) as order,
            self._texts.reading() as texts,
            self._rest.reading() as rest,
        ):
            batches = (order.get_batch(number) for number in range(period.first, period.end))
            for group in self._groups(pa.Table.from_batches([batch]) for batch in batches):
                yield self._published(group, texts, rest, blank)

    def _without_texts(self, row: Row, texts: Appender, rest: Appender) -> Row:
        light = {name: value for name, value in row.items() if name not in self._long}
        published = json.dumps({name: row[name] for name in self._plain.names})
        places = {name: texts.append(name, row[name]) for name in self._long}
        places[ROW] = rest.append(ROW, published)
        for name, (at, size) in places.items():
            light[f"{name}_at"], light[f"{name}_bytes"] = at, size
        return light

    def _groups(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The same rows, cut only by their number and the bytes of their texts, however they came."""
        waiting: list[pa.Table] = []
        rows = size = 0
        for table in tables:
            start = 0
            lengths = zip(*(table[f"{name}_bytes"].to_pylist() for name in self._long), strict=True)
            for number, length in enumerate(map(sum, lengths)):
                if rows == GROUP_ROWS or (rows and size + length > self._group_bytes):
                    yield pa.concat_tables([*waiting, table.slice(start, number - start)])
                    waiting, start, rows, size = [], number, 0, 0
                rows, size = rows + 1, size + length
            waiting.append(table.slice(start))
        yield pa.concat_tables(waiting)

    def _published(
        self, group: pa.Table, texts: Reader, rest: Reader, blank: Mapping[str, str | None]
    ) -> pa.Table:
        plain = {name: self.features[name] for name in self._plain.names}
        rows = (json.loads(row) | blank for row in rest.read(_places(group, ROW)))
        table = to_table(rows, plain, self._plain)
        for name in self._long:
            table = table.append_column(name, pa.array(texts.read(_places(group, name)), pa.string()))
        return table.select(list(self.features)).cast(self.features.arrow_schema)


def require_unique_ids(database: Database, relation: str) -> None:
    """Refuses rows of the same id.

    Raises:
        ReleaseError: there are some; names one.
    """
    query = f"select id from {relation} group by id having count(*) > 1 order by id limit 1"  # noqa: S608
    twice = database.execute(query).fetchone()
    if twice is not None:
        raise ReleaseError(
            f"two rows would have the id {twice[0]}: a decision names it with a document not its own"
        )


def _places(group: pa.Table, name: str) -> Iterator[tuple[int, Place]]:
    starts, lengths = group[f"{name}_at"].to_pylist(), group[f"{name}_bytes"].to_pylist()
    return zip(group[SHARD].to_pylist(), zip(starts, lengths, strict=True), strict=True)


def _runs(batch: pa.RecordBatch) -> Iterator[tuple[tuple[str, str], pa.RecordBatch]]:
    """The stretches of a batch that belong to one split and period."""
    keys: Iterable[tuple[Any, Any]] = zip(
        batch["split"].to_pylist(), batch["period"].to_pylist(), strict=True
    )
    start = 0
    for key, rows in groupby(keys):
        length = sum(1 for _ in rows)
        yield key, batch.slice(start, length)
        start += length
