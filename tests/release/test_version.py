"""Versions are semantic."""

from pathlib import Path

import pytest

from builder.errors import UsageError
from builder.release.version import (
    Bump,
    checked_version,
    folder_name,
    require_bump,
    version_before,
    versions_in,
)


@pytest.mark.parametrize(
    ("given", "version"),
    [("1.0.0", "1.0.0"), ("v1.0.0", "1.0.0"), ("0.10.3", "0.10.3"), ("2.0.0-rc.1", "2.0.0-rc.1")],
)
def test_a_semantic_version_is_taken_with_or_without_its_v(given: str, version: str) -> None:
    assert checked_version(given) == version
    assert folder_name(version) == f"v{version}"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "1",
        "1.0",
        "1.0.0.0",
        "01.0.0",
        "1.0.0-",
        "1.0.0-01",
        "1.0.0+build",
        "vv1.0.0",
        "1.0.0\n",
        "../1.0.0",
        "١.0.0",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match=r"is not MAJOR\.MINOR\.PATCH"):
        checked_version(given)


def test_the_releases_of_a_folder_are_told_in_the_order_of_precedence(tmp_path: Path) -> None:
    # The example of section 11 of the specification, with what is no release among it.
    order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
    ]
    order += ["1.0.0", "1.2.0", "1.10.0"]
    for version in reversed(order):
        (tmp_path / folder_name(version)).mkdir()
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "v3.0.0").write_text("not a folder")
    assert versions_in(tmp_path) == order


@pytest.mark.parametrize(
    ("version", "before"),
    [("1.0.1", "1.0.0"), ("1.1.0", "1.0.0"), ("1.3.0", "1.2.0"), ("2.0.0-rc.1", "1.2.0"), ("2.0.0", "1.2.0")],
)
def test_a_version_follows_the_highest_of_the_lower_ones(tmp_path: Path, version: str, before: str) -> None:
    assert version_before(tmp_path, version) is None
    for one in ("1.0.0", "1.2.0"):
        (tmp_path / folder_name(one)).mkdir()
    assert version_before(tmp_path, version) == before
    with pytest.raises(UsageError, match=r"0\.9\.0 does not come after 1\.0\.0"):
        version_before(tmp_path, "0.9.0")


@pytest.mark.parametrize(
    ("before", "version", "needed", "fits"),
    [
        ("1.2.3", "1.2.4", "patch", None),
        ("1.2.3", "1.2.4", "minor", "1.3.0"),
        ("1.2.3", "1.2.4", "major", "2.0.0"),
        ("1.2.3", "1.3.0", "patch", None),
        ("1.2.3", "1.3.0", "minor", None),
        ("1.2.3", "1.4.0", "minor", None),
        ("1.2.3", "1.3.0", "major", "2.0.0"),
        ("1.2.3", "2.0.0", "major", None),
        ("1.2.3", "2.0.0-rc.1", "major", None),
        ("0.2.3", "0.3.0", "major", None),  # below 1.0.0 anything may change
        ("0.2.3", "0.2.4", "major", "0.3.0"),
        ("1.0.0-rc.1", "1.0.0-rc.2", "major", None),
        ("1.0.0-rc.1", "1.0.0", "major", None),
    ],
)
def test_a_version_promises_at_least_what_changed(
    before: str, version: str, needed: Bump, fits: str | None
) -> None:
    if fits is None:
        require_bump(before, version, needed, "rows changed")
    else:
        with pytest.raises(UsageError, match=f"change is .*: rows changed; {fits} would fit"):
            require_bump(before, version, needed, "rows changed")
