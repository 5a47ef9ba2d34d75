"""Finding what the configured inputs stand for, and grouping it into batches that change little."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from builder.config import InputConfig
from builder.ids import sha256
from builder.ingest.hub import is_on_hub, is_repository, repository_source
from builder.ingest.limits import Refused
from builder.ingest.paths import expand, is_folder, located, shown
from builder.ingest.search import Found
from builder.ingest.sniff import sniffed
from builder.ingest.source import STAGE, Source
from builder.records import Reject

# A group of files begins where the hash of a name is a multiple of this; eight times as many files
# without a beginning come once in three thousand groups.
FILES_ON_AVERAGE = 128
MOST_FILES = 8 * FILES_ON_AVERAGE
NAME_LENGTH = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources that are read together: one container, or files of one document each.

    `name` is short, safe as a file's name, and the same when other files come or go.
    """

    name: str
    sources: tuple[Source, ...]

    def fingerprint(self) -> str:
        """The hash of the contents of all sources and of what decides how they are read."""
        hashes = [source.fingerprint() for source in self.sources]
        return sha256("\n".join(hashes).encode())


def discover(inputs: Sequence[InputConfig], base: Path) -> tuple[list[Source], list[Reject]]:
    """What the inputs stand for, sorted by name within each, and what cannot be used.

    Relative paths start at `base`.
    """
    sources: list[Source] = []
    rejects: list[Reject] = []
    for one in inputs:
        for found in _found(one, base):
            (sources if isinstance(found, Source) else rejects).append(found)  # type: ignore[arg-type]
    return sources, rejects


def batches(sources: Sequence[Source]) -> list[Batch]:
    """Each container by itself, and the files of one document each in groups; in order.

    Where a group begins depends on names only, so a file that is added or removed changes one
    batch, or divides one, or joins two.
    """
    place = {id(source): number for number, source in enumerate(sources)}
    groups = [(source.uri, [source]) for source in sources if source.is_container]
    groups += _groups([source for source in sources if not source.is_container])
    times: dict[str, int] = {}
    found = []
    for name, group in sorted(groups, key=lambda one: place[id(one[1][0])]):
        times[name] = times.get(name, 0) + 1  # two inputs may have files of the same name
        found.append(Batch(sha256(f"{times[name]} {name}".encode())[:NAME_LENGTH], tuple(group)))
    return found


def _found(one: InputConfig, base: Path) -> Iterator[Source | Reject]:
    folder = located(one.path, base)
    if is_on_hub(one.path) or (is_folder(folder) and is_repository(folder)):
        try:
            yield repository_source(one, None if is_on_hub(one.path) else folder)
        except Refused as refused:
            yield Reject(STAGE, shown(one.path), refused.reason, refused.detail)
        return
    files, rejects = expand(one.path, base)
    yield from rejects
    for file in files:
        yield _source(file, one)


def _source(file: Found, asked: InputConfig) -> Source | Reject:
    try:
        found = sniffed(file.path, asked.content)
    except Refused as refused:
        return Reject(STAGE, file.name, refused.reason, refused.detail)
    return Source(file.name, file.path, found.kind, found.content, found.compression, asked.fields)


def _groups(files: Sequence[Source]) -> Iterator[tuple[str, list[Source]]]:
    """Groups of files and what each is named for: the file that it begins with.

    The first group begins wherever its first file happens to be, so it is named for none.
    """
    starts = [
        number for number, file in enumerate(files) if number == 0 or _hash(file) % FILES_ON_AVERAGE == 0
    ]
    for start, end in pairwise([*starts, len(files)]):
        name = files[start].uri if _hash(files[start]) % FILES_ON_AVERAGE == 0 else ""
        for piece in _divided(files[start:end]):
            yield name if piece[0] is files[start] else piece[0].uri, list(piece)


def _divided(files: Sequence[Source]) -> Iterator[Sequence[Source]]:
    """A group in pieces of at most MOST_FILES, cut where the hash of the name is smallest."""
    if len(files) <= MOST_FILES:
        yield files
        return
    cut = min(range(1, len(files)), key=lambda number: _hash(files[number]))
    yield from _divided(files[:cut])
    yield from _divided(files[cut:])


def _hash(file: Source) -> int:
    return int(sha256(file.uri.encode())[:16], 16)
