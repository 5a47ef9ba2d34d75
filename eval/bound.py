"""`python -m eval bound`: how often what is accepted without a person is wronger than was promised.

Simulated models of known error, and real labels with the predictions of a model, are drawn again and again;
each time a threshold is chosen on the draw and its true error looked up. Beside it stands the plug-in
threshold: the lowest at which few enough of the labels themselves are wrong.
"""

import argparse
import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from builder.config import RoutesConfig
from builder.errors import UsageError
from builder.records import rounded
from builder.stance.accept import SEQUENCE, Judged, choose_threshold

from .data import data_folder
from .stance import corpus_path, read_rows

POPULATION = 100_000  # answers of a simulated model: enough that its errors are those of the model
FOLDS = 2  # halves of real labels: one to choose on, the other to look the error up

# The logits of the confidence of four models, by mean and deviation, and what their odds of being right are
# raised to: 1 is calibrated, less is too sure, more is not sure enough.
MODELS = {
    "calibrated": (1.5, 1.5, 1.0),
    "too sure": (3.0, 2.0, 0.5),
    "unsure": (0.8, 1.0, 1.5),
    "good": (2.5, 1.5, 1.0),
}
SIZES = (100, 300, 1_000)

Choose = Callable[[Sequence[Judged], float, float], float | None]


class Population:
    """Answers of which all is known: the error at any threshold, and how many reach it."""

    def __init__(self, answers: Sequence[Judged]) -> None:
        ordered = sorted(answers, key=lambda one: one.confidence)
        self.answers = ordered
        self.confidences = [one.confidence for one in ordered]
        wrong = accumulate((not one.is_right for one in reversed(ordered)), initial=0)
        self.wrong = list(wrong)  # among the surest n answers

    def at(self, threshold: float | None) -> tuple[float, float]:
        """The share of wrong answers that reach a threshold, and the share of all that do; 0 and 0 for none."""
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
        help="an output of `quotestance label` on a corpus's dev part; its labels are halved again and again",
    )


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of every simulated model and of every corpus with predictions.

    Raises:
        UsageError: a corpus or a file of predictions is not there, or they do not belong together.
    """
    routes = RoutesConfig()
    draw = random.Random(arguments.seed)  # noqa: S311 - nothing is kept secret
    rows = [
        {"source": name, "labels": size, **_simulated(Population(simulate(name, draw)), size, arguments.draws, draw)}
        for name in MODELS
        for size in SIZES
    ]
    rows += [
        {"source": one.partition("=")[0], **halved(_judged_from(one), arguments.draws, draw)}
        for one in arguments.predictions
    ]
    return {"error": routes.error, "certainty": routes.certainty, "draws": arguments.draws, "rows": rows}


def render(figures: dict[str, Any]) -> str:
    """The figures as a table."""
    allowed = 1 - figures["certainty"]
    margin = 2 * math.sqrt(allowed * (1 - allowed) / figures["draws"])
    lines = [
        f"Error above {figures['error']:.0%} among what was accepted, of {figures['draws']} draws; allowed "
        f"{allowed:.1%}, with two standard errors {allowed + margin:.1%}.",
        "",
        "| source | labels | violations | coverage | plug-in: violations | coverage | best possible coverage |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in figures["rows"]:
        ours, theirs = row["bound"], row["plug_in"]
        lines.append(
            f"| {row['source']} | {row['labels']} | {ours['violations']:.1%} | {ours['coverage']:.1%} "
            f"| {theirs['violations']:.1%} | {theirs['coverage']:.1%} | {row['best']:.1%} |"
        )
    return "\n".join(lines) + "\n"


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


def halved(answers: Sequence[Judged], draws: int, draw: random.Random) -> dict[str, Any]:
    """Thresholds chosen on a random half of real labels, their error looked up on the other half.

    The other half is a sample itself: its error exceeds the promise more often than the true error does. A draw
    counts as a violation where it does so beyond what chance explains: the exact lower bound of its error,
    with 95 % certainty, is above the promise.
    """
    shuffled = list(answers)
    results: list[tuple[tuple[float, float], tuple[float, float]]] = []
    size = len(shuffled) // FOLDS
    for _ in range(draws):
        draw.shuffle(shuffled)
        chosen, held_out = shuffled[:size], Population(shuffled[size:])
        results.append(_both(chosen, held_out))
    return {"labels": size, **_figures(results, Population(shuffled))}
