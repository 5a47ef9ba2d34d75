"""`python -m eval attribution`: quotations, sources and speakers against an annotated corpus."""

import argparse
from pathlib import Path

from builder.config import QuoteConfig
from builder.errors import UsageError
from builder.lines import writing_lines
from builder.quotes.extract import load_extractor

from .data import fingerprint
from .errors import outcomes_of
from .errors_report import write_report
from .metrics.attribution import score
from .polnear import SPLITS, corpus_files, read_gold, read_speakers
from .predictions import by_document, predict, read_predictions

ERRORS_FOLDER = Path("workspaces") / "attribution-errors"  # not under version control: it quotes articles

EXTRACTORS = ("accurate", "fast")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--split", choices=SPLITS, default="dev", help="which part of PolNeAR")
    parser.add_argument(
        "--predictions",
        type=Path,
        help="score this output of `quotestance extract`, or of any program that writes its form",
    )
    parser.add_argument(
        "--extractor", choices=EXTRACTORS, default="accurate", help="which of ours, without --predictions"
    )
    parser.add_argument("--speakers", action="store_true", help="score the speakers, too")
    parser.add_argument("--write-predictions", type=Path, help="write what was extracted to this file")
    parser.add_argument(
        "--errors",
        type=int,
        metavar="N",
        help="write a report of what is missed, spurious or wrong, with N cases of each (0: only the counts)",
    )
    parser.add_argument(
        "--errors-to",
        type=Path,
        metavar="FOLDER",
        help=f"where errors.md and errors.html go, instead of {ERRORS_FOLDER}/",
    )


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures, with the corpus, the fingerprint of its files, and what was scored.

    Raises:
        UsageError: the corpus is not there, options do not go together, or a line is malformed.
    """
    _check(arguments)
    files = corpus_files(arguments.split, speakers=arguments.speakers)
    gold = read_gold(files[0])
    if arguments.predictions:
        name, lines = str(arguments.predictions), read_predictions(arguments.predictions)
    else:
        extractor = load_extractor(QuoteConfig(extractor=arguments.extractor))
        name, lines = extractor.name, list(predict(gold, extractor))
    if arguments.write_predictions:
        with writing_lines(arguments.write_predictions) as write:
            for line in lines:
                write(line)
    predicted = by_document(lines)
    speakers = read_speakers(files[1]) if arguments.speakers else None
    figures: dict[str, object] = {
        "corpus": files[0].name,
        "data": fingerprint(files),
        "extractor": name,
        **score(gold, predicted, speakers),
    }
    if arguments.errors is not None:
        title = f"{name} on {files[0].name}"
        folder = arguments.errors_to or ERRORS_FOLDER
        figures["errors"] = write_report(title, outcomes_of(gold, predicted), arguments.errors, folder)
    return figures


def _check(arguments: argparse.Namespace) -> None:
    if arguments.predictions and arguments.write_predictions:
        raise UsageError("--write-predictions goes with the product's own predictions, not --predictions")
    if arguments.errors is None and arguments.errors_to is not None:
        raise UsageError("--errors-to says where the report of --errors N goes")
    if arguments.errors is not None and arguments.errors < 0:
        raise UsageError(f"--errors is a number of cases, at least 0 (got {arguments.errors})")
