import pytest

from builder.ingest import signs


@pytest.mark.parametrize(
    "line", ["Comments", "12 comments", "Comments (214)", "Leave a reply", "Kommentare", "コメント"]
)
def test_comments_open(line: str) -> None:
    assert signs.opens_comments(line)


@pytest.mark.parametrize(
    "line", ["The palace declined to comment.", "Reply came there none, the clerk wrote."]
)
def test_sentences_about_comments_open_none(line: str) -> None:
    assert not signs.opens_comments(line)


@pytest.mark.parametrize(
    "line",
    [
        "Also read: 'We were not asked': mayors on diesel",
        "READ MORE: Bridge sinks again",
        "← Previous: Swans close Harbour Road",
        "Mehr zum Thema: Ein Kranführer erzählt",
        "Get the briefing: “all you need in five minutes”. Sign up here",
    ],
)
def test_pointers_elsewhere(line: str) -> None:
    assert signs.points_elsewhere(line)


@pytest.mark.parametrize(
    "line",
    [
        "A nurse prepares a dose. Photo: Ana Quist",
        "The president in Selm, May 3, 2023. Reuters",
        "Fans celebrate (AP Photo/Ana Quist)",
        "Rebels arrive at parliament. Getty Images",
        "AFP",
    ],
)
def test_credits_of_photographs(line: str) -> None:
    assert signs.is_photo(line)


@pytest.mark.parametrize(
    "line",
    [
        "SELM (AP) — The strike ended on Monday.",
        "A spokesman declined to comment on the pricing to Reuters.",
        "The photographs show a dog.",
    ],
)
def test_what_names_an_agency_or_photographs_otherwise_is_no_credit(line: str) -> None:
    assert not signs.is_photo(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Runa Tesker, parliamentary correspondent",
        "Published: 21 March 2024, 18:42 | Updated: 21 March 2024, 21:05",
        "November 20, 2019 / 1:07 AM",
        "14.06.2024 | Sten Arvid Moe | sten.moe@example.org",
        "sexta-feira, 22 de outubro de 2010 às 20:13",
        "2 hours ago, 14:05",
    ],
)
def test_bylines_and_times(line: str) -> None:
    assert signs.is_byline(line)


@pytest.mark.parametrize(
    "line",
    ["June 9 – West Harbour, Coral Sky Amphitheatre", "In 2019, nine people voted.", "Bylaws of the club"],
)
def test_lines_with_a_date_are_not_yet_bylines(line: str) -> None:
    assert not signs.is_byline(line)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Moscow, November 8", True),
        ("Port Selm, 3 May 2024 –", True),
        ("Santa Fe, N.M., May 3", True),
        ("On Monday, November 8 came early for the city", False),
        ("November 8", False),
    ],
)
def test_datelines_by_themselves(line: str, is_one: bool) -> None:
    assert signs.is_place_and_day(line) is is_one


def test_hash_tags_may_have_several_words() -> None:
    assert signs.is_hashtags("#China #Russia #Straits Accord")
    assert not signs.is_hashtags("We are #1 in the league")
