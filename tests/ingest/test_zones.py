import pytest

from builder.ingest.blocks import blocks
from builder.ingest.zones import Zoned, zoned
from builder.records import ZoneLabel

HEADLINE = "Council keeps the night ferry after all"
BODY = [
    "The council voted by two votes to keep the night ferry, seven months after it had scrapped the service.",
    "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm.",
    "The ferry carries about forty people a night, most of them nurses and bakers on their way to work.",
]


def zones(*lines: str, title: str | None = None) -> Zoned:
    return zoned(blocks("\n\n".join(lines)), title)


def labelled(*lines: str, title: str | None = None) -> list[tuple[ZoneLabel, str]]:
    return list(zip(zones(*lines, title=title).labels, lines, strict=True))


def test_the_parts_of_a_page_get_their_labels() -> None:
    expected: list[tuple[ZoneLabel, str]] = [
        ("boilerplate", f"{HEADLINE} : The Tarn Post"),
        ("boilerplate", "• World"),
        ("boilerplate", f"• {HEADLINE}"),
        ("title", HEADLINE),
        ("standfirst", "A vote that nobody expected, and a mayor who changed her mind"),
        ("title", HEADLINE),
        ("caption", "The ferry at Tarn pier on Monday, November 8, 2023. Reuters"),
        ("dateline", "AP"),
        ("dateline", "Tarn, November 8"),
        ("body", BODY[0]),
        ("caption", "Nurses wait for the boat. Photo: Ana Quist"),
        ("body", BODY[1]),
        ("boilerplate", "Also read: Bridge plans sink again"),
        ("body", BODY[2]),
        ("tags", "#Tarn #Ferries #Greta Holm"),
        ("boilerplate", "Most read"),
        ("boilerplate", "“It bit me first,” says man in swan case"),
    ]
    assert labelled(*(line for _, line in expected)) == expected


@pytest.mark.parametrize(
    "above",
    [
        [HEADLINE],
        ["Home", "News", HEADLINE, "By Ottilie Frame", "27 February 2024"],
        ["The Tarn Post", "Sport", HEADLINE, "A mayor changes her mind about boats", "By Ottilie Frame"],
        [f"{HEADLINE} | The Tarn Post", "Skip to main content", HEADLINE],
        [HEADLINE, "The mayor before the vote in the council. Handout/Tarn Council"],
    ],
)
def test_the_headline_is_found_by_what_the_body_says(above: list[str]) -> None:
    assert zones(*above, *BODY).headline == HEADLINE


@pytest.mark.parametrize("above", [[], ["Home", "News"], ["Copy link to this page", "Print this page"]])
def test_no_headline_is_made_of_buttons(above: list[str]) -> None:
    assert zones(*above, *BODY).headline is None


def test_a_known_headline_is_believed() -> None:
    found = zones("Ferry saved", "Something else entirely", *BODY, title="Ferry saved")
    assert (found.headline, found.labels[0]) == ("Ferry saved", "title")


def test_the_headline_is_not_body_where_it_stands_in_the_midst_of_it() -> None:
    labels = {line: label for label, line in labelled(HEADLINE, BODY[0], HEADLINE, *BODY[1:])}
    assert labels[HEADLINE] == "title"


def test_several_standfirst_lines_stop_at_the_byline() -> None:
    found = labelled(
        HEADLINE,
        "* A revolt of seven months ends",
        "* The mayor talks of having been wrong",
        "May 22, 2024 5:31 PM",
        *BODY,
    )
    assert [label for label, _ in found[:4]] == ["title", "standfirst", "standfirst", "dateline"]


@pytest.mark.parametrize(
    ("after", "labels"),
    [
        (["Tags: ferry, council"], ["tags"]),
        (
            ["Tags", "ferry", "council", "Most read news", "Sport"],
            ["tags", "tags", "tags", "boilerplate", "boilerplate"],
        ),
        (["Schlagwörter: Fähre, Rat"], ["tags"]),
        (["Comments", "Tags: not the article's"], ["boilerplate", "boilerplate"]),
    ],
)
def test_tags_stand_after_the_body(after: list[str], labels: list[ZoneLabel]) -> None:
    assert [label for label, _ in labelled(HEADLINE, *BODY, *after)[4:]] == labels


def test_a_last_paragraph_signed_by_an_agency_is_body_and_its_name_alone_is_not() -> None:
    signed = "The operator said that it had kept the crew, and that the boat would sail on Friday night. PTI"
    assert labelled(HEADLINE, *BODY, signed, "Most read")[-2] == ("body", signed)
    assert labelled(HEADLINE, *BODY, "PTI", "Most read")[-2] == ("dateline", "PTI")


def test_a_page_without_prose_is_boilerplate() -> None:
    found = zones("Home", "News", "Sport")
    assert set(found.labels) == {"boilerplate"}
    assert not found.run
