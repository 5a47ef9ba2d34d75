"""`python -m eval peers`: our extractors beside others, whose predictions were saved, in one table.

Predictions are in the form of `quotestance extract`. By default they are all that lie in the folder
`peers` of the corpora for the split; `python -m eval spacy-docs` makes such a file of the output of any
extractor that works on spaCy's documents.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.config import QuoteConfig
from builder.errors import UsageError
from builder.quotes.extract import load_extractor
from builder.release.markdown import escaped, table

from .data import data_folder, fingerprint
from .metrics.attribution import score
from .polnear import SPLITS, corpus_files, read_gold
from .predictions import by_document, predict, read_predictions

# Those that are expected in the folder, with their names.
PEERS = {"ggt": "GenderGapTracker", "textacy": "textacy"}

Figures = Mapping[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--split", choices=SPLITS, default="dev", help="which part of PolNeAR")
    parser.add_argument(
        "--predictions",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="more predictions to compare, under this name; can be given several times",
    )


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures of every extractor by its name, and which peers are absent.

    Raises:
        UsageError: the corpus is not there, a name is given twice, or a line is malformed.
    """
    files = corpus_files(arguments.split)
    gold = read_gold(files[0])
    peers, absent = peer_files(arguments.split)
    given = [_named(value) for value in arguments.predictions]
    extractors: dict[str, dict[str, Any]] = {}
    for name, lines in (
        *((name, predict(gold, load_extractor(config))) for name, config in variants()),
        *((name, read_predictions(path)) for name, path in (*peers, *given)),
    ):
        if name in extractors:
            raise UsageError(f"two extractors are called {name!r}")
        extractors[name] = _figures(gold, by_document(lines))
    return {
        "corpus": files[0].name,
        "data": fingerprint(files),
        "absent": absent,
        "extractors": extractors,
    }


def variants() -> list[tuple[str, QuoteConfig]]:
    """Our own extractors, under the names that they have in the table."""
    return [
        ("quotestance accurate", QuoteConfig()),
        ("quotestance fast", QuoteConfig(extractor="fast")),
    ]


def peer_files(split: str) -> tuple[list[tuple[str, Path]], list[str]]:
    """The names and files of the saved predictions, and what is known of but not there."""
    folder = data_folder()
    ending = f"_{split}.jsonl"
    found = sorted((folder / "peers").glob(f"*{ending}")) if folder is not None else []
    stems = [path.name.removesuffix(ending) for path in found]
    absent = [f"{name} (peers/{stem}{ending})" for stem, name in PEERS.items() if stem not in stems]
    return [(PEERS.get(stem, stem), path) for stem, path in zip(stems, found, strict=True)], absent


def _named(value: str) -> tuple[str, Path]:
    name, equals, path = value.partition("=")
    if not (name and equals and path):
        raise UsageError(f"--predictions is NAME=FILE (got {value!r})")
    return name, Path(path)


def _figures(gold: Sequence[Mapping[str, Any]], predicted: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of one extractor; documents that it has no line for count as empty, and are counted."""
    ids = {document["id"] for document in gold}
    return {
        "documents_without_line": len(ids - predicted.keys()),
        "lines_of_other_documents": len(predicted.keys() - ids),
        **score(gold, predicted),
    }


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table, a column for each extractor, and notes on what is incomplete."""
    extractors: Mapping[str, Figures] = figures["extractors"]
    corpus = next(iter(extractors.values()))
    rows = [[label, *(cell(one) for one in extractors.values())] for label, cell in ROWS]
    notes = [f"Not compared, because its predictions are not there: {one}." for one in figures["absent"]]
    for name, one in extractors.items():
        for key, note in NOTES.items():
            if one[key]:
                notes.append(f"{escaped(name)}: {note}: {one[key]}.")
    heading = (
        f"{figures['corpus']}: {corpus['documents']} documents, {corpus['gold']} annotated quotations. "
        "In percent, except for the calibration error; F1 (precision / recall)."
    )
    return "\n".join((f"{heading}\n", table(["", *extractors], rows), *(f"{note}\n" for note in notes)))


def _three(of: Figures) -> str:
    return f"{of['f1']:.1f} ({of['p']:.1f} / {of['r']:.1f})"


def _joint_of(kind: str) -> Callable[[Figures], str]:
    return lambda one: f"{one['kind'][kind]['joint_f1']:.1f}" if kind in one["kind"] else NONE


def _of_confidence(key: str) -> Callable[[Figures], str]:
    return lambda one: str(one[key]) if key in one else NONE


NOTES = {
    "documents_without_line": "documents without a line, which count as empty",
    "lines_of_other_documents": "lines of documents that are not in the corpus, which are left out",
}
NONE = "–"  # where an extractor gives no confidence, or a corpus has none of a kind
ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("quotations predicted", lambda one: str(one["pred"])),
    ("exact", lambda one: _three(one["exact"])),
    ("joint (content and source)", lambda one: _three(one["joint"])),
    ("joint F1, direct", _joint_of("direct")),
    ("joint F1, mixed", _joint_of("mixed")),
    ("joint F1, indirect", _joint_of("indirect")),
    ("words", lambda one: _three(one["words"])),
    ("found", lambda one: _three(one["found"])),
    ("source right, of those found", lambda one: f"{one['source_given_found']:.1f}"),
    ("no source: found without one", lambda one: f"{one['no_source']:.1f}"),
    ("source fragments", lambda one: _three(one["role"]["source"])),
    ("cue fragments", lambda one: _three(one["role"]["cue"])),
    ("content fragments", lambda one: _three(one["role"]["content"])),
    ("joint precision, surer half", _of_confidence("top_half")),
    ("calibration error (ECE)", _of_confidence("ece")),
)
