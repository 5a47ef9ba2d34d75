"""Article text is shown as text, whatever it holds, and the page stays what it is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from builder.records import Span
from builder.review.items import Context, Item, MachineQuotation
from tests.review.web import sample
from tests.review.web.conftest import Served

REVIEW = f"/campaigns/{sample.CAMPAIGN}/review"
WORDS = "“Words that somebody said,”"
LONG = 1_000_000  # letters of a line, around the quotation

HOSTILE = {
    "a script": "<script>document.title = 'taken'</script>",
    "an event handler": "<img src=x onerror=\"document.title = 'taken'\">",
    "the end of the page's data": "</script><script>document.title = 'taken'</script><!--",
    "markup of the page": "</p></div></article></main><form action=//elsewhere.example><input name=csrf>",
    "a template": "{{ 7 * 7 }}{% raw %}",
    "entities": "&lt;b&gt; &amp;amp; &#0;",
    "a direction override": "\u202egnihtemos\u202c \u2066inside\u2069",
    "control characters": "nothing \x00 bell \x07 escape \x1b[31m delete \x7f",
}
SHOWN = {
    "a direction override": "\ufffdgnihtemos\ufffd \ufffdinside\ufffd",
    "control characters": "nothing ␀ bell ␇ escape ␛[31m delete ␡",
}


def item(text: str) -> Item:
    """An item whose text, headline, site, speaker and target all hold the hostile text."""
    one = sample.quotation(sample.PASSAGES[0], start=0)
    assert one.speaker is not None
    whole = f"{text} {WORDS} said somebody. {text}"
    start = whole.index(WORDS)
    content = Span(start, start + len(WORDS))
    return replace(
        one,
        context=Context(0, whole),
        paragraph=Span(0, len(whole)),
        quotation=MachineQuotation((content,), (), (), "direct", 0.5),
        headline=text[:200],
        site=text[:200],
        speaker=replace(one.speaker, name=text[:200]),
        candidates=(),
        targets=tuple(replace(target, name=text[:200], description=text[:200]) for target in one.targets),
    )


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_shown_as_text(served: Callable[..., Served], visit: Callable[..., Page], what: str) -> None:
    text = HOSTILE[what]
    page = visit(served([item(text)]), "ines", REVIEW)
    shown = SHOWN.get(what, text)
    expect(page.locator("#passage mark.content")).to_have_text(WORDS)
    assert (
        page.locator("#passage").evaluate("one => one.textContent")
        == f"{shown} {WORDS} said somebody. {shown}"
    )
    assert page.title() == f"Review {sample.CAMPAIGN} · quotestance"
    assert (
        page.locator("form[action*=elsewhere], main img, main script:not([type='application/json'])").count()
        == 0
    )
    page.goto(f"/campaigns/{sample.CAMPAIGN}")
    assert page.title() == f"Progress of {sample.CAMPAIGN} · quotestance"


def test_it_is_shown_as_text_in_lists(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    server = served([item(HOSTILE["a script"])], overlap=2)
    page = visit(server, "mara", REVIEW)
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.type(HOSTILE["an event handler"])
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    for path in ("mine", "adjudicate", "adjudicate/1"):
        page.goto(f"/campaigns/{sample.CAMPAIGN}/{path}")
        assert page.title().endswith("· quotestance")
        assert page.locator("main img").count() == 0
    expect(page.get_by_text(HOSTILE["an event handler"]).first).to_be_visible()


def test_a_line_of_a_million_letters_can_be_worked_on(
    served: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(served([item("x" * (LONG // 2))]), "ines", REVIEW)
    expect(page.locator("#passage mark.content")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.keyboard.press("b")
    expect(page.get_by_role("slider", name="End of quotation")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#passage mark.content")).to_have_text(f"{WORDS} said")
