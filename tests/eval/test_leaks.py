"""The planted copies are found, and what the command prints says so."""

from argparse import Namespace
from random import Random

from eval.leaks import SORTS, made_up, render, run


def test_copies_of_every_sort_are_found_and_nothing_else() -> None:
    figures = run(Namespace(rows=400, copies=12, seed=5))
    assert figures["found"] == dict.fromkeys(SORTS, 12)
    assert figures["missed"] == []
    told = render(figures).splitlines()
    assert len(told) == 2 + len(SORTS) + 2
    assert told[2].split("|")[1:4] == [f" {'the same words':46} ", "      12 ", "          12 "]


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    one, same, other = (made_up(50, Random(seed)) for seed in (1, 1, 2))  # noqa: S311 - made up
    assert one == same != other
    assert len({said.text for said in one}) == 50
