"""Text without its accents."""

import pytest

from builder.speakers.accents import without_accents


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("Quill", "Quill"),
        ("José Núñez", "Jose Nunez"),
        ("Jose\u0301", "Jose"),
        ("Erdoğan", "Erdogan"),
        ("Løkke", "Løkke"),  # no accent: a letter of its own
        ("Acme™", "AcmeTM"),
    ],
)
def test_accents_are_taken_off_and_letters_stay(text: str, plain: str) -> None:
    assert without_accents(text) == plain
