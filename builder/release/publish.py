"""Publishing a release, or taking a version back: on the Hub, in a git repository or in a plain folder."""

from pathlib import Path

from builder.errors import UsageError
from builder.release import git
from builder.release.hub import HubRepository, is_name
from builder.release.outgoing import Published, Wish, read_outgoing
from builder.release.publish_folder import publish_to_folder
from builder.release.publish_git import publish_to_git
from builder.release.publish_hub import publish_to_hub
from builder.release.retract import Retracted, retract_from_folder, retract_from_git, retract_from_hub
from builder.release.version import checked_version, folder_name


def publish(release: Path, repository: str | None, folder: Path | None, wish: Wish) -> Published:
    """Publishes a release to a repository of the Hub, `user/name`, or to a folder; one of them is None.

    A folder that is the top of a git repository gets a commit and a tag, any other a folder per version.

    Raises:
        UsageError: not exactly one place is named, or it cannot do what is wished.
        ReleaseError: the release is not what its manifest says, or the place refuses it.
    """
    place = _place(repository, folder)
    if isinstance(place, HubRepository):
        return publish_to_hub(read_outgoing(release), place, wish)
    if wish.private or wish.propose:
        raise UsageError("--private and --create-pr are for the Hub, named with --repo")
    if git.is_repository(place):
        return publish_to_git(read_outgoing(release), place, wish.onto, wish.rehearse)
    if wish.onto:
        raise UsageError(f"--onto names a commit, and {place} is a plain folder")
    return publish_to_folder(read_outgoing(release), place, wish.rehearse)


def retract(version: str, repository: str | None, folder: Path | None, squash: bool = False) -> Retracted:
    """Takes back a version that was published to a repository of the Hub or to a folder.

    Raises:
        UsageError: not exactly one place is named, or it cannot do what is wished.
        ReleaseError: there is no such version, or the place refuses.
    """
    place, tag = _place(repository, folder), folder_name(checked_version(version))
    if isinstance(place, HubRepository):
        return retract_from_hub(place, tag, squash)
    if squash:
        raise UsageError("--squash is for the Hub, named with --repo")
    return retract_from_git(place, tag) if git.is_repository(place) else retract_from_folder(place, tag)


def _place(repository: str | None, folder: Path | None) -> HubRepository | Path:
    if (repository is None) == (folder is None):
        raise UsageError("name one place: --repo user/name, or --to FOLDER")
    if folder is not None:
        return folder
    name = str(repository)
    if not is_name(name):
        raise UsageError(f"--repo {name}: is not of the form user/name")
    return HubRepository(name)
