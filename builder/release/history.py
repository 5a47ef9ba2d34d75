"""The versions of a dataset: which one a new one follows, and what each brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.errors import UsageError
from builder.release.diff import Counts, Diff
from builder.release.folder import data_files, footer_of
from builder.release.manifest import Manifest, PastVersion, read_manifest
from builder.release.markdown import table
from builder.release.reasons import ON_REQUEST
from builder.release.row_changes import WORDLESS
from builder.release.verify import require_intact
from builder.release.version import folder_name, require_above, version_before


@dataclass(frozen=True, slots=True)
class Previous:
    """The release that a new one follows: its folder and its manifest."""

    folder: Path
    manifest: Manifest


def find_previous(output: Path, version: str, given: Path | None, dataset: str) -> Previous | None:
    """The release that `version` follows: the one in the folder `given`, or the last before it in `output`.

    Raises:
        UsageError: all there is are higher versions, or the last is not of this dataset.
        ReleaseError: it is not what it was when it was released.
    """
    if given is None:
        given = last_before(output, version, dataset)
    if given is None:
        return None
    require_intact(given)
    found = Previous(given, read_manifest(given))
    require_above(found.manifest.version, version)
    return found


def last_before(output: Path, version: str, dataset: str) -> Path | None:
    """The folder of the last release before `version` in a folder of releases of a dataset.

    Raises:
        UsageError: all there is are higher versions, or it is of another dataset.
        ReleaseError: it has no manifest that can be read.
    """
    before = version_before(output, version)
    if before is None:
        return None
    found = output / folder_name(before)
    named = read_manifest(found).dataset
    if named not in {None, dataset}:
        raise UsageError(
            f"{found} is of the dataset {named!r}, which {dataset!r} {version} would follow; name another "
            f"folder with --output, or, if the dataset was renamed, this one with --previous {found}"
        )
    return found


def history_with(
    previous: Previous | None,
    version: str,
    rows: Mapping[str, Counts],
    diff: Diff | None,
    requests: bool = False,
) -> tuple[PastVersion, ...]:
    """The history of the dataset up to `version`, which has so many rows by configuration and split.

    `requests` says that something must not be published in it.
    """
    earlier = _history_of(previous) if previous is not None else ()
    compared = diff.configs if diff is not None else {}
    return (
        *earlier,
        PastVersion(
            version=version,
            rows={name: sum(one.values()) for name, one in rows.items()},
            added={name: sum(one.added.values()) for name, one in compared.items()},
            removed={name: sum(one.removed.values()) for name, one in compared.items()},
            moved={name: sum(one.moved.values()) for name, one in compared.items()},
            changed={name: one.changed for name, one in compared.items()},
            withdrew=requests and diff is not None and _withdrew(diff),
        ),
    )


def _history_of(previous: Previous) -> tuple[PastVersion, ...]:
    """The history that a release holds; of one that was made before there was any, what its files tell."""
    if previous.manifest.history:
        return previous.manifest.history
    files = data_files(previous.folder)
    rows = {name: sum(footer_of(path).num_rows for path in some.values()) for name, some in files.items()}
    return (PastVersion(previous.manifest.version, rows, {}, {}, {}, {}),)


def _withdrew(diff: Diff) -> bool:
    """Whether, where there are requests, one may have removed a row, or words from a row."""
    return any(
        ON_REQUEST in one.removed_because or one.fields.keys() - WORDLESS for one in diff.configs.values()
    )


def history_table(history: Sequence[PastVersion]) -> str:
    """The versions in Markdown, the newest first."""
    header = ("version", "configuration", "rows", "added", "removed", "in another split", "changed")
    return table(
        header,
        (
            (one.version, config, *(str(counts.get(config, 0)) for counts in _counts(one)))
            for one in reversed(history)
            for config in one.rows
        ),
        texts=2,
    )


def _counts(one: PastVersion) -> tuple[Counts, ...]:
    return one.rows, one.added, one.removed, one.moved, one.changed
