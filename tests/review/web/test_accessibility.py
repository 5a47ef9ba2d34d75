"""Every page in every state holds to WCAG, levels A and AA, as far as axe-core can tell; light and dark."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from builder.review.accounts import actor_named
from builder.review.entering import submit
from builder.review.items import ArticleAnswer
from builder.review.queue import claim
from tests.review.web import sample
from tests.review.web.conftest import Served

CAMPAIGN = f"/campaigns/{sample.CAMPAIGN}"
LEVELS = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"}
NARROW = 360

ANNOTATOR = ("/", f"{CAMPAIGN}/review", f"{CAMPAIGN}/mine", CAMPAIGN, "/account", "/people", "/nowhere")
ADMINISTRATOR = (CAMPAIGN, f"{CAMPAIGN}/adjudicate", f"{CAMPAIGN}/adjudicate/1", "/people", "/log")
# What opens something on the item page, and what is there then.
STATES = {
    "b": "[role=slider]",
    "h": "#guidelines",
    "?": "#help",
    "s": "#skip",
    "x": "[aria-pressed=true]",
    "p": ":focus",
}


@pytest.fixture
def busy(served: Callable[..., Served]) -> Served:
    """A campaign in which there is something on every page: answers, disagreements, an item left, a lease."""
    server = served(sample.quotations(6), overlap=2, hidden_share=0.5)
    for name, label in (("ines", "favor"), ("jonas", "against"), ("ines", None), ("jonas", None)):
        sample.answer_one(server.store, name, {"bridge": "favor", "council": label})
    return server


def violations(page: Page) -> list[str]:
    """What breaks a rule of level A or AA, and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {rule['id']}: {node['html']}"
        for rule in found
        if LEVELS & set(rule["tags"])
        for node in rule["nodes"]
    ]


def states(page: Page) -> Iterator[Page]:
    """The item page as it is, and with everything that can be opened on it."""
    yield page
    for key, opened in STATES.items():
        page.keyboard.press(key)
        expect(page.locator(opened).first).to_be_visible()
        yield page
        page.keyboard.press("x" if key == "x" else "Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule(busy: Served, visit: Callable[..., Page], scheme: str) -> None:
    found: list[str] = []
    stranger = visit(busy, None, "/login", scheme=scheme)
    found += violations(stranger)
    stranger.goto("/invitation?token=x")
    found += violations(stranger)
    for name, paths in (("ines", ANNOTATOR), ("root", ADMINISTRATOR)):
        page = visit(busy, name, "/", scheme=scheme)
        for path in paths:
            page.goto(path)
            for state in states(page) if path.endswith("/review") else [page]:
                found += violations(state)
    assert found == []


@pytest.mark.parametrize("kind", ["article", "nothing left"])
def test_other_items_break_no_rule(
    served: Callable[..., Served], visit: Callable[..., Page], kind: str
) -> None:
    page = visit(served([sample.article()] if kind == "article" else []), "ines", f"{CAMPAIGN}/review")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


def test_what_people_differ_on_in_a_whole_article_breaks_no_rule(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served([sample.article()], overlap=2)
    for name, is_one in (("ines", True), ("jonas", False)):
        actor = actor_named(server.store, name)
        held = claim(server.store, actor, sample.CAMPAIGN)
        assert held is not None
        submit(server.store, actor, held.lease.token, ArticleAnswer({"q-found": is_one}))
    page = visit(server, "mara", f"{CAMPAIGN}/adjudicate/1", width=NARROW)
    expect(page.locator("[data-question=found]")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_a_telephone_shows_every_page_without_scrolling_sideways(
    busy: Served, visit: Callable[..., Page]
) -> None:
    page = visit(busy, "root", "/", width=NARROW)
    for path in dict.fromkeys((*ANNOTATOR, *ADMINISTRATOR)):
        page.goto(path)
        for state in states(page) if path.endswith("/review") else [page]:
            assert state.evaluate("document.documentElement.scrollWidth") <= NARROW, path


def test_colours_are_ones_own(busy: Served, visit: Callable[..., Page]) -> None:
    page = visit(busy, "ines", "/")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    for _ in range(2):  # from the system's to light, and on to dark
        page.get_by_role("button", name="Colours").click()
        page.wait_for_load_state()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(colour) != light


def test_a_new_item_is_told_to_those_who_hear_the_page(busy: Served, visit: Callable[..., Page]) -> None:
    page = visit(busy, "mara", f"{CAMPAIGN}/review")
    expect(page.locator("#live")).to_contain_text("Quotation: ")
    page.keyboard.press("f")
    expect(page.locator("#live")).to_have_text("Flagged. The note can say why.")
