"""The version of a release: semantic, as https://semver.org defines it, without build metadata."""

import re
from pathlib import Path

from builder.errors import UsageError

NUMBER = r"(?:0|[1-9][0-9]*)"
IDENTIFIER = rf"(?:{NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
SEMANTIC = re.compile(rf"v?({NUMBER}\.{NUMBER}\.{NUMBER}(?:-{IDENTIFIER}(?:\.{IDENTIFIER})*)?)", re.ASCII)


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
    found = [SEMANTIC.fullmatch(path.name) for path in output.glob("v*") if path.is_dir()]
    return sorted((match[1] for match in found if match is not None), key=_precedence)


def _precedence(version: str) -> tuple[list[int], bool, list[tuple[bool, int, str]]]:
    """A key that orders versions as section 11 of the specification does."""
    core, _, prerelease = version.partition("-")
    identifiers = prerelease.split(".") if prerelease else []
    return (
        [int(number) for number in core.split(".")],
        not identifiers,
        [(not one.isdigit(), int(one) if one.isdigit() else 0, one) for one in identifiers],
    )
