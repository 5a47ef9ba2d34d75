"""Who may be the speaker, and what speaks for and against each, as numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Quotation, Span
from builder.speakers.candidates import FREQUENT, INSIDE, KINDS
from builder.speakers.features import FIRST, Question, questions, source_words
from builder.speakers.knowledge import NOTHING
from builder.speakers.readings import SECOND, second
from builder.speakers.scene import scene_of


def quotation(number: int, content: Span, source: Span | None, to: str | None = None) -> Quotation:
    sources = (source,) if source else ()
    return Quotation(f"q{number}", "d1", "direct", (content,), (), sources, (), 0, to, 1.0, "test")


def asked(text: str, *sources: str) -> list[Question]:
    """One question for each source, which stands where it occurs last; all have the same content."""
    spans = [Span(text.rindex(one), text.rindex(one) + len(one)) for one in sources]
    quotations = [quotation(number, Span(0, 4), span) for number, span in enumerate(spans)]
    return questions(scene_of(text, [Span(0, len(text))]), quotations, NOTHING)


def people_of(question: Question) -> list[str]:
    return [one.entity.name for one in question.choices if one.entity]


def test_every_choice_has_the_numbers_of_the_first_reading() -> None:
    for one in asked("Then Ilse Brandt met Jan Berg. She said it rained.", "Ilse Brandt", "She"):
        assert one.first.shape == (len(one.choices), FIRST)


def test_every_kind_but_a_person_is_always_offered() -> None:
    (one,) = asked("“rain,” somebody said.", "somebody")
    assert [choice.kind for choice in one.choices] == list(KINDS[1:])


@pytest.mark.parametrize(
    ("text", "source", "offered"),
    [
        ("Then Ilse Brandt left.", "Ilse Brandt", {"Ilse Brandt"}),
        ("Ilse Brandt left. Then she spoke.", "she", {"Ilse Brandt"}),
        ("“rain,” said a woman, who gave her name as Ilse Brandt.", "a woman", {"Ilse Brandt"}),
        ("Ilse Brandt met Jan Berg. It rained. Then he spoke.", "he", {"Ilse Brandt", "Jan Berg"}),
        ("The Unterau Council met. Then it spoke.", "it", set()),
    ],
)
def test_those_named_in_the_source_or_around_it_are_offered(
    text: str, source: str, offered: set[str]
) -> None:
    (one,) = asked(text, source)
    assert set(people_of(one)) == offered


def test_two_of_one_surname_are_both_offered() -> None:
    text = "Then Ilse Brandt met Jan Brandt. Odile Okoro left. Brandt spoke."
    (one,) = asked(text, "Brandt")
    assert {"Ilse Brandt", "Jan Brandt"} <= set(people_of(one))


def test_somebody_called_so_far_away_is_offered() -> None:
    others = "Then Ada Bo, Bea Co, Cia Do, Dea Eo, Eva Fo, Fay Go, Gia Ho, Hal Io and Ida Jo left. " * 2
    text = f"Mayor Ilse Brandt spoke. {others}It rained. The mayor left."
    (one,) = asked(text, "The mayor")
    assert "Ilse Brandt" in people_of(one)


def test_of_a_list_of_names_only_the_first_ones_are_offered() -> None:
    listed = ", ".join(f"Ilse Brandt{one}{other}" for one in "abcde" for other in "abcdefgh")
    (one,) = asked(f"{listed} spoke.", listed)
    assert len(people_of(one)) == INSIDE + FREQUENT
    assert people_of(one)[0] == "Ilse Brandtaa"


def test_questions_come_in_the_order_of_their_sources() -> None:
    text = "Then Ilse Brandt met Jan Berg. It rained."
    found = asked(text, "Jan Berg", "Ilse Brandt")
    assert [one.place.of(text) for one in found] == ["Ilse Brandt", "Jan Berg"]


def test_without_a_source_the_place_is_where_the_quotation_begins() -> None:
    text = "Ilse Brandt left. “rain.”"
    (one,) = questions(scene_of(text, [Span(0, len(text))]), [quotation(0, Span(19, 24), None)], NOTHING)
    assert (one.phrase, one.place, people_of(one)) == (None, Span(19, 19), ["Ilse Brandt"])
    assert source_words(text, one) == ["none"]


def test_a_source_of_several_parts_stands_where_the_first_one_does() -> None:
    text = "Ilse Brandt, it was said, of Unterau"
    some = Quotation(
        "q", "d1", "indirect", (Span(13, 24),), (), (Span(0, 11), Span(26, 36)), (), 0, None, 1.0, "test"
    )
    (one,) = questions(scene_of(text, [Span(0, len(text))]), [some], NOTHING)
    assert one.place == Span(0, 11)


def test_the_second_reading_adds_what_was_found_around() -> None:
    found = asked("Ilse Brandt spoke. She went on.", "Ilse Brandt", "She")
    shares = [np.full(len(one.choices), 1 / len(one.choices), np.float32) for one in found]
    added = second(found, shares)
    assert [one.shape for one in added] == [(len(one.choices), SECOND) for one in found]
    changed = [np.eye(len(found[0].choices), dtype=np.float32)[0], shares[1]]
    assert not np.array_equal(added[1], second(found, changed)[1], equal_nan=True)


def test_the_words_of_a_source_are_those_it_consists_of() -> None:
    text = "“rain,” the town’s mayor said."
    (one,) = asked(text, "the town’s mayor")
    assert {"noun mayor", "first the", "word town's"} <= set(source_words(text, one))
    (pronoun,) = asked("“rain,” she said.", "she")
    assert source_words("“rain,” she said.", pronoun) == ["pronoun she"]


@given(
    st.text(alphabet="ABab .,’'“”-\n\u0301é@", max_size=80) | st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30), st.booleans()), max_size=4),
    st.booleans(),
)
def test_any_text_gives_numbers_that_are_finite_or_missing(
    text: str, places: list[tuple[int, int, bool]], carried_on: bool
) -> None:
    quotations = [
        quotation(
            number,
            Span(0, min(size, len(text))),
            Span(start, start + size) if named else None,
            f"q{number - 1}" if carried_on else None,
        )
        for number, (start, size, named) in enumerate(places)
    ]
    found = questions(scene_of(text, [Span(0, len(text))]), quotations, NOTHING)
    shares = [np.full(len(one.choices), 1 / len(one.choices), np.float32) for one in found]
    numbers = [one.first for one in found] + second(found, shares)
    assert not any(np.isinf(one).any() for one in numbers)
    assert all(source_words(text, one) == sorted(set(source_words(text, one))) for one in found)
