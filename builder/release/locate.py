"""Finding a release by its reference: a folder, a git repository or a dataset on the Hub, and a revision.

A reference is `FOLDER`, `FOLDER@v1.0.0`, `user/name` or `user/name@v1.0.0`. A folder is a release
itself, or holds one folder per version, or is a git repository with a tag per version. A revision
that is not there is refused: nothing else is ever read in its place.
"""

from pathlib import Path

from builder.errors import ReleaseError, UsageError
from builder.release import git, hub, manifest
from builder.release.version import SEMANTIC, folder_name, versions_in

HUB = "hf://"


def locate(reference: str, revision: str | None = None) -> Path:
    """The local folder of the release that a reference and a revision name.

    Raises:
        UsageError: the reference is no folder and no name of a dataset, or names two revisions.
        ReleaseError: there is no such revision, or it cannot be fetched.
    """
    place, revision = split_reference(reference, revision)
    if Path(place).is_dir():
        return _in_folder(Path(place), revision)
    name = place.removeprefix(HUB).removeprefix("datasets/")
    if not hub.is_name(name):
        raise UsageError(f"{reference}: is neither a folder nor the name of a dataset (user/name)")
    return hub.fetch(name, revision)


def split_reference(reference: str, revision: str | None = None) -> tuple[str, str | None]:
    """The place and the revision that a reference such as `user/name@v1.0.0` names.

    Raises:
        UsageError: `revision` is given as well, and is another one.
    """
    place, sign, named = reference.rpartition("@")
    if not (sign and place) or Path(reference).is_dir():
        return reference, revision
    if revision not in {None, named}:
        raise UsageError(f"{reference}: names the revision {named}, and {revision} is given as well")
    return place, named


def _in_folder(folder: Path, revision: str | None) -> Path:
    tag = _tag(revision)
    if tag is not None and git.is_repository(folder):
        return git.fetch(folder, tag)
    if (folder / manifest.FILE).is_file():
        return _itself(folder, tag)
    found = [folder_name(version) for version in versions_in(folder)]
    if tag is None:
        offered = f"; name one of {', '.join(found)}" if found else ""
        raise ReleaseError(f"{folder}: is not a release{offered}")
    if tag not in found:
        raise ReleaseError(f"{folder}: has no {tag}; there is {', '.join(found) or 'no release'}")
    return folder / tag


def _itself(folder: Path, tag: str | None) -> Path:
    """The folder of a release, if it is of the version asked for."""
    own = folder_name(manifest.read_manifest(folder).version)
    if tag not in {None, own}:
        raise ReleaseError(f"{folder}: is {own}, not {tag}")
    return folder


def _tag(revision: str | None) -> str | None:
    """The name of a version's folder and tag; `1.0.0` is understood as `v1.0.0`."""
    match = SEMANTIC.fullmatch(revision or "")
    return folder_name(match[1]) if match else revision
