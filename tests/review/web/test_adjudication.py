"""What waits for a ruling, and how an adjudicator finds it."""

from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Page, expect

from builder.records import Span
from builder.review.accounts import actor_named
from builder.review.campaigns import campaign_by_name
from builder.review.entering import rule, skip, submit, undo
from builder.review.history import entries_on
from builder.review.items import ArticleAnswer, Claim, MissedQuotation, SpeakerName
from builder.review.queue import claim
from builder.review.store import Store
from builder.review.web.adjudication_pages import waiting
from tests.review.web import sample
from tests.review.web.conftest import Served

CAMPAIGN = f"/campaigns/{sample.CAMPAIGN}"
SAME: dict[str, str | None] = {"bridge": "favor", "council": None}


def held_by(store: Store, name: str) -> Claim:
    handed_out = claim(store, actor_named(store, name), sample.CAMPAIGN)
    assert handed_out is not None
    return handed_out


def flag(store: Store, name: str) -> int:
    held = held_by(store, name)
    answered = sample.answer(held.item, SAME)
    submit(store, actor_named(store, name), held.lease.token, answered, note="Is this satire?", flagged=True)
    return held.item.id


def give_up(store: Store, name: str) -> int:
    held = held_by(store, name)
    skip(store, actor_named(store, name), held.lease.token, "I know her")
    return held.item.id


def listed(store: Store) -> dict[int, tuple[bool, bool]]:
    """The items that wait, each with whether it is flagged and whether it is skipped."""
    campaign = campaign_by_name(store, sample.CAMPAIGN)
    return {one.item: (one.is_flagged, one.is_skipped) for one in waiting(store, campaign)}


def test_what_was_flagged_or_only_skipped_waits_as_what_people_differ_on_does(store: Store) -> None:
    sample.people(store)
    sample.fill(store, sample.campaign(store, overlap=2), sample.quotations(4))
    for name, label in (("ines", "favor"), ("jonas", "against")):
        sample.answer_one(store, name, SAME | {"bridge": label})
    assert listed(store) == {1: (False, False)}
    assert flag(store, "ines") == 2
    assert give_up(store, "ines") == 3
    sample.answer_one(store, "ines", SAME)
    assert listed(store) == {1: (False, False), 2: (True, False), 3: (False, True)}
    # An answer of somebody else is one, whoever skipped it; that agrees with another leaves the flag.
    for _ in range(3):
        sample.answer_one(store, "jonas", SAME)
    assert listed(store) == {1: (False, False), 2: (True, False)}


def test_of_a_whole_article_only_what_people_differ_on_is_left_to_decide(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    one = sample.article()
    second = replace(one.found[0], key="q-second", content=(Span(0, len("Marsh End")),))
    server = served([replace(one, found=(*one.found, second))], overlap=2)
    text = sample.PASSAGES[0].text
    reed, vahl = (
        MissedQuotation((Span(at, at + len(words)),), (), (), SpeakerName(name, "person"))
        for words, name in (("“a monument with a toll booth”", "Tomas Reed"), ("optimistic", "Imke Vahl"))
        for at in [text.index(words)]
    )
    for name, is_one, missed in (("ines", True, (reed,)), ("jonas", False, (reed, vahl))):
        held = held_by(server.store, name)
        said = ArticleAnswer({"q-found": True, "q-second": is_one}, missed)
        submit(server.store, actor_named(server.store, name), held.lease.token, said)
    page = visit(server, "mara", f"{CAMPAIGN}/adjudicate/1")
    expect(page.locator(".facts .differs")).to_have_count(4)  # one quotation and what was missed, of each
    judged = page.locator("[data-question=found]")
    expect(judged.nth(0).get_by_role("radio", name="A quotation")).to_be_checked()
    expect(judged.nth(1).locator("input:checked")).to_have_count(0)
    marked = page.locator("[data-question=missed] .words")
    expect(marked).to_have_text("“a monument with a toll booth”")
    # Whose answer is taken over, that is the answer, and no mark of another's stays.
    page.get_by_role("button", name="Take this answer of jonas").click()
    expect(marked).to_have_count(2)
    page.get_by_role("button", name="Take this answer of ines").click()
    expect(marked).to_have_count(1)
    page.locator("#reason").fill("Marsh End is a town.")
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("There is nothing to settle.")).to_be_visible()
    assert entries_on(server.store, 1)[1][-1].content == ArticleAnswer(
        {"q-found": True, "q-second": True}, (reed,)
    )


def test_a_flag_or_a_skip_that_was_undone_does_not_wait_any_more(store: Store) -> None:
    sample.people(store)
    sample.fill(store, sample.campaign(store), sample.quotations(2))
    for done in (flag, give_up):
        number = done(store, "ines")
        assert list(listed(store)) == [number]
        undo(store, actor_named(store, "ines"), sample.CAMPAIGN)
        assert listed(store) == {}


def test_a_ruling_settles_what_was_flagged_or_skipped(store: Store) -> None:
    sample.people(store)
    sample.fill(store, sample.campaign(store), sample.quotations(2))
    numbers = [flag(store, "ines"), give_up(store, "ines")]
    items = {one.item.id: one.item for one in [held_by(store, "jonas")]}
    assert list(listed(store)) == numbers
    (item,) = items.values()
    for number in numbers:
        rule(store, actor_named(store, "mara"), number, sample.answer(item, SAME), "as it stands")
    assert listed(store) == {}


def test_an_adjudicator_reads_why_it_was_flagged_or_skipped_and_settles_it(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served(sample.quotations(2))
    flag(server.store, "ines")
    give_up(server.store, "ines")
    page = visit(server, "mara", f"{CAMPAIGN}/adjudicate")
    rows = page.locator("tbody tr")
    expect(rows.nth(0).locator(".pill")).to_have_text("flagged")
    expect(rows.nth(1).locator(".pill")).to_have_text("skipped")
    rows.nth(0).get_by_role("link").click()
    expect(page.locator(".given")).to_contain_text("Is this satire?")
    page.get_by_role("button", name="Take this answer of ines").click()
    page.locator("#reason").fill("It is none.")
    page.get_by_role("button", name="Settle it").click()
    # The next that waits comes at once: what was only skipped, with nothing agreed on.
    expect(page.locator(".given")).to_contain_text("I know her")
    expect(page.get_by_role("heading", name="ines skipped")).to_be_visible()
    page.keyboard.press("x")
    page.locator("#reason").fill("A headline.")
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("There is nothing to settle.")).to_be_visible()
