"""`python -m eval queue`: the review queue under load: nothing given twice, nothing lost, and how fast.

The server is started as its users start it, on SQLite and on a PostgreSQL of its own, and every client
is a process that claims and answers over HTTP. What the machine does meanwhile decides the speeds, so
the load is noted, and beside them a bare loop of two durable commits on the same disk.
"""

import argparse
import os
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from builder.release.markdown import table
from builder.review.items import Actor
from builder.review.store import Store, create_store, database_url
from builder.review.tables import answer, item
from builder.review.tokens import add_token

from .postgres import cluster, missing
from .queue_client import Task, Work, run_clients
from .queue_items import fill
from .queue_lists import measure_lists
from .queue_server import Server, serving

CLIENTS = 8
CLIENTS_KEY = "clients: "
FOREVER = 10**9
PLENTY = 20_000  # items, more than eight clients answer while the server is killed
BARE_SECONDS = 2.0
KILL_EVERY = (0.5, 2.0)  # seconds between two kills, drawn
OVERLAP = 2  # of the items that are claimed from a barrier: the second annotator is the one too many


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--items", type=int, default=100_000, help="in the queue where speed is measured")
    parser.add_argument("--claims", type=int, default=2_000, help="of each barrier test")
    parser.add_argument("--kills", type=int, default=10, help="of the server, on each database")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measurement of speed")
    parser.add_argument("--only", choices=("speed", "lists", "barrier", "kills"), help="one part of it")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Counts of what went wrong, items a second, waiting times, and what starting takes."""
    wanted = [arguments.only] if arguments.only else ["speed", "lists", "barrier", "kills"]
    figures: dict[str, Any] = {"cores": len(os.sched_getaffinity(0)), "postgresql": missing() or "present"}
    if "speed" in wanted:
        figures["speed"] = _speed(arguments.items, arguments.seconds)
    if "lists" in wanted:
        with _database("sqlite") as (folder, url):
            store = create_store(url)
            figures["lists"] = measure_lists(store, folder, url, arguments.items)
            store.close()
    for name, measure in (("barrier", _barriers), ("kills", _kills)):
        if name in wanted:
            figures[name] = [
                figure
                for kind in ("sqlite", *(() if missing() else ("postgresql",)))
                for figure in measure(kind, arguments)
            ]
    wrong = sum(one["too_many"] for one in figures.get("barrier", ()))
    wrong += sum(one["lost"] + one["doubled"] for one in figures.get("kills", ()))
    return {**figures, "missed": wrong}


def _speed(items: int, seconds: float) -> dict[str, Any]:
    """Start, memory and items a second on SQLite."""
    with _database("sqlite") as (folder, url):
        store = create_store(url)
        began = time.perf_counter()
        _, actors = fill(store, items, CLIENTS)
        loading = time.perf_counter() - began
        figures: dict[str, Any] = {"items": items, "load_seconds": round(loading, 1)}
        with serving(folder, url) as server:
            figures |= {"start_seconds": round(server.seconds, 2), "memory_mb": round(server.memory_mb())}
            for clients in (1, CLIENTS):
                bare = bare_loop(folder)
                works = run_clients(_tasks(store, server, actors[:clients], FOREVER, seconds))
                figures[f"{CLIENTS_KEY}{clients}"] = _pace(works) | {"bare_loop": round(bare)}
            figures["memory_after_mb"] = round(server.memory_mb())
        store.close()
    return figures


def _pace(works: Sequence[Work]) -> dict[str, Any]:
    waited = sorted(second for work in works for second in work.next_seconds)
    done = sum(len(work.acknowledged) for work in works)
    lasted = max(work.ended for work in works) - min(work.began for work in works)
    return {
        "items_per_second": round(done / lasted, 1),
        "next_median_ms": round(1000 * median(waited), 1),
        "next_p95_ms": round(1000 * waited[int(0.95 * len(waited))], 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _barriers(kind: str, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Clients that all claim at the same moments: how many were given an item beyond its overlap."""
    for clients in (2, CLIENTS):
        for processes in (1, 2):
            with _database(kind) as (folder, url), _filled(url, arguments.claims, clients) as (store, actors):
                with serving(folder, url, processes) as server:
                    each = arguments.claims // clients
                    works = run_clients(_tasks(store, server, actors, each, FOREVER, together=True))
                given = Counter(number for work in works for number in work.claimed)
                yield {
                    "database": kind,
                    "clients": clients,
                    "processes": processes,
                    "claims": given.total(),
                    "too_many": sum(max(0, count - OVERLAP) for count in given.values())
                    + _answered_beyond_overlap(store),
                }


def _kills(kind: str, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Clients that work while the server is killed: acknowledged answers that are not there once."""
    chance = random.Random(0)  # noqa: S311 - to be the same each time
    with _database(kind) as (folder, url), _filled(url, PLENTY, CLIENTS) as (store, actors):
        with serving(folder, url) as server:
            seconds = arguments.kills * (sum(KILL_EVERY) / 2 + server.seconds) + 2

            def kill() -> None:
                for _ in range(arguments.kills):
                    time.sleep(chance.uniform(*KILL_EVERY))
                    server.kill()
                    server.restart()

            works = run_clients(_tasks(store, server, actors, FOREVER, seconds), kill)
        acknowledged = Counter(pair for work in works for pair in work.acknowledged)
        with store.reading() as connection:
            rows = connection.execute(select(answer.c.item_id, answer.c.id, answer.c.account_id)).all()
        there = {(row.item_id, row.id) for row in rows}
        once = Counter((row.item_id, row.account_id) for row in rows)
        yield {
            "database": kind,
            "kills": arguments.kills,
            "acknowledged": acknowledged.total(),
            "lost": len(acknowledged.keys() - there),
            "doubled": sum(count - 1 for count in once.values()) + _answered_beyond_overlap(store),
        }


def _tasks(
    store: Store, server: Server, actors: Sequence[Actor], items: int, seconds: float, together: bool = False
) -> list[Task]:
    tokens = [add_token(store, actor, "measurement").token or "" for actor in actors]
    return [Task(server.port, token, items, seconds, together) for token in tokens]


def _answered_beyond_overlap(store: Store) -> int:
    with store.reading() as connection:
        counts = select(func.count()).select_from(answer).where(answer.c.kind == "answer")
        rows = connection.execute(
            counts.add_columns(item.c.overlap).join(item, item.c.id == answer.c.item_id).group_by(item.c.id)
        )
        return sum(max(0, count - overlap) for count, overlap in rows)


@contextmanager
def _filled(url: str, items: int, annotators: int) -> Iterator[tuple[Store, list[Actor]]]:
    store = create_store(url)
    try:
        yield store, fill(store, items, annotators, OVERLAP)[1]
    finally:
        store.close()


@contextmanager
def _database(kind: str) -> Iterator[tuple[Path, str]]:
    """A folder and the URL of a new database."""
    with tempfile.TemporaryDirectory(prefix="queue-") as folder:
        if kind == "sqlite":
            yield Path(folder), database_url(Path(folder), None)
        else:
            with cluster() as url:
                yield Path(folder), url


def bare_loop(folder: Path) -> float:
    """How often a second a program that does nothing else makes two durable commits on this disk."""
    path = folder / "bare.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE t (x)"):
        connection.execute(statement)
    began, pairs = time.perf_counter(), 0
    while time.perf_counter() - began < BARE_SECONDS:
        for _ in range(2):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t VALUES (?)", ("x" * 500,))
            connection.execute("COMMIT")
        pairs += 1
    lasted = time.perf_counter() - began
    connection.close()
    path.unlink()
    return pairs / lasted


def render(figures: Mapping[str, Any]) -> str:
    """The figures as Markdown tables."""
    parts = [f"{figures['cores']} cores; PostgreSQL: {figures['postgresql']}."]
    if speed := figures.get("speed"):
        parts.append(
            f"SQLite, {speed['items']:,} items: loaded in {speed['load_seconds']} s, served after "
            f"{speed['start_seconds']} s with {speed['memory_mb']} MB "
            f"({speed['memory_after_mb']} MB after the run)"
        )
        columns = ["clients", "items a second", "next, median ms", "next, p95 ms", "bare loop", "load"]
        names = ["items_per_second", "next_median_ms", "next_p95_ms", "bare_loop", "load"]
        rows = [
            [key.removeprefix(CLIENTS_KEY), *(str(speed[key][name]) for name in names)]
            for key in speed
            if key.startswith(CLIENTS_KEY)
        ]
        parts.append(table(columns, rows))
    if lists := figures.get("lists"):
        parts.append(
            f"{lists['items']:,} items with two answers each; of {lists['exports']} exports that nobody "
            f"reads {lists['begun']} are begun, the others told to wait"
        )
        columns = ["page", "first, s", "next, s", "beside exports, s"]
        rows = [
            [name, str(took["first"]), str(took["next"]), str(lists["beside"][name]["next"])]
            for name, took in lists["seconds"].items()
        ]
        parts.append(table(columns, rows))
    others = [figures[name] for name in ("barrier", "kills") if name in figures]
    parts += [
        table([name.replace("_", " ") for name in found[0]], [list(map(str, one.values())) for one in found])
        for found in others
    ]
    return "\n\n".join(parts) + "\n"
