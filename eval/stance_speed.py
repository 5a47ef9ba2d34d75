"""`python -m eval stance-speed`: pairs of text and target per second of a stance model.

Each process loads the model, waits for the others, and labels all pairs; what counts is the time until
the last one is done. Where other programs keep the processor busy, the pairs per second of the processor's
own time say more. The pairs are made up of the words of a corpus: none is like another, all have the
same number of words and name their target once.
"""

import argparse
import random
import time
from collections.abc import Mapping, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from builder.config import StanceConfig
from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.release.markdown import table
from builder.stance.classifier import StanceClassifier, load_classifier, model_folder
from builder.stance.examples import StanceExample
from builder.stance.label import ROWS_AT_ONCE

from .data import fingerprint
from .speed import seconds_of
from .stance_corpora import CORPORA, corpus_path, read_rows

WARM_UP = 64  # pairs before the clock starts: what is made ready at the first call


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument(
        "--model", type=Path, help="the folder of a stance model; the shipped one if not given"
    )
    parser.add_argument("--corpus", choices=CORPORA, default="quotes", help="whose words are used")
    parser.add_argument("--pairs", type=int, default=2000, help="how many pairs each process labels")
    parser.add_argument("--words", type=int, default=46, help="words of a pair: 46 are about 60 tokens")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2], help="how many label at once")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Pairs per second, by the number of processes.

    Raises:
        UsageError: the corpus is not there, or a number makes no sense.
        ModelError: the model cannot be loaded.
    """
    if min(arguments.pairs, *arguments.processes) < 1 or arguments.words < 2:
        raise UsageError("--pairs and --processes must be at least 1, --words at least 2")
    path = corpus_path(arguments.corpus, "dev")
    pairs = made_up([str(row["text"]) for row in read_rows(path)], arguments.pairs, arguments.words)
    classifier = load_classifier(
        StanceConfig(), model_folder(StanceConfig(model=arguments.model), Path.cwd())
    )
    return {
        "model": classifier.name,
        "data": fingerprint([path]),
        "words": arguments.words,
        "pairs": arguments.pairs,
        "pairs_per_second_of_processor": round(len(pairs) / _processor_seconds(classifier, pairs)),
        "pairs_per_second": {
            str(processes): round(
                processes * len(pairs) / seconds_of(_label, (arguments.model, pairs), processes)
            )
            for processes in arguments.processes
        },
    }


def made_up(texts: Sequence[str], pairs: int, words: int) -> list[StanceExample]:
    """So many pairs, each of so many words drawn from the texts, one of them the target's name."""
    chance = random.Random(0)  # noqa: S311 - no secret
    drawn_from = [word for text in texts for word in text.split()]
    found = []
    for _ in range(pairs):
        drawn = chance.choices(drawn_from, k=words - 1)
        drawn.insert(chance.randrange(words), "Harbour")
        found.append(StanceExample(" ".join(drawn), "the Harbour"))
    return found


def _processor_seconds(classifier: StanceClassifier, pairs: Sequence[StanceExample]) -> float:
    classifier.probabilities(pairs[:WARM_UP])
    start = time.process_time()
    _label_all(classifier, pairs)
    return time.process_time() - start


def _label_all(classifier: StanceClassifier, pairs: Sequence[StanceExample]) -> None:
    for some in batched(pairs, ROWS_AT_ONCE):
        classifier.probabilities(some)


def _label(model: Path | None, pairs: Sequence[StanceExample], ready: Barrier) -> None:
    classifier = load_classifier(StanceConfig(), model_folder(StanceConfig(model=model), Path.cwd()))
    classifier.probabilities(pairs[:WARM_UP])
    ready.wait()
    _label_all(classifier, pairs)
    ready.wait()


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = [[processes, f"{speed:,}"] for processes, speed in figures["pairs_per_second"].items()]
    rows.append(["one, of processor time", f"{figures['pairs_per_second_of_processor']:,}"])
    heading = f"{figures['model']}, {figures['pairs']:,} pairs of {figures['words']} words for each process."
    return f"{heading}\n\n{table(['processes', 'pairs per second'], rows)}"
