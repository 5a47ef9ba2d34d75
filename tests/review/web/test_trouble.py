"""Nothing that was entered is lost, whatever goes wrong on the way."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import update

from builder.review.accounts import actor_named
from builder.review.history import entries_on
from builder.review.items import QuotationAnswer
from builder.review.queue import claim
from builder.review.tables import assignment, session
from tests.review.web import sample
from tests.review.web.conftest import Served

REVIEW = f"/campaigns/{sample.CAMPAIGN}/review"
ALERT = "#trouble"


def stances_of(server: Served, number: int = 1) -> list[tuple[str, object]]:
    return [
        (entry.kind, entry.content.stances["council"])
        for entry in entries_on(server.store, number)[1]
        if isinstance(entry.content, QuotationAnswer)
    ]


def test_an_answer_that_does_not_arrive_stays_and_can_be_sent_again(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(2))
    page = visit(server, "ines", REVIEW)
    page.keyboard.press("2")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator(ALERT)).to_contain_text("The server cannot be reached.")
    expect(page.locator(ALERT)).to_contain_text("Nothing was saved. What you entered is still here.")
    expect(page.locator("input[name='stance:council']:checked")).to_have_value("against")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[1].headline)
    assert stances_of(server) == [("answer", "against")]


def test_undo_passes_over_what_others_have_and_says_so(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(3))
    page = visit(server, "ines", REVIEW)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[1].headline)
    page.keyboard.press("s")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[2].headline)
    sample.answer_one(server.store, "jonas", {"bridge": "favor", "council": "neutral"})
    page.keyboard.press("u")
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[0].headline)
    expect(page.locator(ALERT)).to_contain_text("The item that you skipped last was given to others since.")


def test_an_answer_whose_receipt_is_lost_is_entered_once(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(2))
    page = visit(server, "ines", REVIEW)

    def lose_the_receipt(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined] # the server has the answer
        route.abort()  # type: ignore[attr-defined] # and nobody hears of it

    page.route("**/api/submit", lose_the_receipt, times=1)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[1].headline)
    assert stances_of(server) == [("answer", "against")]


def test_an_answer_after_the_lease_is_kept_and_comes_back(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(1))
    page = visit(server, "ines", REVIEW)
    with server.store.writing() as connection:
        connection.execute(update(assignment).values(expires_at=time.time() - 60))
    # Somebody else asks for an item, whereby the lease that ran out is ended, and gives it back.
    jonas = visit(server, "jonas", REVIEW)
    expect(jonas.locator("#headline")).to_have_text(sample.PASSAGES[0].headline)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(ALERT)).to_contain_text("what you sent is kept")
    assert stances_of(server) == [("late", "against")]
    jonas.get_by_role("button", name="Log out").click()
    jonas.wait_for_url("**/login")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator(ALERT)).to_be_empty()
    expect(page.locator("input[name='stance:council']:checked")).to_have_value("against")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    assert stances_of(server) == [("late", "against"), ("answer", "against")]


def test_a_session_that_ended_costs_nothing(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(2))
    page = visit(server, "ines", REVIEW)
    with server.store.writing() as connection:
        connection.execute(update(session).values(revoked_at=time.time()))
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(ALERT)).to_contain_text("Log in in another tab, then try again.")
    # In another tab, which leads to another session with another token against forgery.
    tab = page.context.new_page()
    tab.goto("/login")
    tab.get_by_label("Name").fill("ines")
    tab.get_by_label("Password").fill(sample.PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[1].headline)
    assert stances_of(server) == [("answer", "against")]


def test_what_was_entered_outlives_a_reload(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(served(sample.quotations(1)), "ines", REVIEW)
    for key in ("k", "2", "2", "n"):
        page.keyboard.press(key)
    page.keyboard.type("He means the ferry.")
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("He means the ferry.")
    expect(page.locator("input[name='stance:bridge']:checked")).to_have_value("against")
    expect(page.locator("input[name='stance:council']:checked")).to_have_value("against")


def test_a_question_without_an_answer_is_asked_again(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(1))
    page = visit(server, "ines", REVIEW)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text(sample.COUNCIL.name)
    expect(page.locator("input[name='stance:council']").first).to_be_focused()
    assert stances_of(server) == []


def test_a_hidden_suggestion_is_not_in_the_page(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(1), hidden_share=1.0)
    page = visit(server, "ines", REVIEW)
    expect(page.locator("#passage mark.content")).to_be_visible()
    assert page.locator("#answer input:checked").count() == 0
    assert "suggested" not in page.locator("#answer").inner_text()
    handed_out = claim(server.store, actor_named(server.store, "ines"), sample.CAMPAIGN)
    assert handed_out is not None and handed_out.item.hidden
    assert "0.35" not in page.content()
