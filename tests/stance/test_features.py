import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.stance.examples import StanceExample
from builder.stance.features import ABSENT, TARGET, views

T = TARGET


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("The tunnel is fine", "the harbour tunnel", f"the {T} is fine"),
        ("The Harbour Tunnel's cost", "the harbour tunnel", f"the {T} cost"),
        ("Taxes, taxes!", "tax", "taxes taxes !"),  # too short a word to be cut
        ("Refugees and a refugee", "refugees", f"{T} and a {T}"),
        ("Mr. Coy spoke", "Senator Harlan Coy", f"mr {T} spoke"),
        ("The mayor spoke", "the mayor", f"the {T} spoke"),
        ("I can’t say", "Coy", "i can't say"),
    ],
)
def test_the_target_is_masked_as_one_word(text: str, target: str, expected: str) -> None:
    assert (
        views(StanceExample(text, target)).plain.replace("!", "").split() == expected.replace("!", "").split()
    )


def test_other_names_of_the_target_are_masked_where_they_stand() -> None:
    example = StanceExample("Brussels rules, says Brussels man", "the European Union", mentions=(Span(0, 8),))
    assert views(example).plain == f"{T} rules says brussels man"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not a good plan at all indeed", "not not:a not:good not:plan not:at all indeed"),
        ("I don't like it, but fine", "i don't not:like not:it but fine"),
        ("never Coy again", f"never {T} not:again"),
    ],
)
def test_words_in_the_scope_of_a_negation_are_marked(text: str, expected: str) -> None:
    assert views(StanceExample(text, "Coy")).words == expected


def test_words_near_the_target_carry_the_side_of_the_nearest_mention() -> None:
    example = StanceExample("one two praised Coy then blamed x x x x x x x x far", "Coy")
    assert views(example).near.split()[:5] == [
        "before:one",
        "before:two",
        "before:praised",
        "after:then",
        "after:blamed",
    ]
    assert "after:far" not in views(example).near
    assert views(StanceExample("nobody is named", "Coy")).near == ABSENT


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        # the cue of a reported clause is part of what is judged
        (
            "On Monday residents accused Coy of lying.",
            "Coy of lying",
            f"monday residents accused {T} of lying",
        ),
        # what only reports is not, nor is the speaker
        ("It rained. Dora said that it is fine.", "it is fine", "it is fine"),
        # nor what stands before quotation marks
        ("The furious man shouted “it is fine”", "“it is fine”", "it is fine"),
        # nor a context that does not hold the text
        ("Something else", "it is fine", "it is fine"),
    ],
)
def test_the_words_that_lead_to_a_reported_clause_are_seen(context: str, text: str, expected: str) -> None:
    example = StanceExample(text, "Coy", speaker="Dora", context=context)
    assert views(example).plain == expected


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_has_views_without_blank_words(text: str, target: str, speaker: str, context: str) -> None:
    seen = views(StanceExample(text, target, speaker, context))
    for view in (seen.plain, seen.words, seen.near):
        assert view == " ".join(view.split(" ")).strip()
