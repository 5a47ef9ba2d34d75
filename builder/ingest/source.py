"""One input as it was found: where it is, how to read it, and what its contents are."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from builder.config import FieldNames
from builder.ingest.compression import Compression
from builder.ingest.limits import BLOCK
from builder.records import RawFormat

STAGE = "inputs"  # what a reject of an input names as its stage

Kind = Literal["document", "jsonl", "parquet", "warc", "repository"]


@dataclass(frozen=True, slots=True)
class Repository:
    """A split of a `datasets` repository: in a local folder, or on the Hub at a commit.

    `files` are the names, relative to the local folder, of all that is read.
    """

    split: str
    name: str | None = None
    subset: str | None = None
    commit: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file of one document, a file of many, or a repository.

    `uri` is the name relative to the input it was found by, and ends in the file's name; `path`
    is None on the Hub; `content` says what each document of it is.
    """

    uri: str
    path: Path | None
    kind: Kind
    content: RawFormat
    compression: Compression = "none"
    fields: FieldNames = field(default_factory=FieldNames)
    repository: Repository | None = None

    @property
    def is_container(self) -> bool:
        """Whether it holds any number of documents."""
        return self.kind != "document"

    @property
    def file(self) -> Path:
        """The path of a source that is a file."""
        if self.path is None:
            raise ValueError(f"{self.uri} is no file")
        return self.path

    def fingerprint(self) -> str:
        """The hash of the contents and of what decides how they are read, in hexadecimal."""
        reading = {
            "uri": self.uri,
            "kind": self.kind,
            "content": self.content,
            "compression": self.compression,
            "fields": self.fields.model_dump() if self.is_container else None,
            "repository": asdict(self.repository) if self.repository else None,
        }
        digest = hashlib.sha256(json.dumps(reading, sort_keys=True).encode("utf-8", "surrogatepass"))
        for name, path in _files(self.path, self.repository):
            digest.update(b"\0" + os.fsencode(name) + b"\0")
            _add_contents(digest, path)
        return digest.hexdigest()


def _files(path: Path | None, repository: Repository | None) -> list[tuple[str, Path]]:
    if path is None:
        return []
    return [(name, path / name) for name in repository.files] if repository else [("", path)]


def _add_contents(digest: Any, path: Path) -> None:
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError:
        digest.update(b"unreadable")  # reading it will say so in a reject
