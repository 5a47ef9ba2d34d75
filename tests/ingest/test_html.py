import pytest

from builder.ingest.draft import Unusable
from builder.ingest.html import DEEPEST, MOST_TAGS, Page, extract_page
from builder.records import RejectReason

PARAGRAPHS = [
    "The night ferry across Lake Tarn will keep running, the district council decided on Tuesday evening.",
    "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm.",
    "The ferry carries about forty people a night, most of them nurses and bakers on their way to work.",
    "The operator said that it had kept the crew, and that the first boat would sail on Friday night.",
]


def page(head: str = "", before: str = "", after: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"<html><head>{head}</head><body>{before}<article>{text}</article>{after}</body></html>"


def extracted(html: str) -> Page:
    return extract_page(html, None)


def test_both_libraries_give_their_lines() -> None:
    found = extracted(page(before="<nav><a href='/'>Home</a></nav>"))
    assert list(found.lines) == PARAGRAPHS
    assert list(found.second) == PARAGRAPHS


def test_metadata_of_the_head() -> None:
    found = extracted(
        page(
            '<title>Ferry saved | The Tarn Post</title><link rel="canonical" href="https://tarn.example/ferry">'
            '<meta property="og:title" content="Ferry saved">'
            '<meta property="og:site_name" content="The Tarn Post">'
            '<meta name="description" content="A mayor&#39;s change of mind">'
            '<meta name="author" content="Ottilie Frame">'
            '<meta name="keywords" content="ferry, council, ferry"><meta property="article:published_time" '
            'content="2024-02-27T19:05:00+01:00">'
        )
    )
    assert (found.title, found.site, found.author) == ("Ferry saved", "The Tarn Post", "Ottilie Frame")
    assert (found.published, found.url) == ("2024-02-27", "https://tarn.example/ferry")
    assert (found.description, found.tags) == ("A mayor's change of mind", ("ferry", "council"))


def test_the_date_does_not_depend_on_today() -> None:
    assert extracted(page(before="<p class='date'>2 hours ago</p>")).published is None


@pytest.mark.parametrize(
    "data",
    [
        "{not json",
        '{"@graph": [{"@type": [[]], "author": 5, "headline": {"a": 1}}]}',
        '{"@type": "NewsArticle", "author": {"name": [null, {"x": []}]}, "datePublished": {}}',
    ],
)
def test_broken_data_in_the_page_do_not_lose_the_article(data: str) -> None:
    assert list(extracted(page(f'<script type="application/ld+json">{data}</script>')).lines) == PARAGRAPHS


@pytest.mark.parametrize(
    "code",
    [
        "<script>document.write('<p>“Not part of it,” said the script.</p>')</script>",
        "<style>p::after { content: '“styled”' }</style>",
        "<svg><text>“drawn”</text></svg>",
        "<script src='x.js'></script ><script async>var a = '</p>';</script>",
    ],
)
def test_code_is_no_text(code: str) -> None:
    found = extracted(page(before=code, after=code))
    assert (list(found.lines), list(found.second)) == (PARAGRAPHS, PARAGRAPHS)


def test_captions_of_the_main_part_and_first_level_headings() -> None:
    figure = "<figure><img src='a.jpg'><figcaption>{}</figcaption></figure>"
    found = extracted(
        page(
            before=f"<h1>Ferry saved</h1>{figure.format('The <b>ferry</b> at dusk')}",
            after=f"<aside>{figure.format('A swan')}</aside>",
        )
    )
    assert (found.captions, found.headlines) == (("The ferry at dusk",), ("Ferry saved",))


@pytest.mark.parametrize(
    "html", ["", "no markup at all", "<div><p>one</p></div>", "<<<>>>", "<html></html>", "<p", "&"]
)
def test_what_is_hardly_a_page_is_read_as_far_as_it_goes(html: str) -> None:
    assert isinstance(extracted(html), Page)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<html><body>" + "<p>a</p>" * (MOST_TAGS + 1), id="many"),
        pytest.param("<html><body>" + "<div>" * (DEEPEST + 1) + "a", id="deep"),
        pytest.param("<html><body><p>" + "<b>" * 50_000 + "a", id="deep and never closed"),
    ],
)
def test_markup_beyond_all_measure_is_refused(html: str) -> None:
    with pytest.raises(Unusable) as caught:
        extracted(html)
    assert caught.value.reason == RejectReason.TOO_COMPLEX


def test_scripts_that_are_never_closed_cost_one_look() -> None:
    assert extracted(page(before="<script>" * 20_000)).captions == ()
