"""What the item page costs when a browser has never seen it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.review.web import sample
from tests.review.web.conftest import Served

REVIEW = f"/campaigns/{sample.CAMPAIGN}/review"
MOST_BYTES = 150_000
MOST_REQUESTS = 6


def test_the_item_page_is_small(served: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(served(sample.quotations(1)), "ines", "/account")
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[int] = []
    browser.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(REVIEW)
    expect(page.locator("#passage mark.content")).to_be_visible()
    page.wait_for_load_state("networkidle")
    print(f"{sum(received)} bytes in {len(received)} requests")  # noqa: T201 - told with pytest -s
    assert sum(received) < MOST_BYTES
    assert 0 < len(received) <= MOST_REQUESTS
