"""The administrator's pages: accounts, invitations, and the log of what was done."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from builder.review.accounts import (
    Invitation,
    accounts,
    add_account,
    deactivate,
    invite,
    reactivate,
    set_role,
)
from builder.review.history import audit_log
from builder.review.items import ROLES, AccountRole
from builder.review.passwords import SHORTEST
from builder.review.problems import ReviewError
from builder.review.store import Store
from builder.review.web.access import Visitor
from builder.review.web.api import Database, Who
from builder.review.web.rendering import page

router = APIRouter()

LINES = 100  # of the log on a page


@router.get("/people")
def people(
    request: Request,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Who takes part."""
    return _people(request, store, visitor)


@router.post("/people")
def add(
    request: Request,
    name: Annotated[str, Form()],
    role: Annotated[AccountRole, Form()],
    password: Annotated[str, Form()],
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Makes an account."""
    return _changed(
        request,
        store,
        visitor,
        lambda: add_account(store, visitor.actor, name, role, password),
        f"{name} can log in now.",
    )


@router.post("/people/invitations")
def make_invitation(
    request: Request,
    role: Annotated[AccountRole, Form()],
    hours: Annotated[float, Form()],
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Makes an invitation, whose address is shown this once."""
    try:
        return _people(request, store, visitor, invite(store, visitor.actor, role, hours))
    except ReviewError as problem:
        return _people(request, store, visitor, problem=str(problem), status=problem.status)


@router.post("/people/{name}/deactivate")
def end_account(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Ends an account; what its owner entered stays."""
    return _changed(
        request,
        store,
        visitor,
        lambda: deactivate(store, visitor.actor, name),
        f"{name} cannot log in any more.",
    )


@router.post("/people/{name}/reactivate")
def renew_account(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Lets somebody in again whose account was ended."""
    return _changed(
        request,
        store,
        visitor,
        lambda: reactivate(store, visitor.actor, name),
        f"{name} can log in again.",
    )


@router.post("/people/{name}/role")
def change_role(
    request: Request,
    name: str,
    role: Annotated[AccountRole, Form()],
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """Gives somebody another role."""
    return _changed(
        request,
        store,
        visitor,
        lambda: set_role(store, visitor.actor, name, role),
        f"{name} is an {role} now.",
    )


@router.get("/log")
def log(
    request: Request,
    visitor: Who,
    store: Database,
    before: int | None = None,
) -> HTMLResponse:
    """What was done, by whom and when, the newest first."""
    lines = audit_log(store, before, LINES)
    older = lines[-1].id if len(lines) == LINES else None
    return page(request, "log.html", store, visitor, lines=lines, older=older)


def _changed(
    request: Request, store: Store, visitor: Visitor, change: Callable[[], object], notice: str
) -> HTMLResponse:
    """The page after a change, or with what is wrong with it."""
    try:
        change()
    except ReviewError as problem:
        return _people(request, store, visitor, problem=str(problem), status=problem.status)
    return _people(request, store, visitor, notice=notice)


def _people(
    request: Request,
    store: Store,
    visitor: Visitor,
    invitation: Invitation | None = None,
    **values: Any,
) -> HTMLResponse:
    return page(
        request,
        "people.html",
        store,
        visitor,
        accounts=accounts(store),
        invitation=invitation,
        address=str(request.base_url).rstrip("/"),
        roles=ROLES,
        shortest=SHORTEST,
        **values,
    )
