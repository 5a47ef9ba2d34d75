"""Taking a version back: on the Hub and in a git repository; of a folder see test_publish_folder.py."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.errors import ReleaseError
from builder.release.hub import HubError, HubRepository
from builder.release.outgoing import Outgoing, Wish, read_outgoing
from builder.release.publish_git import publish_to_git
from builder.release.publish_hub import publish_to_hub
from builder.release.retract import retract_from_git, retract_from_hub
from eval.hub.releases import write_invented
from eval.hub.routes import TOKEN, Hub

# The Hub's library uploads files in a way that the HTTP library below it would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

NAME = "ann/harbour"
NOTED = {".gitattributes", "RETRACTED.md"}
Publish = Callable[[Outgoing], object]


@pytest.fixture
def releases(tmp_path: Path) -> list[Outgoing]:
    """v1.0.0, and v1.1.0 with a month more."""
    return [read_outgoing(write_invented(tmp_path, f"1.{number}.0", number + 1)) for number in range(2)]


@pytest.fixture
def published(hub: Hub, releases: list[Outgoing]) -> HubRepository:
    """A repository with both versions."""
    repository = HubRepository(NAME, hub.address, TOKEN)
    for release in releases:
        publish_to_hub(release, repository, Wish(), patience=())
    return repository


def at(hub: Hub, revision: str) -> dict[str, bytes]:
    files = hub.kept.at(NAME).at(revision).files
    return {path: hub.kept.content(file) for path, file in files.items() if path not in NOTED}


def test_the_newest_version_gives_way_to_the_one_before(hub: Hub, published: HubRepository) -> None:
    first = at(hub, "v1.0.0")
    done = retract_from_hub(published, "v1.1.0")
    assert list(hub.kept.at(NAME).tags) == ["v1.0.0"]
    assert at(hub, "main") == first
    note = hub.kept.at(NAME).at("main").files["RETRACTED.md"].data.decode()
    assert note.endswith("\n- v1.1.0\n")
    assert done.now == "v1.0.0"
    assert "commits in the history of ann/harbour" in done.told()
    assert "caches, forks" in done.told()


def test_an_older_version_loses_its_tag_and_the_newest_stays(hub: Hub, published: HubRepository) -> None:
    second = at(hub, "v1.1.0")
    retract_from_hub(published, "v1.0.0")
    assert list(hub.kept.at(NAME).tags) == ["v1.1.0"]
    assert at(hub, "main") == at(hub, "v1.1.0") == second


def test_the_only_version_leaves_an_empty_repository(hub: Hub, published: HubRepository) -> None:
    for tag in ("v1.0.0", "v1.1.0"):
        retract_from_hub(published, tag)
    assert hub.kept.at(NAME).tags == {}
    assert at(hub, "main") == {}


def test_squashed_nothing_of_the_version_is_in_the_history(hub: Hub, published: HubRepository) -> None:
    done = retract_from_hub(published, "v1.1.0", squash=True)
    assert len(hub.kept.at(NAME).history("main")) == 1
    assert at(hub, "v1.0.0") == at(hub, "main")
    assert "commits in the history" not in done.told()


@pytest.mark.parametrize("request_", ["POST commit", "DELETE tag", "POST squash"])
def test_a_run_that_was_cut_off_is_finished_by_the_next(
    hub: Hub, published: HubRepository, request_: str
) -> None:
    hub.meanwhile[request_] = lambda: hub.faults.update({len(hub.requests) - 1: "truncated"})
    with pytest.raises(HubError):
        retract_from_hub(published, "v1.1.0", squash=True)
    hub.faults.clear()
    retract_from_hub(published, "v1.1.0", squash=True)
    assert list(hub.kept.at(NAME).tags) == ["v1.0.0"]
    assert at(hub, "main") == at(hub, "v1.0.0")
    assert len(hub.kept.at(NAME).history("main")) == 1


def test_a_retracted_name_is_not_used_again_and_the_next_version_is_published(
    hub: Hub, published: HubRepository, releases: list[Outgoing], tmp_path: Path
) -> None:
    retract_from_hub(published, "v1.1.0")
    with pytest.raises(ReleaseError, match=r"v1\.1\.0 was retracted; choose a higher version"):
        publish_to_hub(releases[1], published, Wish(), patience=())
    third = read_outgoing(write_invented(tmp_path, "1.2.0", 3))
    publish_to_hub(third, published, Wish(), patience=())
    assert set(hub.kept.at(NAME).at("v1.2.0").files) == {*third.files, *NOTED}


def test_what_was_never_published_cannot_be_taken_back(hub: Hub, published: HubRepository) -> None:
    with pytest.raises(ReleaseError, match=r"has no v9\.0\.0; there is v1\.0\.0, v1\.1\.0"):
        retract_from_hub(published, "v9.0.0")
    with pytest.raises(ReleaseError, match="no such dataset"):
        retract_from_hub(HubRepository("ann/none", hub.address, TOKEN), "v1.0.0")


def test_in_git_branch_and_tag_move_in_one_transaction(
    releases: list[Outgoing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ann@harbour.example")
    folder = tmp_path / "harbour"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)  # noqa: S607 - any
    for release in releases:
        publish_to_git(release, folder)
    done = retract_from_git(folder, "v1.1.0")
    assert (done.now, len(done.remains)) == ("v1.0.0", 3)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith(".git/")} == {*releases[0].files, "RETRACTED.md"}
    with pytest.raises(ReleaseError, match=r"v1\.1\.0 was retracted"):
        publish_to_git(releases[1], folder)
    with pytest.raises(ReleaseError, match=r"has no v1\.1\.0; there is v1\.0\.0"):
        retract_from_git(folder, "v1.1.0")
