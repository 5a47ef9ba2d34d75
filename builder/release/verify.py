"""Checking that a release is what it says it is: every file by its hash, and the card by the data.

Nothing is taken on trust: a manifest may be damaged, too, or name files that are not of the release.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import ReleaseError
from builder.release import manifest
from builder.release.dataset import Declared, declared_in, features_of
from builder.release.folder import CARD, columns_of, data_files, footer_of, split_of_file
from builder.release.front_matter import metadata_of
from builder.release.manifest import Manifest, read_manifest, sha256_of

FOREIGN = (".gitattributes", ".git", ".cache", "RETRACTED.md")
"""What belongs to the place where a release lies, at its top, and to no release."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not what it should be, and in which way."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: the version, how many files and bytes were read, and all that is wrong."""

    version: str
    files: int
    bytes: int
    differences: tuple[Difference, ...]


def verify(folder: Path) -> Verified:
    """Compares a release with its manifest, and its card with its data.

    Raises:
        ReleaseError: it has no manifest that can be read.
    """
    told = read_manifest(folder)
    found = _files(folder)
    return Verified(
        version=told.version,
        files=len(found),
        bytes=sum(path.stat().st_size for path in found.values()),
        differences=(*_of_files(told, found), *_of_other_things(folder), *_of_card(folder)),
    )


def require_intact(folder: Path) -> None:
    """Refuses a release that is not what it says it is.

    Raises:
        ReleaseError: it is not; the message names the first differences.
    """
    wrong = verify(folder).differences
    if wrong:
        named = "; ".join(f"{one.file}: {one.problem}" for one in wrong[:3])
        raise ReleaseError(f"{folder} is not what it was when it was released: {named}")


def _files(folder: Path) -> dict[str, Path]:
    """The files of a release, without the manifest and without what is of its place."""
    paths = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in paths.items()
        if name.as_posix() != manifest.FILE and name.parts[0] not in FOREIGN
    }


def _of_files(told: Manifest, found: Mapping[str, Path]) -> Iterator[Difference]:
    for name, promised in sorted(told.files.items()):
        path = found.get(name)
        if path is None:
            yield Difference(name, "is missing")
        elif path.stat().st_size != promised.size:
            yield Difference(name, f"has {path.stat().st_size} bytes, not {promised.size}")
        elif (sha256 := sha256_of(path)) != promised.sha256:
            yield Difference(name, f"has the SHA-256 {sha256}, not {promised.sha256}")
    for name in sorted(found.keys() - told.files.keys()):
        yield Difference(name, "is not in the manifest")


def _of_other_things(folder: Path) -> Iterator[Difference]:
    """What is neither a file nor a folder, such as a link into the void or to a folder elsewhere."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() and (path.is_symlink() or not path.is_dir()) and name.parts[0] not in FOREIGN:
            yield Difference(name.as_posix(), "is neither a file nor a folder")


def _of_card(folder: Path) -> Iterator[Difference]:
    """Where the card's metadata and the data files contradict each other."""
    try:
        metadata = metadata_of((folder / CARD).read_text(encoding="utf-8"))
        declared = declared_in(metadata)
    except (OSError, UnicodeDecodeError, ReleaseError) as error:
        yield Difference(CARD, str(error))
        return
    data = data_files(folder)
    for config in sorted(declared.keys() | data.keys()):
        if config not in data:
            yield Difference(CARD, f"declares {config}, which has no files")
        elif config not in declared:
            yield Difference(CARD, f"does not declare {config}, which has files")
        else:
            yield from _of_config(config, declared[config], data[config])


def _of_config(config: str, declared: Declared, files: Mapping[str, Path]) -> Iterator[Difference]:
    rows: dict[str, int] = {}
    for name, path in files.items():
        try:
            rows[split_of_file(name)] = rows.get(split_of_file(name), 0) + footer_of(path).num_rows
            if features_of(columns_of(path)) != declared.features:
                yield Difference(name, "has other columns than the card declares")
        except ReleaseError as error:
            yield Difference(name, str(error))
    for split in sorted(rows.keys() | declared.rows.keys()):
        if rows.get(split) != declared.rows.get(split):
            yield Difference(
                CARD,
                f"declares {declared.rows.get(split, 'no')} rows of {config}/{split}; "
                f"the files have {rows.get(split, 'none')}",
            )
    size = sum(path.stat().st_size for path in files.values())
    if size != declared.files:
        yield Difference(CARD, f"declares {declared.files} bytes of {config}; the files have {size}")
