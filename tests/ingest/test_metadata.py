from typing import Any

import pytest

from builder.ingest.blocks import blocks
from builder.ingest.draft import Facts
from builder.ingest.metadata import facts_of_dump, name_in_byline, without_site
from builder.ingest.zones import zoned

HEADLINE = "Council keeps the night ferry after all"
BODY = [
    "The council voted by two votes to keep the night ferry, seven months after it had scrapped the service.",
    "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm.",
    "The ferry carries about forty people a night, most of them nurses and bakers on their way to work.",
]


def facts(*lines: str) -> Facts:
    page = blocks("\n\n".join(lines))
    return facts_of_dump(page, zoned(page))


@pytest.mark.parametrize(
    ("above", "after", "expected"),
    [
        (
            [f"date 2023-11-08  {HEADLINE} : The Tarn Post"],
            [],
            {"site": "The Tarn Post", "published": "2023-11-08"},
        ),
        ([f"The Tarn Post | {HEADLINE}"], [], {"site": "The Tarn Post"}),
        (["THE TARN POST", "News"], ["The Tarn Post, Quay Street, Tarn"], {"site": "The Tarn Post"}),
        (["Skip to content"], ["© 2024 The Tarn Post. All rights reserved."], {"site": "The Tarn Post"}),
        (["Skip to content"], [], {"site": None}),
        ([], ["© 2024 Associated Press. All rights reserved."], {"site": None, "agency": "AP"}),
        (["Tuesday 27 February 2024", "News"], [], {"published": "2024-02-27"}),
    ],
)
def test_what_stands_above_the_headline_and_below_the_body(
    above: list[str], after: list[str], expected: dict[str, Any]
) -> None:
    found = facts(*above, HEADLINE, *BODY, *after)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (["By Ottilie Frame, council reporter", "Updated: 28 February 2024", "Published: 27 February 2024"],
         {"author": "Ottilie Frame", "published": "2024-02-27"}),
        (["Ottilie Frame", "Council reporter"], {"author": "Ottilie Frame"}),
        (["27.02.2024 | Ottilie Frame | frame@tarnpost.example"],
         {"author": "Ottilie Frame", "published": "2024-02-27"}),
        (["By The Associated Press"], {"author": None, "agency": "AP"}),
        (["The ferry at Tarn pier. Reuters", "AP", "Tarn, November 8"], {"agency": "AP", "published": None}),
        (["The ferry at Tarn pier. Reuters"], {"agency": None}),
    ],
)  # fmt: skip
def test_what_stands_between_headline_and_body(between: list[str], expected: dict[str, Any]) -> None:
    found = facts(HEADLINE, *between, *BODY)
    assert {name: getattr(found, name) for name in expected} == expected


def test_the_dateline_of_the_body_names_the_agency() -> None:
    assert facts(HEADLINE, "TARN (CPA) — " + BODY[0], *BODY[1:]).agency == "CPA"


def test_credits_after_the_body_name_the_agency_by_their_manner() -> None:
    assert facts(HEADLINE, *BODY, "(Reporting by Una Prior; editing by Cass Lindqvist)").agency == "Reuters"
    assert facts(HEADLINE, *BODY, "(Reporting by the Tarn Post staff)").agency is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ottilie Frame", "Ottilie Frame"),
        ("By Ottilie Frame | Tarn Post", "Ottilie Frame"),
        ("Von Jule Brandt und Olav Reim", "Jule Brandt und Olav Reim"),
        ("By Ottilie Frame on Monday, November 18th, 2019", "Ottilie Frame"),
        ("By the time the boat came, it was dark", None),
        ("Ottilie Frame", None),
    ],
)
def test_the_name_in_a_byline(line: str, name: str | None) -> None:
    assert name_in_byline(line) == name


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Ferry saved - The Tarn Post", "The Tarn Post", "Ferry saved"),
        (
            "The Tarn Post | Ferry saved: a night in the council",
            "The Tarn Post",
            "Ferry saved: a night in the council",
        ),
        ("Ferry - not bridge - saved | Tarn", "The Tarn Post", "Ferry - not bridge - saved | Tarn"),
        ("Ferry saved", None, "Ferry saved"),
        ("Tarn | Tarn", "Tarn", "Tarn | Tarn"),
    ],
)
def test_the_title_without_the_site(title: str, site: str | None, headline: str) -> None:
    assert without_site(title, site) == headline
