"""What texts are compared by."""

import pytest

from builder.clusters.words import MOST_WORDS, grams_of, words_of
from builder.records import Document, Zone


def document(text: str, *zones: Zone) -> Document:
    return Document(
        id="d1",
        text=text,
        uri="a.txt",
        url=None,
        title=None,
        published=None,
        site=None,
        author=None,
        agency=None,
        language="en",
        raw_sha256="",
        extractor="test",
        zones=zones or (Zone(0, len(text), "body"),),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“It’s over,” he said.", ["it", "s", "over", "he", "said"]),
        (
            '"It\'s OVER", he\nsaid',
            ["it", "s", "over", "he", "said"],
        ),  # other marks, case and lines: the same
        ("Straße – STRASSE", ["strasse", "strasse"]),
        ("cafe\u0301 caf\u00e9", ["café", "café"]),
        ("In 2023, 4.5%", ["in", "2023", "4", "5"]),
        ("… — !", []),
        ("", []),
    ],
)
def test_words_are_the_same_however_they_are_set(text: str, words: list[str]) -> None:
    assert words_of(document(text)) == words


def test_only_the_body_counts() -> None:
    text = "Menu\nBRIDGETON – The bridge\nRelated\nis shut."
    found = words_of(document(text, Zone(0, 4, "boilerplate"), Zone(17, 27, "body"), Zone(36, 44, "body")))
    assert found == ["the", "bridge", "is", "shut"]
    assert words_of(document(text, Zone(0, 44, "boilerplate"))) == []


@pytest.mark.parametrize(
    ("words", "grams"),
    [
        ("a b c d e f", {"a b c d e", "b c d e f"}),
        ("a a a a a a a", {"a a a a a"}),
        ("a b c d e", {"a b c d e"}),
        ("a b", {"a b"}),  # too short for a 5-gram: all of it
        ("", set()),
    ],
)
def test_grams_are_the_distinct_runs_of_five_words(words: str, grams: set[str]) -> None:
    assert grams_of(words.split()) == grams


def test_no_more_than_the_longest_article_is_compared() -> None:
    assert len(grams_of([str(n) for n in range(2 * MOST_WORDS)])) == MOST_WORDS - 4
