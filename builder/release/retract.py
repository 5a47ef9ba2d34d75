"""Taking a published version back, as far as that is possible, and saying what stays out of reach.

The tag goes, the branch is put back to the version before (or emptied), and a note lists the version, so
that nobody publishes other content under its name. Commits that were made stay in the history.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import ReleaseError
from builder.release import git
from builder.release.hub import Commit, HubFile, HubRepository
from builder.release.outgoing import KEPT, RETRACTED, retracted_in, with_retracted
from builder.release.version import folder_name, versions_among, versions_in

COPIES = "copies that others made before: downloads, caches, forks, mirrors"


@dataclass(frozen=True, slots=True)
class Retracted:
    """A version that was taken back: where, what holds now, and what could not be undone."""

    place: str
    tag: str
    now: str | None
    remains: tuple[str, ...]

    def told(self) -> str:
        """What was done and what is left to do, for people."""
        left = "".join(f"\n- {one}" for one in self.remains)
        newest = f"the newest version is {self.now}" if self.now else "no version is left"
        return f"{self.tag} is taken back from {self.place}, {newest}. Not undone by this:{left}"


def retract_from_hub(repository: HubRepository, tag: str, squash: bool = False) -> Retracted:
    """Takes a version back on the Hub; with `squash` the branch's history becomes one commit, for good.

    A run that was cut off is finished by the next one.

    Raises:
        ReleaseError: there is no such version, and none of it was retracted.
        HubError: the Hub refused or could not be reached.
    """
    head = repository.head()
    if head is None:
        raise ReleaseError(f"{repository.name}: no such dataset, or none that this token may see")
    tags, tree = repository.tags(), repository.tree(head.commit)
    note = repository.read(RETRACTED, head.commit) if RETRACTED in tree else ""
    if tag not in tags and tag not in retracted_in(note):
        raise _absent(repository.name, tag, list(tags))
    now = _before(tag, list(tags))
    if tag not in retracted_in(note):
        own = repository.tree(tags[tag])
        is_newest = _data_of(own) == _data_of(tree)
        wanted = (repository.tree(tags[now]) if now else {}) if is_newest else tree
        repository.commit(_restoring(tag, tags.get(now or ""), head.commit, tree, wanted, note))
    if tag in tags:
        repository.untag(tag)
    if squash:
        repository.squash(f"History until {tag} was retracted")
    history = "large files that no commit names, until they are deleted in the repository's settings"
    if not squash:
        history = f"commits in the history of {repository.name}, by their ids; --squash removes them for good"
    return Retracted(repository.name, tag, now, (history, COPIES))


def retract_from_git(repository: Path, tag: str) -> Retracted:
    """Takes a version back in a git repository, in one transaction.

    Raises:
        ReleaseError: there is no such version, files are changed and not committed, or `git` fails.
    """
    tags = git.tags(repository)
    if tag not in tags:
        raise _absent(str(repository), tag, tags)
    if git.unfinished(repository):
        raise ReleaseError(f"{repository}: has changes that are not committed; commit or remove them first")
    branch, own = git.run(repository, "symbolic-ref", "HEAD"), f"refs/tags/{tag}"
    parent, commit = git.commit_of(repository, branch), git.commit_of(repository, own)
    now = _before(tag, tags)
    is_newest = not git.changes(repository, own, str(parent)).keys() - KEPT
    base = (f"refs/tags/{now}" if now else None) if is_newest else parent
    note = with_retracted(git.read(repository, str(parent), RETRACTED), tag)
    tree = git.tree_with(repository, base, RETRACTED, note)
    made = git.run(repository, "commit-tree", tree, "-p", str(parent), "-m", f"Retract {tag}")
    git.move(repository, {branch: (parent, made), own: (commit, None)})
    git.check_out(repository)
    pushed = f"what was pushed: git push REMOTE --delete {tag}, then git push REMOTE"
    return Retracted(str(repository), tag, now, (f"commit {commit} in the history", pushed, COPIES))


def retract_from_folder(folder: Path, tag: str) -> Retracted:
    """Takes a version back in a folder of versions.

    Raises:
        ReleaseError: there is no such version, or the folder cannot be changed.
    """
    tags = [folder_name(version) for version in versions_in(folder)]
    if tag not in tags:
        raise _absent(str(folder), tag, tags)
    note, gone = folder / RETRACTED, folder / f".{tag}.retracted"
    try:
        before = note.read_text("utf-8") if note.is_file() else ""
        note.write_text(with_retracted(before, tag), "utf-8")
        (folder / tag).rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise ReleaseError(f"{folder / tag}: cannot be removed: {error}") from error
    return Retracted(str(folder), tag, _before(tag, tags), (COPIES,))


def _absent(place: str, tag: str, tags: list[str]) -> ReleaseError:
    found = ", ".join(folder_name(version) for version in versions_among(tags))
    return ReleaseError(f"{place}: has no {tag}; there is {found or 'no version'}")


def _before(tag: str, tags: list[str]) -> str | None:
    """The highest version that is left when one is taken back."""
    rest = versions_among(one for one in tags if one != tag)
    return folder_name(rest[-1]) if rest else None


def _data_of(tree: Mapping[str, HubFile]) -> dict[str, HubFile]:
    return {path: file for path, file in tree.items() if path not in KEPT}


def _restoring(
    tag: str,
    revision: str | None,
    parent: str,
    tree: Mapping[str, HubFile],
    wanted: Mapping[str, HubFile],
    note: str,
) -> Commit:
    """The commit that makes `wanted`, the files of `revision`, of `tree`, and adds to the note."""
    data, rest = _data_of(tree), _data_of(wanted)
    return Commit(
        parent=parent,
        title=f"Retract {tag}",
        write={RETRACTED: with_retracted(note, tag)},
        copy={path: str(revision) for path, file in rest.items() if data.get(path) != file},
        delete=sorted(data.keys() - rest.keys()),
    )
