"""Pairing quotation marks: text in, what stands between marks out.

In the tables a found part is written as its text without the marks; a missing opening mark is
written «|…», a missing closing one «…|», carrying on from the paragraph before «+…», and every
level below the outermost as «>».
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.quotes.marks import MarkedText, pair_marks
from builder.quotes.paragraphs import paragraphs


def shown(text: str) -> list[str]:
    return [
        ">" * one.level
        + "+" * one.continues
        + "|" * (not one.opened)
        + one.inner.of(text)
        + "|" * (not one.closed)
        for one in pair_marks(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"We go," he said. "Now."', ["We go,", "Now."]),
        ("“We go,” he said. “Now.”", ["We go,", "Now."]),
        ("„Wir gehen“, sagte er.", ["Wir gehen"]),
        ("„Idziemy”, powiedział.", ["Idziemy"]),
        ("« Nous partons », dit-il.", [" Nous partons "]),
        ("«Andiamo», disse.", ["Andiamo"]),
        ("»Wir gehen«, sagte er.", ["Wir gehen"]),
        ("»Vi går», sa han.", ["Vi går"]),
        ("”Vi går”, sa han.", ["Vi går"]),
        ("‘We go,’ he said.", ["We go,"]),
        ("'We go,' he said.", ["We go,"]),
        ("‚Wir gehen‘, sagte er.", ["Wir gehen"]),
        ("‹Oui›, dit-il, et ›Ja‹.", ["Oui", "Ja"]),
        ("''We go,'' he said.", ["We go,"]),
        ("``We go,'' he said.", ["We go,"]),
        ("`We go,' he said.", ["We go,"]),
        (",,Wir gehen“, sagte er.", ["Wir gehen"]),
        ("彼は「行こう」と言った。", ["行こう"]),
        ("＂We go,＂ he said.", ["We go,"]),
    ],
)
def test_every_style_of_marks_is_paired(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "It's Anna's, and they don't mind the dogs' bowls.",
        "It’s Anna’s, and they don’t mind the dogs’ bowls.",
        "'Tis the season; 'twas ever so in the '90s.",
        "’Tis the season; ’twas ever so in the ’90s and the ‘80s.",
        "James’ book and the Harrises’ house",
        "James' book and the Harrises' house",
        "He was goin' to th' fair with ol' Tom, singin' all the way.",
        "Get 'em, 'cause they're rock 'n' roll 'til dawn.",
        "She stands 5'10\" in her socks, he 6' 2\".",
        "She stands 5’10” in her socks.",
        'A 6" nail, 12" apart.',
        "The course of 26' and 40\" is the record.",
        "At 40°26'46\" north.",
        "It lasted 3' in '98, and 5' in '99.",
        "don't, don’t, donâ€™t, don&#39;t, don\ufffdt",
        "Brackets \"\"\"\" and '''''' drawn in a row",
    ],
)
def test_apostrophes_and_measures_are_no_quotation_marks(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'The boys' toys are broken,' she said.", ["The boys' toys are broken,"]),
        ("‘The boys’ toys are broken,’ she said.", ["The boys’ toys are broken,"]),
        ("the boys' toys and 'the girls'", ["the girls"]),
        ("a 'hands off the workers' pay' campaign", ["hands off the workers' pay"]),
        ("'Tis late,' he said. 'The '60s are over.'", ["Tis late,", "The '60s are over."]),
        ("‘It’s James’ turn,’ she said.", ["It’s James’ turn,"]),
        ("Clinton's 'big' plan and Anna's 'small' one", ["big", "small"]),
        ("He called it 'Davis' law' at the Davis' home.", ["Davis' law"]),
        ('"She is 5\'10" tall," he said.', ["She is 5'10\" tall,"]),
        ('"The 12" pipe burst," he said.', ['The 12" pipe burst,']),
        ('He said it was "about 6".', ["about 6"]),
        ("the word “Hamlet”’s first letter", ["Hamlet"]),
    ],
)
def test_single_marks_are_told_from_apostrophes_beside_them(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“She told me ‘go home’ twice,” he said.", ["She told me ‘go home’ twice,", ">go home"]),
        ("'She told me \"go home\" twice,' he said.", ["She told me \"go home\" twice,", ">go home"]),
        ("“The ‘so-called “plan”’ failed.”",
         ["The ‘so-called “plan”’ failed.", ">so-called “plan”", ">>plan"]),
        ("\"He asked: “Why?” Nobody knew.\"", ["He asked: “Why?” Nobody knew.", ">Why?"]),
        ("«Il a dit “non” hier»", ["Il a dit “non” hier", ">non"]),
        ("»Er rief ›halt‹ und lief«", ["Er rief ›halt‹ und lief", ">halt"]),
        ("''He said, 'Go away.' ''", ["He said, 'Go away.' ", ">Go away."]),
        ("'''Go away,' he said, and I went.''", ["'Go away,' he said, and I went.", ">Go away,"]),
        ("''I went when he said 'go.'''", ["I went when he said 'go.'", ">go."]),
        ("“‘Go away,’ he said.”", ["‘Go away,’ he said.", ">Go away,"]),
        ("“She asked: “Why?” and left,” he said.", ["She asked: “Why?” and left,", ">Why?"]),
        ("“the boys’ ‘dogs’ ran” and “the girls’ ‘cats’”",
         ["the boys’ ‘dogs’ ran", ">dogs", "the girls’ ‘cats’", ">cats"]),
    ],
)  # fmt: skip
def test_a_quotation_within_another_lies_one_level_below(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“…by any hardship.” “Our side agrees,” she said.", ["…by any hardship.", "Our side agrees,"]),
        ("“By any hardship.”“Our side agrees,” she said.", ["By any hardship.", "Our side agrees,"]),
        ('"By any hardship.""Our side agrees," she said.', ["By any hardship.", "Our side agrees,"]),
        ("He called it “new”, “bold”; and (“late”).", ["new", "bold", "late"]),
        ("The talks—“endless,” she said—failed.", ["endless,"]),
        ('The talks—"endless," she said—failed.', ["endless,"]),
        ('She said:"We go."', ["We go."]),
        ('"We go, "he said. "It is late."', ["We go, ", "It is late."]),
        ('" We go, " he said. " It is late. "', [" We go, ", " It is late. "]),
        ("“…and so it ended,” he said. “But—”", ["…and so it ended,", "But—"]),
        ('"... and so it ended," he said.', ["... and so it ended,"]),
        ("“[We] go,” he said. “$5 is enough.”", ["[We] go,", "$5 is enough."]),
        ("*“We go,”* he said. _“Now.”_", ["We go,", "Now."]),
        ("“We go,\" he said. \"Now.”", ["We go,", "Now."]),
        ("”We go,” he said.", ["We go,"]),
        ("“We go,“ he said.", ["We go,"]),
        ("\u200b“We go,”\u200b he said.", ["We go,"]),
        ("Empty “” and \"\" and “ ” hold nothing.", []),
    ],
)  # fmt: skip
def test_neighbours_tell_the_direction(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"We go, said Ada. "It is late," she added.', ["We go, said Ada.|", "It is late,"]),
        ("“We go, said Ada.", ["We go, said Ada.|"]),
        ("‘We go, said Ada.", ["We go, said Ada.|"]),
        ("We go,” said Ada. “It is late,” she added.", ["|We go,", "It is late,"]),
        ("“It is late,” Ada said. We go.”", ["It is late,", "|Ada said. We go."]),
        ("“We go, said Ada.\n\nNobody “moved”.", ["We go, said Ada.|", "moved"]),
        ("“She said ‘go, and I went,” he said.", ["She said ‘go, and I went,"]),
        ("Nobody moved.”\n\n“We go,” said Ada.", ["|Nobody moved.", "We go,"]),
    ],
)
def test_a_mark_without_its_partner_costs_no_other_pair(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“One.\n\n“Two.\n\n“Three,” he said. “Four.”", ["One.|", "+Two.|", "+Three,", "Four."]),
        ('"One.\n"Two.\n"Three," he said.', ["One.|", "+Two.|", "+Three,"]),
        ("‘One.\n\n‘It’s two,’ he said.", ["One.|", "+It’s two,"]),
        ("«Un.\n\n»Deux.\n\n»Trois.»", ["Un.|", "+Deux.|", "+Trois."]),
        ("“One,” he said.\n\n“Two.”", ["One,", "Two."]),
        ("“One.\n\n“Two.\n\n“Three.\n\nThen “four” came.", ["One.|", "+Two.|", "+Three.|", "four"]),
        ("“One: ‘A.\n\n“‘B.’”", ["One: ‘A.|", ">A.|", "+‘B.’", ">+B."]),
        ("“A block set apart.\n\nIts second part.” Then", ["A block set apart.|", "+|Its second part."]),
        (
            '"We think that nobody in the harbour and\nthe town should go,"\nhe said.',
            ["We think that nobody in the harbour and\nthe town should go,"],
        ),
        ("“One.\n \n\t\n“Two.”", ["One.|", "+Two."]),
        ("“One.\r\n\r\n“Two.”", ["One.|", "+Two."]),
    ],
)
def test_a_quotation_runs_on_into_the_next_paragraph(text: str, found: list[str]) -> None:
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("â€œWe go,â€\x9d he said. â€œDonâ€™t.â€", ["We go,", "Donâ€™t."]),
        ("\x93We go,\x94 he said. \x91Now.\x92", ["We go,", "Now."]),
        ("&quot;We go,&quot; he said. &ldquo;Don&rsquo;t.&rdquo;", ["We go,", "Don&rsquo;t."]),
        ("&amp;quot;We go,&amp;quot; he said. &#8220;Now.&#8221;", ["We go,", "Now."]),
        ("Â«We go,Â» he said.", ["We go,"]),
        ('\\"We go,\\" he said. \\"Now.\\"', ["We go,", "Now."]),
        ('""We go,"" he said.', ["We go,"]),
        ("\ufffdWe go,\ufffd he said. I don\ufffdt.", ["We go,"]),
    ],
)
def test_garbled_marks_are_still_marks(text: str, found: list[str]) -> None:
    assert shown(text) == found


def test_only_the_lines_asked_for_are_read() -> None:
    text = "“Title\n\n“We go,” he said.\n\nTeaser “late"
    lines = paragraphs(text)
    assert [one.inner.of(text) for one in pair_marks(text, lines[1:2])] == ["We go,"]


MARKED = st.text(alphabet="\"'“”‘’„«»‹›`,.s a5\n�", max_size=60)


@example('""5"\n"')  # a mark written twice, the second pair of them closed
@given(MARKED)
@settings(max_examples=300)
def test_pairs_never_cross_and_cut_what_they_claim(text: str) -> None:
    found = pair_marks(text)
    for one in found:
        assert 0 <= one.span.start <= one.inner.start < one.inner.end <= one.span.end <= len(text)
        assert one.opened == (one.span.start < one.inner.start)
        assert one.closed == (one.inner.end < one.span.end)
        assert one.inner.of(text).strip()
    for number, one in enumerate(found):
        around = [other for other in found[:number] if _holds(other, one)]
        assert one.level == len(around)
        assert all(_holds(other, one) or other.span.end <= one.span.start for other in found[:number])


@given(MARKED, MARKED)
def test_a_blank_paragraph_between_texts_without_open_marks_changes_nothing(first: str, second: str) -> None:
    whole = [one.span for one in pair_marks(first + "\n\nNo marks here.\n\nNone here.\n\n" + second)]
    if all(one.opened and one.closed and not one.continues for one in pair_marks(first) + pair_marks(second)):
        assert [one.span for one in pair_marks(first)] == whole[: len(pair_marks(first))]


@pytest.mark.parametrize(
    "unit", ['"', "'", "“", "”", "“‘", "\"'", '"a ', "“a\n\n", "« ", "\u200b", "&quot;", "'s ", "5' "]
)
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    # The work per mark is bounded by a number of states. A quadratic reading of these would not end.
    text = unit * (60_000 // len(unit))
    assert all(one.span.end <= len(text) for one in pair_marks(text))


def test_a_megabyte_of_quotation_marks_is_no_quotation() -> None:
    assert pair_marks('"' * 1_000_000) == []


def _holds(outer: MarkedText, inner: MarkedText) -> bool:
    return outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
