import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.speakers.nicknames import may_be_one
from builder.speakers.person_names import Agreement, PersonName, agreement, key_of_words, parse_name


def agree(one: str, other: str) -> Agreement | None:
    first, second = parse_name(one), parse_name(other)
    assert first is not None
    assert second is not None
    assert agreement(first, second) == agreement(second, first)
    return agreement(first, second)


@pytest.mark.parametrize(
    ("text", "given_names", "family", "suffix"),
    [
        ("Ilse Brandt", ("ilse",), "brandt", ""),
        ("Dr. Ilse M. Brandt", ("ilse", "m"), "brandt", ""),
        ("Brandt, Ilse M.", ("ilse", "m"), "brandt", ""),
        ("Otto Brandt Jr.", ("otto",), "brandt", "jr"),
        ("Otto Brandt, Jr.", ("otto",), "brandt", "jr"),
        ("Otto Brandt III", ("otto",), "brandt", "iii"),
        ("J. K. Okoro", ("j", "k"), "okoro", ""),
        ("J.K. Okoro", ("j", "k"), "okoro", ""),
        ("JK Okoro", ("j", "k"), "okoro", ""),
        ("Joost van der Meulen", ("joost",), "meulen", ""),
        ("van der Meulen", (), "meulen", ""),
        ("Van der Meulen", (), "meulen", ""),
        ("Al Brandt", ("al",), "brandt", ""),
        ("Omar al-Rashidi", ("omar",), "rashidi", ""),
        ("Omar Al Rashidi", ("omar",), "rashidi", ""),
        ("Seán O’Dowd", ("sean",), "odowd", ""),
        ("Søren Łuczak", ("soren",), "luczak", ""),
        ("Jean-Luc Morel", ("jeanluc",), "morel", ""),
        ("Edda Vance-Holm", ("edda",), "vanceholm", ""),
        ("Zhang Weili", ("weili",), "zhang", ""),
        ("Weili Zhang", ("weili",), "zhang", ""),
        ("ZHANG Weili", ("weili",), "zhang", ""),
        ("Kim Sung-ho", ("sungho",), "kim", ""),
        ("Kim Holm", ("kim",), "holm", ""),
        ("Brandt", (), "brandt", ""),
        ("Ilse Brandt MP", ("ilse",), "brandt", ""),
        ("Sir Otto Brandt, KC, OBE", ("otto",), "brandt", ""),
        ("Supt Ilse Brandt", ("ilse",), "brandt", ""),
    ],
)
def test_the_parts_of_a_name(text: str, given_names: tuple[str, ...], family: str, suffix: str) -> None:
    name = parse_name(text)
    assert name is not None
    assert (name.given, name.family, name.suffix) == (given_names, family, suffix)


@pytest.mark.parametrize("text", ["", " ", "—", ".", "Jr."])
def test_what_has_no_letters_is_no_name_and_a_suffix_alone_is_taken_for_one(text: str) -> None:
    assert parse_name(text) == (PersonName((), "jr", "", "jr") if text == "Jr." else None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ILSE BRANDT", "Ilse Brandt", Agreement.SAME),
        ("Seán O’Dowd", "Sean O'Dowd", Agreement.SAME),
        ("Zhang Weili", "Weili Zhang", Agreement.SAME),
        ("Kim Sung-ho", "Kim Sung Ho", Agreement.SAME),
        ("Jean-Luc Morel", "Jean Luc Morel", Agreement.SAME),
        ("Ursula von der Leuven", "Ursula Leuven", Agreement.SAME),
        ("Ilse M. Brandt", "Ilse Brandt", Agreement.FORM),
        ("Ilse M. Brandt", "Ilse Marie Brandt", Agreement.FORM),
        ("J. K. Okoro", "Joan Kate Okoro", Agreement.FORM),
        ("M. Edgar Holm", "Edgar Holm", Agreement.FORM),
        ("Bob Holm", "Robert Holm", Agreement.FORM),
        ("Ted Holm", "Ed Holm", Agreement.FORM),
        ("Brandt", "Ilse Brandt", Agreement.PART),
        ("Ilse", "Ilse Brandt", Agreement.PART),
        ("I. Brandt", "Ilse Brandt", Agreement.PART),
        ("Brandt Ilse", "Ilse Brandt", Agreement.PART),
        ("Otto Brandt Jr.", "Otto Brandt", Agreement.PART),
        ("Otto Brandt Jr.", "Otto Brandt Sr.", None),
        ("Ilse M. Brandt", "Ilse K. Brandt", None),
        ("Ilse Brandt", "Otto Brandt", None),
        ("Ilse Brandt", "Ilse Holm", None),
        ("Edda Vance-Holm", "Edda Holm", None),
        ("Brandt", "Holm", None),
    ],
)
def test_how_far_two_names_agree(one: str, other: str, expected: Agreement | None) -> None:
    assert agree(one, other) == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared_and_agreement_is_mutual(one: str, other: str) -> None:
    first, second = parse_name(one), parse_name(other)
    if first and second:
        assert agreement(first, second) == agreement(second, first)
        assert agreement(first, first) is Agreement.SAME


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("bill", "william", True), ("bob", "rob", True), ("bill", "bob", False), ("ilse", "ilse", True)],
)
def test_short_forms_of_given_names(one: str, other: str, expected: bool) -> None:
    assert may_be_one(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("The Harbour Trust", "Harbour Trust"), ("Selm Rail, Inc.", "SELM RAIL"), ("Café Selm", "Cafe Selm")],
)
def test_bodies_have_the_same_key_without_article_and_legal_form(one: str, other: str) -> None:
    assert key_of_words(one) == key_of_words(other)
