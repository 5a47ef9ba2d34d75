"""Publishing into a plain folder: a version appears whole or not at all."""

from pathlib import Path

import pytest

from builder.errors import ReleaseError, UsageError
from builder.release.locate import locate
from builder.release.outgoing import Outgoing, Wish, read_outgoing
from builder.release.publish import publish, retract
from builder.release.publish_folder import publish_to_folder
from eval.hub.releases import write_invented


@pytest.fixture
def first(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.0.0", shards=2))


def test_a_version_is_a_folder_of_its_own(first: Outgoing, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    assert publish_to_folder(first, shelf, rehearse=True).read_back == 0
    assert not shelf.exists()
    assert publish_to_folder(first, shelf).read_back == 4
    assert [path.name for path in shelf.iterdir()] == ["v1.0.0"]
    assert read_outgoing(locate(f"{shelf}@1.0.0")).files == first.files
    assert publish_to_folder(first, shelf).new == ()  # again


def test_a_run_that_was_cut_off_is_begun_anew(first: Outgoing, tmp_path: Path) -> None:
    half = tmp_path / "shelf" / ".v1.0.0.partial"
    half.mkdir(parents=True)
    (half / "half.parquet").write_bytes(b"PAR1")
    publish_to_folder(first, tmp_path / "shelf")
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["v1.0.0"]
    assert read_outgoing(tmp_path / "shelf" / "v1.0.0").files == first.files


def test_a_version_that_is_there_is_never_replaced(first: Outgoing, tmp_path: Path) -> None:
    publish_to_folder(first, tmp_path / "shelf")
    other = read_outgoing(write_invented(tmp_path / "other", "1.0.0", shards=3))
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 is not this release .* choose a higher version"):
        publish_to_folder(other, tmp_path / "shelf")
    assert read_outgoing(tmp_path / "shelf" / "v1.0.0").files == first.files


@pytest.mark.parametrize(
    ("repository", "folder", "wish", "message"),
    [
        (None, None, Wish(), "name one place: --repo user/name, or --to FOLDER"),
        ("ann/harbour", "shelf", Wish(), "name one place"),
        ("harbour", None, Wish(), "--repo harbour: is not of the form user/name"),
        (None, "shelf", Wish(private=True), "--private and --create-pr are for the Hub"),
        (None, "shelf", Wish(propose=True), "--private and --create-pr are for the Hub"),
        (None, "shelf", Wish(onto="c0ffee"), "--onto names a commit, and .*shelf is a plain folder"),
    ],
)
def test_wishes_that_a_place_cannot_fulfil_are_named(
    first: Outgoing, tmp_path: Path, repository: str | None, folder: str | None, wish: Wish, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        publish(first.folder, repository, tmp_path / folder if folder else None, wish)


def test_a_version_is_taken_back_and_its_name_is_not_used_again(first: Outgoing, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    publish(first.folder, None, shelf, Wish())
    with pytest.raises(UsageError, match="--squash is for the Hub"):
        retract("1.0.0", None, shelf, squash=True)
    assert retract("1.0.0", None, shelf).told() == (
        f"v1.0.0 is taken back from {shelf}, no version is left. Not undone by this:\n"
        "- copies that others made before: downloads, caches, forks, mirrors"
    )
    assert [path.name for path in shelf.iterdir()] == ["RETRACTED.md"]
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 was retracted; choose a higher version"):
        publish(first.folder, None, shelf, Wish())
    with pytest.raises(ReleaseError, match=r"has no v1\.0\.0; there is no version"):
        retract("1.0.0", None, shelf)
