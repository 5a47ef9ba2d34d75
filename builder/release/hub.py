"""Datasets on the Hub: the one module that knows `huggingface_hub`.

The token comes from where that library takes it (`HF_TOKEN`, or what `hf auth login` kept) and the
address from `HF_ENDPOINT`; no message of an error holds a token.
"""

import hashlib
import re
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from logging import ERROR
from pathlib import Path
from typing import Any

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    get_token,
    hf_hub_download,
    set_client_factory,
    snapshot_download,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import logging
from huggingface_hub.utils._http import default_client_factory
from huggingface_hub.utils.tqdm import disable_progress_bars

from builder.errors import ReleaseError

TYPE = "dataset"
MAIN = "main"
NAME = re.compile(r"\w(?:[\w.-]{0,94}\w)?/\w(?:[\w.-]{0,94}\w)?", re.ASCII)
PASSING = (408, 409, 412, 425, 429)  # the same request may succeed later; so it may after any status from 500
SILENCE = 100.0  # seconds that the Hub may say nothing; its own gateway gives up after a minute
LONGEST_MESSAGE = 500  # characters
URL_QUERY = re.compile(r"\?[^\s'\"<>]+")  # of an address to upload to, which is signed


class HubError(ReleaseError):
    """The Hub refused a request or could not be reached.

    `passing` says that the same request may succeed later, `wait` in how many seconds, if the Hub said so.
    """

    def __init__(self, message: str, passing: bool, wait: float = 0) -> None:
        super().__init__(message)
        self.passing, self.wait = passing, wait


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a commit: its id in git, its size, and its SHA-256 if it is in large file storage."""

    blob: str
    size: int
    sha256: str | None

    def holds(self, path: Path, sha256: str) -> bool:
        """Whether it is the local file `path`, whose SHA-256 is `sha256`."""
        return self.sha256 == sha256 if self.sha256 else self.blob == _git_blob(path)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a repository, and whether the repository is private."""

    commit: str
    private: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to make on top of `parent`, and on no other.

    `add` are local files, `write` are texts, `copy` are files of the revision that is named, each by its
    path in the repository.
    """

    parent: str
    title: str
    add: Mapping[str, Path] = field(default_factory=dict)
    write: Mapping[str, str] = field(default_factory=dict)
    copy: Mapping[str, str] = field(default_factory=dict)
    delete: Collection[str] = ()


def is_name(text: str) -> bool:
    """Whether a text has the form of a repository's name, `user/name`."""
    return NAME.fullmatch(text) is not None


def fetch(name: str, revision: str | None) -> Path:
    """The local copy of a revision of a dataset, by default the newest; fetched unless it is there.

    Raises:
        HubError: there is no such dataset or revision, or it cannot be reached.
    """
    _prepare()
    with _told(f"{name}@{revision or MAIN}, which is no folder here and was looked for on the Hub", None):
        return Path(snapshot_download(name, repo_type=TYPE, revision=revision))


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A dataset's repository on the Hub, by its name.

    `endpoint` and `token` are those of the environment where they are not given. Every method raises
    `HubError` where the Hub refuses or cannot be reached.
    """

    name: str
    endpoint: str | None = None
    token: str | None = None

    def head(self) -> Head | None:
        """The newest commit, or None if there is no such repository, or none that the token may see."""
        with self._told():
            try:
                found = self._api().repo_info(self.name, repo_type=TYPE)
            except RepositoryNotFoundError:
                return None
            return Head(str(found.sha), bool(found.private))

    def create(self, private: bool) -> None:
        """Creates it; who may see it is the namespace's default unless it is private."""
        with self._told():
            self._api().create_repo(self.name, repo_type=TYPE, private=private or None)

    def tags(self) -> dict[str, str]:
        """The commits that tags name."""
        with self._told():
            found = self._api().list_repo_refs(self.name, repo_type=TYPE)
            return {one.name: one.target_commit for one in found.tags}

    def proposals(self) -> dict[str, str]:
        """The newest commits of the pull requests, by their references."""
        with self._told():
            found = self._api().list_repo_refs(self.name, repo_type=TYPE, include_pull_requests=True)
            return {one.ref: one.target_commit for one in found.pull_requests or ()}

    def tree(self, revision: str) -> dict[str, HubFile]:
        """The files of a revision by their paths."""
        with self._told():
            found = self._api().list_repo_tree(self.name, recursive=True, revision=revision, repo_type=TYPE)
            return {
                one.path: HubFile(one.blob_id, one.size, one.lfs.sha256 if one.lfs else None)
                for one in found
                if isinstance(one, RepoFile)
            }

    def commit(self, commit: Commit, propose: bool = False) -> tuple[str, str | None]:
        """Uploads the large files that are not there yet, then makes one commit; its id.

        With `propose` it is made in a pull request, whose address is the second of the answer.
        """
        added = [CommitOperationAdd(path, file) for path, file in commit.add.items()]
        written = [CommitOperationAdd(path, text.encode()) for path, text in commit.write.items()]
        copied = [
            CommitOperationCopy(path, path, src_revision=revision) for path, revision in commit.copy.items()
        ]
        deleted = [CommitOperationDelete(path, is_folder=False) for path in commit.delete]
        with self._told():
            api = self._api()
            # An empty .gitignore: what the repository's own one names would silently be left out.
            api.preupload_lfs_files(
                self.name,
                [*added, *written],
                repo_type=TYPE,
                create_pr=propose,
                free_memory=False,
                gitignore_content="",
            )
            made = api.create_commit(
                self.name,
                [*deleted, *added, *written, *copied],
                repo_type=TYPE,
                commit_message=commit.title,
                parent_commit=commit.parent,
                create_pr=propose,
            )
            return made.oid, made.pr_url

    def tag(self, name: str, commit: str) -> None:
        """Tags a commit; an existing tag is never moved."""
        with self._told():
            self._api().create_tag(self.name, tag=name, revision=commit, repo_type=TYPE)

    def untag(self, name: str) -> None:
        """Removes a tag."""
        with self._told():
            self._api().delete_tag(self.name, tag=name, repo_type=TYPE)

    def squash(self, title: str) -> None:
        """Makes one commit of all that led to the newest; this cannot be undone."""
        with self._told():
            self._api().super_squash_history(self.name, commit_message=title, repo_type=TYPE)

    def read(self, path: str, revision: str) -> str:
        """The text of a file."""
        with self._fetched(path, revision) as file:
            return file.read_text("utf-8", "replace")

    def sha256(self, path: str, revision: str) -> str:
        """The SHA-256 of a file as whoever reads it gets it: it is fetched, not taken from a cache."""
        with self._fetched(path, revision) as file, file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    @contextmanager
    def _fetched(self, path: str, revision: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as empty:
            with self._told():
                file = hf_hub_download(
                    self.name,
                    path,
                    repo_type=TYPE,
                    revision=revision,
                    cache_dir=empty,
                    endpoint=self.endpoint,
                    token=self.token,
                )
            yield Path(file)

    def _api(self) -> HfApi:
        _prepare()
        return HfApi(endpoint=self.endpoint, token=self.token)

    def _told(self) -> AbstractContextManager[None]:
        return _told(self.name, self.token)


@contextmanager
def _told(what: str, token: str | None) -> Iterator[None]:
    """Whatever goes wrong inside is told as one line that begins with `what` and holds no secret."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the library and those it rests on raise errors of any kind
        answer = error.response if isinstance(error, HfHubHTTPError) else None
        passing = answer is None or answer.status_code in PASSING or answer.status_code >= 500
        wait = answer.headers.get("Retry-After", "") if answer is not None else ""
        raise HubError(
            f"{what}: {_without_secrets(error, token)}", passing, float(wait) if wait.isdigit() else 0
        ) from None


def _without_secrets(error: BaseException, token: str | None) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    if error.__cause__ is not None and not isinstance(error, HfHubHTTPError):
        told += f" ({' '.join(str(error.__cause__).split())})"
    for secret in (token, get_token()):
        told = told.replace(secret, "TOKEN") if secret else told
    return URL_QUERY.sub("?…", told)[:LONGEST_MESSAGE]


def _prepare() -> None:
    _limit_silence()
    logging.set_verbosity(ERROR)  # a request that is repeated is no news, and its address may be signed
    if not sys.stderr.isatty():
        disable_progress_bars()


@cache
def _limit_silence() -> None:
    """Makes a request that is not answered end as an error; the library lets most of them wait for ever."""
    set_client_factory(_client)


def _client() -> Any:
    client = default_client_factory()
    hooks = client.event_hooks
    client.event_hooks = {**hooks, "request": [*hooks["request"], _with_limits]}
    return client


def _with_limits(request: Any) -> None:
    """Sets the limits that a request has none of: some requests ask for none, whatever the client's are."""
    given = request.extensions.get("timeout", {})
    limits = {part: given.get(part) or SILENCE for part in ("connect", "read", "write", "pool")}
    request.extensions = {**request.extensions, "timeout": limits}


def _git_blob(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
