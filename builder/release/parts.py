"""Rows on their way from the shards of the workspace to the files of a release.

The rows of each shard are laid down in a temporary Parquet file as they are made; then one sort,
bounded in memory and spilling to disk, brings them into the order of the release.
"""

from collections.abc import Iterable, Iterator, Sequence
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

BESIDE = pa.schema([("split", pa.string()), ("period", pa.string()), ("withheld", pa.bool_())])
ROWS_AT_ONCE = 2_000  # rows: a few megabytes in memory


class Parts:
    """The rows of one configuration of the dataset, shard by shard."""

    def __init__(self, folder: Path, features: Features) -> None:
        folder.mkdir(parents=True)
        self._folder, self.features = folder, features
        self.files: list[str] = []

    def add(self, rows: Sequence[Row]) -> None:
        """Lays down the rows of one more shard."""
        if rows:
            path = self._folder / f"{len(self.files)}.parquet"
            with pq.ParquetWriter(path, self._schema()) as writer:
                for first in range(0, len(rows), ROWS_AT_ONCE):
                    some = rows[first : first + ROWS_AT_ONCE]
                    writer.write_table(to_table(some, self.features, BESIDE))
            self.files.append(str(path))

    def require_unique_ids(self, database: Database) -> None:
        """Refuses rows of the same id.

        Raises:
            ReleaseError: there are some; names one.
        """
        query = "select id from read_parquet($files) group by id having count(*) > 1 order by id limit 1"
        twice = database.execute(query, {"files": self.files}).fetchone() if self.files else None
        if twice is not None:
            raise ReleaseError(
                f"two rows would have the id {twice[0]}: a decision names it with a document not its own"
            )

    def sorted(self, database: Database) -> Iterator[tuple[str, str, Iterator[pa.Table]]]:
        """Each split's periods with their rows, sorted by split, period and id.

        The tables of one period must be used before the next period is asked for.
        """
        if not self.files:
            return
        relation = database.sql(
            "select * from read_parquet($files) order by list_position($splits, split), period, id",
            params={"files": self.files, "splits": list(SPLITS)},
        )
        with relation.to_arrow_reader(ROWS_AT_ONCE) as reader:
            runs = (run for batch in reader for run in _runs(batch))
            for (split, period), some in groupby(runs, key=lambda run: run[0]):
                yield split, period, (self._published(table) for _, table in some)

    def _schema(self) -> pa.Schema:
        return to_table([], self.features, BESIDE).schema

    def _published(self, table: pa.Table) -> pa.Table:
        return table.select(list(self.features)).cast(self.features.arrow_schema)


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
