"""The page of one's own account: keys, password, tokens for scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from builder.review.accounts import set_password
from builder.review.passwords import SHORTEST
from builder.review.problems import ReviewError, Unauthenticated
from builder.review.sessions import log_in
from builder.review.store import Store
from builder.review.tokens import add_token, revoke_token, tokens
from builder.review.web.access import Visitor, address_of, setting_of
from builder.review.web.api import Database, Who
from builder.review.web.preferences import (
    ACTIONS,
    DEFAULT_KEYS,
    Preferences,
    preferences_of,
    set_preferences,
)
from builder.review.web.rendering import page

router = APIRouter()


@router.get("/account")
def account(
    request: Request,
    visitor: Who,
    store: Database,
) -> Response:
    """One's own account."""
    return _account(request, store, visitor)


@router.post("/account/keys")
async def set_keys(
    request: Request,
    visitor: Who,
    store: Database,
) -> Response:
    """Changes the key of each action, or makes them as for everybody."""
    form = await request.form()
    given = {action.name: str(form.get(action.name, "")) for action in ACTIONS}
    keys = DEFAULT_KEYS if "usual" in form else given
    theme = preferences_of(store, visitor.actor).theme
    try:
        set_preferences(store, visitor.actor, Preferences(keys, theme))
    except ReviewError as problem:
        return _account(request, store, visitor, chosen=given, problem=str(problem), status=problem.status)
    return _account(request, store, visitor, notice="The keys are saved.")


@router.post("/account/password")
def change_password(
    request: Request,
    present: Annotated[str, Form()],
    password: Annotated[str, Form()],
    visitor: Who,
    store: Database,
) -> Response:
    """Changes the password of whoever knows the present one; all sessions end."""
    try:
        log_in(store, setting_of(request).key, visitor.actor.name, present, address_of(request))
        set_password(store, visitor.actor, visitor.actor.name, password)
    except Unauthenticated:
        problem = "The present password is wrong."
        return _account(request, store, visitor, problem=problem, status=Unauthenticated.status)
    except ReviewError as refused:
        return _account(request, store, visitor, problem=str(refused), status=refused.status)
    return RedirectResponse("/login", 303)


@router.post("/account/tokens")
def make_token(
    request: Request,
    name: Annotated[str, Form()],
    days: Annotated[float, Form()],
    visitor: Who,
    store: Database,
) -> Response:
    """Makes a token, which is shown this once."""
    try:
        return _account(request, store, visitor, token=add_token(store, visitor.actor, name, days))
    except ReviewError as problem:
        return _account(request, store, visitor, problem=str(problem), status=problem.status)


@router.post("/account/tokens/{number}/revoke")
def end_token(
    number: int,
    visitor: Who,
    store: Database,
) -> Response:
    """Ends one of one's own tokens."""
    revoke_token(store, visitor.actor, number)
    return RedirectResponse("/account#tokens", 303)


def _account(request: Request, store: Store, visitor: Visitor, **values: Any) -> Response:
    frame: dict[str, Any] = {
        "actions": ACTIONS,
        "shortest": SHORTEST,
        "token": None,
        "tokens": tokens(store, visitor.actor),
    }
    frame["chosen"] = preferences_of(store, visitor.actor).keys
    return page(request, "account.html", store, visitor, **(frame | values))
