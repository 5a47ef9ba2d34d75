"""Takes the screenshots of `docs/review.md`: `make screenshots`.

They show the sample campaign of the tests. It needs Chromium, and pngquant to make the files small.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from builder.review.accounts import actor_named
from builder.review.queue import claim
from builder.review.sessions import begin_session, signing_key
from builder.review.store import Store, create_store, database_url
from builder.review.web.access import COOKIE
from tests.review.web import sample
from tests.review.web.conftest import Served, chromium, listen

WIDTH, HEIGHT = 1280, 960
ANSWERED, LEFT = 60, 20
CAMPAIGN = f"/campaigns/{sample.CAMPAIGN}"
# From the first word of a paragraph to a quotation in it, and over its words.
REACH = " ".join(["ArrowRight"] * 13 + ["Shift+ArrowRight"] * 7)
# The page, who looks at it, and the keys that are pressed first.
PAGES = {
    "item": ("jonas", f"{CAMPAIGN}/review", "k 1"),
    "boundaries": ("jonas", f"{CAMPAIGN}/review", "b"),
    "article": ("mara", f"{CAMPAIGN}/review", f"1 ArrowDown ArrowDown {REACH} m"),
    "session": ("root", CAMPAIGN, ""),
    "adjudication": ("mara", f"{CAMPAIGN}/adjudicate/2", ""),
}
BOTH = ("item", "session", "adjudication")  # in light and dark
WHOLE = ("session",)  # and not only what a window shows of them


def main(folder: Path) -> None:
    """Takes each screenshot in light, and those of the main pages in dark too."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as workspace, sync_playwright() as playwright:
        store = create_store(database_url(Path(workspace), None))
        fill(store)
        server = listen(store)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (who, path, keys) in PAGES.items():
            for scheme in ("light", "dark") if name in BOTH else ("light",):
                context = browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT},
                    color_scheme="dark" if scheme == "dark" else "light",
                    base_url=server.address,
                )
                context.add_cookies([{"name": COOKIE, "value": cookie(server, who), "url": server.address}])
                take(context.new_page(), path, keys, folder / f"{name}-{scheme}.png", name in WHOLE)
                context.close()
        browser.close()
        server.stop()
        store.close()


def fill(store: Store) -> None:
    """A campaign in its middle: most items have both answers, some are left, two people work."""
    sample.people(store)
    campaign = sample.campaign(store, overlap=2, hidden_share=0.3)
    sample.fill(store, campaign, sample.quotations(ANSWERED))
    sample.answer_everything(store, ("ines", "jonas"))
    shown = sample.quotation(sample.PASSAGES[0], "q1000", 0.78)
    more = [shown, sample.article(), *sample.quotations(ANSWERED + LEFT)[ANSWERED:]]
    sample.fill(store, campaign, [*sample.quotations(ANSWERED), *more])
    claim(store, actor_named(store, "ines"), sample.CAMPAIGN)


def cookie(server: Served, name: str) -> str:
    """The cookie of a session of somebody."""
    return begin_session(server.store, signing_key(server.store), actor_named(server.store, name), "").cookie


def take(page: Page, path: str, keys: str, file: Path, whole: bool) -> None:
    """Goes to a page, presses keys, and writes what is to be seen."""
    page.goto(path, wait_until="networkidle")
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, full_page=whole)
    subprocess.run(["pngquant", "--force", "--skip-if-larger", "--ext", ".png", "64", str(file)], check=True)  # noqa: S607 - wherever it is installed


if __name__ == "__main__":
    main(Path(sys.argv[1]))
