import pytest

from builder.ingest.blocks import block_of, blocks
from builder.ingest.prose import Kind, best_run, inside, kind_of, read_blocks

ARTICLE = [
    "The council voted by two votes to keep the night ferry, seven months after it had scrapped the service.",
    "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm.",
    "The ferry carries about forty people a night, most of them nurses and bakers on their way to work.",
    "Councillor Bertil Quast called the vote “a victory of tears over arithmetic” and left the room.",
    "The operator said that it had kept the crew, and that the first boat would sail on Friday night.",
]
MENU = ["Home", "News", "Sport", "The Lake"]


def body(lines: list[str]) -> list[str]:
    page = blocks("\n\n".join(lines))
    readings = read_blocks(page)
    run = best_run(readings)
    return [page[number].words for number, own in zip(run, inside(readings, run), strict=True) if own]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (ARTICLE[0], "prose"),
        ("„Aber wer nicht mit uns redet, der bekommt ihn“", "prose"),  # no full stop
        ("「建物の安全をもう一度確かめたい。急いで壊す理由はない」と述べた", "prose"),
        ("प्रधानमंत्री ने सोमवार को कहा कि “हम पुल बनाएंगे” और काम शुरू होगा।", "prose"),
        ("Objection, he said.", "sentence"),
        ("What happens next", "short"),
        ("• Ten-day revolt ends", "item"),
        ("Sport", "tiny"),
        ("The dates are:", "lead"),
        ("Prime Minister says he will do whatever he can to ensu...", "teaser"),
        ("Most read in news", "section"),
        ("By Runa Tesker", "byline"),
        ("(Reporting by Una Prior; editing by Cass Lindqvist)", "credit"),
        ("© 2024 The Post. All rights reserved.", "notice"),
        ("thelastfan says:", "post"),
        ("Sources:", "references"),
    ],
)
def test_a_line_reads_as(line: str, kind: Kind) -> None:
    assert [reading.kind for reading in read_blocks([block_of(line)])] == [kind]


def test_a_line_reads_the_same_by_itself_but_for_what_the_page_repeats() -> None:
    assert [kind_of(block_of(line)) for line in [*ARTICLE, "Sport", "By Runa Tesker"]] == [
        *["prose"] * len(ARTICLE),
        "tiny",
        "byline",
    ]


def test_the_best_run_is_the_article() -> None:
    assert body([*MENU, "Council keeps the ferry", *ARTICLE, "Most read", *MENU]) == ARTICLE


def test_an_article_of_one_paragraph_is_found() -> None:
    assert body([*MENU, ARTICLE[0], *MENU]) == [ARTICLE[0]]


def test_captions_notices_and_pointers_inside_are_left_out_and_headings_kept() -> None:
    inserted = [
        ARTICLE[0],
        "The ferry at Tarn pier. Photo: Ana Quist",
        ARTICLE[1],
        "What happens next",
        ARTICLE[2],
        "Related",
        "Bridge plans sink again",
        "Swan bites man",
        ARTICLE[3],
        "© 2024 The Post",
        ARTICLE[4],
    ]
    assert body(inserted) == [*ARTICLE[:2], "What happens next", *ARTICLE[2:]]


def test_what_is_said_twice_at_once_describes_an_image() -> None:
    caption = "A man in a yellow coat waves from the deck of the night ferry"
    assert body([ARTICLE[0], caption, f"1 of 4 {caption}", *ARTICLE[1:]]) == ARTICLE


def test_readers_comments_do_not_outweigh_the_article() -> None:
    comments = [
        f"I think that {name} has said all that there is to say on boats, and well." for name in "ABCDEFGHIJ"
    ]
    assert body([*ARTICLE, "Comments (10)", *comments]) == ARTICLE


def test_a_headline_that_quotes_does_not_hang_on_to_the_end() -> None:
    assert (
        body([*ARTICLE, "Next story", "“We only wanted to borrow it,” say youths in pedalo case"]) == ARTICLE
    )


def test_nothing_is_best_where_nothing_is_prose() -> None:
    assert body([*MENU, *MENU]) == []
