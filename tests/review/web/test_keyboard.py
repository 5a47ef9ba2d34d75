"""A session of twenty items, with nothing but the keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import update

from builder.records import Span
from builder.review.history import entries_on
from builder.review.items import Boundaries, Entry, QuotationAnswer, SpeakerName
from builder.review.tables import item
from tests.review.web import sample
from tests.review.web.conftest import Served

REVIEW = f"/campaigns/{sample.CAMPAIGN}/review"
ITEMS = 20


def headline_of(index: int) -> str:
    return sample.PASSAGES[index % len(sample.PASSAGES)].headline


def answer_of(entry: Entry) -> QuotationAnswer:
    assert isinstance(entry.content, QuotationAnswer)
    return entry.content


def press(page: Page, key: str) -> None:
    """Presses a key, types letters (TYPE-…), or waits for an item (ITEM-…) or the boundaries' EDITOR."""
    what, _, rest = key.partition("-")
    if what == "TYPE":
        page.keyboard.type(rest)
    elif what == "ITEM":
        expect_item(page, int(rest))
    elif what == "EDITOR":
        expect(page.get_by_role("slider", name="Start of quotation")).to_be_focused()
    else:
        page.keyboard.press(key)


def expect_item(page: Page, index: int) -> None:
    expect(page.locator("#headline")).to_have_text(headline_of(index))
    expect(page.locator("#accept")).to_be_enabled()


# What is pressed on each item of the session, and what it means; the others get "1" and Enter.
SESSION = {
    # The speaker and the first stance are as suggested, the second stance is asked for.
    0: "3 Enter",
    # The quotation begins a word later and ends a letter earlier; then both stances.
    1: "b EDITOR ArrowRight Tab Shift+ArrowLeft Enter j 2 2 Enter",
    2: "1 Enter",
    # The one before is undone, and answered otherwise; this one is then flagged, with a note.
    3: "u ITEM-2 j 2 Enter ITEM-3 0 f n TYPE-Why? Escape Enter",
    # Skipped with the second reason.
    4: "s 2 Control+Enter",
    # No quotation.
    5: "x Enter",
    # The speaker is somebody whom the machine did not think of.
    6: "p 3 TYPE-Ida Escape j 1 1 Enter",
    # The speaker is somebody without a name.
    10: "p 3 Tab TYPE-unn Escape j 1 1 Enter",
}


def test_a_session_of_twenty_items(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    store = (server := served(sample.quotations(ITEMS), overlap=2)).store
    with store.writing() as connection:  # in the order of the items, whatever the queue's would be
        connection.execute(update(item).values(rank=item.c.id))
    page = visit(server, "ines", REVIEW)
    for index in range(ITEMS):
        expect_item(page, index)
        for key in SESSION.get(index, "1 Enter").split():
            press(page, key)
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()

    last = [entries_on(store, number)[1][-1] for number in range(1, ITEMS + 1)]
    assert [entry.kind for entry in last] == [*["answer"] * 4, "skip", *["answer"] * 15]
    assert answer_of(last[0]).stances == {"bridge": "favor", "council": "neutral"}
    shown, (second,) = entries_on(store, 2)
    assert shown.quotation is not None
    (found,) = shown.quotation.content
    edited = Span(found.start + len("The "), found.end - len("t"))
    assert answer_of(second).quotation == Boundaries((edited,), shown.quotation.cue, shown.quotation.source)
    _, third = entries_on(store, 3)
    assert [entry.kind for entry in third] == ["answer", "withdrawal", "answer"]
    assert [answer_of(third[place]).stances["council"] for place in (0, 2)] == ["favor", "against"]
    assert (last[3].flagged, last[3].note) == (True, "Why?")
    assert answer_of(last[3]).stances["council"] is None
    assert last[4].reason == "I do not read this language well enough"
    assert answer_of(last[5]).quotation is None
    assert answer_of(last[6]).speaker == SpeakerName("Ida", "person")
    assert answer_of(last[10]).speaker == SpeakerName("", "unnamed")


def test_a_disagreement_is_settled(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served(sample.quotations(1), overlap=2)
    for name, label in (("ines", "favor"), ("jonas", "against")):
        sample.answer_one(server.store, name, {"bridge": "favor", "council": label})
    page = visit(server, "mara", f"/campaigns/{sample.CAMPAIGN}/adjudicate")
    page.get_by_role("link", name="Settle").focus()
    press(page, "Enter")
    # All that is left to decide is where the two differ; the rest is filled in.
    expect(page.locator("input[name='stance:council']").first).to_be_focused()
    press(page, "Shift+Digit2")
    page.keyboard.type("The auditor speaks of the sum, which the council set.")
    press(page, "Escape")
    press(page, "Enter")
    expect(page.get_by_text("There is nothing to settle.")).to_be_visible()
    _, history = entries_on(server.store, 1)
    assert [entry.kind for entry in history] == ["answer", "answer", "ruling"]
    assert answer_of(history[-1]).stances == {"bridge": "favor", "council": "against"}
    assert history[-1].reason == "The auditor speaks of the sum, which the council set."


def test_a_missed_quotation_is_marked(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served([sample.article()])
    page = visit(server, "ines", REVIEW)
    expect(page.get_by_role("radio", name="A quotation")).to_be_focused()
    press(page, "1")
    # Down to the third paragraph, on to the quotation in it, which is six words long with its marks.
    passage = page.locator("#passage")
    expect(passage).to_be_focused()
    press(page, "ArrowDown")
    press(page, "ArrowDown")
    text = sample.PASSAGES[0].text
    words = "“a monument with a toll booth”"
    while page.evaluate("getSelection().toString()") != "“":
        press(page, "ArrowRight")
    while page.evaluate("getSelection().toString()") != words:
        press(page, "Shift+ArrowRight")
    press(page, "m")
    page.keyboard.type("Tomas Reed")
    press(page, "Escape")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    _, (entry,) = entries_on(server.store, 1)
    content = entry.content
    assert content is not None and not isinstance(content, QuotationAnswer)
    assert content.found == {"q-found": True}
    (missed,) = content.missed
    assert missed.content == (Span(text.index(words), text.index(words) + len(words)),)
    assert (missed.speaker.name, missed.speaker.kind) == ("Tomas Reed", "person")


def test_keys_are_ones_own(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served(sample.quotations(1)), "ines", "/account")
    page.get_by_label("not a quotation").fill("q")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_role("status")).to_have_text("The keys are saved.")
    # The page that the form was sent from stays where it is when the colours change.
    page.get_by_role("button", name="Colours").click()
    expect(page.get_by_label("not a quotation")).to_have_value("q")
    page.goto(REVIEW)
    press(page, "q")
    expect(page.get_by_role("button", name="Not a quotation")).to_have_attribute("aria-pressed", "true")


def test_two_meanings_of_a_key_are_refused(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served(sample.quotations(1)), "ines", "/account")
    page.get_by_label("not a quotation").fill("s")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_role("alert")).to_have_text(
        "not a quotation: 's' already means: skip the item, with a reason"
    )
