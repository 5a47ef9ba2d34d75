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
        ("No 10", "Government of the United Kingdom"),
        ("Norway’s government", "Government of Norway"),
        ("the government of Norway", "Government of Norway"),
        ("The U.S. government", "Government of the United States"),
        ("the Unterau government", None),
        ("the government", None),
        ("Unterau", None),
        ("", None),
        ("Beijing Opera", None),
    ],
)
def test_a_seat_stands_for_its_government(phrase: str, government: str | None) -> None:
    assert government_of(phrase) == government
