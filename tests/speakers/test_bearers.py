from collections.abc import Callable

import pytest

from builder.records import Document, Link, Span, Speaker, SpeakerKind
from builder.speakers.bearers import MOST_COMPANY, Bearer, bearers_of

TEXT = "Mayor Ilse M. Brandt met Otto Holm of the Harbour Trust. The police came, then Police said so."


def speaker(name: str, kind: SpeakerKind = "person", quotation: str = "q") -> Speaker:
    return Speaker(quotation, name, kind, None, None, "name", 0.9)


@pytest.fixture
def bearers(article: Callable[..., Document]) -> Callable[..., dict[str, Bearer]]:
    def make(*speakers: Speaker, text: str = TEXT) -> dict[str, Bearer]:
        return {one.name: one for one in bearers_of(article(text), speakers)}

    return make


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("Ilse M. Brandt", "person", "person ilse brandt"),
        ("Ilse Brandt", "author", "person ilse brandt"),
        ("Brandt, Ilse", "person", "person ilse brandt"),
        ("Otto Holm Jr.", "person", "person otto holm jr"),
        ("Brandt", "person", ""),
        ("I. Brandt", "person", ""),
        ("the Harbour Trust", "organisation", "body harbour trust"),
        ("Veldoria", "government", "body veldoria"),
        ("the campaign", "organisation", ""),
        ("Police", "organisation", ""),  # which the article writes small as well
    ],
)
def test_a_key_is_what_says_enough_to_look_for_a_name_elsewhere(
    bearers: Callable[..., dict[str, Bearer]], name: str, kind: SpeakerKind, key: str
) -> None:
    assert bearers(speaker(name, kind))[name].key == key


def test_groups_unnamed_sources_and_speakers_whom_nobody_can_tell_bear_no_name(
    bearers: Callable[..., dict[str, Bearer]],
) -> None:
    assert bearers(speaker("voters", "group"), speaker("a diplomat", "unnamed"), speaker("")) == {}


def test_a_bearer_has_one_row_with_what_the_article_says(bearers: Callable[..., dict[str, Bearer]]) -> None:
    found = bearers(
        speaker("Ilse M. Brandt", quotation="q1"),
        speaker("Ilse M. Brandt", quotation="q2"),
        speaker("Otto Holm", quotation="q3"),
        speaker("Holm", quotation="q4"),
    )
    assert list(found) == ["Holm", "Ilse M. Brandt", "Otto Holm"]
    brandt = found["Ilse M. Brandt"]
    assert (brandt.middle, brandt.words, brandt.fields) == ("m", ("mayor",), ("public affairs",))
    assert brandt.company == ("person otto holm",)


def test_two_names_of_one_key_are_two_people_so_neither_is_looked_for_elsewhere(
    bearers: Callable[..., dict[str, Bearer]],
) -> None:
    found = bearers(speaker("Otto Holm"), speaker("Otto K. Holm"))
    assert {one.key for one in found.values()} == {""}


def test_an_author_who_speaks_in_the_article_stays_one(bearers: Callable[..., dict[str, Bearer]]) -> None:
    made = bearers(speaker("Otto Holm", "author"), speaker("Otto Holm"))
    assert [one.key for one in made.values()] == ["person otto holm"]


def test_mentions_of_the_chain_describe_the_bearer(article: Callable[..., Document]) -> None:
    text = "The goalkeeper left. Otto Holm said so."
    said = Speaker("q", "Otto Holm", "person", None, None, "role", 0.9, (Link(Span(0, 14), "role"),))
    (found,) = bearers_of(article(text), [said])
    assert found.words == ("goalkeeper",)


def test_the_company_in_a_long_list_is_bounded(bearers: Callable[..., dict[str, Bearer]]) -> None:
    names = [f"Otto {chr(97 + one // 26)}{chr(97 + one % 26)}holm" for one in range(MOST_COMPANY + 50)]
    found = bearers(*(speaker(name) for name in names))
    assert max(len(one.company) for one in found.values()) == MOST_COMPANY
