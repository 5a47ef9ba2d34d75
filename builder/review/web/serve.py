"""Running the server, in one process or in several that share one socket."""

import re
import socket
from collections.abc import Callable
from functools import partial

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from builder.errors import RunError, UsageError
from builder.review.store import open_store
from builder.review.web.app import create_app

ON_THIS_MACHINE = ("127.0.0.1", "::1")
LOOPBACK = ("localhost", *ON_THIS_MACHINE)
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
BACKLOG = 256  # connections that wait while all are busy
GRACE_SECONDS = 5  # that requests have to end in when the server is stopped


def serve(
    url: str, host: str, port: int, processes: int, ready: Callable[[str], None], proxy: str | None = None
) -> None:
    """Serves a database until it is interrupted; `ready` is told the address once it is listened on.

    `proxy` is the name under which a web server on this machine passes requests on; it is believed what it
    says of its clients.

    Raises:
        UsageError: there is no such database, or `proxy` is no name of a host.
        RunError: the address cannot be listened on.
    """
    if proxy is not None and not HOST.fullmatch(proxy):
        raise UsageError(f"--proxy {proxy!r}: must be a host's name, such as review.example.org")
    open_store(url).close()  # brings an older database up to date, before several processes open it
    listening = _listen(host, port)
    ready(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/")
    # A page of another site could reach a server on loopback under a name of its own: only these are ours.
    hosts = (*LOOPBACK, *([proxy.lower()] if proxy else [])) if host in LOOPBACK else ()
    config = uvicorn.Config(
        partial(_application, url, hosts),
        factory=True,
        http="httptools",
        ws="none",
        lifespan="off",
        workers=processes,
        log_level="warning",
        access_log=False,
        server_header=False,
        # What a proxy says of its clients, which on loopback anybody could say.
        proxy_headers=not hosts or proxy is not None,
        forwarded_allow_ips=list(ON_THIS_MACHINE),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    try:
        if processes == 1:
            server.run(sockets=[listening])
        else:
            Multiprocess(config, sockets=[listening]).run()
    except KeyboardInterrupt:
        pass  # how a server is stopped


def _application(url: str, hosts: tuple[str, ...]) -> FastAPI:
    return create_app(open_store(url), hosts)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only a socket that names its protocol gets its small answers sent without delay.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise RunError(f"{host}:{port}: cannot be listened on: {error.strerror}") from error
    listening.listen(BACKLOG)
    return listening
