"""Peak memory and time of a whole build on made-up articles, in two sizes.

Memory must be bounded by the shard: ten times the shards may not take noticeably more of it.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.lines import writing_lines

PEOPLE = ["Ada Quill", "Boro Lind", "Cella Marsh", "Dov Tarn", "Edda Rook", "Femi Oduya"]
VERBS = ["said", "warned", "told reporters", "argued", "added", "conceded"]
WORDS = (
    "the council of harbour river winter budget school bridge market night under after before new old open "
    "plan vote trade water road field north south people city season answer question figure reason measure"
).split()
PARAGRAPHS = 12  # of about forty words: a news article of ordinary length

CONFIG = """
[dataset]
name = "resources"
license = "cc0-1.0"
[[inputs]]
path = "articles.jsonl"
[[targets]]
id = "budget"
name = "budget"
[ingest]
shard_documents = {documents}
[run]
workers = {workers}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--shards", type=int, nargs=2, default=(20, 200), help="the two sizes to compare")
    parser.add_argument("--documents", type=int, default=50, help="documents in a full shard")
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Builds both sizes and compares the peaks of the largest process and of the whole tree."""
    small, large = (measure(count, arguments.documents, arguments.workers) for count in arguments.shards)
    return {
        "small": small,
        "large": large,
        "peak_ratio": round(large["peak_process_mb"] / small["peak_process_mb"], 3),
    }


def measure(shards: int, documents: int, workers: int) -> dict[str, float]:
    """Peak memory in megabytes of the largest process of a build, and its seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "articles.jsonl", shards * documents)
        (folder / "config.toml").write_text(CONFIG.format(documents=documents, workers=workers))
        started = time.monotonic()
        # A process between, so that the peak is that of this build's processes and of no other's.
        code = (
            "import resource, subprocess, sys\n"
            "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        command = [sys.executable, "-m", "builder", "build", "config.toml", "--workspace", "workspace"]
        done = subprocess.run(
            [sys.executable, "-c", code, *command], cwd=folder, check=True, capture_output=True, text=True
        )
        seconds = time.monotonic() - started
    return {
        "shards": shards,
        "documents": shards * documents,
        "peak_process_mb": round(int(done.stdout) / 1024, 1),
        "seconds": round(seconds, 1),
    }


def write_articles(path: Path, count: int) -> None:
    """Writes made-up articles: the same ones for the same count, no two alike."""
    draw = random.Random(0)  # noqa: S311 - not for secrets
    with writing_lines(path) as write:
        for number in range(count):
            text = "\n\n".join(_paragraph(draw) for _ in range(PARAGRAPHS))
            write({"id": f"article-{number}", "text": text, "published": f"2024-{number % 12 + 1:02}-01"})


def _paragraph(draw: random.Random) -> str:
    said, told = (" ".join(draw.choices(WORDS, k=18)).capitalize() for _ in range(2))
    return f"“{said},” {draw.choice(PEOPLE)} {draw.choice(VERBS)}. {told}."
