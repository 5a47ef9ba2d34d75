from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.paragraphs import paragraphs
from builder.records import Span


def test_paragraphs_are_the_lines_that_are_not_blank() -> None:
    text = "One.\n\n  \nTwo. \r\nThree.\u2028Four."
    assert [(one.index, one.span.of(text)) for one in paragraphs(text)] == [
        (0, "One."),
        (1, "Two."),
        (2, "Three."),
        (3, "Four."),
    ]


def test_only_the_asked_for_parts_are_given_under_the_numbers_of_the_whole_text() -> None:
    text = "Menu\n\nOne two three.\n\nTeaser\n\nFour."
    within = [Span(text.index("two"), text.index(" three")), Span(text.index("Four"), len(text))]
    assert [(one.index, one.span.of(text)) for one in paragraphs(text, within)] == [(1, "two"), (3, "Four.")]


def test_a_line_broken_in_mid_sentence_runs_on() -> None:
    text = (
        "He told everybody in the old harbour that\nit was late, and that nobody would be there.\n"
        "Then he went up the road in the rain and\n\nhome."
    )
    assert [one.wrapped for one in paragraphs(text)] == [False, True, False, False]


def test_a_line_too_short_for_a_width_runs_on_nowhere() -> None:
    text = "09:50 CET\nThe road to the harbour is closed.\nBy Ilse Brandt\nIt will be open tomorrow."
    assert not any(one.wrapped for one in paragraphs(text))


@given(st.text(alphabet="a. \n\r\t\u2028", max_size=40))
def test_paragraphs_hold_all_that_is_not_blank(text: str) -> None:
    found = paragraphs(text)
    assert "".join("".join(one.span.of(text).split()) for one in found) == "".join(text.split())
    assert [one.index for one in found] == list(range(len(found)))


def test_a_long_line_of_blanks_is_read_in_linear_time() -> None:
    assert [one.span for one in paragraphs(" " * 200_000 + "\nOne.")] == [Span(200_001, 200_005)]
