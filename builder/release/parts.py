"""Rows on their way from the shards of the workspace to the files of a release.

They are laid down as they are made: in a temporary Parquet file, from which the release is
measured, and whole, with their long texts apart, in a file beside it. One sort, bounded in memory
and spilling to disk, brings the places of the rows into the order of the release, and the rows are
read again from there in groups, each bounded by rows and by bytes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
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


class Parts:
    """The rows of one configuration of the dataset; nothing is kept of them in memory.

    `beside` are the columns that rows have besides the published `features`.
    """

    def __init__(
        self, folder: Path, features: Features, beside: pa.Schema, group_bytes: int = GROUP_BYTES
    ) -> None:
        folder.mkdir(parents=True)
        self.features, self._group_bytes = features, group_bytes
        self.rows = 0
        self._path = folder / "rows.parquet"
        self._texts, self._rest = Texts(folder / "texts"), Texts(folder / "rest")
        self._long = [name for name in LONG if name in features]
        self._places = [f"{name}_{part}" for name in (*self._long, ROW) for part in ("at", "bytes")]
        self._plain = pa.schema(
            [one for one in features.arrow_schema.remove_metadata() if one.name not in LONG]
        )
        measured = [one for one in self._plain if one.name in MEASURED]
        self._schema = pa.schema([*measured, *((name, pa.int64()) for name in self._places), *beside])

    def register(self, database: Database, name: str) -> None:
        """Makes the rows, without their long texts, a relation of the database."""
        database.from_parquet(str(self._path)).create_view(name)

    @contextmanager
    def adding(self) -> Iterator[Callable[[Iterable[Row]], None]]:
        """A function that lays down rows; all of them must be added in one go."""
        waiting: list[Row] = []
        with (
            self._texts.appending() as texts,
            self._rest.appending() as rest,
            pq.ParquetWriter(self._path, self._schema) as writer,
        ):

            def write() -> None:
                writer.write_table(to_table(waiting, self.features, self._schema))
                waiting.clear()

            def add(rows: Iterable[Row]) -> None:
                for row in rows:
                    waiting.append(self._without_texts(row, texts, rest))
                    self.rows += 1
                    if len(waiting) == ROWS_AT_ONCE:
                        write()

            yield add
            write()

    def sorted(self, database: Database, relation: str) -> Iterator[tuple[str, str, Iterator[pa.Table]]]:
        """Each split's periods with their rows in groups, sorted by split, period and id.

        `relation` holds the rows with their `split`; those of `unlabelled` are published without the
        label that they have here. The groups of one period must be used before the next period is
        asked for.
        """
        columns = ", ".join(["split", "period", *self._places])
        found = database.sql(
            f"select {columns} from {relation}"  # noqa: S608 - names of our own
            " order by list_position($splits, split), period, id",
            params={"splits": list(SPLITS)},
        )
        with (
            found.to_arrow_reader(ROWS_AT_ONCE) as reader,
            self._texts.reading() as texts,
            self._rest.reading() as rest,
        ):
            runs = (run for batch in reader for run in _runs(batch))
            for (split, period), some in groupby(runs, key=lambda run: run[0]):
                blank = UNDECIDED if split == "unlabelled" else {}
                groups = self._groups(table for _, table in some)
                yield split, period, (self._published(group, texts, rest, blank) for group in groups)

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


def _places(group: pa.Table, name: str) -> list[Place]:
    return list(zip(group[f"{name}_at"].to_pylist(), group[f"{name}_bytes"].to_pylist(), strict=True))


def _runs(batch: pa.RecordBatch) -> Iterator[tuple[tuple[str, str], pa.Table]]:
    """The stretches of a batch that belong to one split and period."""
    table = pa.Table.from_batches([batch])
    keys: Iterable[tuple[Any, Any]] = zip(
        table["split"].to_pylist(), table["period"].to_pylist(), strict=True
    )
    start = 0
    for key, rows in groupby(keys):
        length = sum(1 for _ in rows)
        yield key, table.slice(start, length)
        start += length
