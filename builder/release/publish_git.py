"""Publishing a release into a git repository: one commit and its tag, in one transaction.

The commit is made of the release's files without touching those that are checked out; branch and tag
then move together or not at all.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

from builder.errors import ReleaseError
from builder.release import git
from builder.release.outgoing import KEPT, NEW, RETRACTED, Outgoing, Published, retracted_in
from builder.release.publish_folder import require_files
from builder.release.version import folder_name, versions_among


def publish_to_git(
    release: Outgoing, repository: Path, onto: str | None = None, rehearse: bool = False
) -> Published:
    """Commits a release on the branch that is checked out, and tags it.

    Raises:
        ReleaseError: the tag exists with other content or was retracted, the branch is not as the last
            version left it (and not at the commit `onto`), files are changed and not committed, or `git`
            fails.
    """
    planned = Published(place=str(repository), tag=release.tag, commit=None)
    if release.tag in git.tags(repository):
        return _read_back(release, repository, planned)
    branch = git.run(repository, "symbolic-ref", "HEAD")
    parent = git.commit_of(repository, branch)
    tree = _tree(release, repository, parent)
    same = parent is not None and git.run(repository, "rev-parse", f"{parent}^{{tree}}") == tree
    planned = _planned(release, repository, planned, parent, tree)
    if not same:
        _require_expected(release, repository, parent, onto)
    if rehearse:
        return planned
    commit = parent if same and parent else _commit(release, repository, parent, tree)
    git.move(repository, {branch: (parent, commit), f"refs/tags/{release.tag}": (None, commit)})
    if not same:
        git.check_out(repository)
    return _read_back(release, repository, replace(planned, commit=commit))


def _tree(release: Outgoing, repository: Path, parent: str | None) -> str:
    """Writes the files of a release, and those that no version replaces, as a tree; its id."""
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index"), "GIT_DIR": git.directory(repository)}
        kept = git.run(repository, "ls-tree", parent, "--", *sorted(KEPT)) if parent else ""
        git.run(repository, "update-index", "--index-info", given=kept and f"{kept}\n", **index)
        work_tree = {"GIT_WORK_TREE": str(release.folder.resolve())}
        listed = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
        given = "\0".join(release.files)
        git.run(release.folder, "--literal-pathspecs", "add", *listed, given=given, **index, **work_tree)
        return git.run(repository, "write-tree", **index)


def _planned(
    release: Outgoing, repository: Path, planned: Published, parent: str | None, tree: str
) -> Published:
    changed = git.changes(repository, parent, tree)
    new = [path for path, kind in changed.items() if kind != "D"]
    return replace(
        planned,
        new=tuple(new),
        new_bytes=release.bytes_of(new),
        deleted=tuple(path for path, kind in changed.items() if kind == "D"),
        same=len(release.files) - len(new),
    )


def _require_expected(release: Outgoing, repository: Path, parent: str | None, onto: str | None) -> None:
    """Refuses to build on a commit that nobody who publishes here has seen, and on unfinished work."""
    if git.unfinished(repository):
        raise ReleaseError(f"{repository}: has changes that are not committed; commit or remove them first")
    if parent is None:
        return
    if release.tag in retracted_in(git.read(repository, parent, RETRACTED)):
        raise ReleaseError(f"{repository}: {release.tag} was retracted; choose a higher version")
    if onto is not None:
        if git.commit_of(repository, onto) != parent:
            raise ReleaseError(f"{repository}: is at {parent}, not at {onto}")
        return
    versions = [folder_name(version) for version in versions_among(git.tags(repository))]
    changed = git.changes(repository, f"refs/tags/{versions[-1]}" if versions else None, parent)
    if changed.keys() - (KEPT if versions else NEW):
        since = f"since {versions[-1]}" if versions else "by no version"
        raise ReleaseError(
            f"{repository}: {', '.join(sorted(changed)[:3])} changed {since}, and would be replaced or "
            f"deleted; if that is right, publish with --onto {parent}"
        )


def _commit(release: Outgoing, repository: Path, parent: str | None, tree: str) -> str:
    after = ("-p", parent) if parent else ()
    return git.run(repository, "commit-tree", tree, *after, "-m", f"Release {release.tag}")


def _read_back(release: Outgoing, repository: Path, published: Published) -> Published:
    commit = git.commit_of(repository, f"refs/tags/{release.tag}")
    with tempfile.TemporaryDirectory() as folder:
        git.extract(repository, str(commit), Path(folder))
        require_files(release, Path(folder))
    new = len(published.new)
    return replace(published, commit=commit, same=len(release.files) - new, read_back=len(release.files))
