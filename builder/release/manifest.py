"""The manifest of a release: what lies in it, what it was made of and by which versions."""

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from builder.engine.workspace import as_json

FILE = "manifest.json"

LIBRARIES = (
    "charset-normalizer",
    "datasets",
    "duckdb",
    "fastwarc",
    "ftfy",
    "htmldate",
    "jinja2",
    "openvino",
    "py3langid",
    "pyarrow",
    "pyyaml",
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


def write_manifest(folder: Path, release: str, fingerprints: Mapping[str, object]) -> None:
    """Writes the manifest of the files that lie in `folder`, itself excepted."""
    manifest: dict[str, Any] = {
        "version": release,
        "files": {
            path.relative_to(folder).as_posix(): {
                "sha256": sha256_of(path),
                "size": path.stat().st_size,
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        "fingerprints": dict(fingerprints),
        "libraries": library_versions(),
    }
    (folder / FILE).write_text(as_json(manifest), encoding="utf-8")


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
