"""DuckDB over Parquet, for the global steps: bounded in memory, spilling to a given folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from builder.errors import RunError

Database = duckdb.DuckDBPyConnection


@contextmanager
def connected(memory_mb: int, temporary: Path) -> Iterator[Database]:
    """An in-memory database that holds at most `memory_mb` and spills the rest into `temporary`.

    One thread, so that the same query gives the same rows in the same order.

    Raises:
        RunError: the database cannot go on, for want of memory or of space to spill into.
    """
    temporary.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(temporary),
        "threads": 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(":memory:", config=settings) as database:
            # A slow query would print one among what a program reads from standard output.
            database.execute("set enable_progress_bar = false")
            yield database
    except duckdb.Error as error:
        raise RunError(
            f"the database could not go on with run.memory_mb = {memory_mb}: {str(error).splitlines()[0]}"
        ) from error
