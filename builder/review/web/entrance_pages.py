"""The pages of coming and going: logging in, accepting an invitation, logging out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from builder.review.accounts import accept
from builder.review.passwords import LONGEST, SHORTEST
from builder.review.problems import ReviewError
from builder.review.queue import release_all
from builder.review.sessions import Session, begin_session, log_in, log_out
from builder.review.web.access import (
    COOKIE,
    Visitor,
    address_of,
    setting_of,
    visitor_if_any,
)
from builder.review.web.api import Database, Who, set_cookie
from builder.review.web.preferences import THEMES, Preferences, preferences_of, set_preferences
from builder.review.web.rendering import page

router = APIRouter()


@router.get("/login")
def login_page(
    request: Request,
    visitor: Annotated[Visitor | None, Depends(visitor_if_any)],
    back: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """The form of logging in; whoever is logged in goes on at once."""
    if visitor is not None:
        return RedirectResponse(_inside(back), 303)
    return page(request, "login.html", name="", next=_inside(back))


@router.post("/login")
def login(
    request: Request,
    name: Annotated[str, Form()],
    password: Annotated[str, Form()],
    store: Database,
    back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Logs somebody in and goes on to the page that was asked for."""
    try:
        session = log_in(store, setting_of(request).key, name, password, address_of(request))
    except ReviewError as problem:
        said = _sentence(problem)
        return page(request, "login.html", status=problem.status, name=name, next=_inside(back), problem=said)
    return _begun(request, session, _inside(back))


@router.get("/invitation")
def invitation_page(request: Request, token: str = "") -> Response:
    """The form of accepting an invitation."""
    return _invitation(request, token, "")


@router.post("/invitation")
def accept_invitation(
    request: Request,
    token: Annotated[str, Form()],
    name: Annotated[str, Form()],
    password: Annotated[str, Form()],
    store: Database,
) -> Response:
    """Makes the account that an invitation is for, and logs its owner in."""
    try:
        actor = accept(store, token, name, password)
    except ReviewError as problem:
        said = _sentence(problem)
        return _invitation(request, token, name, status=problem.status, problem=said)
    session = begin_session(store, setting_of(request).key, actor, address_of(request))
    return _begun(request, session, "/")


@router.post("/logout")
def logout(visitor: Who, store: Database) -> Response:
    """Gives back what the visitor holds and ends the session."""
    release_all(store, visitor.actor)
    if visitor.session is not None:
        log_out(store, visitor.session)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/theme")
def set_theme(
    visitor: Who,
    store: Database,
    theme: Annotated[str, Form()],
    back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Changes the colours and goes back to the page."""
    chosen = next((one for one in THEMES if one == theme), THEMES[0])
    set_preferences(store, visitor.actor, Preferences(preferences_of(store, visitor.actor).keys, chosen))
    return RedirectResponse(_inside(back), 303)


def _invitation(request: Request, token: str, name: str, **values: Any) -> Response:
    values |= {"token": token, "name": name, "shortest": SHORTEST, "longest": LONGEST}
    return page(request, "invitation.html", **values)


def _begun(request: Request, session: Session, path: str) -> Response:
    response = RedirectResponse(path, 303)
    set_cookie(response, session, request)
    return response


def _inside(path: str) -> str:
    """A path of this server; what would lead elsewhere leads home."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def _sentence(problem: ReviewError) -> str:
    text = str(problem)
    return f"{text[:1].upper()}{text[1:]}."
