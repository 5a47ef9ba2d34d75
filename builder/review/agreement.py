"""How far the answers of several people agree beyond what chance would give.

Krippendorff's alpha takes any number of annotators and missing answers (Krippendorff 2011,
"Computing Krippendorff's Alpha-Reliability"); Cohen's kappa compares two (Cohen 1960, "A Coefficient
of Agreement for Nominal Scales"). Intervals are percentiles of a bootstrap over the items, drawn from a
fixed seed. Where a coefficient is not defined, its value is None and it says why: a number would
claim what nobody measured.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from builder.measure import exact_interval
from builder.records import rounded

RESAMPLES = 1_000
CERTAINTY = 0.95
MOST_UNDEFINED = 1 - CERTAINTY  # share of resamples; an interval that leaves out more would claim too much
NUMBERS_AT_ONCE = 4_000_000  # of a bootstrap's weights: 32 MB, however many items there are

NO_OVERLAP = "no item was answered by two annotators"
ONE_LABEL = "only one label occurs, so that agreement by chance is certain"
NO_ITEM = "no item was answered by both"
NO_GOLD = "no gold item was answered"

Array = Any  # a NumPy array


@dataclass(frozen=True, slots=True)
class Rating:
    """What one annotator answered about one item."""

    item: str
    annotator: str
    label: str


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement with its interval; None where it is not defined, as `undefined` says.

    `items` counts those that the coefficient rests on, `annotators` the people who answered them.
    The interval alone is None where too many resamples of the items have one label only.
    """

    value: float | None
    low: float | None
    high: float | None
    items: int
    annotators: int
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class GoldScore:
    """An annotator against the gold labels: the share of right answers with its interval, and kappa."""

    right: int
    items: int
    accuracy: float | None
    low: float | None
    high: float | None
    kappa: Coefficient


def krippendorff_alpha(
    ratings: Iterable[Rating], scale: Sequence[str] | None = None, seed: int = 0
) -> Coefficient:
    """Krippendorff's alpha of all annotators: 1 is perfect agreement, 0 is what chance gives.

    Of an annotator's answers about an item the last counts. `scale` names the labels from one end to
    the other, and makes the metric ordinal; without it, it is nominal.

    Raises:
        ValueError: a label is not on the scale.
    """
    answers = {item: some for item, some in _by_item(ratings).items() if len(some) > 1}
    labels = _labels(answers, scale)
    annotators = len({who for some in answers.values() for who in some})
    if not answers:
        return Coefficient(None, None, None, 0, 0, NO_OVERLAP)
    if len({label for some in answers.values() for label in some.values()}) == 1:
        return Coefficient(None, None, None, len(answers), annotators, ONE_LABEL)
    column = {label: number for number, label in enumerate(labels)}
    given = [(row, column[label]) for row, some in enumerate(answers.values()) for label in some.values()]
    counts = _counted(Counter(given), len(answers), len(labels))
    alphas = _nominal_alphas if scale is None else _ordinal_alphas
    value = float(alphas(counts, np.ones((1, len(answers))))[0])
    low, high = _bootstrapped(len(answers), lambda weights: alphas(counts, weights), seed)
    return Coefficient(rounded(value), low, high, len(answers), annotators)


def nominal_alpha(patterns: Mapping[tuple[int, ...], int], annotators: int, seed: int = 0) -> Coefficient:
    """Nominal alpha from counts alone: how many items have so many answers of each label.

    Items of one pattern are alike, so a resample is a draw of how often each pattern comes.
    """
    several = {pattern: items for pattern, items in patterns.items() if sum(pattern) > 1}
    total = sum(several.values())
    if not several:
        return Coefficient(None, None, None, 0, 0, NO_OVERLAP)
    items = np.array(list(several.values()), dtype=float)
    given = {
        (row, label): answers
        for row, pattern in enumerate(several)
        for label, answers in enumerate(pattern)
        if answers
    }
    if len({label for _, label in given}) == 1:
        return Coefficient(None, None, None, total, annotators, ONE_LABEL)
    counts = _counted(given, len(several), len(next(iter(several))))
    value = float(_nominal_alphas(counts, items[None])[0])
    drawn = np.random.default_rng(seed).multinomial(total, items / total, RESAMPLES)
    low, high = _percentiles(_nominal_alphas(counts, drawn.astype(float)))
    return Coefficient(rounded(value), low, high, total, annotators)


def alpha_by_label(ratings: Iterable[Rating], seed: int = 0) -> dict[str, Coefficient]:
    """For each label, the nominal alpha of "this label" against "any other", labels sorted."""
    answers = list(ratings)
    return {
        label: krippendorff_alpha(
            [Rating(one.item, one.annotator, str(one.label == label)) for one in answers], seed=seed
        )
        for label in sorted({one.label for one in answers})
    }


def cohen_kappa(pairs: Iterable[tuple[str, str]], seed: int = 0) -> Coefficient:
    """Cohen's kappa of two annotators, from both answers to each item that both answered."""
    counted = Counter(pairs)
    items = counted.total()
    if not items:
        return Coefficient(None, None, None, 0, 0, NO_ITEM)
    labels = sorted({label for pair in counted for label in pair})
    if len(labels) == 1:
        return Coefficient(None, None, None, items, 2, ONE_LABEL)
    number = {label: place for place, label in enumerate(labels)}
    first, second = np.array([[number[label] for label in pair] for pair in sorted(counted.elements())]).T
    value = float(_kappas(first, second, np.ones((1, items)))[0])
    low, high = _bootstrapped(items, lambda weights: _kappas(first, second, weights), seed)
    return Coefficient(rounded(value), low, high, items, 2)


def kappa_by_pair(ratings: Iterable[Rating], seed: int = 0) -> dict[tuple[str, str], Coefficient]:
    """Cohen's kappa of every two annotators who share an item, names sorted."""
    shared: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for some in _by_item(ratings).values():
        for first, second in combinations(sorted(some), 2):
            shared[first, second].append((some[first], some[second]))
    return {pair: cohen_kappa(shared[pair], seed) for pair in sorted(shared)}


def against_gold(ratings: Iterable[Rating], gold: Mapping[str, str], seed: int = 0) -> dict[str, GoldScore]:
    """How often each annotator gave the gold label, names sorted; `gold` maps items to labels."""
    answers = _by_item(ratings)
    scores = {}
    for annotator in sorted({who for some in answers.values() for who in some}):
        pairs = [
            (some[annotator], gold[item])
            for item, some in answers.items()
            if annotator in some and item in gold
        ]
        scores[annotator] = _gold_score(pairs, seed)
    return scores


def _gold_score(pairs: Sequence[tuple[str, str]], seed: int) -> GoldScore:
    if not pairs:
        return GoldScore(0, 0, None, None, None, Coefficient(None, None, None, 0, 0, NO_GOLD))
    right = sum(given == wanted for given, wanted in pairs)
    low, high = exact_interval(right, len(pairs), CERTAINTY)
    share = rounded(right / len(pairs))
    return GoldScore(right, len(pairs), share, rounded(low), rounded(high), cohen_kappa(pairs, seed))


def _by_item(ratings: Iterable[Rating]) -> dict[str, dict[str, str]]:
    """The last answer of each annotator to each item; items sorted, that their order draws nothing."""
    answers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in ratings:
        answers[one.item][one.annotator] = one.label
    return {item: answers[item] for item in sorted(answers)}


def _labels(answers: Mapping[str, Mapping[str, str]], scale: Sequence[str] | None) -> Sequence[str]:
    used = sorted({label for some in answers.values() for label in some.values()})
    if scale is None:
        return used
    for label in used:
        if label not in scale:
            raise ValueError(f"the label {label!r} is not on the scale {', '.join(scale)}")
    return scale


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many annotators gave which label to which item, where any did: one entry each of three arrays.

    A table of items and labels would be too large where nearly every item has labels of its own, as
    boundaries are.
    """

    item: Array
    label: Array
    answers: Array
    items: int
    labels: int


def _counted(given: Mapping[tuple[int, int], int], items: int, labels: int) -> _Counts:
    """Counts by the numbers of item and label."""
    places = np.array(list(given))
    answers = np.array(list(given.values()), dtype=float)
    return _Counts(places[:, 0], places[:, 1], answers, items, labels)


def _nominal_alphas(counts: _Counts, weights: Array) -> Array:
    """Alpha of each row of `weights` (how often each item counts), by the nominal metric.

    Of an item with m answers, each pair of answers counts 1 / (m - 1), so that every answer counts once.
    """
    answers = np.bincount(counts.item, counts.answers, counts.items)
    alike = (np.bincount(counts.item, counts.answers**2, counts.items) - answers) / (answers - 1)
    total = weights @ answers
    of_label = (np.bincount(counts.label, row[counts.item] * counts.answers) for row in weights)
    squares = np.array([(of_each**2).sum() for of_each in of_label])
    return _one_less(total - weights @ alike, (total**2 - squares) / (total - 1))


def _ordinal_alphas(given: _Counts, weights: Array) -> Array:
    """The same by the ordinal metric: the squared difference of two labels' mean ranks.

    That is Krippendorff's sum of the frequencies from one label to the other, both ends halved,
    squared: mean ranks differ by just that.
    """
    counts = np.zeros((given.items, given.labels))
    counts[given.item, given.label] = given.answers
    answers = counts.sum(axis=1)
    of_label = weights @ counts
    total = of_label.sum(axis=1)
    ranks = np.cumsum(of_label, axis=1) - of_label / 2
    # The sum of squared differences of all pairs of x is 2 (m Σx² − (Σx)²).
    within = 2 * (answers * (ranks**2 @ counts.T) - (ranks @ counts.T) ** 2)
    observed = (weights * within / (answers - 1)).sum(axis=1)
    squares, sums = (of_label * ranks**2).sum(axis=1), (of_label * ranks).sum(axis=1)
    expected = 2 * (total * squares - sums**2) / (total - 1)
    # One label only: its ranks are equal, but not to the last bit.
    return _one_less(observed, np.where((of_label > 0).sum(axis=1) > 1, expected, 0))


def _kappas(first: Array, second: Array, weights: Array) -> Array:
    """Cohen's kappa of each row of `weights`, from the numbers of both annotators' labels of each item."""
    total, agreed = weights.sum(axis=1), weights @ (first == second)
    labels = 1 + max(first.max(), second.max())
    by_chance = np.array(
        [np.bincount(first, row, labels) @ np.bincount(second, row, labels) for row in weights]
    )
    return _one_less(total - agreed, total - by_chance / total)


def _one_less(observed: Array, expected: Array) -> Array:
    """1 - observed / expected disagreement; not a number where no disagreement is to be expected."""
    defined = expected > 0
    return np.where(defined, 1 - observed / np.where(defined, expected, 1), np.nan)


def _bootstrapped(
    items: int, statistic: Callable[[Array], Array], seed: int
) -> tuple[float | None, float | None]:
    """The percentile interval of a statistic over resamples of the items.

    `statistic` takes rows of weights, one a resample: how often each item was drawn.
    """
    generator = np.random.default_rng(seed)
    rows_at_once = max(1, NUMBERS_AT_ONCE // items)
    found: list[Array] = []
    for start in range(0, RESAMPLES, rows_at_once):
        rows = min(rows_at_once, RESAMPLES - start)
        drawn = generator.integers(0, items, (rows, items))
        found.append(statistic(np.array([np.bincount(row, minlength=items) for row in drawn], dtype=float)))
    return _percentiles(np.concatenate(found))


def _percentiles(values: Array) -> tuple[float | None, float | None]:
    """The interval of a statistic's values over resamples, if nearly all of them are defined."""
    values = values[~np.isnan(values)]
    if len(values) < (1 - MOST_UNDEFINED) * RESAMPLES:
        return None, None
    low, high = np.quantile(values, [(1 - CERTAINTY) / 2, (1 + CERTAINTY) / 2])
    return rounded(low), rounded(high)
