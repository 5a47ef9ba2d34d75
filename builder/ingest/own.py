"""What this program wrote itself: no article is read from it because it lies below a folder that is read.

A workspace beside the articles holds copies of them, and a release holds their quotations.
"""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from builder.engine.workspace import Workspace, is_workspace

MANIFEST = "manifest.json"
OF_A_MANIFEST = {"version", "files", "fingerprints"}


def is_own(folder: Path, names: Collection[str]) -> bool:
    """Whether a folder, in which there are these names, is a workspace or a release."""
    return is_workspace(folder, names) or (MANIFEST in names and _is_manifest(folder / MANIFEST))


def without_own(folder: Path, names: Sequence[str]) -> Sequence[str]:
    """The names in a folder; of a workspace those that are not of its runs."""
    own = frozenset(Workspace(folder).folders() if is_workspace(folder, names) else ())
    return [name for name in names if name not in own]


def _is_manifest(path: Path) -> bool:
    if not path.is_file():  # it might be a pipe, which would be waited for
        return False
    try:
        found = json.loads(path.read_bytes())
    except (OSError, RecursionError, ValueError):
        return False
    return isinstance(found, dict) and found.keys() >= OF_A_MANIFEST
