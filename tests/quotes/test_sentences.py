"""Sentences, with quotations kept whole."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.marks import pair_marks
from builder.quotes.sentences import sentences
from builder.records import Span


def cut(text: str) -> list[str]:
    return [one.of(text) for one in sentences(text, Span(0, len(text)), pair_marks(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. Nobody came.", ["It rained.", "Nobody came."]),
        ("“Go. Now!” he said. Ada went.", ["“Go. Now!” he said.", "Ada went."]),
        ("“Go.” Ada went.", ["“Go.”", "Ada went."]),
        ("“Go.” “Now,” he said.", ["“Go.”", "“Now,” he said."]),
        ("He said: “Go. Ada waits. Now.”", ["He said: “Go. Ada waits. Now.”"]),
        ("''Go. Now,'' he said. Ada went.", ["''Go. Now,'' he said.", "Ada went."]),
        ("Dr. Ilse Brandt met Mr. Okoro at 5 p.m.", ["Dr. Ilse Brandt met Mr. Okoro at 5 p.m."]),
        ("One word", ["One word"]),
    ],
)  # fmt: skip
def test_sentences_end_outside_quotation_marks(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet="aB. \"“”'?!-\u200b\n", max_size=60))
def test_sentences_hold_every_character_that_is_not_blank_once(text: str) -> None:
    found = sentences(text, Span(0, len(text)), pair_marks(text))
    assert "".join("".join(one.of(text) for one in found).split()) == "".join(text.split())
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
