"""What a text gives to resolve speakers by: sentences, paragraphs, marks, and how a name stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.speakers.names import find_names
from builder.speakers.scene import Scene, scene_of, standing


def scene(text: str) -> Scene:
    return scene_of(text, [Span(0, len(text))])


@pytest.mark.parametrize(
    ("text", "last", "sentences"),
    [
        ("It rained. Brandt left.", "Brandt", 1),
        ("It rained, and Brandt left.", "Brandt", 0),
        ("“It rained.” Brandt left.", "Brandt", 1),
        ("Sen. Brandt left.", "Brandt", 0),
        ("Then J. Brandt left.", "Brandt", 0),
        ("J. Brandt left.", "Brandt", 0),
        ("rain\n\nJ. Brandt left.", "Brandt", 1),  # at the start of a line, too
        ("Rain!\n\nBrandt left.", "Brandt", 1),
        ("rain\n\nBrandt left", "Brandt", 1),
    ],
)
def test_sentences_are_counted_between_two_places(text: str, last: str, sentences: int) -> None:
    one = scene(text)
    assert one.sentence(text.index(last)) - one.sentence(0) == sentences


def test_paragraphs_are_lines_that_are_not_blank() -> None:
    text = "One.\n \n\nTwo."
    one = scene(text)
    assert one.paragraph(text.index("Two")) - one.paragraph(0) == 1


def test_what_stands_between_marks_is_known() -> None:
    text = "“We go,” Brandt said."
    one = scene(text)
    assert one.between_marks(text.index("go"))
    assert not one.between_marks(text.index("Brandt"))


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("It rained. Brandt spoke.", {"opens", "acts"}),
        ("Then came Brandt.", set()),
        ("They met with Brandt.", {"governed"}),
        ("They met with Russian Defence Minister Brandt earlier.", {"governed"}),
        ("Yesterday Brandt, the mayor, left.", {"explained"}),
        ("So Brandt and others left.", set()),
    ],
)
def test_how_a_name_stands_in_its_sentence(text: str, signs: set[str]) -> None:
    (name,) = [one for one in find_names(text, [Span(0, len(text))]) if one.text == "Brandt"]
    stands = standing(text, name)
    assert {sign for sign in ("opens", "governed", "acts", "explained") if getattr(stands, sign)} == signs


@given(st.text(alphabet="Ab. \n\r\t”\u2028\u00a0", max_size=40))
def test_sentences_and_paragraphs_begin_at_rising_places_of_the_text(text: str) -> None:
    one = scene(text)
    assert list(one.sentences) == sorted(set(one.sentences))
    assert all(not text[start].isspace() for start in one.sentences)
    assert len(one.paragraphs) == sum(bool(line.strip()) for line in re.split("[\n\r\u2028\u2029]", text))


@pytest.mark.parametrize("unit", [" ", "\n", ". ", "”", ".”", "\t\n"])
def test_runs_of_blanks_and_marks_are_read_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + "Brandt"
    assert scene(text).sentence(len(text)) >= 0
