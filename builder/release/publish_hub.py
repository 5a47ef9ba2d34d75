"""Publishing a release to the Hub: one commit, one tag, and what was published read back.

Every step can be repeated, and each looks first at what is there: a run that was cut off at any point is
finished by the next one. The branch moves by one commit that holds the whole release, the tag is
set on that commit when its files are known to be right, and nothing that was published is ever replaced.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from builder.errors import ReleaseError
from builder.release.hub import Commit, Head, HubError, HubFile, HubRepository
from builder.release.outgoing import KEPT, NEW, RETRACTED, Outgoing, Published, Wish, retracted_in
from builder.release.version import folder_name, versions_among

READERS = 8  # files that are read back at once
PATIENCE = (2.0, 10.0)  # seconds before another attempt, where the last one failed for a passing reason
LONGEST_WAIT = 300.0  # seconds that a server may ask to wait; after that a person should look
UNFINISHED = "no version is half published; run the same command again, and it goes on from there"


@dataclass(slots=True)
class _Course:
    """What the attempts of one run know of each other: the commit that the first one built upon."""

    parent: str | None = None


def publish_to_hub(
    release: Outgoing, repository: HubRepository, wish: Wish, patience: Sequence[float] = PATIENCE
) -> Published:
    """Publishes a release, or finishes what an earlier run began.

    Raises:
        ReleaseError: the tag exists with other content or was retracted, the repository is not as the
            last version left it or moved meanwhile, it is public and should be private, or what was read
            back differs.
        HubError: the Hub refused or could not be reached, also after some patience.
    """
    course, waits = _Course(), iter(patience)
    while True:
        try:
            return _attempt(release, repository, wish, course)
        except HubError as error:
            wait = next(waits, None)
            if not error.passing:
                raise
            if wait is None:
                raise HubError(f"{error}; {UNFINISHED}", error.passing) from error
            time.sleep(max(wait, min(error.wait, LONGEST_WAIT)))


def _attempt(release: Outgoing, repository: HubRepository, wish: Wish, course: _Course) -> Published:
    head = repository.head()
    if head is None and wish.rehearse:
        return _planned(release, repository, {})
    if head is None:
        repository.create(wish.private)
        head = repository.head()
    if head is None:
        raise ReleaseError(f"{repository.name}: was created, and is not to be seen with this token")
    if wish.private and not head.private:
        raise ReleaseError(f"{repository.name}: is public, and was to be private; nothing was sent")
    tags = repository.tags()
    if release.tag in tags:
        commit = tags[release.tag]
        _require_same(release, repository, commit)
        found = Published(repository.name, release.tag, commit, same=len(release.files))
        return _read_back(release, repository, found, release.tag)
    return _publish_new(release, repository, wish, course, head, tags)


def _publish_new(
    release: Outgoing,
    repository: HubRepository,
    wish: Wish,
    course: _Course,
    head: Head,
    tags: Mapping[str, str],
) -> Published:
    tree = repository.tree(head.commit)
    planned = _planned(release, repository, tree)
    if planned.new or planned.deleted:
        _require_expected(release, repository, wish, course, head, tags, tree)
        if wish.rehearse:
            return planned
        if wish.propose:
            return _propose(release, repository, planned, head)
        course.parent = head.commit
        commit, _ = repository.commit(_commit(release, planned, head.commit))
        _require_same(release, repository, commit)
    elif wish.rehearse:
        return planned
    elif wish.propose:
        raise ReleaseError(f"{repository.name}: holds {release.tag} already; publish it without --create-pr")
    else:
        commit = head.commit  # of an earlier run, which did not come to tag it, or of a merged pull request
    repository.tag(release.tag, commit)
    return _read_back(release, repository, replace(planned, commit=commit), release.tag)


def _planned(release: Outgoing, repository: HubRepository, tree: Mapping[str, HubFile]) -> Published:
    """What a commit onto a tree would change."""
    new = [
        path
        for path, sha256 in release.files.items()
        if path not in tree or not tree[path].holds(release.folder / path, sha256)
    ]
    deleted = sorted(tree.keys() - release.files.keys() - KEPT)
    return Published(
        place=repository.name,
        tag=release.tag,
        commit=None,
        new=tuple(new),
        new_bytes=release.bytes_of(new),
        deleted=tuple(deleted),
        same=len(release.files) - len(new),
    )


def _require_expected(
    release: Outgoing,
    repository: HubRepository,
    wish: Wish,
    course: _Course,
    head: Head,
    tags: Mapping[str, str],
    tree: Mapping[str, HubFile],
) -> None:
    """Refuses to build on a commit that nobody who publishes here has seen."""
    if course.parent not in {None, head.commit}:
        raise ReleaseError(
            f"{repository.name}: moved from {course.parent} to {head.commit} while {release.tag} was sent; "
            "nothing was published: look at what changed, and publish again"
        )
    if RETRACTED in tree and release.tag in retracted_in(repository.read(RETRACTED, head.commit)):
        raise ReleaseError(f"{repository.name}: {release.tag} was retracted; choose a higher version")
    if wish.onto is not None:
        if wish.onto != head.commit:
            raise ReleaseError(f"{repository.name}: is at {head.commit}, not at {wish.onto}")
        return
    if head.commit in tags.values():
        return
    versions = [folder_name(version) for version in versions_among(tags)]
    known = repository.tree(tags[versions[-1]]) if versions else {}
    changed = sorted(path for path in tree.keys() | known.keys() if tree.get(path) != known.get(path))
    if set(changed) - (KEPT if versions else NEW):
        since = f"since {versions[-1]}" if versions else "by no version"
        raise ReleaseError(
            f"{repository.name}: {', '.join(changed[:3])} changed {since}, and would be replaced or deleted; "
            f"if that is right, publish with --onto {head.commit}"
        )


def _propose(release: Outgoing, repository: HubRepository, planned: Published, head: Head) -> Published:
    """Opens a pull request, unless there is one with this very content."""
    for reference, commit in repository.proposals().items():
        tree = repository.tree(commit)
        again = _planned(release, repository, tree)
        if not again.new and not again.deleted:
            found = replace(planned, commit=commit, proposal=reference)
            return _read_back(release, repository, found, commit)
    commit, address = repository.commit(_commit(release, planned, head.commit), propose=True)
    _require_same(release, repository, commit)
    return _read_back(release, repository, replace(planned, commit=commit, proposal=address), commit)


def _commit(release: Outgoing, planned: Published, parent: str) -> Commit:
    added = {path: release.folder / path for path in planned.new}
    return Commit(parent, f"Release {release.tag}", add=added, delete=planned.deleted)


def _require_same(release: Outgoing, repository: HubRepository, commit: str) -> None:
    """Refuses a commit that is not this release and nothing else."""
    found = _planned(release, repository, repository.tree(commit))
    if found.new or found.deleted:
        differing = ", ".join([*found.new, *found.deleted][:3])
        raise ReleaseError(
            f"{repository.name}: {release.tag} is not this release (in commit {commit} {differing} differ); "
            "what was published is never replaced: choose a higher version"
        )


def _read_back(
    release: Outgoing, repository: HubRepository, published: Published, revision: str
) -> Published:
    """Reads every file as others get it, and compares its hash."""

    def differs(path: str) -> bool:
        return repository.sha256(path, revision) != release.files[path]

    with ThreadPoolExecutor(READERS) as readers:
        paths = list(release.files)
        wrong = [path for path, bad in zip(paths, readers.map(differs, paths), strict=True) if bad]
    if wrong:
        raise ReleaseError(
            f"{repository.name}@{revision}: {', '.join(wrong[:3])} came back with other bytes; "
            f"publish --retract {release.tag} takes the version back"
        )
    return replace(published, read_back=len(release.files))
