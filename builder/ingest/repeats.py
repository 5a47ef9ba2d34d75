"""Documents that were read more than once: the same bytes under the same id.

Which of them is the first is only known when all inputs are gathered, so this step looks at the
ids of all shards and writes, beside each shard, which of its rows are repeats. Parsing then
leaves them out with a reason; when the first one disappears, the next takes its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from builder.engine.corpus import hash_of_shards
from builder.engine.database import connected
from builder.engine.workspace import Progress, Workspace, silent
from builder.ingest.gather import FOLDER as INPUTS

FOLDER = "repeats"
REPEATS = """
    with numbered as (
        select id, uri, parse_filename(filename, true) as shard, file_row_number as row
        from read_parquet($files, filename = true, file_row_number = true)
    ), first as (
        select id, arg_min(uri, (shard, row)) as uri, min((shard, row)) as place
        from numbered group by id having count(*) > 1
    )
    select shard, row, first.uri
    from numbered join first on numbered.id = first.id
    where (shard, row) > first.place
    order by shard, row
"""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Row `row` (from 0) of a shard of raw documents was read before, from `first`."""

    row: int
    first: str


def find_repeats(
    workspace: Workspace,
    shards: Sequence[str],
    memory_mb: int,
    fingerprint: Mapping[str, str],
    progress: Progress = silent,
) -> None:
    """Brings the lists of repeats, one per shard of raw documents, up to date."""
    inputs = {INPUTS: hash_of_shards(workspace, INPUTS, shards)}
    workspace.prune(FOLDER, shards)
    progress(FOLDER, 0, len(shards))
    if not all(workspace.is_done(FOLDER, shard, inputs, fingerprint) for shard in shards):
        found = _find([workspace.path(INPUTS, shard) for shard in shards], memory_mb, workspace.spill)
        for shard in shards:
            workspace.write(FOLDER, shard, Repeat, found.get(shard, []), [], inputs, fingerprint)
    progress(FOLDER, len(shards), len(shards))


def _find(files: Sequence[Path], memory_mb: int, spill: Path) -> dict[str, list[Repeat]]:
    with connected(memory_mb, spill) as database:
        rows = database.execute(REPEATS, {"files": [str(path) for path in files]}).fetchall()
    return {
        shard: [Repeat(row, first) for _, row, first in some] for shard, some in groupby(rows, itemgetter(0))
    }
