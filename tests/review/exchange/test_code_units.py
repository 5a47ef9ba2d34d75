"""Code points against UTF-16 code units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.review.exchange.code_units import to_code_points, to_code_units


@pytest.mark.parametrize(
    ("text", "points", "units"),
    [
        ("plain", 3, 3),
        ("🚢 is", 1, 2),
        ("a🚢b", 2, 3),
        ("🇳🇴!", 2, 4),  # one flag, two code points, four units
        ("naïve", 3, 3),
    ],
)
def test_they_differ_behind_characters_beyond_the_basic_plane(text: str, points: int, units: int) -> None:
    assert to_code_units(text, points) == units
    assert to_code_points(text, units) == points


@pytest.mark.parametrize(("text", "offset"), [("🚢", 1), ("abc", 4), ("abc", -1), ("", 1)])
def test_an_offset_inside_a_character_or_beyond_the_text_is_refused(text: str, offset: int) -> None:
    with pytest.raises(ValueError, match="is not between two characters"):
        to_code_points(text, offset)


@given(st.text(), st.data())
def test_there_and_back_is_the_same_place(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert to_code_points(text, to_code_units(text, offset)) == offset
