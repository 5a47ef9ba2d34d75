"""Publishing a release into a folder, for people without a hub: one folder per version.

A version appears whole or not at all: it is copied beside its place, compared, and then named.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from builder.errors import ReleaseError
from builder.release.manifest import sha256_of
from builder.release.outgoing import KEPT, RETRACTED, Outgoing, Published, retracted_in
from builder.release.write import flush


def publish_to_folder(release: Outgoing, folder: Path, rehearse: bool = False) -> Published:
    """Copies a release into `FOLDER/vVERSION`.

    Raises:
        ReleaseError: the version is there with other content or was retracted, or the folder cannot be
            written.
    """
    target = folder / release.tag
    planned = Published(
        place=str(folder),
        tag=release.tag,
        commit=None,
        new=tuple(release.files),
        new_bytes=release.bytes_of(list(release.files)),
    )
    if target.exists():
        require_files(release, target)
        return replace(planned, new=(), new_bytes=0, same=len(release.files), read_back=len(release.files))
    note = folder / RETRACTED
    if note.is_file() and release.tag in retracted_in(note.read_text("utf-8")):
        raise ReleaseError(f"{folder}: {release.tag} was retracted; choose a higher version")
    if rehearse:
        return planned
    try:
        _copy(release, folder / f".{release.tag}.partial", target)
    except OSError as error:
        raise ReleaseError(f"{target}: cannot be written: {error}") from error
    return replace(planned, read_back=len(release.files))


def require_files(release: Outgoing, folder: Path) -> None:
    """Refuses a folder that does not hold the files of a release, byte for byte, and no others.

    Raises:
        ReleaseError: it does not.
    """
    found = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).as_posix() not in KEPT
    }
    paths = found.keys() | release.files.keys()
    wrong = sorted(path for path in paths if found.get(path) != release.files.get(path))
    if wrong:
        raise ReleaseError(
            f"{folder}: {release.tag} is not this release ({', '.join(wrong[:3])} differ); "
            "what was published is never replaced: choose a higher version"
        )


def _copy(release: Outgoing, partial: Path, target: Path) -> None:
    shutil.rmtree(partial, ignore_errors=True)  # of a run that was cut off
    try:
        for path in release.files:
            (partial / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(release.folder / path, partial / path)
        require_files(release, partial)
        flush(partial)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
