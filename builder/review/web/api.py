"""The JSON API: the queue for programs, by the rules of the pages; `permissions` says who may do what."""

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from builder import __version__
from builder.review import accounts, campaigns, entering, history, queue, sessions, tokens
from builder.review.items import Claim, Entry, HeldLease, Item, Progress, Receipt, as_json
from builder.review.progress import leases, progress
from builder.review.store import Store
from builder.review.web import bodies
from builder.review.web.access import (
    COOKIE,
    Visitor,
    address_of,
    setting_of,
    store_of,
    visitor_of,
)
from builder.review.web.exports import BoundedResponse

router = APIRouter(prefix="/api", responses={"4XX": {"model": bodies.Problem}})

Who = Annotated[Visitor, Depends(visitor_of)]
Database = Annotated[Store, Depends(store_of)]
Before = Annotated[int | None, Query(description="Only what precedes this number.")]
Limit = Annotated[int, Query(ge=1, le=history.MOST_AT_ONCE)]

NOTHING = 204


class ItemHistory(BaseModel):
    """An item, and everything that anybody entered on it."""

    item: Item
    entries: list[Entry]


@router.get("/health")
def health() -> bodies.Health:
    """Says that the server answers."""
    return bodies.Health(version=__version__)


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """The schema of this API."""
    return JSONResponse(request.app.openapi())


@router.post("/login")
def log_in(body: bodies.Credentials, request: Request, response: Response) -> bodies.Me:
    """Begins a session, whose cookie comes with the answer."""
    setting = setting_of(request)
    held = sessions.log_in(setting.store, setting.key, body.name, body.password, address_of(request))
    return _begun(held, request, response)


@router.post("/invitations/accept")
def accept(body: bodies.Acceptance, request: Request, response: Response) -> bodies.Me:
    """Makes the account that an invitation is for, and begins a session."""
    setting = setting_of(request)
    actor = accounts.accept(setting.store, body.token, body.name, body.password)
    held = sessions.begin_session(setting.store, setting.key, actor, address_of(request))
    return _begun(held, request, response)


@router.post("/logout", status_code=NOTHING)
def log_out(who: Who, store: Database, response: Response) -> None:
    """Ends the session and gives back what its user holds."""
    queue.release_all(store, who.actor)
    if who.session is not None:
        sessions.log_out(store, who.session)
    response.delete_cookie(COOKIE)


@router.get("/me")
def me(who: Who) -> bodies.Me:
    """Who is logged in."""
    return bodies.Me(name=who.actor.name, role=who.actor.role, csrf=who.csrf)


@router.post("/password", status_code=NOTHING)
def change_password(who: Who, store: Database, request: Request, body: bodies.NewPassword) -> None:
    """Changes one's own password; every session ends, this one too."""
    setting = setting_of(request)
    sessions.log_in(store, setting.key, who.actor.name, body.present, address_of(request))
    accounts.set_password(store, who.actor, who.actor.name, body.password)


@router.get("/campaigns")
def all_campaigns(store: Database) -> list[bodies.CampaignSummary]:
    """The campaigns and how far they are."""
    return [
        bodies.CampaignSummary(
            name=one.name,
            state=one.state,
            overlap=one.overlap,
            scheme=one.scheme,
            items=far.items,
            finished=far.finished,
            answers=far.answers,
            wanted=far.wanted,
        )
        for one in campaigns.campaigns(store)
        for far in [progress(store, one.name)]
    ]


@router.post(
    "/campaigns/{name}/next", response_model=Claim, responses={NOTHING: {"description": "Nothing is left."}}
)
def next_item(name: str, who: Who, store: Database) -> Response:
    """Hands out an item, or again the one that is held."""
    return _claimed(queue.claim(store, who.actor, name))


@router.post(
    "/campaigns/{name}/undo", response_model=Claim, responses={NOTHING: {"description": "Nothing to undo."}}
)
def undo(name: str, who: Who, store: Database) -> Response:
    """Withdraws the last answer or skip that can be, and hands its item out again."""
    return _claimed(entering.undo(store, who.actor, name))


@router.post("/items/{number}/reopen", response_model=Claim)
def reopen(number: int, who: Who, store: Database) -> Response:
    """Withdraws one's answer to a certain item, and hands that out again."""
    return _claimed(entering.reopen(store, who.actor, number))


@router.get("/campaigns/{name}/mine")
def mine(name: str, who: Who, store: Database, before: Before = None, limit: Limit = 50) -> list[Entry]:
    """What one entered oneself, the newest first."""
    return history.mine(store, who.actor, name, before, limit)


@router.get("/campaigns/{name}/progress")
def how_far(name: str, who: Who, store: Database) -> Progress:
    """How far a campaign is; an annotator sees nothing of the others' part in it."""
    far = progress(store, name)
    if who.actor.may("adjudicator"):
        return far
    return replace(far, people=tuple(one for one in far.people if one.annotator == who.actor.name))


@router.post("/heartbeat")
def heartbeat(body: bodies.Held, who: Who, store: Database) -> bodies.Renewed:
    """Renews a lease."""
    return bodies.Renewed.of(queue.heartbeat(store, who.actor, body.lease))


@router.post("/submit")
def submit(body: bodies.Submission, who: Who, store: Database) -> Receipt:
    """Enters an answer; sent again, it is entered once. 409: the lease has ended, and the answer is kept."""
    return entering.submit(
        store,
        who.actor,
        body.lease,
        body.content,
        note=body.note,
        flagged=body.flagged,
        seconds=body.seconds,
    )


@router.post("/skip")
def skip(body: bodies.Skipping, who: Who, store: Database) -> Receipt:
    """Gives an item back for good, with a reason."""
    return entering.skip(store, who.actor, body.lease, body.reason, flagged=body.flagged)


@router.post("/release", status_code=NOTHING)
def release(body: bodies.Held, who: Who, store: Database) -> None:
    """Gives an item back without an answer."""
    queue.release(store, who.actor, body.lease)


@router.get("/tokens")
def own_tokens(who: Who, store: Database) -> list[tokens.ApiToken]:
    """One's own tokens."""
    return tokens.tokens(store, who.actor)


@router.post("/tokens")
def add_token(body: bodies.NewToken, who: Who, store: Database) -> tokens.ApiToken:
    """Makes a token, which this answer shows and no other."""
    return tokens.add_token(store, who.actor, body.name, body.days)


@router.delete("/tokens/{number}", status_code=NOTHING)
def revoke_token(number: int, who: Who, store: Database) -> None:
    """Ends one of one's tokens."""
    tokens.revoke_token(store, who.actor, number)


@router.get("/items/{number}/history")
def item_history(number: int, store: Database) -> ItemHistory:
    """An item, and everything that anybody entered on it."""
    found, entered = history.entries_on(store, number)
    return ItemHistory(item=found, entries=entered)


@router.post("/items/{number}/ruling")
def rule(number: int, body: bodies.Ruling, who: Who, store: Database) -> Receipt:
    """Settles an item, whatever others answered."""
    return entering.rule(store, who.actor, number, body.content, body.reason, body.note)


@router.get("/campaigns/{name}/export", response_class=StreamingResponse)
def export(name: str, request: Request, store: Database) -> StreamingResponse:
    """Everything that was entered in a campaign: JSON Lines, one item with its entries a line.

    429: as many exports as the server makes at once are being read.
    """
    campaigns.campaign_by_name(store, name)

    def lines() -> Generator[str, None, None]:
        for found, entered in history.reviewed(store, name):
            yield as_json(ItemHistory(item=found, entries=entered)) + "\n"

    return BoundedResponse(setting_of(request).exports, lines(), media_type="application/jsonl")


@router.get("/campaigns/{name}/leases")
def held_leases(name: str, store: Database) -> list[HeldLease]:
    """Who holds which item."""
    return leases(store, name)


@router.post("/leases/{number}/release", status_code=NOTHING)
def end_lease(number: int, who: Who, store: Database) -> None:
    """Ends somebody's lease."""
    queue.end_lease(store, who.actor, number)


@router.post("/campaigns/{name}/close", status_code=NOTHING)
def close(name: str, who: Who, store: Database) -> None:
    """Hands out nothing more of a campaign."""
    campaigns.close_campaign(store, who.actor, name)


@router.post("/campaigns/{name}/open", status_code=NOTHING)
def reopen_campaign(name: str, who: Who, store: Database) -> None:
    """Hands out items of a campaign again."""
    campaigns.open_campaign(store, who.actor, name)


@router.get("/accounts")
def everybody(store: Database) -> list[accounts.Account]:
    """Who takes part."""
    return accounts.accounts(store)


@router.post("/accounts", status_code=NOTHING)
def add_account(body: bodies.NewAccount, who: Who, store: Database) -> None:
    """Makes an account."""
    accounts.add_account(store, who.actor, body.name, body.role, body.password)


@router.post("/accounts/{name}/deactivate", status_code=NOTHING)
def deactivate(name: str, who: Who, store: Database) -> None:
    """Ends an account's sessions, tokens and leases."""
    accounts.deactivate(store, who.actor, name)


@router.post("/accounts/{name}/reactivate", status_code=NOTHING)
def reactivate(name: str, who: Who, store: Database) -> None:
    """Lets an account log in again."""
    accounts.reactivate(store, who.actor, name)


@router.post("/accounts/{name}/role", status_code=NOTHING)
def set_role(name: str, body: bodies.NewRole, who: Who, store: Database) -> None:
    """Gives an account another role."""
    accounts.set_role(store, who.actor, name, body.role)


@router.post("/invitations")
def invite(body: bodies.NewInvitation, who: Who, store: Database) -> accounts.Invitation:
    """Makes an invitation, whose token this answer shows and no other."""
    return accounts.invite(store, who.actor, body.role, body.hours)


@router.get("/audit")
def audit(store: Database, before: Before = None, limit: Limit = 100) -> list[history.LogLine]:
    """What was done, the newest first."""
    return history.audit_log(store, before, limit)


def set_cookie(response: Response, held: sessions.Session, request: Request) -> None:
    """Gives a browser its session, for as long as it lasts and for this server alone."""
    response.set_cookie(
        COOKIE,
        held.cookie,
        max_age=3600 * sessions.SESSION_HOURS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _begun(held: sessions.Session, request: Request, response: Response) -> bodies.Me:
    set_cookie(response, held, request)
    return bodies.Me(name=held.actor.name, role=held.actor.role, csrf=held.csrf)


def _claimed(claim: Claim | None) -> Response:
    # Written by the records' own form: nothing of it needs to be checked on the way out.
    if claim is None:
        return Response(status_code=NOTHING)
    return Response(as_json(claim), media_type="application/json")
