import pytest

from builder.ingest.language import given_language, language_of

ENGLISH = "The council voted by two votes to keep the night ferry after all."
GERMAN = "Der Rat beschloss mit zwei Stimmen Mehrheit, die Nachtfähre doch zu behalten."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("市議会は夜のフェリーを残すことを二票差で決めた。市長は考えを変えたという。", "ja"),
        ("Совет двумя голосами решил сохранить ночной паром.", "ru"),
        ("No. 5", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of([text]) == language


def test_the_language_of_most_of_a_long_text_counts() -> None:
    assert language_of([GERMAN] * 3 + [ENGLISH] * 200) == "en"


@pytest.mark.parametrize(
    ("name", "code"), [("en", "en"), ("en-GB", "en"), ("PT_br", "pt"), ("English", None), (None, None)]
)
def test_a_source_says_the_language_as_a_code(name: str | None, code: str | None) -> None:
    assert given_language(name) == code
