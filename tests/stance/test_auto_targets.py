from collections.abc import Sequence
from typing import Any

import pytest

from builder.config import StanceConfig, Target
from builder.records import Document, Quotation, Span, Speaker, SpeakerKind, TargetMention, Zone
from builder.speakers.authority import authority_of
from builder.speakers.authority_table import Entry
from builder.speakers.entities import entities_of
from builder.stance.auto_targets import AutoTargets, id_of
from builder.stance.named import Kind, kind_of, mentions_of
from builder.stance.targets import TargetMatch, match_targets

EVERYTHING: tuple[Kind, ...] = ("person", "organisation", "government")
TEXT = (
    "Maria Holt and Peter Lindqvist met reporters from Reuters on Monday.\n"
    "“Holt is wrong about NATO, and Russia knows it. Holt has never been to Oslo,” said Lindqvist.\n"
    "“I, Maria Holt, will answer,” said Holt."
)


def document(text: str = TEXT) -> Document:
    zones = (Zone(0, len(text), "body"),)
    return Document("d1", text, "a", None, None, None, None, None, None, "en", "", "x", zones)


def quotations(one: Document) -> list[Quotation]:
    found: list[Quotation] = []
    start = 0
    while (start := one.text.find("“", start)) >= 0:
        end = one.text.index("”", start) + 1
        found.append(
            Quotation(f"q{len(found)}", "d1", "direct", (Span(start, end),), (), (), (), 0, None, 0.9, "x")
        )
        start = end
    return found


def found(
    one: Document,
    targets: Sequence[Target] = (),
    speakers: Sequence[str] = ("Peter Lindqvist", "Maria Holt"),
    auto: AutoTargets | None = None,
    kind: SpeakerKind = "person",
    **config: Any,
) -> list[list[TargetMatch]]:
    """The automatic targets of each quotation of a document."""
    said = quotations(one)
    by_whom = {
        quotation.id: Speaker(quotation.id, name, kind, None, None, "x", 0.9)
        for quotation, name in zip(said, speakers, strict=False)
    }
    configured = {quotation.id: match_targets(one, quotation, targets) for quotation in said}
    finder = auto or AutoTargets(StanceConfig(auto_targets=EVERYTHING, **config))
    matches = finder.of(one, said, by_whom, configured)
    return [matches.get(quotation.id, []) for quotation in said]


def names(matches: Sequence[TargetMatch]) -> list[str]:
    return [match.target.name for match in matches]


def test_whom_and_what_a_quotation_names_is_a_target_by_its_fullest_form_in_the_article() -> None:
    first, _ = found(document())
    assert names(first) == ["Maria Holt", "NATO", "Russia"]  # a place is none of the kinds
    holt = first[0]
    assert (holt.target.id, holt.where) == ("auto-maria-holt", "quotation")
    assert [(one.span.of(TEXT), one.name) for one in holt.mentions] == [("Holt", "Holt"), ("Holt", "Holt")]


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert found(document(), auto=AutoTargets(StanceConfig())) == [[], []]


def test_only_the_kinds_that_are_asked_for_are_targets() -> None:
    first, _ = found(document(), auto=AutoTargets(StanceConfig(auto_targets=("government",))))
    assert names(first) == ["Russia"]


def test_a_part_of_a_whole_name_is_no_target_where_the_whole_is_none() -> None:
    one = document("“The Supreme Court of Canada is wrong,” he said.")
    governments = AutoTargets(StanceConfig(auto_targets=("government",)))
    assert found(one, speakers=("",), auto=governments) == [[]]
    assert names(found(one, speakers=("",))[0]) == ["Supreme Court of Canada"]
    assert found(one, speakers=("Supreme Court of Canada",), kind="organisation") == [[]]


def test_who_speaks_of_himself_is_no_target_unless_asked() -> None:
    assert names(found(document())[1]) == []
    assert names(found(document(), auto_target_speaker=True)[1]) == ["Maria Holt"]


def test_a_quotation_has_no_more_than_the_configured_number_of_them() -> None:
    assert names(found(document(), most_auto_targets=2)[0]) == ["Maria Holt", "NATO"]


def test_words_that_name_a_configured_target_name_no_automatic_one() -> None:
    alliance = Target(id="alliance", name="the alliance", aliases=("NATO",))
    assert names(found(document(), [alliance])[0]) == ["Maria Holt", "Russia"]


def test_an_entry_of_the_authority_table_gives_id_and_name() -> None:
    table = authority_of([Entry("Q7", "Maria Johanna Holt", ("Maria Holt",), kind="person")])
    auto = AutoTargets(StanceConfig(auto_targets=("person",)), table)
    (holt,) = found(document(), auto=auto)[0]
    assert (holt.target.id, holt.target.name) == ("auto-q7", "Maria Johanna Holt")


@pytest.mark.parametrize(
    ("name", "same"),
    [("Ilsa Maroven", "ILSA  MAROVEN"), ("José Peña", "Jose Pena"), ("Jean-Luc Moreau", "Jean Luc Moreau")],
)
def test_the_same_name_in_other_letters_has_the_same_id(name: str, same: str) -> None:
    assert id_of(name) == id_of(same)


def test_an_id_is_one_that_a_configuration_could_hold_and_tells_names_apart() -> None:
    for name in ("Łukasz Żak", "Владимир Путин", "北京", "x" * 500, "Peter O’Neil"):
        Target(id=id_of(name), name=name)
    assert id_of("Владимир Путин") != id_of("Дмитрий Песков")
    assert id_of("Łukasz Żak") == "auto-ukasz-zak-" + id_of("Łukasz Żak")[-8:]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The mayor Anna Berg spoke.", "person"),
        ("He sued the Health Ministry again.", "organisation"),
        ("The trade of Oslo grew.", None),
        ("The tanks of Russia stood there.", "government"),
        ("It was quiet on Christmas there.", None),
    ],
)
def test_the_kind_of_what_is_named_by_its_name(text: str, kind: str | None) -> None:
    kinds = [one.of.kind for one in mentions_of(text, [Span(0, len(text))])]
    assert kinds == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The Republican National Committee met.", ["Republican National Committee"]),
        ("The New York Police Department’s chief left.", ["New York Police Department"]),
        ("But Justice Department lawyers left.", ["Justice Department"]),
        ("The Department of Homeland Security waits.", ["Department of Homeland Security"]),
        ("The University of Utah President Ann Berg met them.", ["University of Utah", "Ann Berg"]),
        ("They left the Bank of America.", ["Bank of America"]),  # and no country in it
        ("It lies in South Korea, not in North Korea.", ["South Korea", "North Korea"]),
        ("The White House and the United States Senate met.", ["White House", "United States Senate"]),
        ("The United Nations met.", ["United Nations"]),
        ("Russia left. The Russian Federation (RF) left. RF troops left.", ["Russia"] * 4),
        ("The United States left. The US left. He left Washington.", ["United States"] * 2),
        ("The European Union met. The Union met.", ["European Union"] * 2),
        ("The European Union met the Farmers Union. The Union met.", ["European Union", "Farmers Union"]),
        ("The department met. Department rules apply.", []),  # which one is not said
        ("The Labour Council (LC) met. LC members left.", ["Labour Council"] * 3),
        ("The Labour Council (EU) met.", ["Labour Council", "EU"]),
        ("Make it great. He wrote: MAKE IT GREAT AGAIN, and TODAY, today.", []),
        ("Who pays the WHO? Who pays WHO staff?", ["WHO"] * 2),
        ("Who pays WHO staff?", []),
        ("The State Department for Hillary Clinton.", ["State Department", "Hillary Clinton"]),
        ("The Committee for President Ann Berg.", ["Ann Berg"]),
        ("The Council for Public Security met.", ["Council for Public Security"]),
        ("The House of Representatives Thursday met.", ["House of Representatives"]),
        ("The Bank of Oslo Republicans met.", ["Bank of Oslo"]),
        ("The University of St. Andrews met.", ["University of St. Andrews"]),
        ("The Department of Justice (DOJ) met. DOJ staff left.", ["Department of Justice"] * 3),
        ("The Harvard University Press met the University.", ["Harvard University Press"]),
        ("He left South Dakota for Central Asia. She liked it.", []),
    ],
)
def test_bodies_and_countries_go_by_their_whole_names(text: str, wanted: list[str]) -> None:
    assert [one.of.name for one in mentions_of(text, [Span(0, len(text))])] == wanted


def test_who_speaks_elsewhere_in_the_article_is_of_that_kind() -> None:
    text = "Ysolde Vrandt spoke first. The Straits Accord followed."
    vrandt, accord = entities_of(text, [Span(0, len(text))]).all
    assert (kind_of(vrandt), kind_of(accord)) == (None, None)  # no name that is known, nothing about her
    assert kind_of(vrandt, {"ysolde vrandt": "person"}) == "person"
    assert kind_of(vrandt, {"ysolde vrandt": "unnamed"}) is None
    told = "Ysolde Vrandt spoke first. She was brief."
    assert [kind_of(one) for one in entities_of(told, [Span(0, len(told))]).all] == ["person"]


def test_somebody_called_like_a_body_is_a_person() -> None:
    text = "The singer Mary Church left, and she wept. Then the Unterau Church was closed."
    named = {(one.of.name, one.of.kind) for one in mentions_of(text, [Span(0, len(text))])}
    assert named == {("Mary Church", "person"), ("Unterau Church", "organisation")}


def test_a_mention_tells_which_of_a_targets_names_it_is() -> None:
    one = document("“NATO and the Atlantic Alliance are one,” he said.")
    target = Target(id="nato", name="NATO", aliases=("Atlantic Alliance",))
    (match,) = match_targets(one, quotations(one)[0], [target])
    assert match.mentions == (
        TargetMention(Span(1, 5), "NATO"),
        TargetMention(Span(14, 31), "Atlantic Alliance"),
    )


def test_capitals_that_name_nobody_or_shout_are_no_targets() -> None:
    one = document("“The CEO was on TV, and the EU and the US heard it,” he said.\n“NATO MUST GO,” she said.")
    first, second = found(one, speakers=("", ""))
    assert names(first) == ["EU", "United States"]
    assert names(second) == []
    only_governments = AutoTargets(StanceConfig(auto_targets=("government",)))
    assert names(found(one, speakers=("", ""), auto=only_governments)[0]) == ["United States"]
