import pytest

from eval.source_types import SourceTypes

# "Officials" and "Critics" are written small too, "Brandt" never is; "May" is a name more often than not.
CORPUS = [
    "Brandt left. Ministers and officials met critics. A vote may come. She told Mrs May, and then May.",
]
TYPES = SourceTypes(CORPUS)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("he", "pronoun"),
        ("Some", "pronoun"),
        ("no one", "pronoun"),
        ("many of whom", "other description"),
        ("Brandt", "name"),
        ("May", "name"),
        ("Ilse Brandt, the mayor", "name"),
        ("Mayor Ilse Brandt", "name"),
        ("Ilse Brandt (Green)", "name"),
        ("the University of Lund", "name"),
        ("the Herald", "name"),
        ("the Herald’s", "name"),
        ("Officials", "other description"),
        ("officials at the Herald", "other description"),
        ("a friend of the Brandts", "other description"),
        ("a spokeswoman, Ilse Brandt", "other description"),
        ("Brandt’s office", "other description"),
        ("one of Mr. Okoro's advisers", "other description"),
        ("the Herald's Ilse Brandt", "name"),
        ("two of the ministers", "other description"),
        ("“", "none"),
    ],
)
def test_what_words_name_a_source(source: str, expected: str) -> None:
    assert TYPES.of(f"{source} said so.", [[0, len(source)]]) == expected


@pytest.mark.parametrize("before", ["Then ", "It rained. ", "It rained. “", "\n"])
def test_a_capital_counts_where_a_sentence_does_not_begin(before: str) -> None:
    text = f"{before}Officials said so."
    expected = "name" if before == "Then " else "other description"
    assert TYPES.of(text, [[len(before), len(before) + len("Officials")]]) == expected


def test_no_source_is_a_type() -> None:
    assert TYPES.of("He said so.", []) == "none"


def test_the_first_fragment_with_a_word_decides() -> None:
    text = "— he, said Ilse Brandt"
    assert TYPES.of(text, [[0, 1], [2, 4], [11, 22]]) == "pronoun"
