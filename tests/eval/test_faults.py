"""What the trials of faults take for wrong: a half-published version must not pass."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builder.release.outgoing import Outgoing, read_outgoing
from eval.faults import NAME, prepared, publish, requests_of, wrong_at_the_end, wrong_between
from eval.hub.releases import write_invented
from eval.hub.repositories import Repository

# The Hub's library uploads files in a way that the HTTP library below it would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


@pytest.fixture
def before(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.0.0", shards=1))


@pytest.fixture
def release(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.1.0", shards=2))


def commit_without_a_file(repository: Repository) -> None:
    files = dict(repository.at("main").files)
    del files["manifest.json"]
    repository.commit("main", None, "Half", files)


def move_the_old_tag(repository: Repository) -> None:
    repository.tags["v1.0.0"] = repository.tags["v1.1.0"]


def lose_the_old_tag(repository: Repository) -> None:
    del repository.tags["v1.0.0"]


@pytest.mark.parametrize(
    ("harm", "wrong"),
    [
        (commit_without_a_file, "the branch holds no whole version"),
        (move_the_old_tag, "v1.0.0 is not that version"),
        (lose_the_old_tag, "v1.0.0 is gone"),
    ],
)
def test_what_is_neither_of_the_two_versions_is_found(
    before: Outgoing, release: Outgoing, harm: Callable[[Repository], None], wrong: str
) -> None:
    with prepared(before, xet=False) as hub:
        assert list(wrong_between(hub, before, release)) == []
        assert list(wrong_at_the_end(hub, before, release)) == [
            "it could not be finished",
            "the commits are ['Release v1.0.0', 'initial commit']",
        ]
        publish(hub, release)
        assert list(wrong_at_the_end(hub, before, release)) == []
        harm(hub.kept.at(NAME))
        assert list(wrong_between(hub, before, release)) == [wrong]


def test_every_request_of_a_publication_is_known(before: Outgoing, release: Outgoing) -> None:
    names = requests_of(before, release, xet=False)
    assert names.count("POST commit") == names.count("POST tag") == 1
    assert names.count("GET resolve") == len(release.files)
    assert not any("unknown" in name for name in names)
