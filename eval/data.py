"""The corpora that the evaluation runs on, which are not part of the repository."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "data"


def data_folder() -> Path | None:
    """The folder of corpora: $QUOTESTANCE_DATA, or ../shared/data beside the repository; None if absent."""
    folder = Path(os.environ.get("QUOTESTANCE_DATA") or DEFAULT)
    return folder if folder.is_dir() else None


def fingerprint(paths: Iterable[Path]) -> str:
    """The SHA-256 of the contents of files, in the order of their names."""
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
