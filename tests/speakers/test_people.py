import pytest

from builder.records import Span
from builder.speakers.names import find_names
from builder.speakers.people import People, people_of


def people(text: str, *sources: str) -> People:
    spans = [Span(text.index(one), text.index(one) + len(one)) for one in sources]
    return people_of(text, [Span(0, len(text))], spans)


def meant(text: str, mention: str, *sources: str) -> str | None:
    """Whom the last occurrence of `mention` means."""
    at = text.rindex(mention)
    (name,) = find_names(text, [Span(at, at + len(mention))])
    person = people(text, *sources).match(name)
    return person.name if person else None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("President Ilse Brandt spoke.", {"Ilse Brandt"}),  # a title
        ("Ilse Brandt spoke. Brandt left.", {"Ilse Brandt"}),  # a surname alone
        ("The Green Valley is wide.", set()),
        ("The Lakeland Institute spoke.", set()),
        ("Ilse Brandt and Ilse M. Brandt; Brandt", {"Ilse M. Brandt"}),  # the fullest form
    ],
)
def test_who_counts_as_a_person(text: str, named: set[str]) -> None:
    assert {person.name for _, person in people(text).mentions} == named


def test_a_source_is_a_person() -> None:
    text = "Ilse Brandt spoke."
    assert [person.name for _, person in people(text, "Ilse Brandt").mentions] == ["Ilse Brandt"]


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Ilse Brandt met Jan Berg. Berg and Brandt left. Brandt", "Brandt", "Ilse Brandt"),
        ("Ilse Brandt met Jan Berg. Brandt, Berg. Ilse", "Ilse", "Ilse Brandt"),
        # of two with one surname the one named last, unless a title tells them apart
        ("Ilse Brandt met Odile Brandt. Then Brandt", "Brandt", "Odile Brandt"),
        ("Mr. Jan Brandt met Mrs. Odile Brandt. Then Mr. Brandt", "Mr. Brandt", "Jan Brandt"),
        ("Ilse Brandt. Brandt. Okoro", "Okoro", None),
    ],
)
def test_shorter_forms_lead_to_a_person(text: str, mention: str, name: str | None) -> None:
    assert meant(text, mention) == name


def test_pronouns_after_a_name_tell_which_fit() -> None:
    text = "Ilse Brandt left her house. Jan Berg lost his hat. Brandt, Berg."
    ilse, jan = {person.name: person for _, person in people(text).mentions}.values()
    assert ilse.may_be("she")
    assert not ilse.may_be("he")
    assert jan.may_be("he")
    assert not jan.may_be("she")


def test_mentions_near_a_place_come_nearest_first() -> None:
    text = "Ilse Brandt, Jan Berg. Brandt. Berg."
    names = [person.name for _, person in people(text).near(len(text), 1000)]
    assert names == ["Jan Berg", "Ilse Brandt", "Jan Berg", "Ilse Brandt"]
    assert [person.name for _, person in people(text).near(len(text), 8)] == ["Jan Berg"]
