"""Time and peak memory of a release from a made-up workspace of many quotations."""

import argparse
import multiprocessing
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from builder.config import Config
from builder.release.inputs import ReleaseInputs
from builder.release.write import write_release

from .generated import PARAGRAPHS, articles, configuration, generate

EVERY = 0.25  # seconds between two looks at the processes
MONTHS = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many quotations")
    parser.add_argument("--workers", type=int, default=0, help="processes; one a core if not given")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Makes the workspace and, in a process of its own, its release."""
    config = configuration()
    config = config.model_copy(update={"run": config.run.model_copy(update={"workers": arguments.workers})})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = generate(folder / "workspace", articles(arguments.rows // PARAGRAPHS, MONTHS))
        measured = measure(inputs, folder / "releases", config)
        size = sum(path.stat().st_size for path in (folder / "releases").rglob("*") if path.is_file())
    return {**measured, "release_mb": round(size / 2**20, 1)}


def measure(inputs: ReleaseInputs, output: Path, config: Config) -> dict[str, object]:
    """Rows by configuration, seconds, seconds of computing, and peak memory in megabytes of one release.

    The last two are of all its processes together; memory that they share is counted once. What the first
    process computes, the others cannot do at the same time: with as many idle cores a release takes that and
    its part of the rest.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_release, args=(inputs, output, config, sender))
    process.start()
    sender.close()
    watched = _Watched(psutil.Process(process.pid))
    while not receiver.poll(EVERY):
        watched.look()
    watched.look()
    measured: dict[str, object] = receiver.recv()
    process.join()
    return {
        **measured,
        # All that counts on a busy machine.
        "cpu_seconds": round(sum(watched.computed.values()), 1),
        "cpu_seconds_of_first": round(watched.computed[watched.root.pid], 1),
        "peak_mb": round(watched.peak / 2**20),
    }


@dataclass(slots=True)
class _Watched:
    """A process and all that it started: the seconds that each computed, and their most memory together."""

    root: psutil.Process
    computed: dict[int, float] = field(default_factory=dict)
    peak: int = 0

    def look(self) -> None:
        """Takes down how it is now."""
        held = 0
        with suppress(psutil.NoSuchProcess):
            for one in [self.root, *self.root.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    times = one.cpu_times()
                    self.computed[one.pid] = times.user + times.system
                    held += one.memory_full_info().pss
        self.peak = max(self.peak, held)


def _release(inputs: ReleaseInputs, output: Path, config: Config, sender: Connection) -> None:
    start = time.perf_counter()
    summary = write_release(inputs, config, "1.0.0", output, {})
    sender.send(
        {
            "rows": {name: sum(splits.values()) for name, splits in summary.rows.items()},
            "seconds": round(time.perf_counter() - start, 1),
        }
    )
