"""Places that stand for their governments."""

import pytest

from builder.speakers.metonyms import government_of


@pytest.mark.parametrize(
    ("phrase", "government"),
    [
        ("Beijing", "Government of China"),
        ("the Kremlin", "Government of Russia"),
        ("Moscow’s", "Government of Russia"),
        ("PARIS", "Government of France"),
        ("The Hague", "Government of the Netherlands"),
        ("the U.S.", "Government of the United States"),
        ("Unterau", None),
        ("", None),
        ("Beijing Opera", None),
    ],
)
def test_a_seat_stands_for_its_government(phrase: str, government: str | None) -> None:
    assert government_of(phrase) == government
