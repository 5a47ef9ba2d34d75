import pytest

from builder.ingest.draft import Draft
from builder.ingest.pages import read_page
from builder.records import ZoneLabel

HEADLINE = "Council keeps the night ferry after all"
PARAGRAPHS = [
    "The night ferry across Lake Tarn will keep running, the district council decided on Tuesday evening.",
    "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm.",
    "The ferry carries about forty people a night, most of them nurses and bakers on their way to work.",
    "The operator said that it had kept the crew, and that the first boat would sail on Friday night.",
]


def draft(
    head: str = "", top: str = f"<h1>{HEADLINE}</h1>", first: str = PARAGRAPHS[0], url: str | None = None
) -> Draft:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in [first, *PARAGRAPHS[1:]])
    return read_page(f"<html><head>{head}</head><body><article>{top}{text}</article></body></html>", url)


def parts(made: Draft, label: ZoneLabel) -> list[str]:
    return [made.text[zone.start : zone.end] for zone in made.zones if zone.label == label]


@pytest.mark.parametrize(
    "head",
    ["", f"<title>{HEADLINE} | Post</title>", f"<meta property='og:title' content='{HEADLINE} - Tarn Post'>"],
)
def test_the_headline_stands_in_the_text_once(head: str) -> None:
    made = draft(head)
    assert (made.facts.title, made.text.count(HEADLINE), parts(made, "title")) == (HEADLINE, 1, [HEADLINE])
    assert made.paragraphs() == PARAGRAPHS


def test_a_heading_under_the_headline_is_the_standfirst() -> None:
    standfirst = "A vote that nobody had expected in Tarn"
    made = draft(top=f"<h1>{HEADLINE}</h1><h2>{standfirst}</h2>")
    assert (parts(made, "standfirst"), made.paragraphs()) == ([standfirst], PARAGRAPHS)


@pytest.mark.parametrize(
    ("description", "standfirst"),
    [
        ("A vote that nobody had expected", ["A vote that nobody had expected"]),
        (PARAGRAPHS[0], []),  # stands in the body
        ("The night ferry across Lake Tarn will keep …", []),  # cut off
        (HEADLINE, []),
    ],
)
def test_else_the_description_is_if_it_says_something_new(description: str, standfirst: list[str]) -> None:
    assert parts(draft(f'<meta name="description" content="{description}">'), "standfirst") == standfirst


def test_every_part_has_a_paragraph_of_its_own() -> None:
    made = draft('<meta name="keywords" content="ferry, Tarn">')
    assert made.text == "\n\n".join([HEADLINE, *PARAGRAPHS, "ferry, Tarn"])
    assert parts(made, "tags") == ["ferry, Tarn"]


@pytest.mark.parametrize(
    ("canonical", "found_at", "address"),
    [
        (
            "https://www.tarn.example/ferry",
            "https://m.tarn.example/ferry?utm=1",
            "https://www.tarn.example/ferry",
        ),
        ("https://other.example/stolen", "https://tarn.example/ferry", "https://tarn.example/ferry"),
        ("https://tarn.example/ferry", None, "https://tarn.example/ferry"),
        (None, "https://tarn.example/ferry", "https://tarn.example/ferry"),
    ],
)
def test_the_canonical_address_counts_unless_it_is_another_sites(
    canonical: str | None, found_at: str | None, address: str
) -> None:
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    assert draft(head, url=found_at).facts.url == address


def test_the_agency_comes_from_the_text_and_not_from_the_picture() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>The ferry. Reuters</figcaption></figure>"
    top = f"<h1>{HEADLINE}</h1>{figure}"
    assert draft(top=top).facts.agency is None
    assert draft(top=top, first=f"TARN (AP) — {PARAGRAPHS[0]}").facts.agency == "AP"
    assert draft('<meta name="author" content="Associated Press">', top=top).facts.agency == "AP"


def test_mojibake_in_a_page_is_mended_in_both_opinions() -> None:
    made = draft(
        first="The mayorâ€™s â€œlast wordâ€\x9d on the ferry was not her last one, the council found."
    )
    assert made.paragraphs()[0].startswith("The mayor’s “last word” on the ferry")


def test_a_page_without_an_article_has_no_text() -> None:
    made = read_page("<html><body><nav><a href='/'>Home</a></nav></body></html>", None)
    assert made.paragraphs() == [] or made.paragraphs() == ["Home"]


def test_the_extractor_says_how_far_the_opinions_agree() -> None:
    assert draft().extractor.endswith("; agreement 1.00")
    assert draft().extractor.startswith("trafilatura ")
