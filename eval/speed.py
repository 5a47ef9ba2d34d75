"""`python -m eval speed`: words per second of the extractors, end to end from text, and what speakers add.

Each process loads its extractor, waits for the others, and then extracts all articles; what counts
is the time until the last one is done. Words are what stands between blanks.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

from builder.config import QuoteConfig, SpeakerConfig
from builder.ingest.documents import as_given
from builder.quotes.extract import load_extractor
from builder.records import Document
from builder.release.markdown import table
from builder.speakers.ranker import load_ranker
from builder.speakers.resolve import resolve

from .data import fingerprint
from .peers import variants
from .polnear import SPLITS, corpus_files, read_gold

BATCH = 64  # documents that the extractor gets at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--split", choices=SPLITS, default="dev", help="whose articles of PolNeAR")
    parser.add_argument("--processes", type=int, default=2, help="how many extract at once")
    parser.add_argument("--repeats", type=int, default=1, help="how often each extracts all articles")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Words per second of each of our extractors.

    Raises:
        UsageError: the corpus is not there.
    """
    files = corpus_files(arguments.split)
    texts = [str(row["text"]) for row in read_gold(files[0])] * arguments.repeats
    words = sum(len(text.split()) for text in texts) * arguments.processes
    extracting, resolving = seconds_of_speakers(texts)
    return {
        "corpus": files[0].name,
        "data": fingerprint(files),
        "processes": arguments.processes,
        "words": words,
        "words_per_second": {
            name: round(words / seconds_for(name, texts, arguments.processes)) for name, _ in variants()
        },
        "speakers_add": round(resolving / extracting, 4),
    }


def seconds_of_speakers(texts: Sequence[str]) -> tuple[float, float]:
    """The seconds in which one process extracts all texts, and in which it resolves their speakers."""
    extractor, ranker, config = load_extractor(QuoteConfig()), load_ranker(), SpeakerConfig()
    documents = [as_given(str(number), text) for number, text in enumerate(texts)]
    for document, quotations in zip(documents[:2], extractor.extract(documents[:2]), strict=True):
        resolve(document, quotations, config, ranker)  # what is made ready at the first call
    extracting = resolving = 0.0
    for first in range(0, len(documents), BATCH):
        some = documents[first : first + BATCH]
        start = time.perf_counter()
        found = extractor.extract(some)
        between = time.perf_counter()
        for document, quotations in zip(some, found, strict=True):
            resolve(document, quotations, config, ranker)
        extracting, resolving = extracting + between - start, resolving + time.perf_counter() - between
    return extracting, resolving


def seconds_for(variant: str, texts: Sequence[str], processes: int) -> float:
    """How long that many processes take, each for all texts, when all of them have loaded the extractor."""
    return seconds_of(_extract, (variant, texts), processes)


def seconds_of(work: Callable[..., None], given: Sequence[object], processes: int) -> float:
    """How long that many processes take for their work, from when all are ready until the last is done.

    Each calls `work` with what is `given` and a barrier, which it waits for when it is ready and again
    when it is done.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    workers = [context.Process(target=work, args=(*given, ready)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    ready.wait()
    start = time.perf_counter()
    ready.wait()
    taken = time.perf_counter() - start
    for worker in workers:
        worker.join()
    return taken


def _extract(variant: str, texts: Sequence[str], ready: Barrier) -> None:
    extractor = load_extractor(dict(variants())[variant])
    documents: list[Document] = [as_given(str(number), text) for number, text in enumerate(texts)]
    extractor.extract(documents[:2])  # what is made ready at the first call
    ready.wait()
    for first in range(0, len(documents), BATCH):
        extractor.extract(documents[first : first + BATCH])
    ready.wait()


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = [[name, f"{speed:,}"] for name, speed in figures["words_per_second"].items()]
    heading = f"{figures['corpus']}, {figures['processes']} processes, {figures['words']:,} words each way."
    added = f"Resolving the speakers adds {figures['speakers_add']:.1%} to the time of the default extractor."
    return f"{heading}\n\n{table(['', 'words per second'], rows)}\n\n{added}\n"
