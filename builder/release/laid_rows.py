"""Rows on their way to a release, without their long texts: a file for each shard, from which any rows are
read again in any order.

The files are Arrow's own form, mapped into memory: of a file only the rows that are asked for are read, and
nothing has to be decoded.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

SHARD, ROW = "shard", "row"
PLACE = pa.schema([(SHARD, pa.int32()), (ROW, pa.int32())])
"""Where a row lies: the shard, and its number among the rows of that shard."""


class LaidRows:
    """The rows of many shards."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.schema, self._folder = schema, folder

    def lay_down(self, shard: int, tables: Sequence[pa.Table]) -> None:
        """Lays down all rows of a shard, or lays them down anew."""
        # As one batch: from several, Arrow takes rows only after it has made one of them.
        rows = pa.concat_tables([self.schema.empty_table(), *tables]).combine_chunks()
        with pa.ipc.new_file(str(self._file(shard)), self.schema) as file:
            file.write_table(rows)

    def take(self, places: pa.Table) -> pa.Table:
        """The rows at some places (see `PLACE`), in that order."""
        order = pc.sort_indices(places, sort_keys=[(SHARD, "ascending"), (ROW, "ascending")])
        by_shard = places.take(order)
        runs = pc.run_end_encode(by_shard[SHARD].combine_chunks())
        taken, start = [], 0
        for shard, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            # Closed at once: however many shards there are, one at a time is mapped.
            with pa.memory_map(str(self._file(shard))) as file, pa.ipc.open_file(file) as rows:
                taken.append(rows.read_all().take(by_shard[ROW].slice(start, end - start)))
            start = end
        return pa.concat_tables(taken).combine_chunks().take(pc.sort_indices(order))

    def _file(self, shard: int) -> Path:
        return self._folder / f"{shard:05}.arrow"
