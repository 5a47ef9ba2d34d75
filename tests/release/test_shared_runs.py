"""Which texts have to be compared: of those that are the same none is passed over."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.engine.database import connected
from builder.release import shared_runs
from builder.release.shared_runs import CONTAINMENT, RUN, SIMILARITY, find_likely, read_texts

LONG = "the long bridge over the harbour will be closed for repairs until march"


def likely(folder: Path, *texts: str) -> set[tuple[int, int]]:
    said = {"number": list(range(len(texts))), "words": texts, "length": [len(one.split()) for one in texts]}
    with connected(128, folder) as database:
        database.register("texts", pa.table(said))
        database.execute("create table said as from texts")
        find_likely(database)
        return set(database.execute("from likely").fetchall())


@pytest.mark.parametrize(
    ("other", "compared"),
    [
        (LONG, True),
        (f"yes {LONG.replace('march', 'may')}", True),
        # Two runs of four, but most words are others.
        ("the long bridge over the hill is not what anybody here would call a fine bridge", False),
        # One run of four in texts of more than ten words.
        (LONG.replace("long", "old").replace("will", "may").replace("for", "by"), False),
        # One run of four, but one of the texts is short.
        ("be closed for repairs", True),
        ("closed for repairs", False),
    ],
)
def test_texts_that_share_runs_are_compared_unless_too_many_words_differ(
    tmp_path: Path, other: str, compared: bool
) -> None:
    assert likely(tmp_path, LONG, other) == ({(0, 1)} if compared else set())


def test_very_short_texts_share_runs_of_three_words(tmp_path: Path) -> None:
    assert likely(tmp_path, "closed for repairs", "closed for repairs now", "open for repairs") == {(0, 1)}


def test_no_run_goes_from_one_text_into_the_next(tmp_path: Path) -> None:
    assert likely(tmp_path, "one two", "three four", "one two three four") == set()


def test_each_text_is_paired_with_two_that_follow_it(tmp_path: Path) -> None:
    assert likely(tmp_path, *[LONG] * 4) == {(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)}


def test_runs_that_are_sorted_in_parts_give_the_same_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = LONG.split()
    texts = [" ".join(words[: 4 + number % 9]) for number in range(40)]
    whole = likely(tmp_path, *texts)
    monkeypatch.setattr(shared_runs, "RUNS_AT_ONCE", 30)
    monkeypatch.setattr(shared_runs, "TEXTS_AT_ONCE", 7)
    assert likely(tmp_path, *texts) == whole


WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=RUN, max_size=24)


@given(WORDS, st.data())
def test_what_is_similar_or_contained_may_be_the_same(one: list[str], data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(one)), st.integers(0, len(one)))))
    edge = st.lists(st.sampled_from("abwxyz"), max_size=4)
    other = [*data.draw(edge), *one[start:end], *data.draw(edge)] or ["a"]
    texts, _ = read_texts(pa.array([" ".join(one), " ".join(other)]))
    if is_similar(one, other) or is_contained(one, other):
        assert texts.may_be_same(np.array([0]), np.array([1])).tolist() == [True]


def is_similar(one: Sequence[str], other: Sequence[str]) -> bool:
    return len({*one} & {*other}) >= SIMILARITY * len({*one, *other})


def is_contained(one: Sequence[str], other: Sequence[str]) -> bool:
    ours, theirs = ({*zip(*(some[start:] for start in range(RUN)), strict=False)} for some in (one, other))
    fewer = min(len(ours), len(theirs))
    return bool(fewer) and len(ours & theirs) >= CONTAINMENT * fewer
