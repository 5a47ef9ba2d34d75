"""When two sets of 5-grams are those of near-duplicates."""

import pytest

from builder.clusters.compare import LEAST_CONTAINED, are_near_duplicates
from builder.config import ClusterConfig


def grams(start: int, end: int) -> set[int]:
    return set(range(start, end))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # similarity: 140 shared of 200 is 0.7; 139 of 200 is 0.695
        (grams(0, 170), grams(30, 200), True),
        (grams(0, 169), grams(30, 200), False),
        # containment: 90 of the shorter one's 100 is 0.9; 89 is 0.89
        (grams(0, 100), grams(10, 1000), True),
        (grams(0, 100), grams(11, 1000), False),
        # a few sentences inside another article say nothing
        (grams(0, LEAST_CONTAINED), grams(0, 1000), True),
        (grams(0, LEAST_CONTAINED - 1), grams(0, 1000), False),
        # but short texts that are similar are near-duplicates: 7 of 10 is 0.7
        (grams(0, 8), grams(1, 10), True),
        (grams(0, 7), grams(0, 11), False),
        (set(), grams(0, 10), False),
        (set(), set(), False),
    ],
)
def test_texts_are_near_duplicates_if_similar_or_contained(
    one: set[int], other: set[int], expected: bool
) -> None:
    assert are_near_duplicates(one, other, ClusterConfig()) is expected
    assert are_near_duplicates(other, one, ClusterConfig()) is expected


def test_the_configuration_says_how_similar() -> None:
    one, other = grams(0, 170), grams(30, 200)
    assert not are_near_duplicates(one, other, ClusterConfig(similarity=0.71, containment=1.0))
    assert are_near_duplicates(one, other, ClusterConfig(similarity=1.0, containment=140 / 170))
