"""MinHash bands: two texts with many word 5-grams in common have some bands in common.

With bands of two hashes out of 128, texts of similarity (Jaccard) s share a given band with
probability s², and at least one of the 64 with probability 1 - (1 - s²)^64: above 99.7 % from 0.3
on, the similarity of a story and its first third. Indyk and Motwani 1998; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, section 3.4.
"""

from collections.abc import Iterable, Sequence

from rensa import RMinHash

BANDS = 64
HASHES = 2 * BANDS
SEED = 1


def hashes_of(gram_sets: Iterable[Iterable[str]]) -> list[list[int]]:
    """The 64-bit hash of each 5-gram of each set; the same on every machine."""
    hashes: list[list[int]] = RMinHash.hash_token_sets([list(grams) for grams in gram_sets])
    return hashes


def bands_of(hash_sets: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The bands of each set of hashes, as signed 64-bit numbers; none for an empty set."""
    digests: list[list[int]] = RMinHash.digest_matrix_from_token_hash_sets(hash_sets, HASHES, SEED).to_rows()
    return [_bands(digest) if some else () for some, digest in zip(hash_sets, digests, strict=True)]


def _bands(digest: Sequence[int]) -> tuple[int, ...]:
    return tuple(
        _signed(first << 32 | second) for first, second in zip(digest[::2], digest[1::2], strict=True)
    )


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
