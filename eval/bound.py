"""`python -m eval bound`: how often what is accepted without a person is wronger than was promised.

Simulated models of known error, and real labels with the predictions of a model, are drawn again and again;
each time a threshold is chosen on the draw and its true error looked up. Beside it stands the plug-in
threshold: the lowest at which few enough of the labels themselves are wrong.
"""

import argparse
import math
import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from builder.config import RoutesConfig
from builder.errors import UsageError
from builder.records import rounded
from builder.stance.accept import SEQUENCE, Judged, choose_threshold

from .stance_corpora import corpus_path, read_rows

POPULATION = 100_000  # answers of a simulated model: enough that its errors are those of the model
REAL_LABELS = 1_000  # drawn of a corpus at most: as many as people may give a dataset

# The logits of the confidence of four models, by mean and deviation, and what their odds of being right are
# raised to: 1 is calibrated, less is too sure, more is not sure enough.
MODELS = {
    "calibrated": (1.5, 1.5, 1.0),
    "too sure": (3.0, 2.0, 0.5),
    "unsure": (0.8, 1.0, 1.5),
    "good": (2.5, 1.5, 1.0),
}
SIZES = (100, 300, 1_000)


class Population:
    """Answers of which all is known: the error at any threshold, and how many reach it."""

    def __init__(self, answers: Sequence[Judged]) -> None:
        ordered = sorted(answers, key=lambda one: one.confidence)
        self.answers = ordered
        self.confidences = [one.confidence for one in ordered]
        wrong = accumulate((not one.is_right for one in reversed(ordered)), initial=0)
        self.wrong = list(wrong)  # among the surest n answers

    def at(self, threshold: float | None) -> tuple[float, float]:
        """The share of wrong ones among the answers that reach a threshold, and the share of all that do."""
        if threshold is None:
            return 0.0, 0.0
        reached = len(self.confidences) - bisect_left(self.confidences, threshold)
        return (self.wrong[reached] / reached if reached else 0.0), reached / len(self.confidences)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--draws", type=int, default=2_000, help="how many draws of each kind")
    parser.add_argument("--seed", type=int, default=0, help="of the draws")
    parser.add_argument(
        "--predictions",
        action="append",
        default=[],
        metavar="CORPUS=FILE",
        help="an output of `quotestance label` on a corpus's dev part; its labels are drawn again and again",
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of every simulated model and of every corpus with predictions.

    Raises:
        UsageError: a corpus or a file of predictions is not there, or they do not belong together.
    """
    routes = RoutesConfig()
    draw = random.Random(arguments.seed)  # noqa: S311 - nothing is kept secret
    rows = []
    for name in MODELS:
        population = Population(simulate(name, draw))
        rows += [{"source": name, **measure(population, size, arguments.draws, draw)} for size in SIZES]
    for option in arguments.predictions:
        population = _of_corpus(option)
        size = min(len(population.answers), REAL_LABELS)
        corpus = option.partition("=")[0]
        rows.append({"source": corpus, **measure(population, size, arguments.draws, draw)})
    most = _most_violations(arguments.draws, 1 - routes.certainty)
    return {
        "error": routes.error,
        "certainty": routes.certainty,
        "draws": arguments.draws,
        "most_violations": round(most, 4),
        "rows": rows,
        "missed": [row["source"] for row in rows if row["bound"]["violations"] > most],
    }


def render(figures: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [
        f"Violations: draws, of {figures['draws']}, with an error above {figures['error']:.0%} among what is "
        f"accepted; at most {figures['most_violations']:.2%} (with two standard errors of so many draws).",
        "",
        "| source | labels | violations | coverage | plug-in: violations | coverage | best coverage |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in figures["rows"]:
        ours, theirs = row["bound"], row["plug_in"]
        lines.append(
            f"| {row['source']} | {row['labels']} | {ours['violations']:.1%} | {ours['coverage']:.1%} "
            f"| {theirs['violations']:.1%} | {theirs['coverage']:.1%} | {row['best']:.1%} |"
        )
    return "\n".join(lines) + "\n"


def _most_violations(draws: int, allowed: float) -> float:
    return allowed + 2 * math.sqrt(allowed * (1 - allowed) / draws)


def simulate(name: str, draw: random.Random) -> list[Judged]:
    """The answers of a model of `MODELS`; whether each is right is drawn with the odds of that model."""
    mean, deviation, power = MODELS[name]
    answers = []
    for _ in range(POPULATION):
        confidence = min(max(1 / (1 + math.exp(-draw.gauss(mean, deviation))), 0.34), 0.9999)
        odds = (confidence / (1 - confidence)) ** power
        answers.append(Judged(rounded(confidence), draw.random() < odds / (1 + odds)))
    return answers


def plug_in(labels: Sequence[Judged], error: float) -> float | None:
    """The lowest threshold at which at most `error` of the labels are wrong, taken at face value."""
    counted = Population(labels)
    kept = [value for value in SEQUENCE if counted.at(value)[1] and counted.at(value)[0] <= error]
    return min(kept, default=None)


def judged(gold: Sequence[dict[str, Any]], predicted: Sequence[dict[str, Any]]) -> list[Judged]:
    """The predictions of labelled pairs, by id, as answers that are right or wrong; abstentions are none."""
    label = {str(row["id"]): row["label"] for row in gold}
    return [
        Judged(float(row["confidence"]), row["label"] == label[str(row["id"])])
        for row in predicted
        if str(row["id"]) in label and row["label"] is not None
    ]


def measure(population: Population, size: int, draws: int, draw: random.Random) -> dict[str, Any]:
    """How often the error of the whole population is above the promise at a threshold chosen on a draw of it.

    Draws are with replacement, so that what is drawn is independent.
    """
    routes = RoutesConfig()
    ours, theirs = _Tally(), _Tally()
    for _ in range(draws):
        labels = draw.choices(population.answers, k=size)
        chosen = choose_threshold(labels, routes.error, routes.certainty)
        ours.add(population.at(chosen.value if chosen else None), routes.error)
        theirs.add(population.at(plug_in(labels, routes.error)), routes.error)
    reached = (population.at(value) for value in SEQUENCE)
    best = max((coverage for error, coverage in reached if error <= routes.error), default=0.0)
    return {"labels": size, "bound": ours.shares(), "plug_in": theirs.shares(), "best": round(best, 4)}


@dataclass(slots=True)
class _Tally:
    """What became of the draws so far."""

    draws: int = 0
    violations: int = 0
    coverage: float = 0.0

    def add(self, found: tuple[float, float], error: float) -> None:
        self.draws += 1
        self.violations += found[0] > error
        self.coverage += found[1]

    def shares(self) -> dict[str, float]:
        return {
            "violations": round(self.violations / self.draws, 4),
            "coverage": round(self.coverage / self.draws, 4),
        }


def _of_corpus(option: str) -> Population:
    corpus, _, file = option.partition("=")
    if not file:
        raise UsageError(f"--predictions: {option!r} is not CORPUS=FILE")
    found = judged(read_rows(corpus_path(corpus, "dev")), read_rows(Path(file)))
    if not found:
        raise UsageError(f"{file}: holds no answer to a row of {corpus}_dev.jsonl with label and confidence")
    return Population(found)
