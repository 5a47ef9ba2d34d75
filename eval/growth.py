"""How many bytes of a release have to be uploaded again when the next one has one percent more rows.

Two ways to grow are measured on a made-up corpus of a hundred months: a month is appended, and as many
articles come late and fall into all the months that are out already. Bytes are counted as the two storages of
the Hub do: by whole files (LFS), and by content-defined chunks (Xet; see `eval.chunks`).
"""

import argparse
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.release.manifest import sha256_of
from builder.release.markdown import table
from builder.release.write import write_release

from .chunks import chunks_of
from .generated import PARAGRAPHS, Article, articles, configuration, generate

MONTHS = 100
MOST = 0.10  # of the old bytes may be uploaded when a month is appended


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--rows", type=int, default=100_000, help="quotations of the first release")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Releases the corpus and the two that grew from it, and compares the folders."""
    count = arguments.rows // PARAGRAPHS
    first = articles(count, MONTHS)
    more = count // MONTHS
    grown = {
        "a month appended": [*first, *(Article(count + one, "2030-01-01") for one in range(more))],
        "as many late articles": [*first, *articles(more, MONTHS, first=count)],
    }
    with tempfile.TemporaryDirectory() as name:
        old = _released(Path(name) / "old", first)
        figures = {way: compared(old, _released(Path(name) / way, some, old)) for way, some in grown.items()}
    share = figures["a month appended"]["files"]["share"]
    missed = [f"a month appended: {share} of the bytes are uploaded again"] if share >= MOST else []
    return {"rows": arguments.rows, "ways": figures, "missed": missed}


def _released(folder: Path, some: Iterable[Article], previous: Path | None = None) -> Path:
    inputs = replace(generate(folder / "workspace", some), previous=previous)
    version = "1.0.0" if previous is None else "1.1.0"
    return write_release(inputs, configuration(), version, folder, {}).path


def compared(old: Path, new: Path) -> dict[str, Any]:
    """The bytes of the old release, and what of the new one is not in it: by files and by chunks."""
    before, after = _files(old), _files(new)
    size = sum(path.stat().st_size for path in before)
    known = {sha256_of(path) for path in before}
    files = sum(path.stat().st_size for path in after if sha256_of(path) not in known)
    chunks = _chunks(after)
    fresh = sum(chunks[one] for one in chunks.keys() - _chunks(before).keys())
    return {
        "old_bytes": size,
        "files": {"bytes": files, "share": round(files / size, 4)},
        "chunks": {"bytes": fresh, "share": round(fresh / size, 4)},
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _chunks(paths: Iterable[Path]) -> dict[str, int]:
    return {name: size for path in paths for name, size in chunks_of(path).items()}


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = [
        (way, *(f"{found[kind]['bytes']:,} ({found[kind]['share']:.1%})" for kind in ("files", "chunks")))
        for way, found in figures["ways"].items()
    ]
    size = next(iter(figures["ways"].values()))["old_bytes"]
    heading = f"{figures['rows']:,} quotations, {size:,} bytes; uploaded for one percent more:"
    return f"{heading}\n\n{table(['', 'whole files', 'chunks'], rows)}"
