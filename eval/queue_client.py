"""Clients of the review server, each a process of its own: they claim and answer as fast as they can."""

import json
import multiprocessing
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.synchronize import Barrier
from typing import Any

CAMPAIGN = "main"
AGAIN = 0.05  # seconds until a server that was killed is tried again
PATIENCE = 60
NOTHING_LEFT, BUSY = 204, 503
EXPECTED = (200, NOTHING_LEFT)


@dataclass(frozen=True, slots=True)
class Work:
    """What one client did: which items it was given, which answers were acknowledged, how long each took."""

    claimed: tuple[int, ...]
    acknowledged: tuple[tuple[int, int], ...]
    next_seconds: tuple[float, ...]
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Task:
    """What a client is to do: so many items, or as many as it can in so many seconds.

    `together`: each claim waits until all clients are about to claim.
    """

    port: int
    token: str
    items: int
    seconds: float
    together: bool


class Client:
    """One connection to the server, made anew when the server was killed."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.headers = (
            port,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        self.connection = self._connect()

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of a request, which is sent again until it is answered."""
        payload = json.dumps(body) if body is not None else "{}"
        began = time.perf_counter()
        while True:
            try:
                self.connection.request("POST", path, payload, self.headers)
                response = self.connection.getresponse()
                text = response.read()
                if response.status in EXPECTED:
                    return response.status, json.loads(text) if text else None
                if response.status != BUSY:
                    raise RuntimeError(f"{path}: {response.status}: {text.decode()}")
            except (OSError, HTTPException):
                if time.perf_counter() - began > PATIENCE:
                    raise
                self.connection.close()
                time.sleep(AGAIN)
                self.connection = self._connect()

    def _connect(self) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with suppress(OSError):
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def run_clients(tasks: Sequence[Task], meanwhile: Callable[[], None] = lambda: None) -> list[Work]:
    """What the clients of some tasks did, one process each; they start together."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(tasks))
    with context.Pool(len(tasks), _prepare, (barrier,)) as pool:
        working = pool.map_async(_work, tasks, chunksize=1)
        meanwhile()
        return working.get()


_barrier: Barrier


def _prepare(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - how a pool hands a barrier to its processes
    _barrier = barrier


def _work(task: Task) -> Work:
    client = Client(task.port, task.token)
    claimed: list[int] = []
    acknowledged: list[tuple[int, int]] = []
    waited: list[float] = []
    _barrier.wait()
    began = time.perf_counter()
    while len(claimed) < task.items and time.perf_counter() - began < task.seconds:
        if task.together:
            _barrier.wait()
        sent = time.perf_counter()
        status, claim = client.post(f"/api/campaigns/{CAMPAIGN}/next")
        waited.append(time.perf_counter() - sent)
        if status == NOTHING_LEFT:
            break
        claimed.append(claim["item"]["id"])
        body = {"lease": claim["lease"]["token"], "content": _content(claim["item"]), "seconds": 1.0}
        _, receipt = client.post("/api/submit", body)
        acknowledged.append((receipt["item"], receipt["id"]))
    return Work(tuple(claimed), tuple(acknowledged), tuple(waited), began, time.perf_counter())


def _content(item: dict[str, Any]) -> dict[str, Any]:
    quotation = {part: item["quotation"][part] for part in ("content", "cue", "source")}
    stances = {target["id"]: "favor" for target in item["targets"]}
    return {"quotation": quotation, "speaker": {"name": "Ada Quill", "kind": "person"}, "stances": stances}
