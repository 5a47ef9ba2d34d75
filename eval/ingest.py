"""`python -m eval ingest`: article bodies of news pages, read as HTML or as text dumps, and the seed page."""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from builder.config import IngestConfig
from builder.errors import UsageError
from builder.ids import document_id, sha256
from builder.ingest.documents import parse
from builder.lines import read_objects
from builder.records import Document, RawDocument, RawFormat

from .data import data_folder, fingerprint
from .metrics.ingest import score

SEED = "tribune-2023-11-08.txt"
SEED_BEGINS = "Russian President Vladimir Putin told"
SEED_ENDS = "international issues”."
ROUNDS = 5  # of timing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument(
        "--read",
        choices=("html", "dump", "seed"),
        default="html",
        help="pages, text dumps of them, or the seed",
    )
    parser.add_argument(
        "--predictions",
        type=Path,
        help="score this output of `quotestance ingest` instead",
    )
    parser.add_argument("--speed", action="store_true", help="compare the time with trafilatura's")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures, with what was read and the fingerprint of the data.

    Raises:
        UsageError: the corpora are not there, options do not go together, or a line is malformed.
    """
    if arguments.predictions is not None and (arguments.speed or arguments.read == "seed"):
        raise UsageError("--predictions goes with neither --speed nor --read seed")
    if arguments.read == "seed":
        return seed_figures(corpus("seed") / SEED)
    folder = corpus("html")
    gold_file, pages = folder / "gold.jsonl", sorted((folder / "html").glob("*.html.gz"))
    data = fingerprint([gold_file, *pages])
    if arguments.speed:
        return {"data": data, **speed(pages)}
    gold = {str(row["id"]): str(row["body"]) for _, row in read_objects(gold_file)}
    if arguments.predictions is not None:
        bodies = dict(bodies_in(arguments.predictions))
    else:
        bodies = dict(bodies_of(pages, raw_page if arguments.read == "html" else raw_dump))
    return {"read": arguments.read, "data": data, **score(gold, bodies)}


def corpus(name: str) -> Path:
    """The folder of a corpus.

    Raises:
        UsageError: it is not on this machine.
    """
    folder = data_folder()
    if folder is None or not (folder / name).is_dir():
        raise UsageError(f"the corpus {name} is not there; set QUOTESTANCE_DATA to the folder of the corpora")
    return folder / name


def bodies_of(pages: Iterable[Path], read: Callable[[Path], RawDocument]) -> Iterator[tuple[str, str]]:
    """The body of every page that is not rejected, by the page's id."""
    for path in pages:
        parsed = parse(read(path), IngestConfig())
        if isinstance(parsed, Document):
            yield page_id(path.name), body_of(parsed.text, ((span.start, span.end) for span in parsed.body()))


def bodies_in(predictions: Path) -> Iterator[tuple[str, str]]:
    """The bodies in an output of `quotestance ingest`, by the pages' ids."""
    for number, row in read_objects(predictions):
        if "text" not in row or not ("uri" in row or "id" in row):
            raise UsageError(f"{predictions}:{number}: has no `text`, or neither `uri` nor `id`")
        text = str(row["text"])
        yield page_id(str(row.get("uri") or row["id"])), body_of(text, row.get("body", [(0, len(text))]))


def page_id(name: str) -> str:
    """The id of a page by its file's name."""
    return Path(name).name.removesuffix(".gz").removesuffix(".html").removesuffix(".htm")


def body_of(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The spans of a text, a line each."""
    return "\n".join(text[start:end] for start, end in spans)


def raw_page(path: Path) -> RawDocument:
    """A page as it was fetched."""
    return _raw(path.name, "html", gzip.decompress(path.read_bytes()))


def raw_dump(path: Path) -> RawDocument:
    """The text of a page with everything around the article, as a text browser shows it."""
    page = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    return _raw(path.name, "dump", extract_plain_text(page, list_bullets=True, main_content=False).encode())


def _raw(uri: str, form: RawFormat, data: bytes) -> RawDocument:
    digest = sha256(data)
    return RawDocument(document_id(digest, None), uri, form, data, digest)


def seed_figures(path: Path) -> dict[str, object]:
    """Whether the seed page is read as a person reads it."""
    data = path.read_bytes()
    parsed = parse(_raw(path.name, "dump", data), IngestConfig())
    if not isinstance(parsed, Document):
        raise UsageError(f"{path}: rejected as {parsed.reason}: {parsed.detail}")
    lines = [line.strip() for line in data.decode("utf-8").splitlines() if line.strip()]
    first = next(number for number, line in enumerate(lines) if line.startswith(SEED_BEGINS))
    last = next(number for number, line in enumerate(lines) if line.endswith(SEED_ENDS))
    body = [span.of(parsed.text) for span in parsed.body()]
    zones: dict[str, int] = {}
    for zone in parsed.zones:
        zones[zone.label] = zones.get(zone.label, 0) + 1
    return {
        "read": "seed",
        "data": fingerprint([path]),
        "paragraphs": len(body),
        "exact": int(body == lines[first : last + 1]),
        "zones": zones,
        **{name: getattr(parsed, name) for name in ("title", "published", "agency", "site", "language")},
    }


def speed(pages: Iterable[Path]) -> dict[str, object]:
    """Seconds of the processor for all pages, ours and trafilatura's in turn; medians over some rounds.

    In turn, and of the processor, because other programs run on the machine too.
    """
    raws = [raw_page(path) for path in pages]
    config = IngestConfig()
    rounds = [
        (_time(lambda raw: parse(raw, config), raws), _time(_by_trafilatura, raws)) for _ in range(ROUNDS + 1)
    ][1:]  # the first one loads models and fills caches
    return {
        "seconds": round(statistics.median(ours for ours, _ in rounds), 2),
        "trafilatura_seconds": round(statistics.median(theirs for _, theirs in rounds), 2),
        "ratio": round(statistics.median(ours / theirs for ours, theirs in rounds), 3),
    }


def _by_trafilatura(raw: RawDocument) -> object:
    return trafilatura.bare_extraction(raw.data, with_metadata=True)


def _time(work: Callable[[RawDocument], object], raws: Iterable[RawDocument]) -> float:
    started = time.process_time()
    for raw in raws:
        work(raw)
    return time.process_time() - started
