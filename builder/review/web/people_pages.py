"""The administrator's pages: accounts, invitations, and the log of what was done."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from builder.review.accounts import Invitation, accounts, add_account, deactivate, invite
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
    try:
        add_account(store, visitor.actor, name, role, password)
    except ReviewError as problem:
        return _people(request, store, visitor, problem=str(problem), status=problem.status)
    return _people(request, store, visitor, notice=f"{name} can log in now.")


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
    try:
        deactivate(store, visitor.actor, name)
    except ReviewError as problem:
        return _people(request, store, visitor, problem=str(problem), status=problem.status)
    return _people(request, store, visitor, notice=f"{name} cannot log in any more.")


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
