"""Who a document names: which names mean the same, and what the text says of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Span
from builder.speakers.entities import Entities, Entity, entities_of

# A line mostly of capitals is a headline, where they say little.
REST = " Meanwhile everybody else waited outside until they were told that nothing more would come."


def named(text: str) -> Entities:
    whole = text + REST
    return entities_of(whole, [Span(0, len(whole))])


def the(name: str, text: str) -> Entity:
    (one,) = [one for one in named(text).all if one.name == name]
    return one


def owner(text: str, mention: str) -> str:
    """Whom the last occurrence of a mention is counted for."""
    at = text.rindex(mention)
    return next(one.name for name, one in named(text).mentions if name.span.start == at)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ilse Brandt spoke, and Brandt left.", ["Ilse Brandt"]),
        ("Ilse Brandt spoke. Then Ilse left.", ["Ilse Brandt"]),
        ("Brandt spoke. It was Ilse Brandt.", ["Ilse Brandt"]),
        ("Ilse Brandt spoke. It was Ilse Marie Brandt.", ["Ilse Marie Brandt"]),
        ("Adam Korsa Sr. spoke. Then Korsa left.", ["Adam Korsa Sr."]),
        ("Robert “Bob” Korsa spoke. Then Bob Korsa left.", ["Robert “Bob” Korsa"]),
        ("Ilse Brandt met Jan Berg.", ["Ilse Brandt", "Jan Berg"]),
        ("nobody at all", []),
    ],
)
def test_shorter_forms_mean_the_fullest_one(text: str, names: list[str]) -> None:
    assert [one.name for one in named(text).all] == names


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        # the title that stands before one of them
        ("Then Mayor Ilse Brandt met Judge Jan Brandt. It was Judge Brandt who spoke.",
         "Brandt", "Jan Brandt"),
        # the gender of a title
        ("Then James Brandt met Mary Brandt. It was Mrs. Brandt who spoke.", "Brandt", "Mary Brandt"),
        ("Then Mary Brandt met James Brandt. It was Mr. Brandt who spoke.", "Brandt", "James Brandt"),
        # who is named in full most often
        ("Then Ilse Brandt met Jan Brandt. Ilse Brandt left. It was Brandt who spoke.",
         "Brandt", "Ilse Brandt"),
        # or, of those named in full as often, last
        ("Then Ilse Brandt met Jan Brandt. It was Brandt who spoke.", "Brandt", "Jan Brandt"),
        # whom the pronoun fits that follows, here or mostly
        ("Then Mary Brandt met James Brandt. It was Brandt, and she wept.", "Brandt", "Mary Brandt"),
        ("Then Mary Brandt met James Brandt. Brandt said she was tired. Brandt said she might leave. "
         "It was Brandt.", "Brandt", "Mary Brandt"),
        # the family name may come first, however often it then stands alone
        ("Then Zhang Weimin spoke. Zhang wept. Zhang ate. Zhang slept. Zhang sang. Zhang left.",
         "Zhang", "Zhang Weimin"),
        # the given name, though a body is called by it
        ("They waved signs of Team Mary. Then Mary Brandt left. It was Mary.", "Mary", "Mary Brandt"),
        # a slip of one letter
        ("Then Ilse Brandt left. It was Barndt who spoke.", "Barndt", "Ilse Brandt"),
        ("Then Ilse Brandt left. It was Brand who spoke.", "Brand", "Ilse Brandt"),
        # not where it fits two of them, or where the word is short
        ("Then Ilse Brandt met Ada Brendt. It was Brindt who spoke.", "Brindt", "Brindt"),
        ("Then Ilse Berg left. It was Borg who spoke.", "Borg", "Borg"),
        # or several are meant
        ("Then Ilse Brandt left. It was the Brandts who spoke.", "Brandts", "Brandts"),
    ],
)  # fmt: skip
def test_a_surname_is_counted_for_one(text: str, mention: str, name: str) -> None:
    assert owner(text, mention) == name


def test_what_may_mean_another_is_kept_as_ambiguous() -> None:
    text = "Then Ilse Brandt met Jan Brandt. It was Brandt who spoke."
    found = named(text)
    at = text.rindex("Brandt")
    assert [one.ambiguous for one in found.all] == [{Span(at, at + 6)}] * 2
    assert [one.name for one in found.namesakes(found.all[1])] == ["Jan Brandt", "Ilse Brandt"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Unterau Bank opened.", "Unterau Bank"),
        ("He went to Washington.", "Washington"),
        ("It opened in the Unterau Council.", "Unterau Council"),
    ],
)
def test_bodies_and_seats_of_governments_are_no_people(text: str, name: str) -> None:
    assert not the(name, text).may_be_a_person


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Then Mary May left.", "Mary May"),
        ("Then Mary North left.", "Mary North"),
        ("It was the baker Will Brandt.", "Will Brandt"),
        ("Then Mary Bank left and said that she was late.", "Mary Bank"),
        ("Then Mayor Mary Church left.", "Mary Church"),
        ("Then Charlotte Church left and said that she was late.", "Charlotte Church"),
        ("Then Mayor London Brandt left, and she wept.", "London Brandt"),
        ("It was Mrs. May.", "May"),
    ],
)
def test_people_may_bear_the_names_of_places_and_bodies(text: str, name: str) -> None:
    assert the(name, text).may_be_a_person


@pytest.mark.parametrize("name", ["Charlotte Church", "Mary Bank", "Mary Council", "Virginia West"])
def test_a_given_name_alone_makes_no_person_of_a_body(name: str) -> None:
    assert not the(name, f"He went to see {name} again.").may_be_a_person


@pytest.mark.parametrize(
    ("text", "women", "men"),
    [
        ("Kit Brandt left her house.", 1, 0),
        ("Kit Brandt left his house.", 0, 1),
        ("Then Mrs. Kit Brandt left.", 5, 0),
        ("Then Mr. Kit Brandt left.", 0, 5),
        ("Kit Brandt met Lee Okoro and her friends.", 0, 0),
        ("Kit Brandt left.", 0, 0),
    ],
)
def test_titles_and_pronouns_that_follow_say_she_or_he(text: str, women: int, men: int) -> None:
    brandt = the("Kit Brandt", text)
    assert (brandt.women, brandt.men) == (women, men)


def test_what_the_text_says_outweighs_the_given_name() -> None:
    mary = "Then Mary Brandt left."
    assert the("Mary Brandt", mary).share_of_women > 0.9
    assert the("Mary Brandt", "Then Mr. Mary Brandt left.").share_of_women < 0.5


def test_the_words_around_the_first_mentions_describe() -> None:
    described = the("Ilse Brandt", "The longtime mayor Ilse Brandt, a baker from Unterau, spoke.").described
    assert {"mayor", "longtime", "baker"} <= described.keys()


def test_mentions_are_found_by_place() -> None:
    text = "Ilse Brandt met Jan Berg. Then Brandt spoke."
    brandt, last = the("Ilse Brandt", text), text.rindex("Brandt")
    before, after = brandt.before(last), brandt.after(1)
    assert before is not None
    assert after is not None
    assert (before.span, after.span) == (Span(0, 11), Span(last, last + 6))
    assert brandt.before(0) is None
    assert brandt.after(len(text)) is None
    assert [name.span for name in brandt.within(Span(0, 5))] == [Span(0, 11)]
    assert named(text).count_before(last) == 2
    assert named(text).frequent[0].name == "Ilse Brandt"


@given(st.text(alphabet="ABab .,’'\n“”", max_size=80))
def test_every_mention_belongs_to_one_who_is_named(text: str) -> None:
    found = entities_of(text, [Span(0, len(text))])
    assert sum(len(one.mentions) for one in found.all) == len(found.mentions)
    assert all(one.mentions for one in found.all)
    assert [one.number for one in found.all] == sorted(one.number for one in found.all)
    assert all(" ".join(one.place.of(text).split()) == one.name for one in found.all)
