"""Hashes of what an output depends on besides its input: configuration, code, libraries, models.

The code's hash is taken of the source files themselves, so that nobody has to remember to count a
version up: a changed stage is run again, at the price of sometimes running one whose comments changed.
"""

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

import builder
from builder.ids import sha256

PACKAGE = Path(builder.__file__).parent
# What the bytes of every shard depend on: the records, the way they are written, and the stages' own
# wiring.
SHARED = ("records.py", "ids.py", "lines.py", "stages.py", "engine/workspace.py", "engine/database.py")
SHARED_LIBRARIES = ("duckdb", "pyarrow")


def of_config(*sections: BaseModel | Iterable[BaseModel], without: Iterable[str] = ()) -> str:
    """The hash of configuration sections, keys sorted; `without` names keys that change no output."""
    values = [
        section.model_dump(mode="json", exclude=set(without))
        if isinstance(section, BaseModel)
        else [one.model_dump(mode="json") for one in section]
        for section in sections
    ]
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode())


def of_code(*names: str, libraries: Iterable[str] = ()) -> str:
    """The hash of the source of modules or packages of `builder`, and of the versions of libraries."""
    files = [path for name in (*SHARED, *names) for path in _sources(PACKAGE / name)]
    return _hash_of(
        PACKAGE, files, also=[f"{name} {version(name)}" for name in {*SHARED_LIBRARIES, *libraries}]
    )


def of_files(folder: Path) -> str:
    """The hash of the names and contents of all files of a folder, such as a model's."""
    return _hash_of(folder, [path for path in folder.rglob("*") if path.is_file()])


def _sources(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _hash_of(root: Path, files: Iterable[Path], also: Iterable[str] = ()) -> str:
    lines = [f"{path.relative_to(root).as_posix()} {sha256(path.read_bytes())}" for path in sorted(files)]
    return sha256("\n".join([*lines, *sorted(also)]).encode())
