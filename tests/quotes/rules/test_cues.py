import pytest

from builder.quotes.rules.cues import cue_forms


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("said", "say"),
        ("says", "say"),
        ("saying", "say"),
        ("wrote", "write"),
        ("told", "tell"),
        ("admitted", "admit"),
        ("admitting", "admit"),
        ("denied", "deny"),
        ("decries", "decry"),
        ("agreed", "agree"),
        ("agreeing", "agree"),
        ("arguing", "argue"),
        ("stressed", "stress"),
        ("stresses", "stress"),
        ("referring", "refer"),
    ],
)
def test_forms_lead_to_their_verb(form: str, lemma: str) -> None:
    assert cue_forms()[form].lemma == lemma


def test_forms_that_are_nouns_as_often_are_marked() -> None:
    forms = cue_forms()
    assert forms["claims"].also_noun
    assert not forms["claimed"].also_noun
    assert not forms["says"].also_noun
