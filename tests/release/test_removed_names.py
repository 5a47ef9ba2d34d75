"""Names are found in whatever spelling a text has them, and nobody else's are."""

import pickle

import pytest

from builder.release.folded import folded
from builder.release.removed_names import NamePatterns, parts_of, sought


def found(name: str, text: str) -> list[str]:
    """The stretches of a text that a name is found in, each once."""
    spans = [match.span() for match in NamePatterns(sought(name)).finditer(text)]
    return list(dict.fromkeys(text[start:end] for start, end in spans))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ruth Falken", "Ruth M. Falken"),
        ("Ruth M. Falken", "Ruth Falken"),
        ("Ruth M. Falken", "Ruth Maria Falken"),
        ("Ruth Falken", "Ruth “Ruthie” Falken"),
        ("Ruth Falken", "Ruth (née Storm) Falken"),
        ("Ruth Falken", "Falken, Ruth"),
        ("Ruth Falken", "RuthFalken"),
        ("Ruth Falken", "ruth_falken"),
        ("Ruth Falken", "ruth%20falken"),
        ("Falken, Ruth M.", "Ruth Falken"),
        ("Ruth Falken, MP", "Ruth Falken"),
        ("Ruth Falken, Mayor of Orneby", "Ruth Falken"),
        ("Ruth Falken (harbour master)", "Ruth Falken"),
        ("Mayor Ruth Falken", "Ruth Falken"),
        ("Dean Ruth Falken", "Ruth Falken"),
        ("Sinead O'Brien", "Sinead O’Brien"),
        ("Sinead O’Brien", "Sinead OBrien"),
        ("Jose Perez", "José Pérez"),
        ("José Pérez", "Jose Perez"),
        ("Jean-Luc Mare", "Jean‑Luc Mare"),
        ("Jean-Luc Mare", "Jean Luc Mare"),
        ("Jean Luc Mare", "Jean-Luc Mare"),
        ("Søren Lund", "Soren Lund"),
        ("Soren Lund", "Søren Lund"),
        ("Łukasz Nowak", "Lukasz Nowak"),
        ("Jo Weiß", "JO WEISS"),
        ("Jo Weiss", "Jo Weiß"),
        ("Ada Example", "Ada Exam\u00adple"),
        ("Ada Example", "A\u200bda Example"),
        ("Ana de la Cruz", "Ana María de la Cruz"),
        ("J. K. Holm", "JK Holm"),
        ("J. Edgar Holm", "Edgar Holm"),
        ("Xi Jinping", "Xi Jin-ping"),
        ("John Paul Storm II", "John Paul Storm"),
        ("Sotheby's", "Sotheby’s"),
        ("The Harbour Trust", "harbour-trust"),
    ],
)
def test_another_spelling_is_found(name: str, written: str) -> None:
    text = f"Then ({written}) spoke."
    assert found(name, text)[0] == written


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ruth Falken", "Ruth and Falken"),
        ("Ruth Falken", "RUTH AND FALKEN"),
        ("Ruth Falken", "Ruth told Falken"),
        ("Ruth Falken", "There came Ruth. Yesterday Falken did"),
        ("Ruth Falken", "Ruth Falkenstein"),
        ("Ruth M. Falken", "Ruth K. Falken"),
        ("Ada Brands", "Ada Brand's"),
        ("A. Storm", "a storm, A storm and Storm, a nurse"),
        ("Martin Ellison Jr.", "Martin Ellison Sr."),
        ("Dr. Lund", "Emil Lund"),
        ("The Times", "three times"),
        ("WHO", "Who says so?"),
        ("Anna Berg", "Joanna Berg"),
    ],
)
def test_others_are_not_found(name: str, text: str) -> None:
    assert found(name, text) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Vera K. Lund Jr.", ("vera", "lund")),
        ("Mrs. Brandt", ("brandt",)),
        ("Keir Storm QC", ("keir", "storm")),
        ("Anna van Berg", ("anna", "berg")),
    ],
)
def test_parts_of_a_name_are_no_titles(name: str, parts: tuple[str, ...]) -> None:
    assert parts_of(name) == parts


def test_places_in_a_folded_text_are_those_of_the_text() -> None:
    text = "Groß\u00ades ‘Ødt’"
    plain = folded(text)
    assert plain.text == "grosses 'odt'"
    assert plain.span(plain.text.index("odt"), plain.text.index("odt") + 3).of(text) == "Ødt"


def test_thousands_of_names_are_found_each_for_itself_and_elsewhere() -> None:
    names = [f"Ada{chr(97 + one % 26)} Berg{chr(97 + one // 26)}" for one in range(600)]
    patterns = pickle.loads(pickle.dumps(NamePatterns(tuple(one for name in names for one in sought(name)))))  # noqa: S301 - our own bytes
    assert [match.span() for match in patterns.finditer(f"So {names[500]} said")] == [
        (3, 3 + len(names[500]))
    ]
    assert patterns.search("Nobody is named") is None
