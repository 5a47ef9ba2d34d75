"""Publishing to a hub over the wire: the shipped client, unpatched, against a server on this machine."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.errors import ReleaseError
from builder.release.hub import HubError, HubRepository
from builder.release.outgoing import Outgoing, Published, Wish, read_outgoing
from builder.release.publish_hub import publish_to_hub
from eval.hub.releases import write_invented
from eval.hub.repositories import File
from eval.hub.routes import TOKEN, Hub

# The Hub's library uploads files in a way that the HTTP library below it would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

NAME = "ann/harbour"
SECRET = "hf_not_to_be_seen"  # noqa: S105 - invented
Publish = Callable[..., Published]


@pytest.fixture
def publish(hub: Hub) -> Publish:
    def call(release: Outgoing, token: str = TOKEN, **wish: object) -> Published:
        repository = HubRepository(NAME, hub.address, token)
        return publish_to_hub(release, repository, Wish(**wish), patience=())  # type: ignore[arg-type]

    return call


@pytest.fixture
def first(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.0.0", shards=2))


@pytest.fixture
def second(tmp_path: Path) -> Outgoing:
    """A version with a month more and with other labels in the first one."""
    return read_outgoing(write_invented(tmp_path, "1.1.0", shards=3, labels={0: "favor"}))


def titles(hub: Hub) -> list[str]:
    return [commit.title for commit in hub.kept.at(NAME).history("main")]


def contents(hub: Hub, revision: str) -> dict[str, bytes]:
    """The bytes of the files of a revision, without those of the place itself."""
    files = hub.kept.at(NAME).at(revision).files
    return {path: hub.kept.content(file) for path, file in files.items() if path != ".gitattributes"}


def local(release: Outgoing) -> dict[str, bytes]:
    return {path: (release.folder / path).read_bytes() for path in release.files}


def test_a_release_is_one_commit_with_its_tag_on_it(hub: Hub, publish: Publish, first: Outgoing) -> None:
    published = publish(first)
    assert titles(hub) == ["Release v1.0.0", "initial commit"]
    assert hub.kept.at(NAME).tags == {"v1.0.0": published.commit}
    assert list(hub.kept.at(NAME).branches) == ["main"]
    assert contents(hub, "v1.0.0") == local(first)
    assert (len(published.new), published.read_back) == (4, 4)
    assert list(dict.fromkeys(hub.requests)) == [
        "GET information",
        "POST create",
        "GET references",
        "GET listing",
        "POST preupload",
        "POST batch",
        "PUT upload",
        "POST verify",
        "POST validate-yaml",
        "POST commit",
        "POST tag",
        "HEAD resolve",
        "GET resolve",
    ]
    assert hub.requests.count("POST commit") == hub.requests.count("POST tag") == 1


def test_the_next_version_sends_what_is_new_and_deletes_what_is_gone(
    hub: Hub, publish: Publish, first: Outgoing, second: Outgoing, tmp_path: Path
) -> None:
    publish(first)
    hub.requests.clear()
    published = publish(second)
    months = [f"stance/train/2000-0{month}-00000.parquet" for month in (1, 2, 3)]
    assert set(published.new) == {"README.md", "manifest.json", months[0], months[2]}
    assert (published.same, published.deleted) == (1, ())
    assert hub.requests.count("PUT upload") == 2
    third = read_outgoing(write_invented(tmp_path, "2.0.0", shards=1))
    assert publish(third).deleted == (months[1], months[2])
    assert titles(hub) == ["Release v2.0.0", "Release v1.1.0", "Release v1.0.0", "initial commit"]
    for release in (first, second, third):  # a version that was published stays as it was
        assert contents(hub, release.tag) == local(release)
    assert ".gitattributes" in hub.kept.at(NAME).at("main").files


def test_a_release_that_was_made_before_there_was_a_history_is_published_too(
    publish: Publish, first: Outgoing
) -> None:
    manifest = first.folder / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(
        json.dumps({name: told[name] for name in told if name not in {"history", "previous"}})
    )
    assert publish(read_outgoing(first.folder)).read_back == len(first.files)


def test_publishing_again_finds_everything_done(hub: Hub, publish: Publish, first: Outgoing) -> None:
    publish(first)
    hub.requests.clear()
    again = publish(first)
    assert (again.new, again.same, again.read_back) == ((), 4, 4)
    assert {one.split()[0] for one in hub.requests} == {"GET", "HEAD"}


def test_a_commit_that_was_not_tagged_is_only_tagged(hub: Hub, publish: Publish, first: Outgoing) -> None:
    publish(first)
    hub.kept.at(NAME).tags.clear()
    hub.requests.clear()
    publish(first)
    assert titles(hub) == ["Release v1.0.0", "initial commit"]
    assert [one for one in hub.requests if one.startswith("POST")] == ["POST tag"]


def test_large_files_that_are_there_are_not_sent_again(hub: Hub, publish: Publish, first: Outgoing) -> None:
    hub.meanwhile["POST commit"] = lambda: hub.faults.update({len(hub.requests) - 1: "500"})
    with pytest.raises(HubError, match="run the same command again"):
        publish(first)
    assert hub.kept.at(NAME).tags == {}
    hub.faults.clear()
    hub.requests.clear()
    publish(first)
    assert "PUT upload" not in hub.requests


def test_a_rehearsal_writes_nothing(hub: Hub, publish: Publish, first: Outgoing, second: Outgoing) -> None:
    assert len(publish(first, rehearse=True).new) == 4
    assert hub.kept.named == {}
    publish(first)
    hub.requests.clear()
    assert len(publish(second, rehearse=True).new) == 4
    assert {one.split()[0] for one in hub.requests} == {"GET"}


def test_an_existing_tag_is_never_moved(hub: Hub, publish: Publish, first: Outgoing, tmp_path: Path) -> None:
    publish(first)
    other = read_outgoing(write_invented(tmp_path / "other", "1.0.0", shards=3))
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 is not this release .* choose a higher version"):
        publish(other)
    assert contents(hub, "v1.0.0") == contents(hub, "main") == local(first)


def test_a_repository_that_moved_while_files_were_sent_is_left_alone(
    hub: Hub, publish: Publish, first: Outgoing
) -> None:
    def edit() -> None:
        repository = hub.kept.at(NAME)
        files = {**repository.at("main").files, "README.md": File(b"# By hand\n")}
        repository.commit("main", None, "Edited by hand", files)

    hub.meanwhile["POST commit"] = edit
    with pytest.raises(HubError, match="412"):
        publish(first)
    assert titles(hub) == ["Edited by hand", "initial commit"]
    assert hub.kept.at(NAME).tags == {}


def test_also_with_patience(hub: Hub, first: Outgoing) -> None:
    def edit() -> None:
        hub.kept.at(NAME).commit("main", None, "Edited by hand", {"README.md": File(b"# By hand\n")})

    hub.meanwhile["POST commit"] = edit
    with pytest.raises(ReleaseError, match=r"moved from \w+ to \w+ while v1\.0\.0 was sent"):
        publish_to_hub(first, HubRepository(NAME, hub.address, TOKEN), Wish(), patience=(0.0, 0.0))
    assert titles(hub) == ["Edited by hand", "initial commit"]


@pytest.mark.parametrize("request_name", ["GET information", "GET listing", "POST commit"])
def test_a_hub_that_does_not_answer_is_not_waited_for_for_ever(
    request_name: str, hub: Hub, publish: Publish, first: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    HubRepository(NAME, hub.address, TOKEN).create(private=False)
    hub.unanswered.add(request_name)
    monkeypatch.setattr("builder.release.hub.SILENCE", 3.0)
    with pytest.raises(HubError, match=r"timed out") as failure:
        publish(first)
    assert failure.value.passing
    assert request_name in hub.requests
    assert hub.kept.at(NAME).tags == {}
    hub.unanswered.clear()
    monkeypatch.undo()
    assert publish(first).read_back == len(first.files)
    assert titles(hub) == ["Release v1.0.0", "initial commit"]


def test_what_others_changed_since_the_last_version_is_replaced_only_when_told(
    hub: Hub, publish: Publish, first: Outgoing, second: Outgoing
) -> None:
    publish(first)
    repository = hub.kept.at(NAME)
    edited = {**repository.at("main").files, "README.md": File(b"# By hand\n"), "notes.txt": File(b"x")}
    commit = repository.commit("main", None, "Edited by hand", edited)
    with pytest.raises(ReleaseError, match=rf"README\.md, notes\.txt changed since v1\.0\.0.*{commit.id}"):
        publish(second)
    assert titles(hub)[0] == "Edited by hand"
    with pytest.raises(ReleaseError, match=rf"is at {commit.id}, not at {'0' * 40}"):
        publish(second, onto="0" * 40)
    assert publish(second, onto=commit.id).deleted == ("notes.txt",)
    assert contents(hub, "v1.1.0") == local(second)


def test_a_repository_with_other_files_is_not_taken_over(hub: Hub, publish: Publish, first: Outgoing) -> None:
    hub.kept.create(NAME, private=False)
    hub.kept.at(NAME).commit("main", None, "Another dataset", {"data.csv": File(b"a,b\n")})
    with pytest.raises(ReleaseError, match=r"data\.csv changed by no version"):
        publish(first)


def test_files_that_a_gitignore_names_are_published_all_the_same(
    hub: Hub, publish: Publish, first: Outgoing
) -> None:
    hub.kept.create(NAME, private=False)
    files = {".gitignore": File(b"manifest.json\n")}
    commit = hub.kept.at(NAME).commit("main", None, "Ignore", files)
    publish(first, onto=commit.id)
    assert contents(hub, "v1.0.0") == local(first)


def test_what_should_be_private_is_never_sent_to_a_public_repository(
    hub: Hub, publish: Publish, first: Outgoing
) -> None:
    publish(first, private=True)
    assert hub.kept.at(NAME).private
    hub.kept.at(NAME).private = False
    hub.requests.clear()
    with pytest.raises(ReleaseError, match="is public, and was to be private; nothing was sent"):
        publish(first, private=True)
    assert hub.requests == ["GET information"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "README.md").write_text("# Another card\n"), "README.md: has .* bytes"),
        (lambda folder: (folder / "notes.txt").write_text("x"), "notes.txt: is not in the manifest"),
        (lambda folder: next(folder.rglob("*.parquet")).unlink(), "parquet: is missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "is no release"),
    ],
)
def test_a_release_that_was_changed_is_not_published(
    first: Outgoing, damage: Callable[[Path], object], message: str
) -> None:
    damage(first.folder)
    with pytest.raises(ReleaseError, match=message):
        read_outgoing(first.folder)


def test_no_error_holds_the_token_even_if_the_hub_repeats_it(
    hub: Hub, publish: Publish, first: Outgoing, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(HubError, match="Invalid username or password: Bearer TOKEN") as caught:
        publish(first, SECRET)
    assert SECRET not in f"{caught.value!r} {caplog.text}"
    assert caught.value.__cause__ is None


def test_a_pull_request_gets_no_tag_until_it_is_merged(
    hub: Hub, publish: Publish, first: Outgoing, second: Outgoing
) -> None:
    publish(first)
    proposed = publish(second, propose=True)
    repository = hub.kept.at(NAME)
    assert proposed.proposal == f"{hub.address}/datasets/{NAME}/discussions/1"
    assert titles(hub)[0] == "Release v1.0.0"
    assert list(repository.tags) == ["v1.0.0"]
    assert contents(hub, "refs/pr/1") == local(second)
    assert publish(second, propose=True).proposal == "refs/pr/1"  # not a second one
    repository.commit("main", None, "Merge", repository.at("refs/pr/1").files)
    with pytest.raises(ReleaseError, match=r"holds v1\.1\.0 already; publish it without --create-pr"):
        publish(second, propose=True)
    publish(second)
    assert titles(hub)[0] == "Merge"
    assert contents(hub, "v1.1.0") == local(second)


def test_a_hub_that_changes_bytes_is_found_out(hub: Hub, publish: Publish, first: Outgoing) -> None:
    def spoil() -> None:
        for sha256 in hub.kept.large:
            hub.kept.large[sha256] = hub.kept.large[sha256][::-1]

    hub.meanwhile["POST tag"] = spoil
    with pytest.raises(ReleaseError, match="came back with other bytes"):
        publish(first)
