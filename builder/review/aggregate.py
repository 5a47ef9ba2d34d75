"""One answer from the answers of several people: shares of votes, and the model of Dawid and Skene.

Dawid and Skene (1979, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm")
estimate together how likely each label is for each item and how often each annotator gives which
label for which, without knowing any right answer. Who is often at odds with the others counts less.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.records import Probability, rounded
from builder.review.agreement import Rating

MOST_ROUNDS = 1_000
SETTLED = 1e-6  # the largest change of a probability in the last round: finer than four decimals show
NEVER = 1e-300  # stands for a probability of nothing in a logarithm

Beliefs = dict[str, tuple[Probability, ...]]
"""By item, the probability of each label, in the order of the labels."""

Array = Any  # a NumPy array


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the model of Dawid and Skene makes of some ratings.

    `beliefs` are the probabilities of each item's labels, `shares` those of the labels over all
    items; `answers` says, by annotator and right label, how probable each of his or her answers is.
    """

    beliefs: Beliefs
    shares: tuple[Probability, ...]
    answers: Mapping[str, Mapping[str, tuple[Probability, ...]]]


def vote_shares(ratings: Iterable[Rating], labels: Sequence[str]) -> Beliefs:
    """By item, the share of its answers that each label has; items sorted."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in ratings:
        votes[one.item][one.label] += 1
    return {
        item: tuple(Probability(label, rounded(votes[item][label] / votes[item].total())) for label in labels)
        for item in sorted(votes)
    }


def dawid_skene(ratings: Iterable[Rating], labels: Sequence[str]) -> Estimate:
    """The estimate of greatest likelihood that the shares of votes lead to, by expectation-maximisation.

    An annotator may answer the same item several times; all answers count. The order of the ratings
    changes nothing.

    Raises:
        ValueError: a label is not among `labels`.
    """
    given = sorted(ratings, key=lambda one: (one.item, one.annotator, one.label))
    items = sorted({one.item for one in given})
    annotators = sorted({one.annotator for one in given})
    counts = _counted(given, items, annotators, labels)
    votes = counts.sum(axis=0)
    beliefs = votes / votes.sum(axis=1, keepdims=True)
    shares, answers = _rates(counts, beliefs)
    for _ in range(MOST_ROUNDS):
        before = beliefs
        beliefs = _believed(counts, shares, answers)
        shares, answers = _rates(counts, beliefs)
        if np.abs(beliefs - before).max(initial=0.0) < SETTLED:
            break
    return Estimate(
        {item: _named(labels, row) for item, row in zip(items, beliefs, strict=True)},
        _named(labels, shares),
        {
            annotator: {label: _named(labels, row) for label, row in zip(labels, table, strict=True)}
            for annotator, table in zip(annotators, answers, strict=True)
        },
    )


def _counted(
    ratings: Sequence[Rating], items: Sequence[str], annotators: Sequence[str], labels: Sequence[str]
) -> Array:
    """How often each annotator gave each item each label: annotators by items by labels."""
    row, column = ({name: at for at, name in enumerate(names)} for names in (items, labels))
    layer = {name: at for at, name in enumerate(annotators)}
    counts = np.zeros((len(annotators), len(items), len(labels)))
    for one in ratings:
        if one.label not in column:
            raise ValueError(f"the label {one.label!r} is none of {', '.join(labels)}")
        counts[layer[one.annotator], row[one.item], column[one.label]] += 1
    return counts


def _rates(counts: Array, beliefs: Array) -> tuple[Array, Array]:
    """The M-step: shares of the labels, and each annotator's answers by right label (their 2.3, 2.4).

    Where an annotator met no item of a label, nothing is known, and every answer is as likely.
    """
    answers = np.einsum("ij,ail->ajl", beliefs, counts)
    totals = answers.sum(axis=2, keepdims=True)
    known = totals > SETTLED
    answers = np.where(known, answers / np.where(known, totals, 1), 1 / counts.shape[2])
    return beliefs.sum(axis=0) / max(len(beliefs), 1), answers


def _believed(counts: Array, shares: Array, answers: Array) -> Array:
    """The E-step: the probability of each item's labels given all answers (their 2.5), by logarithms."""
    logs = np.log(np.maximum(shares, NEVER)) + np.einsum(
        "ail,ajl->ij", counts, np.log(np.maximum(answers, NEVER))
    )
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _named(labels: Sequence[str], row: Array) -> tuple[Probability, ...]:
    return tuple(Probability(label, rounded(value)) for label, value in zip(labels, row, strict=True))
