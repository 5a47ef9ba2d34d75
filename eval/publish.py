"""`python -m eval publish`: publishing over the wire, to a hub on this machine.

The hub speaks the Hub's interface. A release of many shards is published in both ways in which large
files are uploaded (to the hub itself, and to Xet, here its local store), and read back. Then every kind
of fault hits every request of the publication of a small release, one at a time: afterwards the
repository must be at a whole version, and the same call again must finish.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from builder.release.hub import HubRepository
from builder.release.markdown import table
from builder.release.outgoing import read_outgoing

from .faults import FAULTS, NAME, prepared, publish, trials
from .hub.releases import write_invented
from .hub.routes import TOKEN

# What the client reads when it is loaded. It repeats requests to Xet for minutes unless told otherwise.
WAYS: Mapping[str, Mapping[str, str]] = {
    "the hub itself": {"HF_HUB_DISABLE_XET": "1"},
    "Xet": {
        "HF_HUB_DISABLE_XET": "0",
        "HF_XET_CLIENT_RETRY_BASE_DELAY": "100ms",
        "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "2",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--shards", type=int, default=120, help="of the large release")
    parser.add_argument("--rows", type=int, default=2000, help="of each of its shards")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures of both ways, each measured in a process of its own."""
    return {
        "shards": arguments.shards,
        "faults": list(FAULTS),
        "ways": {way: _measured(way, arguments.shards, arguments.rows) for way in WAYS},
    }


def _measured(way: str, shards: int, rows: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as home, ProcessPoolExecutor(1, get_context("spawn")) as process:
        os.environ |= {**WAYS[way], "HF_HOME": home, "HF_HUB_DISABLE_TELEMETRY": "1"}
        return process.submit(figures_of, way == "Xet", shards, rows).result()


def figures_of(xet: bool, shards: int, rows: int) -> dict[str, object]:
    """The figures of one way, which the environment of this process must be set for."""
    with tempfile.TemporaryDirectory() as folder:
        return {**_large(Path(folder), xet, shards, rows), **_with_faults(Path(folder), xet)}


def _large(folder: Path, xet: bool, shards: int, rows: int) -> dict[str, object]:
    release = read_outgoing(write_invented(folder / "large", "1.0.0", shards, rows))
    with prepared(None, xet) as hub:
        start = time.perf_counter()
        publish(hub, release)
        seconds = time.perf_counter() - start
        repository = HubRepository(NAME, hub.address, TOKEN)
        differing = [
            path for path, sha256 in release.files.items() if repository.sha256(path, "v1.0.0") != sha256
        ]
        return {
            "commits": len(hub.kept.at(NAME).history("main")) - 1,  # the first one made the repository
            "bytes": release.bytes_of(list(release.files)),
            "bytes differing": release.bytes_of(differing),
            "seconds": round(seconds, 1),
        }


def _with_faults(folder: Path, xet: bool) -> dict[str, object]:
    before = read_outgoing(write_invented(folder, "1.0.0", shards=2))
    release = read_outgoing(write_invented(folder, "1.1.0", shards=3, labels={0: "favor"}))
    found = [
        *trials(None, release, xet),
        *trials(before, release, xet),
    ]
    return {
        "trials": len(found),
        "interrupted": sum(one.failed for one in found),
        "wrong": [
            f"{one.fault} at {one.request} ({one.number}): {', '.join(one.wrong)}"
            for one in found
            if one.wrong
        ],
    }


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = [
        [
            way,
            f"{one['commits']} / {one['bytes differing']} of {one['bytes']:,}",
            str(one["seconds"]),
            str(one["trials"]),
            str(one["interrupted"]),
            str(len(one["wrong"])),
        ]
        for way, one in figures["ways"].items()
    ]
    heading = ["large files go to", f"commits / bytes differing, {figures['shards']} shards", "seconds"]
    faults = ["faults at single requests", "that ended the run", "not at a whole version, or not resumable"]
    wrong = "".join(f"- {way}: {one}\n" for way, found in figures["ways"].items() for one in found["wrong"])
    return f"{table([*heading, *faults], rows)}\n{wrong}"
