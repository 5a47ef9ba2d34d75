"""Rows on their way from the shards of the workspace to the files of a release.

They are laid down as they are made, shard by shard: in a temporary Parquet file, from which the release
is measured, and whole, with their long texts apart, in files beside it. One sort, bounded in memory
and spilling to disk, brings the places of the rows into the order of the release, and the rows are
read again from there in groups, each bounded by rows and by bytes. Shards can be laid down, and periods
read, by several processes at once.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.engine.database import Database
from builder.errors import ReleaseError
from builder.release.dataset import Features, to_table
from builder.release.laid_rows import PLACE, ROW, SHARD, LaidRows
from builder.release.rows import Row
from builder.release.splits import SPLITS
from builder.release.texts import Reader, Texts

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

UNDECIDED = {"label_source": "none", "label": None}
"""What rows without a decision say, those of configurations without labels the first of it."""

ROWS_AT_ONCE = 2_000  # without their long texts: a megabyte or two in memory
BATCHES_AT_ONCE = 5  # of so many rows, which are read together: a shard's file is opened less often
GROUP_ROWS = 2_000  # with their long texts: some megabytes before compression
GROUP_BYTES = 16 * 2**20  # of long texts; one row alone may have more


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
        self._order = folder / "order.arrow"
        self._texts = Texts(folder / "texts")
        self._long = {name: (f"{name}_at", f"{name}_bytes") for name in LONG if name in features}
        self._plain = pa.schema(
            [one for one in features.arrow_schema.remove_metadata() if one.name not in LONG]
        )
        places = [(name, pa.int64()) for some in self._long.values() for name in some]
        measured = [one for one in self._plain if one.name in MEASURED]
        self._all = pa.schema([*self._plain, *places, *PLACE, *beside])
        self._measured = pa.schema([*measured, *PLACE, *beside])
        self._rows = LaidRows(folder, pa.schema([*self._plain, *places, PLACE.field(SHARD)]))

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
        written: list[pa.Table] = []
        numbers = count()
        with (
            self._texts.appending(shard) as texts,
            pq.ParquetWriter(self._folder / f"{shard:05}.parquet", self._measured) as measured,
        ):

            def write() -> None:
                table = to_table(waiting, self.features, self._all)
                measured.write_table(table.select(self._measured.names))
                written.append(table.select(self._rows.schema.names))
                waiting.clear()

            def add(rows: Iterable[Row]) -> None:
                for row in rows:
                    light = row | {SHARD: shard, ROW: next(numbers)}
                    for name, (at, size) in self._long.items():
                        light[at], light[size] = texts.append(name, light.pop(name))
                    waiting.append(light)
                    if len(waiting) == ROWS_AT_ONCE:
                        write()

            yield add
            write()
        self._rows.lay_down(shard, written)

    def sort(self, database: Database, relation: str) -> list[Period]:
        """Sorts the rows by split, period and id; the periods of each split, in order.

        `relation` holds the rows with their `split`.
        """
        columns = ", ".join(["split", "period", *PLACE.names])
        found = database.sql(
            f"select {columns} from {relation}"  # noqa: S608 - names of our own
            " order by list_position($splits, split), period, id",
            params={"splits": list(SPLITS)},
        )
        periods: list[Period] = []
        end = 0
        with (
            found.to_arrow_reader(ROWS_AT_ONCE) as reader,
            pa.ipc.new_file(str(self._order), PLACE) as order,
        ):
            runs = (run for batch in reader for run in _runs(batch))
            for (split, period), some in groupby(runs, key=lambda run: run[0]):
                first = end
                for _, batch in some:
                    order.write_batch(batch.select(PLACE.names).cast(PLACE))
                    end += 1
                periods.append(Period(split, period, first, end))
        return periods

    def groups(self, period: Period) -> Iterator[pa.Table]:
        """The sorted rows of a period in groups; those of `unlabelled` without the label that they had."""
        with self._texts.reading() as texts:
            for group in self._groups(map(self._rows.take, self._ordered(period))):
                yield self._published(group, texts, undecided=period.split == "unlabelled")

    def _ordered(self, period: Period) -> Iterator[pa.Table]:
        """Where the sorted rows of a period lie, some thousands at a time."""
        with pa.OSFile(str(self._order)) as file, pa.ipc.open_file(file) as order:
            for first in range(period.first, period.end, BATCHES_AT_ONCE):
                numbers = range(first, min(first + BATCHES_AT_ONCE, period.end))
                yield pa.Table.from_batches([order.get_batch(number) for number in numbers])

    def _groups(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The same rows, cut only by their number and the bytes of their texts, however they came."""
        waiting: list[pa.Table] = []
        rows = size = 0
        for table in tables:
            start = 0
            lengths = zip(*(table[size].to_pylist() for _, size in self._long.values()), strict=True)
            for number, length in enumerate(map(sum, lengths)):
                if rows == GROUP_ROWS or (rows and size + length > self._group_bytes):
                    yield pa.concat_tables([*waiting, table.slice(start, number - start)])
                    waiting, start, rows, size = [], number, 0, 0
                rows, size = rows + 1, size + length
            waiting.append(table.slice(start))
        yield pa.concat_tables(waiting)

    def _published(self, group: pa.Table, texts: Reader, undecided: bool) -> pa.Table:
        columns = {name: group[name] for name in self._plain.names}
        for name, (at, size) in self._long.items():
            places = zip(group[at].to_pylist(), group[size].to_pylist(), strict=True)
            found = texts.read(zip(group[SHARD].to_pylist(), places, strict=True))
            columns[name] = pa.array(found, pa.string())
        if undecided:
            decided = pa.schema([one for one in self._plain if one.name in UNDECIDED])
            blank = to_table([UNDECIDED] * group.num_rows, self.features, decided)
            columns |= {name: blank[name] for name in decided.names}
        schema = self.features.arrow_schema
        return _as_new(pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema))


def _as_new(table: pa.Table) -> pa.Table:
    """The same rows in memory as they would be had they never been among others, whose bytes are counted."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return pa.ipc.open_stream(sink.getvalue()).read_all()


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
