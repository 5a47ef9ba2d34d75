"""`python -m eval stance-votes`: whether soft labels of several annotators help the linear classifier.

Trained on the sentences of GWSD that eight people labelled, without those of its dev part: once on the
label of the corpus, once on the majority, on the shares of the votes, and on what the model of Dawid and
Skene makes of them. Scored on the dev part, with the interval of the difference to the corpus's own labels.
"""

import argparse
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.ids import sha256
from builder.measure import accuracy, expected_calibration_error, macro_f1
from builder.review.learning import AGGREGATIONS, aggregating
from builder.stance.calibrate import softmax
from builder.stance.examples import LabelledExample, read_labelled, to_example
from builder.stance.linear import fit, scores

from .stance_corpora import corpus_path, read_rows

LABELS = ("favor", "against", "neutral")
RESAMPLES = 2_000
BINS = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--seed", type=int, default=0, help="of the resamples")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of each way to make labels of votes.

    Raises:
        UsageError: the corpus is not there, or a line of it is malformed.
    """
    voted, dev = corpus_path("gwsd", "votes"), read_rows(corpus_path("gwsd", "dev"))
    held_out = {row["text"] for row in dev}
    own = {row["text"]: row["label"] for row in read_rows(corpus_path("gwsd", "train"))}
    sets = {"label of the corpus": _with_labels(_known(voted, held_out, own), own)}
    for aggregation in AGGREGATIONS:
        read = read_labelled(voted, LABELS, aggregating(aggregation))
        sets[aggregation] = [one for one in read if one.example.text in own.keys() - held_out]
    answers = {name: _answers(some, dev) for name, some in sets.items()}
    first = next(iter(answers.values()))
    rows = [
        {
            "labels": name,
            "examples": len(sets[name]),
            **_figures(dev, some),
            **_gain(dev, first, some, arguments.seed),
        }
        for name, some in answers.items()
    ]
    return {"corpus": voted.name, "data": sha256(voted.read_bytes()), "dev": len(dev), "rows": rows}


def render(figures: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [
        f"Linear classifier, {figures['dev']} sentences of GWSD's dev part.",
        "",
        "| trained on | examples | macro-F1 | accuracy | ECE | log loss | macro-F1 gained | 95 % interval |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row['labels']} | {row['examples']} | {row['macro_f1']:.3f} | {row['accuracy']:.3f} "
        f"| {row['ece']:.3f} | {row['log_loss']:.3f} | {row['gain']:+.3f} "
        f"| {row['low']:+.3f} to {row['high']:+.3f} |"
        for row in figures["rows"]
    ]
    return "\n".join(lines) + "\n"


Answers = list[tuple[float, ...]]


def _known(voted: Path, held_out: set[str], own: dict[str, str]) -> list[LabelledExample]:
    return [
        one
        for one in read_labelled(voted, LABELS)
        if one.example.text in own and one.example.text not in held_out
    ]


def _with_labels(examples: Sequence[LabelledExample], own: dict[str, str]) -> list[LabelledExample]:
    return [LabelledExample(one.example, own[one.example.text]) for one in examples]


def _answers(labelled: Sequence[LabelledExample], dev: Sequence[dict[str, Any]]) -> Answers:
    """The probabilities, not calibrated, that a model trained on these examples gives the dev part."""
    estimator = fit(labelled, LABELS)
    return [softmax(row) for row, _ in scores(estimator, [to_example(row) for row in dev])]


def _figures(dev: Sequence[dict[str, Any]], answers: Answers) -> dict[str, float]:
    gold = [row["label"] for row in dev]
    chosen = _chosen(answers)
    right = [one == ours for one, ours in zip(gold, chosen, strict=True)]
    losses = [-math.log(max(row[LABELS.index(one)], 1e-9)) for one, row in zip(gold, answers, strict=True)]
    return {
        "macro_f1": round(macro_f1(gold, chosen), 4),
        "accuracy": round(accuracy(gold, chosen), 4),
        "ece": round(expected_calibration_error([max(row) for row in answers], right, BINS), 4),
        "log_loss": round(sum(losses) / len(losses), 4),
    }


def _gain(dev: Sequence[dict[str, Any]], first: Answers, ours: Answers, seed: int) -> dict[str, float]:
    """By how much the macro-F1 is higher, with the bootstrap's interval over the sentences."""
    gold = [row["label"] for row in dev]
    one, other = _chosen(first), _chosen(ours)
    draw = random.Random(seed)  # noqa: S311 - nothing is kept secret
    gains = []
    for _ in range(RESAMPLES):
        at = draw.choices(range(len(gold)), k=len(gold))
        some = [gold[place] for place in at]
        gains.append(
            macro_f1(some, [other[place] for place in at]) - macro_f1(some, [one[place] for place in at])
        )
    gains.sort()
    return {
        "gain": round(macro_f1(gold, other) - macro_f1(gold, one), 4),
        "low": round(gains[int(0.025 * RESAMPLES)], 4),
        "high": round(gains[int(0.975 * RESAMPLES) - 1], 4),
    }


def _chosen(answers: Answers) -> list[str]:
    return [LABELS[row.index(max(row))] for row in answers]
