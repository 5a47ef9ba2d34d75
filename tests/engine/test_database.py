"""The database of the global steps keeps to its memory, and says so where that is not enough."""

from pathlib import Path

import pytest

from builder.engine.database import connected
from builder.errors import RunError


def test_too_little_memory_is_named_with_its_key(tmp_path: Path) -> None:
    with (
        pytest.raises(RunError, match=r"^the database .* run\.memory_mb = 128: Out of Memory Error[^\n]*$"),
        connected(128, tmp_path / "spill") as database,
    ):
        query = "select repeat('a', 20000000) || number from range(9) numbers (number) order by 1"
        database.execute(query).fetchall()
