"""`python -m eval cross-corpus`: the linear classifier on a corpus that it has not learned from.

For each corpus: trained on all others, on all including it, and on it alone, with as many examples of
each; scored on its dev part. What lies between the first two is what labels from a new source are worth.
"""

import argparse
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from builder.errors import UsageError
from builder.measure import macro_f1
from builder.release.markdown import table
from builder.stance import linear
from builder.stance.examples import LabelledExample, to_example

from .data import fingerprint
from .stance_corpora import CORPORA, LABELS, corpus_path, read_rows

Model = tuple[Any, Sequence[str]]
"""An estimator, and the labels in the order of its scores."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--corpus", choices=CORPORA, nargs="+", default=list(CORPORA), help="which corpora")
    parser.add_argument(
        "--most", type=int, default=1000, help="how many examples of each train part, at most"
    )
    parser.add_argument("--seed", type=int, default=0, help="which of them")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The macro-F1 of each way of training on each corpus, and of answering the commonest label always.

    Raises:
        UsageError: a corpus is not there, or there are too few of them.
    """
    corpora = list(dict.fromkeys(arguments.corpus))
    if len(corpora) < 2 or arguments.most < 1:
        raise UsageError("cross-corpus takes two corpora or more, and at least 1 example of each")
    train = {one: sampled(read(one, "train"), arguments.most, arguments.seed) for one in corpora}
    dev = {one: read(one, "dev") for one in corpora}
    with_all = _fitted(_together(train.values()))
    found = {}
    for corpus in corpora:
        others = _fitted(_together(train[one] for one in corpora if one != corpus))
        alone = _fitted(train[corpus])
        found[corpus] = {
            "train": len(train[corpus]),
            "dev": len(dev[corpus]),
            "majority": round(_majority(train[corpus], dev[corpus]), 4),
            "without": round(score(others, dev[corpus], CORPORA[corpus]), 4),
            "with": round(score(with_all, dev[corpus], CORPORA[corpus]), 4),
            "alone": round(score(alone, dev[corpus], CORPORA[corpus]), 4),
        }
    paths = [corpus_path(one, split) for one in corpora for split in ("train", "dev")]
    return {"data": fingerprint(paths), "most": arguments.most, "seed": arguments.seed, "corpora": found}


def read(corpus: str, split: str) -> list[LabelledExample]:
    """The labelled examples of one part of a corpus."""
    rows = read_rows(corpus_path(corpus, split))
    return [LabelledExample(to_example(row), str(row["label"])) for row in rows]


def sampled(examples: Sequence[LabelledExample], most: int, seed: int) -> list[LabelledExample]:
    """At most so many of the examples, drawn by the seed, in their order."""
    if len(examples) <= most:
        return list(examples)
    drawn = random.Random(seed).sample(range(len(examples)), most)  # noqa: S311 - no secret
    return [examples[at] for at in sorted(drawn)]


def score(model: Model, examples: Sequence[LabelledExample], among: Sequence[str]) -> float:
    """The macro-F1 of a model that may answer with the labels `among` only."""
    estimator, labels = model
    allowed = [at for at, label in enumerate(labels) if label in among]
    scores = linear.scores(estimator, [one.example for one in examples])
    answers = [labels[max(allowed, key=row.__getitem__)] for row, _ in scores]
    return macro_f1([one.label for one in examples], answers)


def _together(corpora: Iterable[Sequence[LabelledExample]]) -> list[LabelledExample]:
    return [one for examples in corpora for one in examples]


def _fitted(examples: Sequence[LabelledExample]) -> Model:
    there = {one.label for one in examples}
    labels = [label for label in LABELS if label in there]
    return linear.fit(examples, labels), labels


def _majority(train: Sequence[LabelledExample], dev: Sequence[LabelledExample]) -> float:
    labels = [one.label for one in train]
    commonest = max(LABELS, key=labels.count)
    return macro_f1([one.label for one in dev], [commonest] * len(dev))


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    header = ["tested on", "trained on", "rows", "one label", "without it", "with it", "on it alone"]
    rows = [
        [
            corpus,
            str(one["train"]),
            str(one["dev"]),
            *(f"{one[way]:.3f}" for way in ("majority", "without", "with", "alone")),
        ]
        for corpus, one in figures["corpora"].items()
    ]
    heading = f"Macro-F1 of the linear classifier; at most {figures['most']} examples of each train part."
    return f"{heading}\n\n{table(header, rows)}"
