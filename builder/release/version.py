"""The version of a release: semantic, as https://semver.org defines it, without build metadata."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from builder.errors import UsageError

NUMBER = r"(?:0|[1-9][0-9]*)"
IDENTIFIER = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMANTIC = re.compile(rf"v?({NUMBER}\.{NUMBER}\.{NUMBER}(?:-{IDENTIFIER}(?:\.{IDENTIFIER})*)?)", re.ASCII)

Bump = Literal["patch", "minor", "major"]

BUMPS: tuple[Bump, ...] = get_args(Bump)
"""The parts of a version that can be counted up, from the least to the greatest."""


def checked_version(version: str) -> str:
    """The version without a leading "v".

    Raises:
        UsageError: it is not a semantic version.
    """
    match = SEMANTIC.fullmatch(version)
    if match is None:
        raise UsageError(f"version {version!r} is not MAJOR.MINOR.PATCH, such as 1.0.0")
    return match[1]


def folder_name(version: str) -> str:
    """What the folder and the tag of a checked version are called."""
    return f"v{version}"


def versions_in(output: Path) -> list[str]:
    """The versions that lie in a folder of releases, the lowest first."""
    return versions_among(path.name for path in output.glob("v*") if path.is_dir())


def versions_among(names: Iterable[str]) -> list[str]:
    """The versions that some names of folders or tags stand for, the lowest first."""
    found = [SEMANTIC.fullmatch(name) for name in names if name.startswith("v")]
    return sorted((match[1] for match in found if match is not None), key=_precedence)


def version_before(output: Path, version: str) -> str | None:
    """The version in a folder of releases that a new one follows: the highest of the lower ones.

    Raises:
        UsageError: there are versions, and all of them are higher.
    """
    versions = versions_in(output)
    lower = [one for one in versions if _precedence(one) < _precedence(version)]
    if versions and not lower:
        require_above(versions[0], version)
    return lower[-1] if lower else None


def require_above(before: str, version: str) -> None:
    """Refuses a version that does not come after the one that it is to follow.

    Raises:
        UsageError: it does not.
    """
    if _precedence(version) <= _precedence(before):
        raise UsageError(f"version {version} does not come after {before}, which was released before")


def require_bump(before: str, version: str, needed: Bump, why: str) -> None:
    """Refuses a version that promises less of a change than there is.

    A schema change is major, rows that come, go or change their split are minor, anything else is a patch.
    As long as the major version is 0, where anything may change, minor stands for major. What follows a
    pre-release of the same version may differ in anything.

    Raises:
        UsageError: the version promises less; the message says which version would fit.
    """
    old, new = _core(before), _core(version)
    if old[0] == 0 and needed == "major":
        needed = "minor"
    asked = next((bump for bump, one, other in zip(BUMPS[::-1], old, new, strict=True) if one != other), None)
    if asked is not None and BUMPS.index(asked) < BUMPS.index(needed):
        raise UsageError(
            f"version {version} would be a {asked} change of {before}, but the change is {needed}: {why}; "
            f"{_counted_up(old, needed)} would fit"
        )


def _counted_up(core: list[int], bump: Bump) -> str:
    place = BUMPS[::-1].index(bump)
    return ".".join(str(one) for one in [*core[:place], core[place] + 1, *[0] * (2 - place)])


def _core(version: str) -> list[int]:
    return [int(number) for number in version.partition("-")[0].split(".")]


def _precedence(version: str) -> tuple[list[int], bool, list[tuple[bool, int, str]]]:
    """A key that orders versions as section 11 of the specification does."""
    prerelease = version.partition("-")[2]
    identifiers = prerelease.split(".") if prerelease else []
    return (
        _core(version),
        not identifiers,
        [(not one.isdigit(), int(one) if one.isdigit() else 0, one) for one in identifiers],
    )
