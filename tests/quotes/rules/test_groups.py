"""Cue groups: the sentence in, each group's words with its shape out."""

import pytest

from builder.quotes.marks import pair_marks
from builder.quotes.rules.groups import cue_groups
from builder.quotes.rules.tokens import tokenize
from builder.records import Span


def groups(text: str) -> list[tuple[str, str]]:
    tokens = tokenize(text, Span(0, len(text)), pair_marks(text))
    return [
        (text[tokens[group.first].start : tokens[group.last].end], group.shape)
        for group in cue_groups(tokens)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Brandt said it rained.", [("said", "finite")]),
        ("Brandt has repeatedly said so.", [("has repeatedly said", "finite")]),
        ("Brandt did not say so.", [("did not say", "finite")]),
        ("Brandt was calling for calm.", [("was calling for", "finite")]),
        ("Brandt pointed out that it rained.", [("pointed out", "finite")]),
        ("Brandt went on to say that it rained.", [("went on to say", "infinitive")]),
        ("It rained, according to Brandt.", [("according to", "preposition")]),
        ("It rained, she said, adding that it was late.", [("said", "finite"), ("adding", "participle")]),
        ("He was told to go.", []),
        ("The claims of the report were false.", []),
        ("She claims it rained.", [("claims", "finite")]),
        ("The letter claims: “It rained.”", [("claims", "finite")]),
        ("They talked all night.", []),
        ("They talked about rain.", [("talked about", "finite")]),
        ("She “said” nothing.", []),
    ],
)
def test_a_group_is_the_verb_with_what_belongs_to_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert groups(text) == expected
