"""The Hub's routes, as far as publishing and loading datasets needs them: what each request is answered.

By the requests that `huggingface_hub` and `datasets` make.
"""

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any, Literal
from urllib.parse import parse_qs

from builder.errors import ReleaseError
from builder.release.front_matter import metadata_of

from .repositories import LARGE, MAIN, File, Problem, Repositories, Repository
from .xet import files_in

Fault = Literal["dropped", "412", "409", "429", "500", "truncated"]
TOKEN = "hf_invented"  # noqa: S105 - of a server on this machine
PAGE = 50  # entries of a listing that are sent at once; the real one sends 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with what its route's pattern found in the path."""

    method: str
    found: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Hub:
    """A hub that runs: what it keeps, its address, and every request that it got as "METHOD route".

    `faults` are hit by the requests of their numbers; what is in `meanwhile` happens just before the first
    request of its name, as if somebody else had done it. `xet` is the folder of Xet's local store that large
    files go to, or None where they are uploaded to the hub itself.
    """

    kept: Repositories = field(default_factory=Repositories)
    address: str = ""
    requests: list[str] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    closing: Event = field(default_factory=Event)
    xet: Path | None = None
    lock: Lock = field(default_factory=Lock)

    def xet_hash(self, sha256: str) -> str | None:
        """What Xet knows a large file by, if it has it."""
        return files_in(self.xet).get(sha256) if self.xet else None


Route = Callable[[Hub, Request], Answer]


def answer(hub: Hub, route: Route, request: Request) -> Answer:
    """What a request is answered."""
    try:
        return route(hub, request)
    except Problem as problem:
        headers = {"X-Error-Code": problem.code} if problem.code else {}
        return Answer(_json({"error": problem.message}), problem.status, headers)


def route_of(method: str, path: str) -> tuple[str, Route, Mapping[str, str]]:
    """The route of a path: its name, its function and what its pattern found in the path."""
    for pattern, name, methods, route in ROUTES:
        match = pattern.fullmatch(path)
        if match and method in methods:
            return name, route, match.groupdict()
    return "unknown", _unknown, {"path": path}


def _unknown(_: Hub, request: Request) -> Answer:
    raise Problem(404, f"no such route: {request.found['path']}")


def _create(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    asked = request.json()
    name = f"{asked['organization']}/{asked['name']}"
    hub.kept.create(name, asked.get("visibility") == "private")
    return Answer(_json({"url": f"{hub.address}/datasets/{name}", "name": name}))


def _validate(_: Hub, request: Request) -> Answer:
    try:
        metadata_of(request.json()["content"])
    except ReleaseError as error:
        return Answer(_json({"errors": [{"message": str(error)}], "warnings": []}), 400)
    return Answer(_json({"errors": [], "warnings": []}))


def _information(hub: Hub, request: Request) -> Answer:
    repository = _repository(hub, request)
    commit = repository.at(request.found.get("revision") or MAIN)
    told = {
        "id": request.found["name"],
        "sha": commit.id,
        "private": repository.private,
        "tags": [],
        "siblings": [{"rfilename": path} for path in sorted(commit.files)],
    }
    return Answer(_json(told))


def _references(hub: Hub, request: Request) -> Answer:
    repository = _repository(hub, request)

    def listed(kind: str, named: Mapping[str, str]) -> list[dict[str, str]]:
        return [{"name": one, "ref": kind + one, "targetCommit": commit} for one, commit in named.items()]

    heads = {one: commit for one, commit in repository.branches.items() if not one.startswith("refs/")}
    pulls = {one: commit for one, commit in repository.branches.items() if one.startswith("refs/")}
    told = {"branches": listed("refs/heads/", heads), "tags": listed("refs/tags/", repository.tags)}
    return Answer(_json({**told, "converts": [], "pullRequests": listed("", pulls)}))


def _listing(hub: Hub, request: Request) -> Answer:
    commit = _repository(hub, request).at(request.found["revision"])
    folder = request.found.get("path") or ""
    recursive = request.query.get("recursive", "").lower() == "true"
    entries = _entries(hub, commit.files, f"{folder}/" if folder else "", recursive)
    if not entries and folder:
        raise Problem(404, f"{folder} does not exist", "EntryNotFound")
    first = int(request.query.get("cursor", 0))
    headers = {}
    if len(entries) > first + PAGE:
        path = f"/api/datasets/{request.found['name']}/tree/{commit.id}/{folder}".rstrip("/")
        query = f"recursive={recursive}&expand=False&cursor={first + PAGE}"
        headers["Link"] = f'<{hub.address}{path}?{query}>; rel="next"'
    return Answer(_json(entries[first : first + PAGE]), headers=headers)


def _entries(hub: Hub, files: Mapping[str, File], within: str, recursive: bool) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, file in sorted(files.items()):
        if path.startswith(within):
            parts = path.removeprefix(within).split("/")
            for depth in range(1, len(parts)):
                folder = within + "/".join(parts[:depth])
                if recursive or depth == 1:
                    found[folder] = {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0}
            if recursive or len(parts) == 1:
                found[path] = _entry(hub, path, file)
    return list(found.values())


def _entry(hub: Hub, path: str, file: File) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "file", "path": path, "size": file.length, "oid": file.blob}
    if file.sha256 is not None:
        told["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": len(file.pointer)}
        if xet := hub.xet_hash(file.sha256):
            told["xetHash"] = xet
    return told


def _paths(hub: Hub, request: Request) -> Answer:
    files = _repository(hub, request).at(request.found["revision"]).files
    asked = parse_qs(request.body.decode()).get("paths") or request.json()["paths"]
    found = [entry for entry in _entries(hub, files, "", recursive=True) if entry["path"] in asked]
    return Answer(_json(found))


def _commits(hub: Hub, request: Request) -> Answer:
    history = _repository(hub, request).history(request.found["revision"])
    date = "2024-05-02T09:31:00.000Z"
    told = [{"id": one.id, "authors": [], "date": date, "title": one.title, "message": ""} for one in history]
    return Answer(_json(told))


def _preupload(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    asked = request.json()
    files = _repository(hub, request).at(request.found["revision"]).files
    ignored = str(asked.get("gitIgnore", files[".gitignore"].data.decode() if ".gitignore" in files else ""))
    told = []
    for one in asked["files"]:
        path = one["path"]
        there = files.get(path)
        told.append(
            {
                "path": path,
                "uploadMode": "lfs" if path.endswith(LARGE) else "regular",
                "shouldIgnore": path in ignored.split(),
                **({"oid": there.sha256 or there.blob} if there else {}),
            }
        )
    return Answer(_json({"files": told}))


def _batch(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    _repository(hub, request)
    told = []
    for one in request.json()["objects"]:
        upload = {
            "upload": {"href": f"{hub.address}/lfs/{one['oid']}"},
            "verify": {"href": f"{hub.address}/lfs-verify"},
        }
        told.append({**one, **({} if one["oid"] in hub.kept.large else {"actions": upload})})
    return Answer(_json({"transfer": "basic", "objects": told}))


def _upload(hub: Hub, request: Request) -> Answer:
    if hashlib.sha256(request.body).hexdigest() != request.found["oid"]:
        raise Problem(400, "the content is not what its name says")
    hub.kept.large[request.found["oid"]] = request.body
    return Answer()


def _verify(hub: Hub, request: Request) -> Answer:
    asked = request.json()
    if len(hub.kept.large.get(asked["oid"], b"")) != asked["size"]:
        raise Problem(404, "the large file is not there")
    return Answer(b"{}")


def _commit(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    repository, branch = _repository(hub, request), request.found["revision"]
    header, *operations = [json.loads(line) for line in request.body.splitlines()]
    files = dict(repository.at(branch).files)
    for operation in operations:
        _apply(hub, files, operation["key"], operation["value"])
    title, parent = header["value"]["summary"], header["value"].get("parentCommit")
    told: dict[str, str] = {}
    if request.query.get("create_pr"):
        if parent not in {None, repository.branches.get(branch)}:
            raise Problem(412, "A commit has happened since. Please refresh and try again.")
        reference, made = repository.propose(branch, title, files)
        number = reference.rpartition("/")[2]
        told["pullRequestUrl"] = f"{hub.address}/datasets/{request.found['name']}/discussions/{number}"
    else:
        made = repository.commit(branch, parent, title, files)
    url = f"{hub.address}/datasets/{request.found['name']}/commit/{made.id}"
    return Answer(_json({"commitUrl": url, "commitOid": made.id, **told}))


def _apply(hub: Hub, files: dict[str, File], kind: str, value: Mapping[str, Any]) -> None:
    path = value["path"]
    if kind == "file":
        files[path] = File(base64.b64decode(value["content"]))
    elif kind == "lfsFile":
        files[path] = File(sha256=value["oid"], size=_size(hub, value))
    elif path in files:
        del files[path]
    else:
        raise Problem(404, "A file with this name doesn't exist", "EntryNotFound")


def _size(hub: Hub, value: Mapping[str, Any]) -> int:
    """The size of a large file that was uploaded, here or to Xet."""
    if value["oid"] in hub.kept.large:
        return len(hub.kept.large[value["oid"]])
    if hub.xet_hash(value["oid"]) is None:
        raise Problem(400, f"the large file {value['path']} was not uploaded")
    return int(value["size"])


def _tag(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    repository, revision = _repository(hub, request), request.found["revision"]
    if request.method == "POST":
        repository.tag(request.json()["tag"], revision)
    elif repository.tags.pop(revision, None) is None:
        raise Problem(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    return Answer()


def _branch(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    repository = _repository(hub, request)
    repository.branches[request.found["revision"]] = repository.at(MAIN).id
    return Answer()


def _squash(hub: Hub, request: Request) -> Answer:
    _require_token(request)
    _repository(hub, request).squash(request.found["revision"], request.json()["message"])
    return Answer()


def _xet_token(hub: Hub, request: Request) -> Answer:
    _repository(hub, request)
    if hub.xet is None:
        raise Problem(404, "files are not kept in Xet here")
    expires, store = int(time.time()) + 3600, f"local://{hub.xet}"
    told = {"casUrl": store, "accessToken": "xet-invented", "exp": expires}
    headers = {
        "X-Xet-Cas-Url": store,
        "X-Xet-Access-Token": "xet-invented",
        "X-Xet-Token-Expiration": str(expires),
    }
    return Answer(_json(told), headers=headers)


def _resolve(hub: Hub, request: Request) -> Answer:
    commit = _repository(hub, request).at(request.found["revision"])
    file = commit.files.get(request.found["path"])
    if file is None:
        raise Problem(404, "Entry not found", "EntryNotFound")
    headers = {
        "ETag": f'"{file.sha256 or file.blob}"',
        "X-Repo-Commit": commit.id,
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
    }
    xet = hub.xet_hash(file.sha256) if file.sha256 else None
    if xet:
        refresh = f"{hub.address}/api/datasets/{request.found['name']}/xet-read-token/{commit.id}"
        headers |= {"X-Xet-Hash": xet, "X-Xet-Refresh-Route": refresh, "X-Linked-Size": str(file.size)}
        return Answer(headers=headers)
    data = hub.kept.content(file)
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if match is None:
        return Answer(b"" if request.method == "HEAD" else data, headers=headers | _length(data, request))
    first, last = int(match[1]), int(match[2] or len(data) - 1)
    part = data[first : last + 1]
    headers["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{len(data)}"
    return Answer(part, 206, headers)


def _length(data: bytes, request: Request) -> dict[str, str]:
    return {"Content-Length": str(len(data))} if request.method == "HEAD" else {}


def _repository(hub: Hub, request: Request) -> Repository:
    found = hub.kept.at(request.found["name"])
    if found.private:
        _require_token(request)
    return found


def _require_token(request: Request) -> None:
    given = {key.lower(): value for key, value in request.headers.items()}.get("authorization")
    if given != f"Bearer {TOKEN}":
        raise Problem(401, f"Invalid username or password: {given}")  # no good hub repeats it; one might


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _routes() -> Iterator[tuple[re.Pattern[str], str, tuple[str, ...], Route]]:
    name, revision, path = r"(?P<name>[^/]+/[^/]+)", r"(?P<revision>(?:refs/pr/\d+|[^/]+))", r"(?P<path>.+)"
    api = f"/api/datasets/{name}"
    for pattern, told, methods, route in (
        ("/api/repos/create", "create", ("POST",), _create),
        ("/api/validate-yaml", "validate-yaml", ("POST",), _validate),
        (f"{api}", "information", ("GET",), _information),
        (f"{api}/revision/{revision}", "information", ("GET",), _information),
        (f"{api}/refs", "references", ("GET",), _references),
        (f"{api}/tree/{revision}(?:/{path})?", "listing", ("GET",), _listing),
        (f"{api}/paths-info/{revision}", "paths", ("POST",), _paths),
        (f"{api}/commits/{revision}", "commits", ("GET",), _commits),
        (f"{api}/preupload/{revision}", "preupload", ("POST",), _preupload),
        (f"{api}/commit/{revision}", "commit", ("POST",), _commit),
        (f"{api}/tag/{revision}", "tag", ("POST", "DELETE"), _tag),
        (f"{api}/branch/{revision}", "branch", ("POST",), _branch),
        (f"{api}/super-squash/{revision}", "squash", ("POST",), _squash),
        (f"{api}/xet-(?:read|write)-token/{revision}", "xet-token", ("GET",), _xet_token),
        (f"/datasets/{name}.git/info/lfs/objects/batch", "batch", ("POST",), _batch),
        ("/lfs/(?P<oid>[0-9a-f]{64})", "upload", ("PUT",), _upload),
        ("/lfs-verify", "verify", ("POST",), _verify),
        (f"/datasets/{name}/resolve/{revision}/{path}", "resolve", ("GET", "HEAD"), _resolve),
    ):
        yield re.compile(pattern), told, methods, route


ROUTES = tuple(_routes())
