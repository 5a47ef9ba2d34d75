"""What becomes of a publication when one of its requests goes wrong.

A version is out, the next one is published, and a fault hits one request of it. Whatever happens, the
repository must be at the one version or at the other; and the same call again, without a fault, must finish.
"""

import contextlib
import tempfile
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from builder.errors import ReleaseError
from builder.release.hub import HubRepository
from builder.release.outgoing import KEPT, Outgoing, Wish
from builder.release.publish_hub import publish_to_hub

from .hub.repositories import LARGE, File, Repository
from .hub.routes import TOKEN, Fault, Hub
from .hub.server import running

NAME = "ann/harbour"
FAULTS: tuple[Fault, ...] = get_args(Fault)
AT_ONCE = 8  # trials: most of their time is waiting until a request is repeated


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault at one request: the request's name and number, and what was wrong afterwards.

    `failed` says that the run with the fault did not get through by its own efforts.
    """

    request: str
    number: int
    fault: Fault
    failed: bool
    wrong: tuple[str, ...]


def trials(
    before: Outgoing | None,
    release: Outgoing,
    xet: bool,
    faults: Sequence[Fault] = FAULTS,
    requests: Collection[str] | None = None,
) -> list[Trial]:
    """A trial for each of some faults at every request of a publication.

    `before` is the version that is out, None where there is no repository yet. With `xet` large files go to
    Xet's local store. If `requests` names some, only the first of each of these is hit.
    """
    names = requests_of(before, release, xet)
    numbers = range(len(names)) if requests is None else [names.index(name) for name in requests]
    cases = [(number, names[number], fault) for number in numbers for fault in faults]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda case: _trial(before, release, xet, *case), cases))


def requests_of(before: Outgoing | None, release: Outgoing, xet: bool) -> Sequence[str]:
    """The requests of a publication in which nothing goes wrong."""
    with prepared(before, xet) as hub:
        publish(hub, release)
        return list(hub.requests)


def _trial(
    before: Outgoing | None, release: Outgoing, xet: bool, number: int, name: str, fault: Fault
) -> Trial:
    with prepared(before, xet) as hub:
        hub.faults[number] = fault
        failed = False
        try:
            publish(hub, release)
        except ReleaseError:
            failed = True
        wrong = list(wrong_between(hub, before, release))
        hub.faults.clear()
        with contextlib.suppress(ReleaseError):
            publish(hub, release)
        wrong += wrong_at_the_end(hub, before, release)
    return Trial(name, number, fault, failed, tuple(wrong))


@contextmanager
def prepared(before: Outgoing | None, xet: bool) -> Iterator[Hub]:
    """A hub that the version before was published to, if there is one; its requests are counted anew."""
    with tempfile.TemporaryDirectory() as store, running() as hub:
        hub.xet = Path(store) if xet else None
        if before is not None:
            publish(hub, before)
        hub.requests.clear()
        yield hub


def publish(hub: Hub, release: Outgoing) -> None:
    """Publishes a release to the hub, without a second attempt."""
    publish_to_hub(release, HubRepository(NAME, hub.address, TOKEN), Wish(), patience=())


def wrong_between(hub: Hub, before: Outgoing | None, release: Outgoing) -> Iterator[str]:
    """What is neither the version before nor the new one."""
    if NAME not in hub.kept.named:
        return
    repository = hub.kept.at(NAME)
    allowed = [_known_by(one) for one in (before, release) if one] + [{}]
    if _files(repository, "main") not in allowed:
        yield "the branch holds no whole version"
    for one in (before, release):
        if one and one.tag in repository.tags and _files(repository, one.tag) != _known_by(one):
            yield f"{one.tag} is not that version"
    if before and before.tag not in repository.tags:
        yield f"{before.tag} is gone"


def wrong_at_the_end(hub: Hub, before: Outgoing | None, release: Outgoing) -> Iterator[str]:
    """What is not as it should be once the new version is published."""
    repository = hub.kept.at(NAME)
    yield from wrong_between(hub, before, release)
    if release.tag not in repository.tags:
        yield "it could not be finished"
    made = [commit.title for commit in repository.history("main")]
    versions = [f"Release {one.tag}" for one in (release, before) if one]
    if made != [*versions, "initial commit"]:
        yield f"the commits are {made}"


def _files(repository: Repository, revision: str) -> dict[str, str]:
    """What git knows the files of a revision by; those of large file storage by their SHA-256."""
    files = repository.at(revision).files
    return {path: file.sha256 or file.blob for path, file in files.items() if path not in KEPT}


def _known_by(release: Outgoing) -> dict[str, str]:
    """The same of a release as it lies in its folder."""
    return {
        path: sha256 if path.endswith(LARGE) else File((release.folder / path).read_bytes()).blob
        for path, sha256 in release.files.items()
    }
