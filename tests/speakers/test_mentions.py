"""The mentions of a text: how each stands, and what comes between them and a source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Quotation, Span
from builder.speakers.mentions import Covered, Mentions, mentions_of
from builder.speakers.scene import scene_of

TEXT = (
    "Ilse Brandt left. Jan Berg stayed, and he said that Brandt was tired.\n\n"
    "“Brandt will come back,” Odile Okoro said. She was sure."
)


def quotation(number: int, content: str, source: str) -> Quotation:
    spans = [Span(TEXT.index(one), TEXT.index(one) + len(one)) for one in (content, source)]
    return Quotation(f"q{number}", "d", "mixed", (spans[0],), (), (spans[1],), (), 0, None, 1.0, "test")


@pytest.fixture
def mentions() -> Mentions:
    said = [
        quotation(0, "that Brandt was tired", "he"),
        quotation(1, "Brandt will come back", "Odile Okoro"),
    ]
    return mentions_of(scene_of(TEXT, [Span(0, len(TEXT))]), said)


def test_each_mention_is_placed_in_sentence_paragraph_marks_content_and_source(mentions: Mentions) -> None:
    assert [
        (one.name.text, one.sentence, one.paragraph, one.marked, one.told, one.telling)
        for one in mentions.all
    ] == [
        ("Ilse Brandt", 0, 1, False, False, False),
        ("Jan Berg", 1, 1, False, False, False),
        ("Brandt", 1, 1, False, True, False),
        ("Brandt", 2, 2, True, True, False),
        ("Odile Okoro", 2, 2, False, False, True),
    ]


def test_the_reporter_s_own_mentions_are_those_outside_marks(mentions: Mentions) -> None:
    ilse = mentions.all[0].entity
    last, narrated = (
        mentions.before(ilse, len(TEXT)),
        mentions.narrated_before(ilse, len(TEXT)),
    )
    assert last is mentions.all[3]
    assert narrated is mentions.all[2]
    assert mentions.before(ilse, 0) is None


def test_the_first_one_named_in_a_paragraph_opens_it(mentions: Mentions) -> None:
    assert {number: entity.name for number, entity in mentions.opening.items()} == {
        1: "Ilse Brandt",
        2: "Odile Okoro",
    }


def test_pronouns_are_counted_by_gender(mentions: Mentions) -> None:
    assert mentions.pronouns_between("he", 0, len(TEXT)) == 1
    assert mentions.pronouns_between("she", 0, len(TEXT)) == 1
    assert mentions.pronouns_between("she", 0, TEXT.index("She")) == 0


def test_the_subject_opens_or_acts_and_is_not_governed(mentions: Mentions) -> None:
    assert [one.subject for one in mentions.all] == [True, True, True, True, True]
    text = "They met with Brandt. Berg’s plan failed."
    governed, genitive = mentions_of(scene_of(text, [Span(0, len(text))]), []).all
    assert not governed.subject
    assert not genitive.subject


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6),
    st.integers(min_value=0, max_value=45),
)
def test_a_position_is_covered_if_one_of_the_spans_holds_it(
    pairs: list[tuple[int, int]], position: int
) -> None:
    spans = [Span(start, start + size) for start, size in pairs]
    assert (position in Covered(spans)) == any(one.start <= position < one.end for one in spans)
