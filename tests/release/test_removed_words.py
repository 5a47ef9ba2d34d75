"""The words of removed quotations are found where they are printed again, and other words are not."""

import pytest

from builder.release.removed_words import long_runs, repeats, short_runs, spans_repeated

SAID = "We shall never build a wall around this harbour"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"“{SAID},” he said.", [SAID]),
        ("‘we SHALL never – build a wall’ and so on", ["we SHALL never – build a wall"]),
        (
            f"{SAID}. Later: build a wall around this harbour!",
            [SAID, "build a wall around this harbour"],
        ),
        ("We shall never build a house around this harbour", []),
        ("never build a wall around", []),
        ("", []),
    ],
    ids=["whole", "a part, otherwise punctuated", "twice", "five words at most", "five words", "nothing"],
)
def test_six_words_in_a_row_are_found(text: str, found: list[str]) -> None:
    runs = long_runs([SAID, "No comment"])
    assert [span.of(text) for span in spans_repeated(text, runs)] == found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("‘Never build a’ wall", True),
        ("No comment, says mayor", True),
        ("No further comment", False),
        ("A wall around that harbour", True),
        ("Build the wall", False),
        ("", False),
    ],
)
def test_three_words_in_a_row_or_all_there_are_repeat_a_quotation(title: str, found: bool) -> None:
    assert repeats(title, short_runs([SAID, "No comment", ""])) is found


def test_nothing_repeats_no_quotation() -> None:
    assert spans_repeated(SAID, long_runs([])) == []
    assert not repeats(SAID, short_runs([]))
