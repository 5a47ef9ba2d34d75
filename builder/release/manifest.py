"""The manifest of a release: what lies in it, what it was made of, by which versions, what it follows."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from builder.engine.workspace import as_json
from builder.errors import ReleaseError

FILE = "manifest.json"

LIBRARIES = (
    "charset-normalizer",
    "datasets",
    "duckdb",
    "fastwarc",
    "ftfy",
    "htmldate",
    "jinja2",
    "numpy",
    "openvino",
    "py3langid",
    "pyarrow",
    "pyyaml",
    "regex",
    "rensa",
    "resiliparse",
    "scikit-learn",
    "skops",
    "syntok",
    "tokenizers",
    "trafilatura",
    "transformers",
)
"""The libraries that could change a byte of a release."""


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One line of a dataset's history: rows by configuration, and what differs from the version before.

    `withdrew` tells whether something that the version before has was left out on request; None is said by
    versions that do not tell.
    """

    version: str
    rows: Mapping[str, int]
    added: Mapping[str, int]
    removed: Mapping[str, int]
    moved: Mapping[str, int]
    changed: Mapping[str, int]
    withdrew: bool | None = None


@dataclass(frozen=True, slots=True)
class FileOfRelease:
    """What the manifest says of a file: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as far as later releases need it; `history` ends with the version itself.

    The first releases that this program made have none, and name no `dataset`.
    """

    version: str
    files: Mapping[str, FileOfRelease]
    history: tuple[PastVersion, ...]
    dataset: str | None = None


def write_manifest(
    folder: Path,
    release: str,
    fingerprints: Mapping[str, object],
    history: Sequence[PastVersion] = (),
    previous: Path | None = None,
    dataset: str | None = None,
) -> None:
    """Writes the manifest of the files that lie in `folder`, itself excepted.

    `history` ends with this release; `previous` is the folder of the release that it follows, whose own
    manifest is named by its hash; `dataset` is the name of what it is a version of.
    """
    manifest: dict[str, Any] = {
        "dataset": dataset,
        "version": release,
        "files": {
            path.relative_to(folder).as_posix(): asdict(FileOfRelease(sha256_of(path), path.stat().st_size))
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        "fingerprints": dict(fingerprints),
        "previous": sha256_of(previous / FILE) if previous is not None else None,
        "history": [asdict(one) for one in history],
        "libraries": library_versions(),
    }
    (folder / FILE).write_text(as_json(manifest), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release.

    Raises:
        ReleaseError: it is not there or is not one.
    """
    path = folder / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        dataset = found.get("dataset")
        return Manifest(
            version=str(found["version"]),
            files={name: FileOfRelease(**one) for name, one in found["files"].items()},
            history=tuple(PastVersion(**one) for one in found.get("history", ())),
            dataset=str(dataset) if dataset is not None else None,
        )
    except OSError as error:
        raise ReleaseError(f"{path}: cannot be read, so {folder} is no release: {error.strerror}") from error
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path}: is not the manifest of a release: {error!r}") from error


def library_versions() -> dict[str, str]:
    """The versions of Python, of quotestance and of the libraries that could change a byte."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("quotestance", *LIBRARIES)},
    }


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
