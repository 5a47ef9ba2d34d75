"""What a hub keeps: repositories with their commits, branches and tags, and the large files of all.

It keeps to what the real one promises: a commit with a parent is made only while the branch is at that
parent, a tag is never moved, and a large file can be committed only after it was uploaded.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

MAIN = "main"
INITIAL = ".gitattributes"
LARGE = (".parquet", ".png")  # what .gitattributes of a dataset's repository sends to large file storage
ATTRIBUTES = "".join(f"*{ending} filter=lfs diff=lfs merge=lfs -text\n" for ending in LARGE).encode()


class Problem(Exception):  # noqa: N818 - named for what it is to a client
    """A request that is refused: the status, and the Hub's own code for the reason if it has one."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass(frozen=True, slots=True)
class File:
    """A file of a commit: its content, or the SHA-256 and the size of it in large file storage."""

    data: bytes = b""
    sha256: str | None = None
    size: int = 0

    @property
    def pointer(self) -> bytes:
        """What git keeps of it."""
        if self.sha256 is None:
            return self.data
        named = f"oid sha256:{self.sha256}\nsize {self.size}\n"
        return f"version https://git-lfs.github.com/spec/v1\n{named}".encode()

    @property
    def blob(self) -> str:
        """Its id in git."""
        return hashlib.sha1(b"blob %d\0" % len(self.pointer) + self.pointer).hexdigest()  # noqa: S324 - git's

    @property
    def length(self) -> int:
        """How many bytes whoever reads it gets."""
        return len(self.data) if self.sha256 is None else self.size


Tree = Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its id, its parents' ids, what it says and its files by path."""

    id: str
    parents: tuple[str, ...]
    title: str
    files: Tree


@dataclass(slots=True)
class Repository:
    """A repository; `branches` holds pull requests too, as `refs/pr/1`."""

    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def at(self, revision: str) -> Commit:
        """The commit that a branch, a tag or an id names.

        Raises:
            Problem: there is none.
        """
        name = self.branches.get(revision) or self.tags.get(revision) or revision
        if name not in self.commits:
            raise Problem(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[name]

    def commit(self, branch: str, parent: str | None, title: str, files: Tree) -> Commit:
        """Makes a commit on a branch.

        Raises:
            Problem: the branch is not at `parent`.
        """
        head = self.branches.get(branch)
        if parent is not None and parent != head:
            raise Problem(412, f"A commit has happened since. Please refresh and try again. ({head})")
        return self._set(branch, (head,) if head else (), title, files)

    def propose(self, base: str, title: str, files: Tree) -> tuple[str, Commit]:
        """Opens a pull request with one commit, and names its reference."""
        number = sum(name.startswith("refs/pr/") for name in self.branches) + 1
        reference = f"refs/pr/{number}"
        return reference, self._set(reference, (self.at(base).id,), title, files)

    def squash(self, branch: str, title: str) -> None:
        """Makes one commit without a parent of a whole branch."""
        self._set(branch, (), title, self.at(branch).files)

    def tag(self, name: str, revision: str) -> None:
        """Tags a commit.

        Raises:
            Problem: the tag exists.
        """
        if name in self.tags:
            raise Problem(409, f"Tag reference exists already: {name}")
        self.tags[name] = self.at(revision).id

    def history(self, revision: str) -> list[Commit]:
        """The commits that lead to one, the newest first."""
        found = [self.at(revision)]
        while found[-1].parents:
            found.append(self.commits[found[-1].parents[0]])
        return found

    def _set(self, branch: str, parents: tuple[str, ...], title: str, files: Tree) -> Commit:
        listed = "".join(f"{path}\0{one.blob}\0" for path, one in sorted(files.items()))
        told = f"{branch}\0{parents}\0{title}\0{listed}".encode()
        made = Commit(hashlib.sha1(told).hexdigest(), parents, title, dict(files))  # noqa: S324 - git's
        self.commits[made.id] = made
        self.branches[branch] = made.id
        return made


@dataclass(slots=True)
class Repositories:
    """All repositories by name, and the large files by their SHA-256."""

    named: dict[str, Repository] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)

    def create(self, name: str, private: bool) -> Repository:
        """Creates a repository with its first commit.

        Raises:
            Problem: there is one of that name.
        """
        if name in self.named:
            raise Problem(409, "You already created this dataset repo")
        made = self.named[name] = Repository(private)
        made.commit(MAIN, None, "initial commit", {INITIAL: File(ATTRIBUTES)})
        return made

    def at(self, name: str) -> Repository:
        """The repository of a name.

        Raises:
            Problem: there is none.
        """
        if name not in self.named:
            raise Problem(404, "Repository not found", "RepoNotFound")
        return self.named[name]

    def content(self, file: File) -> bytes:
        """What whoever reads a file gets."""
        return file.data if file.sha256 is None else self.large[file.sha256]
