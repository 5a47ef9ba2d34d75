"""Time and peak memory of a release from a made-up workspace of many quotations."""

import argparse
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from builder.release.inputs import ReleaseInputs
from builder.release.write import write_release

from .generated import PARAGRAPHS, articles, configuration, generate

MONTHS = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many quotations")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Makes the workspace and, in a process of its own, its release."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = generate(folder / "workspace", articles(arguments.rows // PARAGRAPHS, MONTHS))
        measured = measure(inputs, folder / "releases")
        size = sum(path.stat().st_size for path in (folder / "releases").rglob("*") if path.is_file())
    return {**measured, "release_mb": round(size / 2**20, 1)}


def measure(inputs: ReleaseInputs, output: Path) -> dict[str, object]:
    """Rows by configuration, seconds, seconds of computing, and peak memory in megabytes of one release."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_release, args=(inputs, output, sender))
    process.start()
    sender.close()
    measured: dict[str, object] = receiver.recv()
    process.join()
    return measured


def _release(inputs: ReleaseInputs, output: Path, sender: Connection) -> None:
    start, computed = time.perf_counter(), time.process_time()
    summary = write_release(inputs, configuration(), "1.0.0", output, {})
    sender.send(
        {
            "rows": {name: sum(splits.values()) for name, splits in summary.rows.items()},
            "seconds": round(time.perf_counter() - start, 1),
            "cpu_seconds": round(time.process_time() - computed, 1),  # all that counts on a busy machine
            "peak_mb": _peak_mb(),
        }
    )


def _peak_mb() -> int:
    """The most memory that this process ever held; getrusage would count what it was forked from."""
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) // 1024
