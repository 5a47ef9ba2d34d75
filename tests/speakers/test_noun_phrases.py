"""What a source is: the kind of noun phrase and its head."""

import pytest

from builder.records import Span
from builder.speakers.noun_phrases import read_phrase


@pytest.mark.parametrize(
    ("source", "kind", "head"),
    [
        ("Ilse Brandt, the mayor of Unterau,", "person", "Ilse Brandt"),
        ("party spokesman Jan Berg", "person", "party spokesman Jan Berg"),
        ("a spokeswoman, Ilse Brandt,", "person", "spokeswoman"),
        ("He", "he", "He"),
        ("she", "she", "she"),
        ("they", "they", "they"),
        ("who", "who", "who"),
        ("I", "I", "I"),
        ("the campaign", "organisation", "campaign"),
        ("Brandt’s campaign", "organisation", "Brandt’s campaign"),
        ("The Chamber of Industry", "organisation", "Chamber of Industry"),
        ("the White House", "government", "White House"),
        ("Moscow", "government", "Moscow"),
        ("the U.S.", "government", "U.S."),
        ("critics of the plan", "group", "critics"),
        ("Some 6,000 residents", "group", "Some 6,000 residents"),
        ("Brandt and Okoro", "group", "Brandt and Okoro"),
        ("43% of the farmers", "group", "43%"),
        ("the Russian leader", "role", "Russian leader"),
        ("a diplomat who knows the talks", "role", "diplomat"),
    ],
)
def test_sources_are_read_by_their_head(source: str, kind: str, head: str) -> None:
    phrase = read_phrase(source, Span(0, len(source)))
    assert (phrase.kind, phrase.head.of(source)) == (kind, head)


def test_an_article_tells_somebody_unknown_from_somebody_named_before() -> None:
    assert read_phrase("a diplomat", Span(0, 10)).indefinite
    assert not read_phrase("the diplomat", Span(0, 12)).indefinite
