"""What a source is as a noun phrase: pronoun, head, article, number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.speakers.phrases import Phrase, is_plural, read_phrase


def read(source: str) -> Phrase:
    return read_phrase(source, Span(0, len(source)))


@pytest.mark.parametrize(
    ("source", "pronoun"),
    [
        ("He", "he"),
        ("himself", "he"),
        ("she", "she"),
        ("They", "they"),
        ("it", "it"),
        ("who", "who"),
        ("which", "which"),
        ("I", "I"),
        ("we", "we"),
        ("many", "some"),
        ("she's", "she"),
        ("she who left", None),
        ("Ilse Brandt", None),
    ],
)
def test_a_source_of_one_word_may_be_a_pronoun(source: str, pronoun: str | None) -> None:
    assert read(source).pronoun == pronoun


@pytest.mark.parametrize(
    ("source", "head", "noun"),
    [
        ("Ilse Brandt, the mayor of Unterau,", "Ilse Brandt", "brandt"),
        ("party spokesman Jan Berg", "party spokesman Jan Berg", "berg"),
        ("a spokeswoman, Ilse Brandt,", "spokeswoman", "spokeswoman"),
        ("Brandt’s campaign", "Brandt’s campaign", "campaign"),
        ("The Chamber of Industry", "Chamber of Industry", "industry"),
        ("critics of the plan", "critics", "critics"),
        ("a diplomat who knows the talks", "diplomat", "diplomat"),
        ("the mayor’s", "mayor’s", "mayor"),
        ("her brother (and heir)", "brother", "brother"),
        ("Some 6,000 residents", "Some 6,000 residents", "residents"),
        ("a porter for the Unterau Inn", "porter", "porter"),
        ("A cousin of Mary Brandt", "cousin", "cousin"),
        ("Cousins of Mary Brandt", "Cousins", "cousins"),
        ("Aides for Mr. Brandt", "Aides", "aides"),
        ("The Cousins of Unterau", "Cousins of Unterau", "unterau"),
        ("the council of Mary Brandt", "council of Mary Brandt", "brandt"),
        ("one of Brandt’s cousins", "one of Brandt’s cousins", "cousins"),
        ("Mary Brandt MP", "Mary Brandt", "brandt"),
        ("A survey released on Monday", "survey", "survey"),
    ],
)
def test_the_head_stands_before_what_explains_it(source: str, head: str, noun: str) -> None:
    phrase = read(source)
    assert (phrase.head.of(source), phrase.noun) == (head, noun)


@pytest.mark.parametrize(
    ("source", "signs"),
    [
        ("the diplomat", {"definite"}),
        ("a diplomat", {"indefinite"}),
        ("her rival", {"possessive"}),
        ("officials", {"plural"}),
        ("43 percent of the farmers", {"plural"}),
        ("six drivers", {"plural"}),
        ("Brandt and Okoro", {"joined"}),
        ("officials and voters", {"plural", "joined"}),
        ("mayor and former judge Ilse Brandt", set()),
        ("they", {"plural"}),
    ],
)
def test_article_and_number_are_read(source: str, signs: set[str]) -> None:
    phrase = read(source)
    names = ("definite", "indefinite", "possessive", "plural", "joined")
    assert {name for name in names if getattr(phrase, name)} == signs


@pytest.mark.parametrize(
    ("noun", "several"),
    [("drivers", True), ("police", True), ("boss", False), ("census", False), ("driver", False)],
)
def test_some_nouns_look_like_several(noun: str, several: bool) -> None:
    assert is_plural(noun) == several


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_the_head_lies_in_the_source(text: str, start: int, end: int) -> None:
    source = Span(min(start, end, len(text)), min(max(start, end), len(text)))
    head = read_phrase(text, source).head
    assert source.start <= head.start <= head.end <= source.end
