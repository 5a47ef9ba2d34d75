"""The Hub's HTTP interface over repositories in memory, with faults where they are asked for.

A fault hits one request, counted from 0 over the life of the server.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

from .routes import Answer, Hub, Request, answer, route_of


@contextmanager
def running() -> Iterator[Hub]:
    """A hub that answers on this machine."""
    hub = Hub()

    class Handler(_Handler):
        served = hub

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        hub.address = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield hub
        finally:
            hub.closing.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Hub

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that hangs up is no news
            super().handle()

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names are the base class's

    def _serve(self) -> None:
        hub, body = self.served, self._body()
        path = urlsplit(self.path)
        name, route, found = route_of(self.command, unquote(path.path))
        with hub.lock:
            called = f"{self.command} {name}"
            hub.requests.append(called)
            hub.meanwhile.pop(called, lambda: None)()
            fault = hub.faults.get(len(hub.requests) - 1)
        if called in hub.unanswered:
            hub.closing.wait()
            fault = "dropped"
        if fault == "dropped":
            self._hang_up()
            return
        if fault in {"412", "409", "429", "500"}:
            self._send(Answer(b'{"error": "injected"}', int(fault), {"Retry-After": "0"}))
            return
        query = {key: values[0] for key, values in parse_qs(path.query).items()}
        request = Request(self.command, found, query, dict(self.headers), body)
        with hub.lock:
            found_answer = answer(hub, route, request)
        self._send(found_answer, truncated=fault == "truncated")

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, answer: Answer, truncated: bool = False) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        if truncated and not answer.body:  # there is no body to cut off: the head is
            self.wfile.write(b"".join(self._headers_buffer)[:-4])
            self._headers_buffer: list[bytes] = []
            self._hang_up()
            return
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if truncated else answer.body)
        if truncated:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        with suppress(OSError):  # the client was faster
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Silent."""
