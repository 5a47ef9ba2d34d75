"""References to releases: a folder, a git repository or a dataset on the Hub, and a revision."""

from pathlib import Path

import pytest

from builder.errors import ReleaseError, UsageError
from builder.release.locate import locate, split_reference
from eval.hub.releases import write_invented


@pytest.mark.parametrize(
    ("reference", "revision", "expected"),
    [
        ("user/name", None, ("user/name", None)),
        ("user/name", "v1.0.0", ("user/name", "v1.0.0")),
        ("user/name@v1.0.0", None, ("user/name", "v1.0.0")),
        ("user/name@v1.0.0", "v1.0.0", ("user/name", "v1.0.0")),
        ("some@where/name@v1.0.0", None, ("some@where/name", "v1.0.0")),
    ],
)
def test_a_reference_may_carry_its_revision(
    reference: str, revision: str | None, expected: tuple[str, str | None]
) -> None:
    assert split_reference(reference, revision) == expected


def test_a_folder_is_found_by_itself_and_by_its_versions(tmp_path: Path) -> None:
    first, second = (write_invented(tmp_path, f"1.{number}.0", 1) for number in range(2))
    assert locate(str(first)) == locate(str(first), "1.0.0") == first
    assert locate(str(tmp_path), "v1.1.0") == locate(f"{tmp_path}@1.1.0") == second
    odd = first.rename(tmp_path / "odd@v9.0.0")
    assert locate(str(odd)) == odd  # the name of a folder comes before a revision


@pytest.mark.parametrize(
    ("place", "revision", "message"),
    [
        ("", None, r"is not a release; name one of v1\.0\.0"),
        ("", "v2.0.0", r"has no v2\.0\.0; there is v1\.0\.0"),
        ("v1.0.0", "v2.0.0", r"is v1\.0\.0, not v2\.0\.0"),  # never another version in its place
        ("v1.0.0/stance", None, "is not a release"),
    ],
)
def test_a_version_that_is_not_there_is_refused(
    tmp_path: Path, place: str, revision: str | None, message: str
) -> None:
    write_invented(tmp_path, "1.0.0", 1)
    with pytest.raises(ReleaseError, match=message):
        locate(str(tmp_path / place), revision)


@pytest.mark.parametrize(
    "reference", ["none such", "none", "a/b/c", "@v1.0.0", "hf://user", "../none", "-a/b"]
)
def test_what_is_no_reference_is_named(reference: str) -> None:
    with pytest.raises(UsageError, match="neither a folder nor the name of a dataset"):
        locate(reference)


def test_two_revisions_are_one_too_many() -> None:
    with pytest.raises(UsageError, match=r"names the revision v1\.0\.0, and v2\.0\.0 is given as well"):
        locate("user/name@v1.0.0", "v2.0.0")
