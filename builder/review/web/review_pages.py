"""The pages of an annotator's work: the item at hand, and what one entered before."""

from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from builder.records import SpeakerKind
from builder.review.campaigns import campaign_by_name
from builder.review.entering import reopen
from builder.review.history import mine
from builder.review.items import Campaign, Entry, Item
from builder.review.problems import Closed
from builder.review.queue import claim
from builder.review.rows import item_from, select_items
from builder.review.store import Store
from builder.review.tables import item
from builder.review.web.access import Visitor
from builder.review.web.api import Database, Who
from builder.review.web.facts import excerpt_of, summary_of
from builder.review.web.preferences import ACTIONS, preferences_of
from builder.review.web.rendering import for_script, from_markdown, page

router = APIRouter()

KINDS: tuple[SpeakerKind, ...] = get_args(SpeakerKind)
# What cannot be told is an answer, as the guidelines say: only what one should not decide is skipped.
SKIP_REASONS = (
    "I know somebody in this article",
    "I do not read this language well enough",
)
ENTRIES = 50  # of one's own on a page


@router.get("/campaigns/{name}/review")
def review_page(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """The item at hand. It is claimed here, so that it stands in the page's first bytes.

    Claiming again gives the same item, so a page that a browser fetches twice takes no second one.
    """
    campaign = campaign_by_name(store, name)
    try:
        handed_out = claim(store, visitor.actor, name)
    except Closed as problem:
        said: dict[str, Any] = {"title": "This campaign is closed", "text": str(problem)}
        return page(request, "message.html", store, visitor, campaign=campaign, **said)
    return page(
        request,
        "review.html",
        store,
        visitor,
        actions=ACTIONS,
        skip_reasons=SKIP_REASONS,
        claim_json=for_script(handed_out),
        **what_forms_need(store, visitor, campaign),
    )


@router.get("/campaigns/{name}/mine")
def my_answers(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
    before: int | None = None,
) -> HTMLResponse:
    """What the visitor entered, the newest first, each to be taken up again."""
    campaign = campaign_by_name(store, name)
    entered = mine(store, visitor.actor, name, before, ENTRIES)
    items = items_of(store, entered)
    last = {entry.item: entry for entry in reversed(entered) if entry.kind != "late"}
    return page(
        request,
        "mine.html",
        store,
        visitor,
        campaign=campaign,
        entries=entered,
        excerpts={number: excerpt_of(one) for number, one in items.items()},
        summaries={entry.id: summary_of(items[entry.item], entry) for entry in entered},
        changeable={entry.id for entry in last.values() if entry.kind in ("answer", "skip")},
        older=entered[-1].id if len(entered) == ENTRIES else None,
    )


@router.post("/campaigns/{name}/mine/{number}")
def take_up_again(
    name: str,
    number: int,
    visitor: Who,
    store: Database,
) -> RedirectResponse:
    """Withdraws one's answer to an item and goes to it."""
    campaign = campaign_by_name(store, name)
    reopen(store, visitor.actor, number)
    return RedirectResponse(f"/campaigns/{campaign.name}/review", 303)


def what_forms_need(store: Store, visitor: Visitor, campaign: Campaign) -> dict[str, Any]:
    """What the templates of the questions need, and the scripts that fill them."""
    keys = dict(preferences_of(store, visitor.actor).keys)
    settings = {"campaign": campaign.name, "annotator": visitor.actor.name, "keys": keys}
    return {
        "campaign": campaign,
        "kinds": KINDS,
        "guidelines": from_markdown(campaign.scheme.guidelines),
        "labels_json": for_script(campaign.scheme.labels),
        "settings_json": for_script(settings),
    }


def items_of(store: Store, entered: list[Entry]) -> dict[int, Item]:
    """The items that some entries are on, by their numbers."""
    wanted = select_items().where(item.c.id.in_({entry.item for entry in entered}))
    with store.reading() as connection:
        return {row.id: item_from(row) for row in connection.execute(wanted)}
