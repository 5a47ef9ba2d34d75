"""Who of a table is meant: invented people, of whom several share names."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Document, Speaker, SpeakerKind, Zone
from builder.speakers.authority import authority_of, link, load_authority
from builder.speakers.authority_table import Entry

MAYOR = Entry(
    "b1", "Ilse Brandt", ("Ilse M. Brandt-Moe",), description="mayor of Orneby; wife of Otto Brandt"
)
MINISTER = Entry("b2", "Otto Brandt", description="Minister of finance of Veldoria", kind="person")
COACH = Entry("b3", "Otto Brandt", description="coach of Selm United", kind="person")
JUNIOR = Entry("b4", "Otto Brandt Jr.", description="pianist")
HOLM = Entry("h1", "Robert K. Holm", ("Bobby the Boat",), first="1990-01-01", last="2019-12-31")
TRUST = Entry("t1", "The Harbour Trust", ("HT",), kind="organisation")
VELDORIA = Entry("t2", "Government of Veldoria", ("Veldoria",), kind="government")
TABLE = (MAYOR, MINISTER, COACH, JUNIOR, HOLM, TRUST, VELDORIA)


def linked(
    text: str,
    *names: str,
    kind: SpeakerKind = "person",
    published: str | None = None,
    table: Sequence[Entry] = TABLE,
) -> list[Speaker]:
    zones = (Zone(0, len(text), "body"),)
    document = Document("d1", text, "a", None, None, published, None, None, None, "en", "", "test", zones)
    said = [Speaker(f"q{number}", name, kind, None, None, "name", 0.9) for number, name in enumerate(names)]
    return link(document, said, authority_of(table))


@pytest.mark.parametrize(
    ("text", "name", "entity"),
    [
        # By name alone.
        ("Ilse Brandt left.", "Ilse Brandt", "b1"),
        ("ILSE BRANDT left.", "ILSE BRANDT", "b1"),
        ("Ilse M. Brandt left.", "Ilse M. Brandt", "b1"),
        ("Ilse Brandt-Moe left.", "Ilse Brandt-Moe", "b1"),
        ("Bob Holm left.", "Bob Holm", "h1"),
        ("Bobby the Boat left.", "Bobby the Boat", "h1"),
        ("Robert J. Holm left.", "Robert J. Holm", None),
        ("Edda Brandt left.", "Edda Brandt", None),
        # Of several with one name, the one whom the role means.
        ("Otto Brandt left.", "Otto Brandt", None),
        ("Finance Minister Otto Brandt left.", "Otto Brandt", "b2"),
        ("Otto Brandt, the coach, left.", "Otto Brandt", "b3"),
        ("Otto Brandt of Selm United left.", "Otto Brandt", "b3"),
        ("Otto Brandt, a coach and then minister, left.", "Otto Brandt", None),
        # With a suffix, he is another one.
        ("Otto Brandt Jr. left.", "Otto Brandt Jr.", "b4"),
        ("Otto Brandt Sr. left.", "Otto Brandt Sr.", None),
        # A surname alone, or a given name.
        ("Brandt left.", "Brandt", None),
        ("Orneby slept. Brandt left.", "Brandt", None),
        ("Mayor Brandt left.", "Brandt", "b1"),
        ("Holm left.", "Holm", None),
        ("Mayor Ilse left.", "Ilse", "b1"),
        # The name of one entry, the work of another person.
        ("Ilse Brandt, a goalkeeper, left.", "Ilse Brandt", None),
        ("Ilse Brandt, a goalkeeper, left Orneby.", "Ilse Brandt", None),
        ("Ilse Brandt, a goalkeeper and once mayor, left.", "Ilse Brandt", "b1"),
        # The role of somebody else in the article.
        ("Minister Edda Vance met Otto Brandt.", "Otto Brandt", None),
    ],
)
def test_who_is_meant(text: str, name: str, entity: str | None) -> None:
    (speaker,) = linked(text, name)
    assert speaker.entity == entity
    assert speaker.evidence


def test_the_rest_of_the_record_stays_as_it_was() -> None:
    text = "Ilse Brandt left."
    (speaker,) = linked(text, "Ilse Brandt")
    assert replace(speaker, entity=None, evidence=()) == Speaker(
        "q0", "Ilse Brandt", "person", None, None, "name", 0.9
    )


def test_another_linked_by_name_is_evidence() -> None:
    """The mayor's description names Otto Brandt, so of all called Brandt it is she who is with him."""
    table = (MAYOR, MINISTER, Entry("b5", "Karin Brandt", description="painter"))
    alone = linked("Brandt left.", "Brandt", table=table)
    assert alone[0].entity is None
    with_him = linked("Brandt left. Otto Brandt slept.", "Brandt", "Otto Brandt", table=table)
    assert [one.entity for one in with_him] == ["b1", "b2"]
    assert "with Otto Brandt" in with_him[0].evidence


@pytest.mark.parametrize(
    ("kind", "name", "entity"),
    [
        ("organisation", "Harbour Trust", "t1"),
        ("organisation", "HT", "t1"),
        ("government", "Veldoria", "t2"),
        ("organisation", "Veldoria", "t2"),
        ("person", "Harbour Trust", None),
        ("organisation", "Otto Brandt", None),
        ("organisation", "Trust", None),
        ("author", "Ilse Brandt", "b1"),
    ],
)
def test_people_are_linked_to_people_and_bodies_to_bodies(
    kind: SpeakerKind, name: str, entity: str | None
) -> None:
    assert linked(f"{name} said so.", name, kind=kind)[0].entity == entity


@pytest.mark.parametrize("kind", ["group", "unnamed"])
def test_a_group_is_nobody_in_the_table(kind: SpeakerKind) -> None:
    assert linked("Ilse Brandt left.", "Ilse Brandt", kind=kind)[0].evidence == ()


@pytest.mark.parametrize(
    ("published", "entity"),
    [
        (None, "h1"),
        ("1989-12-31", None),
        ("1990-01-01", "h1"),
        ("2019-12-31", "h1"),
        ("2019-12-31T23:00:00Z", "h1"),
        ("2020-01-01", None),
    ],
)
def test_nobody_is_linked_outside_the_dates(published: str | None, entity: str | None) -> None:
    assert linked("Robert Holm left.", "Robert Holm", published=published)[0].entity == entity


def test_who_is_out_of_the_dates_is_no_rival() -> None:
    table = (replace(MINISTER, last="1999-12-31"), COACH)
    (speaker,) = linked("Otto Brandt left.", "Otto Brandt", published="2024-05-02", table=table)
    assert speaker.entity == "b3"


@pytest.mark.parametrize(
    ("text", "name", "evidence"),
    [
        (
            "Finance Minister Otto Brandt of Veldoria left.",
            "Otto Brandt",
            (
                "same name as Otto Brandt (b2)",
                "described here by finance, minister",
                "the article names veldoria",
            ),
        ),
        ("Edda Vance left.", "Edda Vance", ("no person in the table has this name",)),
        (
            "Holm left.",
            "Holm",
            ("a part of the name of Robert K. Holm (h1), and too little beside it says who is meant",),
        ),
        (
            "Otto Brandt left.",
            "Otto Brandt",
            (
                "3 entries have this name or one like it",
                "maybe Otto Brandt (b2)",
                "maybe Otto Brandt (b3)",
                "maybe Otto Brandt Jr. (b4)",
            ),
        ),
        (
            "Ilse Brandt, a goalkeeper, left.",
            "Ilse Brandt",
            ("same name as Ilse Brandt (b1), but here of another field of work: sport",),
        ),
    ],
)
def test_the_evidence_says_why(text: str, name: str, evidence: tuple[str, ...]) -> None:
    assert linked(text, name)[0].evidence == evidence


def test_the_evidence_names_the_dates() -> None:
    (speaker,) = linked("Robert Holm left.", "Robert Holm", published="2024-05-02")
    assert speaker.evidence == ("Robert K. Holm (h1) is out of its dates on 2024-05-02",)


@given(st.permutations(TABLE))
def test_the_order_of_the_table_changes_nothing(table: list[Entry]) -> None:
    text = "Finance Minister Otto Brandt met Mayor Brandt and Holm. Otto Brandt Jr. slept."
    names = ("Otto Brandt", "Brandt", "Holm", "Otto Brandt Jr.")
    assert linked(text, *names, table=table) == linked(text, *names)


@given(st.lists(st.builds(Entry, st.uuids().map(str), st.sampled_from(["Edda Vance", "Jon Vance", "Vance"]))))
def test_entries_of_other_names_change_nothing(others: list[Entry]) -> None:
    text = "Finance Minister Otto Brandt met Mayor Brandt."
    names = ("Otto Brandt", "Brandt")
    assert linked(text, *names, table=(*TABLE, *others)) == linked(text, *names)


def test_a_table_is_read_from_its_file(tmp_path: Path, article: Callable[..., Document]) -> None:
    (tmp_path / "people.csv").write_text("id,name\nb1,Ilse Brandt\n")
    said = Speaker("q", "Ilse Brandt", "person", None, None, "name", 0.9)
    (speaker,) = link(article("Ilse Brandt left."), [said], load_authority(tmp_path / "people.csv"))
    assert speaker.entity == "b1"
