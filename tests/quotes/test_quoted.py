"""The safety net: a text and what was found in it in; what is found after the net has looked, out."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.assemble import Draft
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.quotes.quoted import PIECES, Confidences, Introduction, is_quoted_sentence, with_quoted
from builder.records import Span

CONFIDENCES = Confidences(introduced=0.7, turn=0.8, signed=0.6, continued=0.3, unattributed=0.1)
SAID = 0.9  # the confidence of what was found before

Shown = tuple[list[str], str, str, float, int | None]


def draft(
    text: str, content: Sequence[str], cue: str = "", source: str = "", confidence: float = SAID
) -> Draft:
    spans = {part: (find(text, part),) if part else () for part in (cue, source)}
    return Draft(tuple(find(text, part) for part in content), spans[cue], spans[source], confidence)


def find(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def netted(
    text: str,
    drafts: Sequence[Draft] = (),
    introductions: Sequence[Introduction] = (),
    unsure: Sequence[Draft] = (),
) -> list[Draft]:
    lines = paragraphs(text)
    outermost = [one for one in pair_marks(text, lines) if one.level == 0]
    return with_quoted(text, lines, outermost, drafts, unsure, introductions, CONFIDENCES)


def shown(text: str, drafts: Sequence[Draft]) -> list[Shown]:
    return [
        (
            [span.of(text) for span in one.content],
            " ".join(span.of(text) for span in one.cue),
            " ".join(span.of(text) for span in one.source),
            one.confidence,
            one.continues,
        )
        for one in drafts
    ]


def introduction(text: str, cue: str, source: str) -> Introduction:
    spans = find(text, cue), find(text, source)
    return Introduction(max(span.end for span in spans), (spans[0],), (spans[1],))


def test_what_is_covered_is_left_alone() -> None:
    text = "“It is late and it is dark,” she said."
    found = [draft(text, ["“It is late and it is dark,”"], "said", "she")]
    assert netted(text, found) == found


def test_what_is_covered_for_the_most_part_is_left_alone() -> None:
    text = "“It is late and it is dark and wet,” she said."
    found = [draft(text, ["It is late and it is dark"], "said", "she")]
    assert netted(text, found) == found


def test_a_quoted_sentence_that_nobody_says_comes_out_without_a_source() -> None:
    text = "A hush fell. “None of them will stay behind.” Rain came."
    assert shown(text, netted(text)) == [(["“None of them will stay behind.”"], "", "", 0.1, None)]


@pytest.mark.parametrize(("line", "kept"), [
    ("“And who came?”", True),
    ("“Brandt did.”", True),
    ("“No!”", True),
    ("“The Late Harbour.”", False),  # a title
    ("“And who”", False),  # no sentence
    ("“… — !”", False),
    ("So: “And who came?”", False),  # a part of a line
])  # fmt: skip
def test_a_line_that_is_nothing_but_a_short_quoted_sentence_is_kept(line: str, kept: bool) -> None:
    text = f"“None of them will stay behind,” she said.\n\n{line}\n\nRain came."
    said = draft(text, ["“None of them will stay behind,”"], "said", "she")
    found = shown(text, netted(text, [said]))
    assert found[1:] == ([([line], "", "", 0.1, None)] if kept else [])


CROWD = "The marchers turned back, chanting “We will be here again tomorrow.” Brandt looked on."


def test_what_would_have_no_source_has_that_of_an_attribution_that_alone_was_not_sure_enough() -> None:
    unsure = [
        draft(CROWD, ["We will be here again"], "looked on", "Brandt", 0.2),
        draft(CROWD, ["be here again tomorrow"], "chanting", "The marchers", 0.3),
    ]
    assert shown(CROWD, netted(CROWD, unsure=unsure)) == [
        (["“We will be here again tomorrow.”"], "chanting", "The marchers", 0.3, None)
    ]


@pytest.mark.parametrize(
    "content", ["tomorrow", "turned back, chanting “We will be here again tomorrow.” Brandt looked on"]
)
def test_an_unsure_attribution_of_little_of_it_or_of_much_else_says_nothing(content: str) -> None:
    unsure = [draft(CROWD, [content], "turned", "The marchers", 0.4)]
    (found,) = shown(CROWD, netted(CROWD, unsure=unsure))
    assert found == (["“We will be here again tomorrow.”"], "", "", 0.1, None)


def test_what_belongs_to_a_quotation_asks_no_unsure_attribution() -> None:
    text = "“It is late,” she said. “None of them will stay behind.”"
    found = [draft(text, ["“It is late,”"], "said", "she")]
    unsure = [draft(text, ["None of them will stay behind"], "late", "It", 0.4)]
    assert shown(text, netted(text, found, unsure=unsure)) == [
        (["“It is late,”", "“None of them will stay behind.”"], "said", "she", SAID, None)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Brandt continued: “It is late and it is dark.”",
        "Brandt continued:\n\n“It is late and it is dark.”",
        "Brandt continued :\n\n  “It is late and it is dark.”",
    ],
)
def test_a_colon_introduces_what_follows(text: str) -> None:
    found = netted(text, introductions=[introduction(text, "continued", "Brandt")])
    assert shown(text, found) == [(["“It is late and it is dark.”"], "continued", "Brandt", 0.7, None)]


def test_a_colon_introduces_a_short_line() -> None:
    text = "Brandt continued:\n\n“We go.”"
    found = netted(text, introductions=[introduction(text, "continued", "Brandt")])
    assert shown(text, found) == [(["“We go.”"], "continued", "Brandt", 0.7, None)]


def test_a_colon_that_is_the_cue_introduces_what_follows() -> None:
    text = "Brandt:\n\n“It is late and it is dark.”"
    found = netted(text, introductions=[introduction(text, ":", "Brandt")])
    assert shown(text, found) == [(["“It is late and it is dark.”"], ":", "Brandt", 0.7, None)]


@pytest.mark.parametrize(
    "text",
    [
        "Brandt continued. “It is late and it is dark.”",
        "Brandt continued: rain came. “It is late and it is dark.”",
        "“It is late and it is dark.” Brandt continued:",
    ],
)
def test_without_a_colon_right_before_it_nothing_is_introduced(text: str) -> None:
    found = netted(text, introductions=[introduction(text, "continued", "Brandt")])
    assert shown(text, found) == [(["“It is late and it is dark.”"], "", "", 0.1, None)]


def test_the_last_introduction_before_it_counts() -> None:
    text = "Brandt went on:\n\nOrtiz replied:\n\n“It is late and it is dark.”"
    known = [introduction(text, "went on", "Brandt"), introduction(text, "replied", "Ortiz")]
    assert shown(text, netted(text, introductions=known)) == [
        (["“It is late and it is dark.”"], "replied", "Ortiz", 0.7, None)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“We go,” she said. “We will not come back here.”",
        "“We go,” she said. “We will not come back here.” Rain came.",
        "“We go,” she said on the way out.   “We will not come back here.”",
    ],
)
def test_a_sentence_of_its_own_in_the_paragraph_is_more_of_the_quotation(text: str) -> None:
    found = netted(text, [draft(text, ["“We go,”"], "said", "she")])
    assert shown(text, found) == [(["“We go,”", "“We will not come back here.”"], "said", "she", SAID, None)]


@pytest.mark.parametrize(
    "text",
    [
        "“We go,” she said below a sign that read “please do not feed the grey geese here”.",
        "“We go,” she said in the rain.\n\nRain came. “Do not feed the grey geese here.” It was a sign.",
    ],
)
def test_a_part_of_another_sentence_or_paragraph_is_not(text: str) -> None:
    found = netted(text, [draft(text, ["“We go,”"], "said", "she")])
    assert [(one.source, one.confidence, one.continues) for one in found[1:]] == [((), 0.1, None)]


def test_a_quotation_without_a_source_takes_nothing_in() -> None:
    text = "“We go.” “We will not come back here.”"
    found = netted(text, [draft(text, ["“We go.”"])])
    assert shown(text, found)[1:] == [(["“We will not come back here.”"], "", "", 0.1, None)]


def test_marks_that_open_again_carry_the_quotation_on() -> None:
    text = "“We go,” she said. “It is late and dark.\n\n“It rains on all of us.\n\n“It has rained for days.”"
    found = netted(text, [draft(text, ["“We go,”", "“It is late and dark."], "said", "she")])
    assert shown(text, found) == [
        (
            ["“We go,”", "“It is late and dark.", "“It rains on all of us.", "“It has rained for days.”"],
            "said",
            "she",
            SAID,
            None,
        )
    ]


def test_a_quotation_takes_in_only_so_many_parts() -> None:
    text = "“We go,” she said. “It is late.\n\n" + "“It rains on all of us.\n\n" * (PIECES + 1)
    first, *others = netted(text, [draft(text, ["“We go,”", "“It is late."], "said", "she")])
    assert len(first.content) == PIECES
    # The two above begin with two parts, so three of the others are left; the net loses none of them.
    assert sum(len(one.content) for one in others) == 3


@pytest.mark.parametrize(
    "text",
    [
        "“It is late,” she said.\n\n“None of them will stay.”",
        "“It is late,” said she …\n\n“None of them will stay.”",
    ],
)
def test_a_quoted_paragraph_continues_one_whose_cue_and_source_ended_the_paragraph_before(text: str) -> None:
    found = netted(text, [draft(text, ["“It is late,”"], "said", "she")])
    assert shown(text, found)[1:] == [(["“None of them will stay.”"], "", "she", 0.3, 0)]


def test_a_quoted_paragraph_continues_one_that_ended_the_paragraph_before() -> None:
    text = "She said: “It is late and dark.”\n\n“None of them will stay behind.”\n\n“Not one of them will.”"
    found = netted(text, [draft(text, ["“It is late and dark.”"], "said", "She")])
    assert shown(text, found)[1:] == [
        (["“None of them will stay behind.”"], "", "She", 0.3, 0),
        (["“Not one of them will.”"], "", "She", 0.3, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "She said: “It is late and dark.”\n\nRain came.\n\n“None of them will stay behind.”",
        "“It is late and dark.” she said, and left.\n\n“None of them will stay behind.”",
        "She said: “It is late and dark.”\n\nA sign read “none of them will stay behind at all”.",
    ],
)
def test_nothing_is_continued_over_words_of_the_reporter(text: str) -> None:
    cue, source = ("said", "She") if "She" in text else ("said", "she")
    found = netted(text, [draft(text, ["“It is late and dark.”"], cue, source)])
    assert [(one.source, one.confidence, one.continues) for one in found[1:]] == [((), 0.1, None)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        # A sentence: it ends like one, or it is long.
        ("“None of them will stay.”", True),
        ("“Will none of them stay?”", True),
        ("“None of them will stay,”", True),
        ("“I do not do it.”", True),
        ("“we will build it with stone from the old harbour”", True),
        ("“WE WILL NOT SELL THE HARBOUR.”", True),
        ("“He said ‘None of them will stay.’”", True),
        # Titles.
        ("“Seven Grey Geese over the Harbour.”", False),
        ("“The Long Road Home From Somewhere Near the Old Harbour”", False),
        # Words held at arm's length, nicknames, short answers.
        ("“experts”", False),
        ("“a gift to the town”", False),
        ("“Why now?”", False),
        ("“… — !”", False),
    ],
)
def test_quoted_sentences_are_told_from_titles_and_scare_quotes(text: str, quoted: bool) -> None:
    (one,) = [one for one in pair_marks(text) if one.level == 0]
    assert is_quoted_sentence(text, one) == quoted
    assert bool(netted(f"They wrote {text}")) == quoted


PARTS = [
    "“",
    "”",
    '"',
    "‘",
    "’",
    ":",
    ".",
    ",",
    " ",
    "\n\n",
    " BO: ",
    " she went ",
    "it rains all day",
    "Bo — ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=60))
def test_every_quoted_sentence_is_in_what_comes_out(parts: list[str]) -> None:
    text = "".join(parts)
    found = netted(text)
    covered = {place for one in found for span in one.content for place in range(span.start, span.end)}
    for one in pair_marks(text):
        if one.level == 0 and is_quoted_sentence(text, one):
            letters = {place for place in range(one.inner.start, one.inner.end) if text[place].isalnum()}
            assert letters <= covered
    assert all(one.continues is None or one.continues < number for number, one in enumerate(found))


UNITS = [
    "“None of them will stay.” ",
    "“None of them will stay.”\n\n",
    "“None of them will stay.\n\n",
    "“None of them will stay.” she ",
    "“BO: None of them will stay.” ",
    "“None of them will stay.",
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("introduced", [False, True])
def test_hostile_text_is_read_in_linear_time(unit: str, introduced: bool) -> None:
    count = 5_000
    text = "Bo said: “We go.” " + unit * count
    drafts = [draft(text, ["“We go.”"], "said", "Bo")]
    found = netted(text, drafts, [introduction(text, "said", "Bo")] if introduced else [])
    assert sum(len(one.content) for one in found) > count / 3
