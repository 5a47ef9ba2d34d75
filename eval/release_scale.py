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
        seconds, peak_mb, rows = measure(inputs, folder / "releases")
        size = sum(path.stat().st_size for path in (folder / "releases").rglob("*") if path.is_file())
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "peak_mb": peak_mb,
        "release_mb": round(size / 2**20, 1),
    }


def measure(inputs: ReleaseInputs, output: Path) -> tuple[float, int, dict[str, int]]:
    """Seconds, peak memory in megabytes and rows by configuration of one release."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_release, args=(inputs, output, sender))
    process.start()
    sender.close()
    measured: tuple[float, int, dict[str, int]] = receiver.recv()
    process.join()
    return measured


def _release(inputs: ReleaseInputs, output: Path, sender: Connection) -> None:
    start = time.perf_counter()
    summary = write_release(inputs, configuration(), "1.0.0", output, {})
    seconds = time.perf_counter() - start
    rows = {name: sum(splits.values()) for name, splits in summary.rows.items()}
    sender.send((seconds, _peak_mb(), rows))


def _peak_mb() -> int:
    """The most memory that this process ever held; getrusage would count what it was forked from."""
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) // 1024
