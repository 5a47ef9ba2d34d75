"""Content-defined chunks: where they end depends on what is there, not on where it stands."""

import random
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from eval.chunks import BLOCK, LARGEST, SMALLEST, chunks_of, cuts

DATA = random.Random(0).randbytes(3 * 2**20)  # noqa: S311 - not for secrets


def test_chunks_follow_each_other_and_have_a_smallest_and_a_largest_size() -> None:
    ends = cuts(DATA)
    sizes = [end - start for start, end in pairwise(ends)]
    assert (ends[0], ends[-1]) == (0, len(DATA))
    assert all(SMALLEST <= size <= LARGEST for size in sizes[:-1])
    assert 32 * 2**10 < sum(sizes) / len(sizes) < 96 * 2**10  # 64 KiB, were there no bounds


def test_data_without_a_cut_is_cut_at_the_largest_size() -> None:
    assert cuts(bytes(3 * LARGEST)) == [0, LARGEST, 2 * LARGEST, 3 * LARGEST]
    assert cuts(b"") == [0]
    assert cuts(b"short") == [0, 5]


def test_blocks_are_hashed_as_one() -> None:
    data = random.Random(1).randbytes(BLOCK + 2**20)  # noqa: S311 - not for secrets
    assert cuts(data)[1:20] == cuts(data[: BLOCK // 2])[1:20]
    shifted = cuts(data[1000:])
    assert {end + 1000 for end in shifted[5:]} <= set(cuts(data))


@given(st.integers(0, len(DATA)), st.binary(min_size=1, max_size=100))
def test_what_is_inserted_makes_few_chunks_new(place: int, inserted: bytes) -> None:
    before = {DATA[start:end] for start, end in pairwise(cuts(DATA))}
    changed = DATA[:place] + inserted + DATA[place:]
    after = {changed[start:end] for start, end in pairwise(cuts(changed))}
    assert sum(map(len, after - before)) <= 6 * LARGEST


def test_a_chunk_that_occurs_twice_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(2 * LARGEST))
    assert list(chunks_of(tmp_path / "file").values()) == [LARGEST]
