"""Which speakers of different documents are one: invented bearers of invented names."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.records import Document, Identity, Speaker, SpeakerKind, Zone, to_table
from builder.speakers.bearers import Bearer, bearers_of
from builder.speakers.identities import identities

Group = Callable[..., list[Identity]]


def bearers(
    document: str, text: str, *names: str, kind: SpeakerKind = "person", entity: str | None = None
) -> list[Bearer]:
    """What a document says about its speakers, who are given by name."""
    zones = (Zone(0, len(text), "body"),)
    made = Document(document, text, "a", None, None, None, None, None, None, "en", "", "test", zones)
    said = [Speaker(f"q{number}", name, kind, None, entity, "name", 0.9) for number, name in enumerate(names)]
    return bearers_of(made, said)


@pytest.fixture
def group(tmp_path: Path) -> Group:
    """Groups the bearers of several shards."""

    def run(*shards: Sequence[Bearer]) -> list[Identity]:
        files = [tmp_path / f"{number}.parquet" for number, _ in enumerate(shards)]
        for file, shard in zip(files, shards, strict=True):
            pq.write_table(to_table(shard, Bearer), file)
        return list(identities(files, 128, tmp_path / "spill"))

    return run


def groups(found: Sequence[Identity]) -> set[frozenset[str]]:
    """The documents of each group."""
    ids = {one.identity for one in found}
    return {frozenset(one.document for one in found if one.identity == each) for each in ids}


def together(*documents: str) -> set[frozenset[str]]:
    """Groups written as the letters of their documents: "ab", "c"."""
    return {frozenset(one) for one in documents}


def test_the_same_full_name_is_one_person(group: Group) -> None:
    found = group(
        bearers("a", "Ilse Brandt left.", "Ilse Brandt"),
        bearers("b", "ILSE BRANDT left.", "ILSE BRANDT"),
        bearers("c", "Ilse Holm left.", "Ilse Holm"),
    )
    assert groups(found) == together("ab", "c")
    assert [one.documents for one in found] == [2, 2, 1]
    assert found[2].evidence == ("in this document only",)


def test_a_fuller_form_joins_and_names_the_group(group: Group) -> None:
    found = group(
        bearers("a", "Ilse M. Brandt left.", "Ilse M. Brandt"),
        bearers("b", "Ilse Brandt left.", "Ilse Brandt"),
    )
    assert groups(found) == together("ab")
    assert {one.full_name for one in found} == {"Ilse M. Brandt"}
    assert found[1].evidence == ("a form of “Ilse M. Brandt”, in 2 documents",)


def test_a_shorter_form_joins_neither_of_two_bearers(group: Group) -> None:
    found = group(
        bearers("a", "Ilse M. Brandt left.", "Ilse M. Brandt"),
        bearers("b", "Ilse K. Brandt left.", "Ilse K. Brandt"),
        bearers("c", "Ilse Brandt left.", "Ilse Brandt"),
        bearers("d", "Ilse Brandt left.", "Ilse Brandt"),
    )
    assert groups(found) == together("a", "b", "c", "d")
    assert found[2].evidence == (
        "joined with no other document: the name alone does not say who it is",
        "second given name: not said, others k, m",
    )


@pytest.mark.parametrize("name", ["Brandt", "I. Brandt"])
def test_a_surname_never_joins(group: Group, name: str) -> None:
    found = group(bearers("a", f"{name} left.", name), bearers("b", f"{name} left.", name))
    assert groups(found) == together("a", "b")


def test_a_son_is_not_his_father(group: Group) -> None:
    found = group(
        bearers("a", "Otto Holm Jr. left.", "Otto Holm Jr."), bearers("b", "Otto Holm left.", "Otto Holm")
    )
    assert groups(found) == together("a", "b")


def test_people_whose_roles_contradict_are_two(group: Group) -> None:
    found = group(
        bearers("a", "The goalkeeper Ilse Brandt left.", "Ilse Brandt"),
        bearers("b", "Ilse Brandt, a striker, left.", "Ilse Brandt"),
        bearers("c", "Mayor Ilse Brandt left.", "Ilse Brandt"),
        bearers("d", "Ilse Brandt left.", "Ilse Brandt"),
    )
    assert groups(found) == together("ab", "c", "d")
    assert found[0].evidence == ("the same name, in 2 documents", "work in: sport, others public affairs")


def test_people_of_different_gender_are_two(group: Group) -> None:
    found = group(
        bearers("a", "Mr. Kim Holm left.", "Kim Holm"), bearers("b", "Ms. Kim Holm left.", "Kim Holm")
    )
    assert groups(found) == together("a", "b")


def test_company_tells_which_of_two_is_meant(group: Group) -> None:
    found = group(
        bearers("a", "Mayor Ilse Brandt, Otto Holm, Edda Vance.", "Ilse Brandt", "Otto Holm", "Edda Vance"),
        bearers("b", "The striker Ilse Brandt left.", "Ilse Brandt"),
        bearers("c", "Ilse Brandt, Otto Holm, Edda Vance.", "Ilse Brandt", "Otto Holm", "Edda Vance"),
        bearers("d", "Ilse Brandt, Otto Holm.", "Ilse Brandt", "Otto Holm"),
    )
    brandt = [one for one in found if one.name == "Ilse Brandt"]
    assert groups(brandt) == together("ac", "b", "d")
    assert brandt[2].evidence[1].endswith("named with the same people")


def test_roles_of_people_in_the_same_company_do_not_contradict(group: Group) -> None:
    names = ("Ilse Brandt", "Otto Holm", "Edda Vance")
    found = group(
        bearers("a", "Mayor Ilse Brandt, Otto Holm, Edda Vance.", *names),
        bearers("b", "The striker Ilse Brandt, Otto Holm, Edda Vance.", *names),
    )
    assert groups([one for one in found if one.name == "Ilse Brandt"]) == together("ab")


def test_who_is_linked_to_one_entry_is_one_whatever_the_name(group: Group) -> None:
    found = group(
        bearers("a", "Ilse Brandt left.", "Ilse Brandt", entity="b1"),
        bearers("b", "Mayor Brandt left.", "Brandt", entity="b1"),
        bearers("c", "Ilse Brandt left.", "Ilse Brandt"),
    )
    assert groups(found) == together("ab", "c")
    assert [one.entity for one in found] == ["b1", "b1", None]


def test_bodies_are_joined_by_their_names(group: Group) -> None:
    found = group(
        bearers("a", "The Harbour Trust met.", "The Harbour Trust", kind="organisation"),
        bearers("b", "Harbour Trust met.", "Harbour Trust", kind="organisation"),
        bearers("c", "the campaign met.", "the campaign", kind="organisation"),
        bearers("d", "the campaign met.", "the campaign", kind="organisation"),
    )
    assert groups(found) == together("ab", "c", "d")


def test_an_author_is_the_person_of_that_name(group: Group) -> None:
    found = group(
        bearers("a", "Ilse Brandt left.", "Ilse Brandt", kind="author"),
        bearers("b", "Ilse Brandt left.", "Ilse Brandt"),
    )
    assert groups(found) == together("ab")


def test_no_documents_have_no_identities(group: Group) -> None:
    assert group() == []
    assert group([]) == []


TEXTS = st.sampled_from(
    [
        ("Ilse Brandt left.", "Ilse Brandt"),
        ("Mayor Ilse M. Brandt left.", "Ilse M. Brandt"),
        ("Ilse K. Brandt left.", "Ilse K. Brandt"),
        ("The striker Ilse Brandt left.", "Ilse Brandt"),
        ("Mrs. Brandt left.", "Brandt"),
        ("Otto Holm left.", "Otto Holm"),
    ]
)


@given(st.lists(TEXTS, max_size=8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_unrelated_document_changes_no_identity(group: Group, texts: list[tuple[str, str]]) -> None:
    shard = [one for number, (text, name) in enumerate(texts) for one in bearers(f"d{number}", text, name)]
    other = bearers("c", "Sheriff Edda Q. Vance left. Mrs. Jon Vance slept.", "Edda Q. Vance", "Jon Vance")
    assert [one for one in group(other, shard) if one.document != "c"] == group(shard)


@given(st.lists(TEXTS, max_size=8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_how_documents_lie_in_shards_changes_nothing(group: Group, texts: list[tuple[str, str]]) -> None:
    made = [bearers(f"d{number}", text, name) for number, (text, name) in enumerate(texts)]
    assert group([one for some in made for one in some]) == group(*reversed(made))
