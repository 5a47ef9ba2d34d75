"""A real server on a real database, and a real browser: what the pages are tested with."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from builder.review.accounts import actor_named
from builder.review.items import Item
from builder.review.sessions import begin_session, signing_key
from builder.review.store import Store, create_store, database_url, open_store
from builder.review.web.access import COOKIE
from builder.review.web.app import create_app
from tests.review.web import sample

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30_000  # milliseconds for what a busy machine does slowly; nothing waits for them to pass


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address, its database, and how to stop it."""

    address: str
    store: Store
    stop: Callable[[], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in $CHROMIUM")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start where everybody is root, as in containers.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def with_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has an account of each role: passwords are slow to hash by design."""
    folder = tmp_path_factory.mktemp("people")
    store = create_store(database_url(folder, None))
    sample.people(store)
    store.close()
    return folder


@pytest.fixture
def served(tmp_path: Path, with_people: Path) -> Iterator[Callable[..., Served]]:
    """Starts a server on some items of one campaign."""
    running: list[Served] = []

    def start(items: list[Item], **campaign: Any) -> Served:
        shutil.copytree(with_people, tmp_path, dirs_exist_ok=True)
        store = open_store(database_url(tmp_path, None))
        sample.fill(store, sample.campaign(store, **campaign), items)
        running.append(listen(store))
        return running[-1]

    yield start
    for one in running:
        one.stop()
        one.store.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a server as one of the people, in a browser of its own; any error in the page fails."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        served: Served, name: str | None, path: str, width: int = 1280, scheme: str = "light"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 860},
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=served.address,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        if name is not None:
            store = served.store
            begun = begin_session(store, signing_key(store), actor_named(store, name), "")
            context.add_cookies([{"name": COOKIE, "value": begun.cookie, "url": served.address}])
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def chromium() -> str | None:
    """The browser that this machine has, or that $CHROMIUM names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


def listen(store: Store) -> Served:
    """Serves a database on a free port of loopback until it is stopped."""
    server = uvicorn.Server(uvicorn.Config(create_app(store), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    def stop() -> None:
        server.should_exit = server.force_exit = True
        thread.join()

    return Served(f"http://127.0.0.1:{port}", store, stop)
