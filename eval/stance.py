"""`python -m eval stance`: a stance model, or predictions of any program, on corpora of labelled pairs.

Shows where it is weak: by label, by target, by whether the text holds a quotation, by confidence; and
the errors that it was surest of. These quote the corpora: keep a report out of the repository.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.config import StanceConfig
from builder.errors import UsageError
from builder.ids import sha256
from builder.lines import writing_lines
from builder.release.markdown import table
from builder.stance.classifier import StanceClassifier, load_classifier, model_folder
from builder.stance.label import label_rows

from .data import fingerprint
from .stance_corpora import CORPORA, SPLITS, corpus_path, predictions_of, read_rows
from .stance_figures import figures_of
from .stance_report import overview, tables_of, write_report

ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument(
        "--corpus", choices=(*CORPORA, ALL), nargs="+", default=["quotes"], help="which corpora to score on"
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="which part of them")
    parser.add_argument(
        "--model", type=Path, help="the folder of a stance model; the shipped one if not given"
    )
    parser.add_argument(
        "--predictions", type=Path, help="score this output of `quotestance label` instead of running a model"
    )
    parser.add_argument(
        "--labels",
        help="restrict the model's answers to some labels, separated by commas: favor,against; those of each "
        "corpus if not given",
    )
    parser.add_argument("--write-predictions", type=Path, metavar="FILE", help="keep what the model answered")
    parser.add_argument(
        "--worst", type=int, default=10, metavar="N", help="how many of the surest errors to show of a corpus"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FOLDER",
        help="write stance.md, stance.html and charts there, with all tables",
    )


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures of each corpus, the fingerprint of its rows and of all of them, and what was scored.

    Raises:
        UsageError: a corpus is not there, options do not go together, or a line is malformed.
        ModelError: the model cannot be loaded.
    """
    _check(arguments)
    corpora = list(CORPORA) if ALL in arguments.corpus else list(dict.fromkeys(arguments.corpus))
    paths = [corpus_path(corpus, arguments.split) for corpus in corpora]
    gold = {corpus: read_rows(path) for corpus, path in zip(corpora, paths, strict=True)}
    if arguments.predictions is not None:
        name, answered = str(arguments.predictions), read_rows(arguments.predictions)
    else:
        config = StanceConfig()
        classifier = load_classifier(config, model_folder(StanceConfig(model=arguments.model), Path.cwd()))
        labels = arguments.labels.split(",") if arguments.labels is not None else None
        name, answered = classifier.name, list(_answers(gold, classifier, config, labels))
    if arguments.write_predictions is not None:
        with writing_lines(arguments.write_predictions) as write:
            for row in answered:
                write(row)
    predictions = predictions_of(answered)
    figures: dict[str, object] = {
        "model": name,
        "split": arguments.split,
        "labels": arguments.labels,
        "data": fingerprint(paths),
        "corpora": {
            corpus: {
                "data": sha256(path.read_bytes()),
                **figures_of(gold[corpus], predictions, arguments.worst),
            }
            for corpus, path in zip(corpora, paths, strict=True)
        },
    }
    if arguments.report is not None:
        figures["report"] = write_report(figures, arguments.report)
    return figures


def _check(arguments: argparse.Namespace) -> None:
    if arguments.predictions is not None and not (
        arguments.model is None and arguments.labels is None and arguments.write_predictions is None
    ):
        raise UsageError("--predictions goes with none of --model, --labels, --write-predictions")
    if arguments.worst < 0:
        raise UsageError(f"--worst is a number of errors, at least 0 (got {arguments.worst})")


def _answers(
    gold: Mapping[str, Sequence[dict[str, Any]]],
    classifier: StanceClassifier,
    config: StanceConfig,
    labels: Sequence[str] | None,
) -> Iterator[dict[str, Any]]:
    for corpus, rows in gold.items():
        yield from label_rows(rows, classifier, config, labels or CORPORA[corpus])


def render(figures: Mapping[str, Any]) -> str:
    """The tables of all corpora, and the surest errors."""
    first = overview(figures["corpora"])
    parts = [f"{figures['model']}, {figures['split']}\n", table(first.header, first.rows)]
    for corpus, found in figures["corpora"].items():
        for caption, one in tables_of(found).items():
            parts.append(f"{corpus}. {caption}\n\n{table(one.header, one.rows)}")
        parts += [_error(corpus, one) for one in found["worst"]]
    if "report" in figures:
        parts.append(f"Written: {', '.join(figures['report'])}\n")
    return "\n".join(parts)


def _error(corpus: str, one: Mapping[str, Any]) -> str:
    facts = (
        f"labelled {one['label']}, answered {one['answer']} ({one['confidence']:.2f}), toward {one['target']}"
    )
    return f"{corpus} {one['id']}: {facts}\n  {' '.join(one['text'].split())}\n"
