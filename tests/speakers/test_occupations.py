import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.speakers.occupations import describe, fields_of, proper_words, words_of


@pytest.mark.parametrize(
    ("text", "words", "fields", "gender"),
    [
        ("The senator Ilse Brandt left.", {"senator"}, {"public affairs"}, ""),
        ("Former Selm Gov. Ilse Brandt left.", {"selm", "governor"}, {"public affairs"}, ""),
        ("It rained. Mrs. Ilse Brandt left.", set(), set(), "she"),
        ("Spokeswoman Ilse Brandt left.", {"spokeswoman"}, {"public affairs"}, "she"),
        ("Ilse Brandt, a coach at Selm United, left.", {"coach", "selm", "united"}, {"sport"}, ""),
        ("Ilse Brandt, who was a nurse in Orneby, left.", {"nurse", "orneby"}, {"care"}, ""),
        ("Ilse Brandt, one of the farmers there, left.", {"farmers", "there"}, set(), ""),
        # What stands near her is said of somebody else.
        ("The mayor met Ilse Brandt.", set(), set(), ""),
        ("Ilse Brandt, hurt by a policeman, left.", set(), set(), ""),
        ("She is at odds with the coach. Ilse Brandt left.", set(), set(), ""),
        ("Ilse Brandt, a friend of the sheriff, left.", {"friend", "sheriff"}, set(), ""),
        ("Sister Ilse Brandtner left.", set(), set(), ""),
    ],
)
def test_what_is_said_beside_a_name(text: str, words: set[str], fields: set[str], gender: str) -> None:
    found = describe(text, "Ilse Brandt", [])
    assert (set(found.words), set(found.fields), found.gender) == (words, fields, gender)


def test_a_surname_is_not_described_by_what_stands_with_another_bearer() -> None:
    text = "The coach Ilse Brandt left. Senator Brandt stayed. President Otto Brandt slept."
    assert describe(text, "Brandt", []).words == ("senator",)


def test_mentions_without_the_name_describe_too() -> None:
    text = "Ilse Brandt left. The Orneby goalkeeper, who had stayed, said so."
    found = describe(text, "Ilse Brandt", [Span(18, 39)])
    assert Span(18, 39).of(text) == "The Orneby goalkeeper"
    assert (found.words, found.fields) == (("goalkeeper", "orneby"), ("sport",))


def test_titles_that_contradict_each_other_say_nothing_about_the_gender() -> None:
    assert describe("Mr. Ilse Brandt left. Mrs. Ilse Brandt left.", "Ilse Brandt", []).gender == ""


def test_abbreviated_titles_are_written_out() -> None:
    assert words_of("Sen. and Prof.") == words_of("senator professor") == {"senator", "professor"}
    assert fields_of(["sgt"]) == {"police"}


def test_proper_words_have_a_capital_and_are_no_roles() -> None:
    assert proper_words("Senator Brandt's friends of Selm United met the President") == {
        "selm",
        "united",
        "brandt",
    }


@given(
    st.text(alphabet="Ilse Brandt,.a the\n", max_size=200),
    st.sampled_from(["Ilse Brandt", "Brandt", "a", ""]),
)
def test_any_text_can_be_described_and_a_name_never_describes_itself(text: str, name: str) -> None:
    assert not words_of(name).intersection(describe(text, name, []).words)
