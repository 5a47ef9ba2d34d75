"""What the layout says of who speaks: a text in; content, sign and speaker out."""

import pytest

from builder.quotes.assemble import Draft
from builder.quotes.layout import LaidOut, laid_out, without
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.records import Span


def found(text: str) -> list[LaidOut]:
    lines = paragraphs(text)
    return list(laid_out(text, lines, [one for one in pair_marks(text, lines) if one.level == 0]))


def shown(text: str) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.content.of(text), one.cue.of(text), one.source.of(text)) for one in found(text)]


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        ("“BRANDT: We will not sell it.”", "We will not sell it.”", "BRANDT"),
        ("“ADA BRANDT: No.”", "No.”", "ADA BRANDT"),
        ("“  DR. O'NEIL: We will not sell it.”", "We will not sell it.”", "DR. O'NEIL"),
        ("“ÅSE-MARIE: We will not sell it.", "We will not sell it.", "ÅSE-MARIE"),
    ],
)
def test_a_transcript_names_in_capitals_who_speaks(text: str, content: str, source: str) -> None:
    assert shown(text) == [("turn", content, ":", source)]


def test_every_turn_is_one() -> None:
    text = "“BRANDT: We will not sell it.\n\n“WELLER: Why not?\n\n“BRANDT: It is ours.”"
    assert [(source, content) for _, content, _, source in shown(text)] == [
        ("BRANDT", "We will not sell it."),
        ("WELLER", "Why not?"),
        ("BRANDT", "It is ours.”"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“Brandt: We will not sell it.”",
        "“A: We will not sell it.”",
        "“BRANDT:We will not sell it.”",
        "“BRANDT: ”",
        "“THE LONG AND WINDING ROAD TO THE OLD HARBOUR OF UNTERAU AND BACK AGAIN: a novel.”",
        "He read: “BRANDT: We will not sell it.”",
        "BRANDT: We will not sell it.",
    ],
)
def test_a_colon_alone_makes_no_turn(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "sign", "source"),
    [
        ("“We will not sell it.” — Lena Brandt, mayor", "—", "Lena Brandt, mayor"),
        ("“We will not sell it.” -- Lena Brandt", "--", "Lena Brandt"),
        ("“We will not sell it.”  –Brandt ", "–", "Brandt"),
        ("“We will not sell it.” ― Lena Brandt.", "―", "Lena Brandt"),
        ("Rain came.\n“We will not sell it.” - Lena Brandt\nSnow came.", "-", "Lena Brandt"),
    ],
)
def test_a_quotation_may_be_signed_at_the_end_of_its_line(text: str, sign: str, source: str) -> None:
    assert shown(text) == [("signed", "“We will not sell it.”", sign, source)]


@pytest.mark.parametrize(
    "text",
    [
        "“We will not sell it.” — the old one, that is",
        "“We will not sell it.” — Brandt laughed: it rained",
        "“We will not sell it.” — Brandt “laughed”",
        "“We will not sell it.” Lena Brandt, mayor",
        "“We will not sell it.”\n— Lena Brandt, mayor",
        "It said “we will not sell it.” — Lena Brandt",
        "“The harbour” — Lena Brandt’s first film",
        "“We will not sell it.” — " + "Lena Brandt and " * 6 + "Weller",
    ],
)
def test_a_dash_alone_is_no_signature(text: str) -> None:
    assert shown(text) == []


def test_the_whole_spans_what_names_the_speaker() -> None:
    text = "“BRANDT: We will.”\n\n“We will not sell it.” — Brandt.\n\nRain."
    assert [one.whole.of(text) for one in found(text)] == [
        "“BRANDT: We will.”",
        "“We will not sell it.” — Brandt.",
    ]


@pytest.mark.parametrize(
    "unit", ["“BO: No.” ", "“BO: No.\n\n", "“We go to it.” — Bo\n", "“", "“BO", "“a b c d” -. . "]
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    assert all(one.content.start >= one.whole.start for one in found(text))


def draft(*content: tuple[int, int]) -> Draft:
    return Draft(tuple(Span(start, end) for start, end in content), (), (), 0.5)


@pytest.mark.parametrize(
    ("content", "taken", "left"),
    [
        ([(0, 10)], [], [(0, 10)]),
        ([(0, 10)], [(10, 20)], [(0, 10)]),
        ([(0, 10)], [(0, 4)], [(4, 10)]),
        ([(0, 10)], [(7, 20)], [(0, 7)]),
        ([(0, 10)], [(2, 4), (5, 6)], [(0, 2), (4, 5), (6, 10)]),
        ([(0, 6), (8, 20)], [(0, 7)], [(8, 20)]),
        ([(0, 10)], [(0, 5)], None),  # half of its letters is too much
        ([(0, 10)], [(0, 20)], None),
        ([(20, 30)], [(0, 5), (6, 25), (40, 50)], None),
    ],
)
def test_what_the_layout_gives_is_taken_from_the_rest(
    content: list[tuple[int, int]], taken: list[tuple[int, int]], left: list[tuple[int, int]] | None
) -> None:
    result = without([draft(*content)], "x" * 60, [Span(start, end) for start, end in taken])
    assert result == ([draft(*left)] if left else [])
