"""Hashed 5-grams on disk."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.clusters.store import GramStore


@given(texts=st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 2**64 - 1), max_size=20)))
def test_what_was_added_is_at_hand_and_nothing_else(
    tmp_path_factory: object, texts: dict[int, set[int]]
) -> None:
    path: Path = tmp_path_factory.mktemp("store") / "grams"  # type: ignore[attr-defined]
    with path.open("w+b") as stream:
        store = GramStore(stream, 10)
        for number, hashes in texts.items():
            store.add(number, sorted(hashes))
        assert {number: store.grams(number) for number in range(10)} == {
            n: texts.get(n, set()) for n in range(10)
        }
