"""Behind a proxy on this machine: the name that it offers is answered to, and what it says is believed."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import select

from builder.errors import UsageError
from builder.review.accounts import add_account
from builder.review.store import create_store, database_url, open_store
from builder.review.tables import login
from builder.review.web.serve import serve
from eval.queue_items import fill
from eval.queue_server import Server, serving

JSON = {"Content-Type": "application/json"}
NAME, PASSWORD = "review.news.example", "a long enough password"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("behind")
    store = create_store(database_url(folder, None))
    fill(store, 1, 0)
    add_account(store, None, "ada", "annotator", PASSWORD)
    store.close()
    with serving(folder, database_url(folder, None), 1, "--proxy", NAME) as started:
        yield started


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    cookie: str


def ask(server: Server, method: str, path: str, body: object = None, **headers: str) -> Answer:
    """Asks as a proxy does: with the name that was asked for, the client's address, and how it came."""
    passed = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(method, path, None if body is None else json.dumps(body), passed | JSON | headers)
        with connection.getresponse() as response:
            return Answer(response.status, response.headers["Set-Cookie"] or "")


@pytest.mark.parametrize(("host", "status"), [(NAME, 200), ("localhost", 200), ("evil.example", 403)])
def test_the_server_answers_to_its_name_and_to_no_other(server: Server, host: str, status: int) -> None:
    assert ask(server, "GET", "/api/health", Host=host).status == status


def test_a_session_begun_over_https_stays_on_https(server: Server) -> None:
    credentials = {"name": "ada", "password": PASSWORD}
    begun = ask(server, "POST", "/api/login", credentials, Host=NAME, Origin=f"https://{NAME}")
    assert begun.status == 200
    assert "secure" in begun.cookie.lower()
    other = ask(server, "POST", "/api/login", credentials, Host=NAME, Origin="https://evil.example")
    assert other.status == 403


def test_log_ins_are_told_apart_by_the_address_that_the_proxy_names(server: Server) -> None:
    ask(server, "POST", "/api/login", {"name": "eve", "password": "guess"}, Host=NAME)
    store = open_store(server.url)
    with store.reading() as connection:
        assert connection.scalar(select(login.c.address).where(login.c.name == "eve")) == "192.0.2.7"
    store.close()


def test_what_is_no_name_of_a_host_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must be a host's name"):
        serve(database_url(tmp_path, None), "127.0.0.1", 0, 1, print, "https://review.news.example")
