"""Boundaries and missed quotations, with the mouse."""

from collections.abc import Callable

from playwright.sync_api import FloatRect, Page, expect

from builder.review.history import entries_on
from builder.review.items import ArticleAnswer, QuotationAnswer
from tests.review.web import sample
from tests.review.web.conftest import Served

REVIEW = f"/campaigns/{sample.CAMPAIGN}/review"


def boxes_of(page: Page, words: str) -> tuple[FloatRect, FloatRect]:
    """Where words begin and end on the screen: one box twice, unless a line breaks between them."""
    first, last = page.evaluate(
        """(words) => {
            const texts = document.createTreeWalker(document.getElementById("passage"), NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const start = texts.currentNode.data.indexOf(words);
                if (start < 0) continue;
                const range = document.createRange();
                range.setStart(texts.currentNode, start);
                range.setEnd(texts.currentNode, start + words.length);
                const boxes = range.getClientRects();  // one a line
                return [boxes[0].toJSON(), boxes[boxes.length - 1].toJSON()];
            }
        }""",
        words,
    )
    return first, last


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def sweep(page: Page, words: str) -> None:
    """Selects words by sweeping over them, from within the first to within the last letter."""
    first, last = boxes_of(page, words)
    drag(
        page,
        (first["x"] + 3, first["y"] + first["height"] / 2),
        (last["x"] + last["width"] - 3, last["y"] + last["height"] / 2),
    )


def test_a_handle_is_dragged_to_another_word(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(served(sample.quotations(1)), "ines", REVIEW)
    page.get_by_role("button", name="Boundaries").click()
    handle = page.get_by_role("slider", name="End of quotation").bounding_box()
    word, _ = boxes_of(page, "itself")
    assert handle is not None
    begin = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    drag(page, begin, (word["x"] + word["width"] / 2, word["y"] + word["height"] / 2))
    expect(page.locator("#passage mark.content")).to_have_text("“This bridge will pay for itself")
    page.get_by_role("button", name="As before").click()
    expect(page.locator("#passage mark.content")).to_have_text(sample.PASSAGES[0].content)


def test_selected_words_become_the_source(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served(sample.quotations(1))
    page = visit(server, "ines", REVIEW)
    page.get_by_role("button", name="Boundaries").click()
    page.get_by_role("button", name="Source").click()
    sweep(page, "Ada Quill")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#passage mark.source")).to_have_text("Ada Quill")
    page.locator("input[name='stance:council'][value=neutral]").click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    item, (entry,) = entries_on(server.store, 1)
    assert isinstance(entry.content, QuotationAnswer) and entry.content.quotation is not None
    (source,) = entry.content.quotation.source
    assert item.context.text[source.start - item.context.start :].startswith("Ada Quill, who")


def test_a_part_is_added_and_removed(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served(sample.quotations(1)), "ines", REVIEW)
    page.get_by_role("button", name="Boundaries").click()
    page.get_by_role("button", name="Add a part").click()
    expect(page.get_by_role("slider", name="Start of quotation")).to_have_count(2)
    sweep(page, "The gallery")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#passage mark.content")).to_have_text([sample.PASSAGES[0].content, "The gallery"])
    page.get_by_role("button", name="Boundaries").click()
    page.get_by_role("slider", name="Start of quotation").last.focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#passage mark.content")).to_have_text(sample.PASSAGES[0].content)


def test_a_missed_quotation_is_marked_with_its_source(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    server = served([sample.article()])
    page = visit(server, "ines", REVIEW)
    page.get_by_role("radio", name="Not one").click()
    sweep(page, "monument with a toll booth")
    page.get_by_role("button", name="Mark as a quotation").click()
    sweep(page, "Tomas Reed")
    page.keyboard.press("o")
    expect(page.get_by_label("Speaker")).to_have_value("Tomas Reed")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    item, (entry,) = entries_on(server.store, 1)
    assert isinstance(entry.content, ArticleAnswer)
    assert entry.content.found == {"q-found": False}
    (missed,) = entry.content.missed
    assert missed.content[0].of(item.context.text) == "monument with a toll booth"
    assert missed.source[0].of(item.context.text) == "Tomas Reed"
