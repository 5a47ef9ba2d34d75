"""Coming, going, and what an administrator does, by the pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from builder.review.accounts import accounts
from tests.review.web import sample
from tests.review.web.conftest import Served

CAMPAIGN = f"/campaigns/{sample.CAMPAIGN}"


def log_in(page: Page, name: str, password: str = sample.PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    "elsewhere", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"]
)
def test_one_comes_to_the_page_that_one_asked_for_and_never_elsewhere(
    served: Callable[..., Served], visit: Callable[..., Page], elsewhere: str
) -> None:
    server = served(sample.quotations(1))
    page = visit(server, None, f"{CAMPAIGN}/mine")
    log_in(page, "ines")
    expect(page).to_have_url(f"{server.address}{CAMPAIGN}/mine")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"/login?next={elsewhere}")
    log_in(page, "ines")
    expect(page).to_have_url(f"{server.address}/")


def test_a_wrong_password_is_told(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served([]), None, "/login")
    log_in(page, "ines", "not the password")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value("ines")


def test_an_invitation_makes_an_account(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served([])
    page = visit(server, "root", "/people")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator("code").inner_text()
    guest = visit(server, None, link)
    log_in(guest, "nadia", "the tide tables of 1911")
    expect(guest.get_by_role("link", name="Account of nadia")).to_be_visible()
    again = visit(server, None, link)
    log_in(again, "another", "the tide tables of 1912")
    expect(again.get_by_role("alert")).to_contain_text("no such invitation")


def test_an_account_is_added_and_ended(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served([])
    page = visit(server, "root", "/people")
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill("nadia")
    form.get_by_label("First password").fill("the tide tables of 1911")
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("nadia can log in now.")
    page.get_by_role("button", name="Deactivate nadia").click()
    expect(page.get_by_role("status")).to_have_text("nadia cannot log in any more.")
    assert [one.active for one in accounts(server.store) if one.name == "nadia"] == [False]
    page.get_by_role("button", name="Reactivate nadia").click()
    expect(page.get_by_role("status")).to_have_text("nadia can log in again.")
    page.get_by_label("Role of nadia").select_option("adjudicator")
    page.get_by_role("button", name="Change the role of nadia").click()
    expect(page.get_by_role("status")).to_have_text("nadia is an adjudicator now.")
    found = [(one.active, one.role) for one in accounts(server.store) if one.name == "nadia"]
    assert found == [(True, "adjudicator")]
    page.goto("/log")
    expect(page.get_by_role("row", name="deactivate nadia")).to_be_visible()
    expect(page.get_by_role("row", name="reactivate nadia")).to_be_visible()
    expect(page.get_by_role("row", name="set role nadia")).to_be_visible()


def test_a_lease_is_released_and_a_campaign_closed(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(1))
    annotator = visit(server, "ines", f"{CAMPAIGN}/review")
    page = visit(server, "root", CAMPAIGN)
    page.get_by_role("button", name="Release the item of ines").click()
    expect(page.get_by_text("Nobody holds an item just now.")).to_be_visible()
    page.get_by_role("button", name="Close the campaign").click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
    annotator.reload()
    expect(annotator.get_by_role("heading", name="This campaign is closed")).to_be_visible()
    page.get_by_role("button", name="Open it again").click()
    annotator.reload()
    expect(annotator.locator("#headline")).to_have_text(sample.PASSAGES[0].headline)


def test_an_annotator_sees_their_own_row_and_answers_alone(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(2), overlap=2)
    for name in ("ines", "jonas"):
        sample.answer_one(server.store, name, {"bridge": "favor", "council": "neutral"})
    page = visit(server, "ines", CAMPAIGN)
    expect(page.get_by_role("rowheader")).to_have_text(["ines"])
    page.goto(f"{CAMPAIGN}/mine")
    expect(page.get_by_role("row")).to_have_count(2)
    page.goto(f"{CAMPAIGN}/adjudicate")
    expect(page.get_by_role("heading", name="Not for you")).to_be_visible()


def test_an_earlier_answer_is_taken_up_again(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(3))
    for label in ("against", "neutral"):
        sample.answer_one(server.store, "ines", {"bridge": "favor", "council": label})
    page = visit(server, "ines", f"{CAMPAIGN}/mine")
    page.get_by_role("button", name="Change").last.click()
    expect(page.locator("#headline")).to_have_text(sample.PASSAGES[0].headline)
    expect(page.locator("input[name='stance:council']:checked")).to_have_value("against")


def test_a_token_is_shown_once(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served([]), "ines", "/account")
    page.get_by_label("What is it for?").fill("nightly figures")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator("code").inner_text()
    page.goto("/account")
    expect(page.get_by_role("rowheader", name="nightly figures")).to_be_visible()
    assert token not in page.content()
    page.get_by_role("button", name="Revoke nightly figures").click()
    expect(page.get_by_role("rowheader", name="nightly figures")).to_have_count(0)


def test_a_password_is_changed_by_who_knows_it(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(served([]), "ines", "/account")
    page.get_by_label("Present password").fill("not the password")
    page.get_by_label("New password").fill("the tide tables of 1911")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_have_text("The present password is wrong.")
    page.get_by_label("Present password").fill(sample.PASSWORD)
    page.get_by_label("New password").fill("the tide tables of 1911")
    page.get_by_role("button", name="Change the password").click()
    log_in(page, "ines", "the tide tables of 1911")
    expect(page.get_by_role("link", name="Account of ines")).to_be_visible()
