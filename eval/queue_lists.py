"""How long the pages take that sum over a whole campaign, and whether slow exports hold up the others."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select, update

from builder.engine.workspace import batched
from builder.review.accounts import add_account
from builder.review.items import Actor, Item, Receipt, as_json
from builder.review.rows import item_from, select_items
from builder.review.sessions import begin_session, signing_key
from builder.review.stances import keep_stances
from builder.review.store import Store
from builder.review.tables import answer, assignment, item
from builder.review.web.access import COOKIE

from .queue_items import CAMPAIGN, fill
from .queue_items import answer as answer_to
from .queue_server import Server, serving

PAGES = {
    "item": f"/campaigns/{CAMPAIGN}/review",
    "session": f"/campaigns/{CAMPAIGN}",
    "adjudication": f"/campaigns/{CAMPAIGN}/adjudicate",
}
EXPORT = f"/api/campaigns/{CAMPAIGN}/export"
TIMES = 5
ONE_IN = 50  # items that the two annotators answer differently
EXPORTS = 40
AT_ONCE = 5_000
OK = 200


def measure_lists(store: Store, folder: Path, url: str, items: int) -> dict[str, Any]:
    """Seconds of each page, with every item answered by two people, and again beside slow exports."""
    made, people = fill(store, items, 2, overlap=2)
    for actor in people:
        _answer_all(store, actor, made.id, differs=actor is people[-1])
    root = add_account(store, None, "root", "administrator")
    cookie = begin_session(store, signing_key(store), root, "").cookie
    with serving(folder, url) as server:
        figures: dict[str, Any] = {"items": items, "seconds": _pages(server, cookie)}
        with _slow_exports(server, cookie) as begun:
            figures |= {"exports": EXPORTS, "begun": begun, "beside": _pages(server, cookie)}
    return figures


def _answer_all(store: Store, actor: Actor, campaign: int, differs: bool) -> None:
    """Enters an answer to every item, without the server and its commit for each."""
    with store.reading() as connection:
        numbers = connection.scalars(select(item.c.id).order_by(item.c.id)).all()
    for some in batched(numbers, AT_ONCE):
        with store.writing() as connection:
            rows = connection.execute(select_items().where(item.c.id.in_(some)).order_by(item.c.id)).all()
            first = connection.scalar(select(answer.c.id).order_by(answer.c.id.desc()).limit(1)) or 0
            found = [item_from(row) for row in rows]
            connection.execute(insert(assignment), [_assigned(one, actor, campaign) for one in found])
            entered = [_answered(one, actor, campaign, differs) for one in found]
            connection.execute(insert(answer), entered)
            for number, one in enumerate(found, first + 1):
                content = _content(one, differs)
                keep_stances(connection, actor, campaign, one, Receipt(number, one.id, 1), content, False)
    with store.writing() as connection:
        connection.execute(update(item).values(places=item.c.places - 1, answered=item.c.answered + 1))


def _content(one: Item, differs: bool) -> Any:
    said = answer_to(one)
    if differs and one.id % ONE_IN == 0:
        return replace(said, stances=dict.fromkeys(said.stances, "against"))
    return said


def _answered(one: Item, actor: Actor, campaign: int, differs: bool) -> dict[str, Any]:
    return {
        "item_id": one.id,
        "account_id": actor.id,
        "campaign_id": campaign,
        "revision": 1,
        "kind": "answer",
        "content": as_json(_content(one, differs)),
        "flagged": False,
        "hidden": False,
        "seconds": 3.0,
        "guideline": "1.0",
        "at": time.time(),
    }


def _assigned(one: Item, actor: Actor, campaign: int) -> dict[str, Any]:
    return {
        "item_id": one.id,
        "account_id": actor.id,
        "campaign_id": campaign,
        "state": "submitted",
        "token": f"{one.id}-{actor.id}",
        "taken_at": time.time(),
        "expires_at": time.time(),
        "hidden": False,
    }


def _pages(server: Server, cookie: str) -> dict[str, dict[str, float]]:
    """Of each page the first time, and the median of the next ones."""
    found = {}
    for name, path in PAGES.items():
        first, *others = (_seconds(server, cookie, path) for _ in range(1 + TIMES))
        found[name] = {"first": round(first, 3), "next": round(median(others), 3)}
    return found


def _seconds(server: Server, cookie: str, path: str) -> float:
    began = time.perf_counter()
    connection, status = _begun(server, cookie, path)
    connection.close()
    if status != OK:
        raise RuntimeError(f"{path}: the server answered {status}")
    return time.perf_counter() - began


@contextmanager
def _slow_exports(server: Server, cookie: str) -> Iterator[int]:
    """Exports that are asked for and not read; how many of them the server began."""
    opened: Sequence[tuple[HTTPConnection, int]] = [_begun(server, cookie, EXPORT) for _ in range(EXPORTS)]
    yield sum(status == OK for _, status in opened)
    for connection, _ in opened:
        connection.close()


def _begun(server: Server, cookie: str, path: str) -> tuple[HTTPConnection, int]:
    """A request whose answer has begun; the answer is whole for a page, which the first packets hold."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={cookie}"})
    return connection, connection.getresponse().status
