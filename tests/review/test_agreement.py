"""Agreement: the numbers of the literature and of other implementations, and what is not defined."""

import random
from collections import Counter
from collections.abc import Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from builder.review.agreement import (
    NO_GOLD,
    NO_ITEM,
    NO_OVERLAP,
    ONE_LABEL,
    Rating,
    against_gold,
    alpha_by_label,
    cohen_kappa,
    kappa_by_pair,
    krippendorff_alpha,
    nominal_alpha,
)

STANCES = ("against", "neutral", "favor")


def test_boundaries_which_no_two_items_share_take_no_more_than_they_are() -> None:
    # A table of items and labels would have nine hundred million cells.
    answers = [Rating(f"i{n}", who, f"{n}-{n % 3 == 0 and who}") for n in range(30_000) for who in "ab"]
    alpha = krippendorff_alpha(answers)
    assert alpha.value == pytest.approx(2 / 3, abs=1e-4)  # what is agreed on: nothing by chance
    kappa = cohen_kappa((f"{n}", f"{n}{'x' * (n % 3 == 0)}") for n in range(30_000))
    assert kappa.value == pytest.approx(2 / 3, abs=1e-4)


def ratings(*rows: str) -> list[Rating]:
    """One row an annotator, one column an item; "." is no answer."""
    return [
        Rating(f"item {number:03}", f"annotator {who}", label)
        for who, row in enumerate(rows)
        for number, label in enumerate(row.split())
        if label != "."
    ]


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", the data of his example C.
FOUR_OBSERVERS = ratings(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(
    ("given", "scale", "published"),
    [
        # His example A: two observers, two labels.
        (ratings("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), None, 0.095),
        # Example B: two observers, five labels.
        (ratings("a a b b d c c c e d d a", "b a b b b c c c e d d d"), None, 0.692),
        # Example C: any number of observers, missing answers; nominal, then ordinal.
        (FOUR_OBSERVERS, None, 0.743),
        (FOUR_OBSERVERS, "12345", 0.815),
    ],
)
def test_krippendorffs_own_examples(
    given: list[Rating], scale: Sequence[str] | None, published: float
) -> None:
    assert krippendorff_alpha(given, scale).value == pytest.approx(published, abs=0.0005)


def test_an_item_of_one_answer_counts_for_nothing() -> None:
    # In example C, the twelfth item was answered by one observer alone.
    alpha = krippendorff_alpha(FOUR_OBSERVERS)
    assert (alpha.items, alpha.annotators) == (11, 4)


def test_alpha_by_hand() -> None:
    # Answers: a a / a b / b b. Six values, three of each label. Observed disagreement: 2 of 6 ordered
    # pairs differ. Expected: 2 · 3 · 3 of 6 · 5, which is 18 / 30. 1 - (2 / 6) / (18 / 30) = 4 / 9.
    assert krippendorff_alpha(ratings("a a b", "a b b")).value == pytest.approx(4 / 9, abs=0.00005)


def test_far_apart_is_worse_than_near_by_on_a_scale_only() -> None:
    near = ratings("against against favor favor neutral", "against neutral favor favor neutral")
    far = ratings("against against favor favor neutral", "against favor favor favor neutral")
    on_scale = [krippendorff_alpha(one, STANCES).value for one in (near, far)]
    assert on_scale[0] is not None
    assert on_scale[1] is not None
    assert on_scale[0] > on_scale[1]


def test_a_label_beyond_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="'unsure' is not on the scale against, neutral, favor"):
        krippendorff_alpha(ratings("unsure favor", "favor favor"), STANCES)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(2, 4))
def test_alpha_is_what_another_implementation_says(seed: int, annotators: int, labels: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - draws a test's data
    table = [[draw.choice([*range(labels), None]) for _ in range(12)] for _ in range(annotators)]
    ours = ratings(*(" ".join("." if value is None else str(value) for value in row) for row in table))
    theirs = np.array([[np.nan if value is None else value for value in row] for row in table], dtype=float)
    scale = [str(label) for label in range(labels)]
    nominal, ordinal = krippendorff_alpha(ours), krippendorff_alpha(ours, scale)
    if nominal.value is None:
        assert nominal.undefined in {NO_OVERLAP, ONE_LABEL}
        assert ordinal.value is None
        return
    domain = list(range(labels))
    expected = krippendorff.alpha(theirs, value_domain=domain, level_of_measurement="nominal")
    assert nominal.value == pytest.approx(expected, abs=0.0001)
    expected = krippendorff.alpha(theirs, value_domain=domain, level_of_measurement="ordinal")
    assert ordinal.value == pytest.approx(expected, abs=0.0001)


def test_cohens_own_example() -> None:
    # Cohen 1960: two judges, 200 cases; they agree on 140, by chance on 82: 58 / 118, published as 0.492.
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [
        (str(row), str(column))
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    kappa = cohen_kappa(pairs)
    assert kappa.value == pytest.approx(58 / 118, abs=0.00005)
    assert kappa.items == 200
    assert kappa.low is not None
    assert kappa.high is not None
    assert kappa.low < 0.492 < kappa.high


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_kappa_is_what_another_implementation_says(pairs: list[tuple[str, str]]) -> None:
    kappa = cohen_kappa(pairs)
    if len({label for pair in pairs for label in pair}) == 1:
        assert (kappa.value, kappa.undefined) == (None, ONE_LABEL)
    else:
        first, second = zip(*pairs, strict=True)
        assert kappa.value == pytest.approx(cohen_kappa_score(first, second), abs=0.0001)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], NO_OVERLAP),
        (ratings("a b a"), NO_OVERLAP),  # one annotator
        (ratings("a b . .", ". . a b"), NO_OVERLAP),  # two, who share no item
        (ratings("a a a", "a a a"), ONE_LABEL),
        (ratings("a a b", "a a ."), ONE_LABEL),  # b is nobody's but one's
    ],
)
def test_an_undefined_alpha_says_why_and_is_no_number(given: list[Rating], why: str) -> None:
    for scale in (None, ["a", "b"]):
        alpha = krippendorff_alpha(given, scale)
        assert (alpha.value, alpha.low, alpha.high, alpha.undefined) == (None, None, None, why)


def test_an_undefined_kappa_says_why() -> None:
    assert cohen_kappa([]).undefined == NO_ITEM
    assert cohen_kappa([("a", "a")] * 3).undefined == ONE_LABEL


def test_the_interval_is_the_same_every_time_and_in_any_order() -> None:
    first = krippendorff_alpha(FOUR_OBSERVERS, "12345")
    assert first == krippendorff_alpha(list(reversed(FOUR_OBSERVERS)), "12345")
    assert first != krippendorff_alpha(FOUR_OBSERVERS, "12345", seed=1)


def test_the_interval_is_narrower_with_more_items() -> None:
    def width(times: int) -> float:
        alpha = krippendorff_alpha(ratings(" ".join(["a b a b"] * times), " ".join(["a b b b"] * times)))
        assert alpha.low is not None
        assert alpha.high is not None
        return alpha.high - alpha.low

    assert width(100) < width(10) / 2  # about as one over the root of the items


def test_an_interval_that_many_resamples_cannot_give_is_left_open() -> None:
    # One item in eight is b: (7/8)^8, a third, of the resamples hold none of it, and are not defined.
    alpha = krippendorff_alpha(ratings("a a a a a a a b", "a a a a a a a b"))
    assert (alpha.value, alpha.low, alpha.high) == (1.0, None, None)
    # Half of sixteen: only 2 in 2^16 resamples hold one label alone.
    balanced = krippendorff_alpha(ratings("a b " * 8, "a b " * 8))
    assert (balanced.value, balanced.low, balanced.high) == (1.0, 1.0, 1.0)


def test_each_label_against_the_others() -> None:
    given = ratings("a a b b c c", "a a b c c b")
    by_label = alpha_by_label(given)
    assert list(by_label) == ["a", "b", "c"]
    assert by_label["a"].value == 1.0
    # b or not: 12 values, 4 are b; 4 of 12 ordered pairs differ; expected 2 · 4 · 8 of 12 · 11.
    assert by_label["b"].value == pytest.approx(1 - (4 / 12) / (64 / 132), abs=0.00005)


def test_kappa_of_every_two_who_share_an_item() -> None:
    by_pair = kappa_by_pair(ratings("a b a b . .", "a b b b a .", ". . . . a b"))
    assert list(by_pair) == [("annotator 0", "annotator 1"), ("annotator 1", "annotator 2")]
    # Table [[1, 1], [0, 2]]: 3 of 4 agree; by chance (2 · 1 + 2 · 3) / 4 = 2 of 4; (3 - 2) / (4 - 2).
    assert by_pair["annotator 0", "annotator 1"].value == 0.5
    assert by_pair["annotator 1", "annotator 2"].undefined == ONE_LABEL


def test_annotators_against_gold() -> None:
    gold = {f"item {number:03}": label for number, label in enumerate("aabb")}
    scores = against_gold(ratings("a a b b", "a b a b", ". . . . a"), gold)
    assert [(one.right, one.items, one.accuracy) for one in scores.values()] == [
        (4, 4, 1.0),
        (2, 4, 0.5),
        (0, 0, None),
    ]
    right, half, none = scores.values()
    # Clopper and Pearson, 4 of 4: the lower end is the fourth root of 0.025.
    assert right.low == pytest.approx(0.025**0.25, abs=0.0001)
    assert right.high == 1.0
    assert (right.kappa.value, half.kappa.value) == (1.0, 0.0)
    assert (none.low, none.high, none.kappa.undefined) == (None, None, NO_GOLD)


def test_of_one_annotators_answers_the_last_counts() -> None:
    changed = [Rating("item 000", "annotator 0", "b"), *ratings("a b", "a b")]
    assert krippendorff_alpha(changed).value == 1.0


def test_alpha_from_counts_is_that_of_the_answers() -> None:
    """Thirty items of three labels by two people: six patterns say the same as sixty answers."""
    chance = random.Random(3)  # noqa: S311 - to be the same each time
    answers = [Rating(str(item), who, chance.choice("abc")) for item in range(30) for who in ("x", "y")]
    labels = {str(item): [one.label for one in answers if one.item == str(item)] for item in range(30)}
    patterns = Counter(tuple(some.count(label) for label in "abc") for some in labels.values())
    counted, expected = nominal_alpha(patterns, 2), krippendorff_alpha(answers)
    assert (counted.value, counted.items, counted.annotators) == (expected.value, 30, 2)
    # Both intervals are of a thousand resamples, drawn otherwise.
    assert [counted.low, counted.high] == pytest.approx([expected.low, expected.high], abs=0.05)


def test_alpha_from_counts_says_why_it_is_not_defined() -> None:
    assert nominal_alpha({(1, 0): 4}, 2).undefined == "no item was answered by two annotators"
    assert "only one label" in nominal_alpha({(2, 0): 4, (0, 1): 1}, 2).undefined
