"""The review server under measurement: started as its users start it, and ended as no user would."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

PATIENCE = 60  # seconds until a server that does not answer has failed


@dataclass(slots=True)
class Server:
    """A running server; `seconds` is how long it took until it answered."""

    workspace: Path
    url: str
    processes: int
    port: int
    process: subprocess.Popen[bytes]
    seconds: float

    def kill(self) -> None:
        """Kills all of its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        """Starts it again where it was."""
        self.process, self.seconds = _start(self.workspace, self.url, self.processes, self.port)

    def memory_mb(self) -> float:
        """The resident memory of its processes."""
        root = psutil.Process(self.process.pid)
        used = [one.memory_info().rss for one in (root, *root.children(recursive=True))]
        return float(sum(used)) / 2**20


@contextmanager
def serving(workspace: Path, url: str, processes: int = 1, *options: str) -> Iterator[Server]:
    """A server of a database, started with these options as well, which is stopped when the block ends."""
    port = _free_port()
    process, seconds = _start(workspace, url, processes, port, *options)
    server = Server(workspace, url, processes, port, process, seconds)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGTERM)
        server.process.wait()


def _start(
    workspace: Path, url: str, processes: int, port: int, *options: str
) -> tuple[subprocess.Popen[bytes], float]:
    command = [sys.executable, "-m", "builder", "review", "serve", str(workspace), "--database", url]
    command += ["--port", str(port), "--processes", str(processes), *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while not _answers(port):
        if process.poll() is not None or time.perf_counter() - began > PATIENCE:
            raise RuntimeError(f"the server did not start: {' '.join(command)}")
        time.sleep(0.02)
    return process, time.perf_counter() - began


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
