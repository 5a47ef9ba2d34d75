"""Which quotations count as the same words of somebody."""

from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest

from builder.clusters.words import words_in
from builder.engine.database import connected
from builder.release.same import find_same

WORDS = pa.schema([(name, pa.string()) for name in ("id", "unit", "words", "voice")])


def groups(folder: Path, *said: tuple[str, str | None]) -> set[frozenset[int]]:
    """The groups of two and more of some texts and their speakers, by their places."""
    rows = [
        {"id": f"q{place}", "unit": f"u{place}", "words": " ".join(words_in(text)), "voice": voice}
        for place, (text, voice) in enumerate(said)
    ]
    with connected(128, folder) as database:
        database.register("quotes", pa.Table.from_pylist(rows, schema=WORDS))
        find_same(database, "quotes")
        found = database.execute("select id, quotation from same").fetchall()
    by_group: dict[int, set[int]] = {}
    for name, group in found:
        by_group.setdefault(group, set()).add(int(name[1:]))
    return {frozenset(places) for places in by_group.values() if len(places) > 1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We will build the bridge.", "“We will build the bridge,”", True),
        ("We will build the bridge.", "WE WILL … BUILD THE BRIDGE", True),
        ("We will build the long bridge.", "We will build the new bridge.", True),
        ("We will build the long bridge.", "We will build the bridge.", True),
        # Six of nine words, and three runs of three.
        ("The harbour needs a bridge before the winter comes.", "The harbour needs a bridge before", True),
        ("We will build the bridge.", "We will never tear down the bridge.", False),
        ("It is what it is.", "The ferry is what it is about.", False),
        ("At the end of the day we lose.", "At the end of the day nobody asked whether it pays.", False),
        ("The harbour needs a bridge.", "The bridge needs a harbour of its own, and money.", False),
    ],
)
def test_two_quotations_are_the_same_or_not(tmp_path: Path, one: str, other: str, same: bool) -> None:
    assert bool(groups(tmp_path, (one, "ada"), (other, "ben"))) is same


def test_few_words_are_the_same_only_of_the_same_speaker(tmp_path: Path) -> None:
    said = [("No comment.", "ada"), ("no comment", "ben"), ("No comment!", "ada"), ("No comment.", None)]
    assert groups(tmp_path, *said) == {frozenset({0, 2})}


def test_what_a_chain_of_pairs_connects_is_one(tmp_path: Path) -> None:
    words = "the long bridge over the harbour will be closed for repairs until the end of march".split()
    steps = [" ".join(words[start : start + 11]) for start in (0, 1, 2, 3)]
    assert groups(tmp_path, *((text, None) for text in steps)) == {frozenset({0, 1, 2, 3})}


def test_many_texts_with_a_phrase_in_common_are_told_apart(tmp_path: Path) -> None:
    phrase = "I want to make it very clear that"
    names = ["".join(pair) for pair in combinations("bcdfghjklm", 2)]
    said = [(f"{phrase} {name}a {name}e {name}i {name}o {name}u {name}y", None) for name in names]
    assert groups(tmp_path, *said, (said[7][0].replace("very ", ""), None)) == {frozenset({7, len(said)})}
