"""MinHash bands: similar sets share bands, others do not."""

import random

import pytest

from builder.clusters.minhash import BANDS, HASHES, bands_of, hashes_of

PINNED = (-3171395914830509384, -3662882680912227503)  # of rensa's algorithm, version 2


def shared_bands(similarity: float, size: int = 600) -> int:
    """How many bands two sets of 5-grams share whose Jaccard similarity is as given."""
    common = round(2 * size * similarity / (1 + similarity))
    chance = random.Random(round(similarity * 1000))  # noqa: S311 - only has to be the same each time
    grams = [f"{chance.random()} a b c d" for _ in range(2 * size - common)]
    one, other = bands_of(hashes_of([grams[:size], grams[size - common :]]))
    return sum(a == b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("similarity", "least", "most"),
    # 64 bands, each shared with probability s²: 64, 40.96 ± 3.8, 16 ± 3.5, 5.76 ± 2.3, none
    [(1.0, 64, 64), (0.8, 26, 56), (0.5, 4, 30), (0.3, 1, 15), (0.0, 0, 0)],
)
def test_shared_bands_follow_similarity(similarity: float, least: int, most: int) -> None:
    assert least <= shared_bands(similarity) <= most


def test_bands_are_the_same_on_every_machine() -> None:
    hashes = hashes_of([["the river rose again overnight"], []])
    assert [len(some) for some in hashes] == [1, 0]
    (bands, none) = bands_of(hashes)
    assert (len(bands), none) == (BANDS, ())
    assert bands[:2] == PINNED


def test_bands_do_not_depend_on_the_order_of_grams() -> None:
    grams = [f"gram {n}" for n in range(50)]
    one, other = bands_of(hashes_of([grams, grams[::-1]]))
    assert one == other
    assert all(-(2**63) <= band < 2**63 for band in one)
    assert HASHES == 2 * BANDS
