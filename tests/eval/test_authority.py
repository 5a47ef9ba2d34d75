import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from builder.speakers.authority_table import Entry
from eval import authority

TRAIN = {
    "one": ("Mayor Ilse M. Brandt met Otto Holm, a coach.", ["Ilse M. Brandt", "Otto Holm"]),
    "two": ("Ilse Brandt left.", ["Ilse Brandt"]),
}
DEV = {"three": ("Ilse M. Brandt met Edda Vance.", ["Ilse M. Brandt", "Edda Vance"])}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polnear").mkdir()
    for split, articles in (("train", TRAIN), ("dev", DEV)):
        rows = [{"id": one, "text": text, "attributions": []} for one, (text, _) in articles.items()]
        lines = [
            f"{one}\te{number}\t{name}\tperson"
            for one, (_, names) in articles.items()
            for number, name in enumerate(names)
        ]
        write(tmp_path / "polnear" / f"{split}.jsonl", [json.dumps(row) for row in rows])
        write(tmp_path / "polnear" / f"speakers_{split}.tsv", lines)
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))


def write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.usefixtures("corpus")
def test_the_table_has_the_people_of_the_training_articles_and_others_like_them() -> None:
    people = authority.entries_of(authority.read_articles("train"))
    brandt, holm = people["ilse", "brandt"], people["otto", "holm"]
    assert brandt == Entry("p0", "Ilse M. Brandt", ("Ilse Brandt",), kind="person", description="mayor")
    assert holm == Entry("p1", "Otto Holm", kind="person", description="coach")
    made = authority.distractors(people, {("edda", "vance")})
    assert [one.name for one in made] == ["Otto Brandt", "Ilse Holm"]
    assert [(one.name, one.description) for one in authority.namesakes(people)] == [
        ("Ilse M. Brandt", "coach"),
        ("Otto Holm", "mayor"),
    ]


@pytest.mark.usefixtures("corpus")
def test_links_are_counted_by_form_and_by_who_is_in_the_table() -> None:
    figures: Any = authority.run(argparse.Namespace())
    assert figures["entries"] == 4
    # Brandt is linked by both of her full forms; Edda Vance is nobody in the table, whatever the form.
    linked = figures["linked"]
    assert linked["full name"]["in the table"] == {"right": 1, "wrong": 0, "unlinked": 0}
    assert linked["without middle names"]["in the table"]["right"] == 1
    assert linked["surname"]["in the table"] == {"right": 0, "wrong": 0, "unlinked": 1}
    assert linked["surname"]["not in the table"] == {"right": 1, "wrong": 0, "unlinked": 0}


@pytest.mark.usefixtures("corpus")
def test_groups_are_counted_by_people() -> None:
    # Brandt is in three articles under two forms, Holm and Vance in one each.
    assert authority.grouped([*authority.read_articles("train"), *authority.read_articles("dev")]) == {
        "people": 3,
        "in several articles": 1,
        "of these one identity": 1,
        "identities that join people": 0,
    }


@pytest.mark.parametrize(
    ("found", "expected", "outcome"),
    [
        ("p1", "p1", "right"),
        ("p2", "p1", "wrong"),
        (None, "p1", "unlinked"),
        (None, None, "right"),
        ("p1", None, "wrong"),
    ],
)
def test_what_a_link_counts_as(found: str | None, expected: str | None, outcome: str) -> None:
    assert authority.outcome(found, expected) == outcome


def test_the_forms_of_a_name() -> None:
    expected = ("Ilse M. Brandt Jr.", "Ilse Brandt", "I. Brandt", "Brandt")
    assert authority.forms_of("Ilse M. Brandt Jr.") == expected
