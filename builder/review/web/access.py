"""Letting a request in: who sends it, whether the table allows it, and whether another site made it.

`admit` runs before every route. A browser is known by its session's cookie and proves with the CSRF
token that the page was ours; a script is known by its token, which no browser sends by itself.
"""

import hmac
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import cast
from urllib.parse import quote, urlsplit

from fastapi import Request

from builder.review.items import Actor
from builder.review.problems import Forbidden, ReviewError, Unauthenticated
from builder.review.sessions import Session, session_of
from builder.review.store import Store
from builder.review.tokens import actor_of_token
from builder.review.web.exports import AT_ONCE
from builder.review.web.permissions import PERMISSIONS

COOKIE = "quotestance_session"
SAFE = ("GET", "HEAD")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request; a script has no session."""

    actor: Actor
    csrf: str
    session: Session | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a server is started with: its database, the key that signs sessions, and the names it answers to.

    `hosts` empty answers to any name, as behind a proxy; `exports` are the places for those that are read.
    """

    store: Store
    key: bytes
    hosts: frozenset[str]
    exports: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))


class LogInFirst(ReviewError):  # noqa: N818 - an answer
    """A browser asks for a page that needs a log-in; `where` is the page that offers one."""

    code, status = "unauthenticated", 303

    def __init__(self, where: str) -> None:
        super().__init__("log in first")
        self.where = where


async def admit(request: Request) -> None:
    """Refuses a request that its sender may not make; who it is is kept for the route.

    Raises:
        Unauthenticated, Forbidden: as they say.
        LogInFirst: for a page.
    """
    setting = setting_of(request)
    _require_host(request, setting.hosts)
    _require_same_site(request)
    visitor = await _visitor(request, setting)
    request.state.visitor = visitor
    needed = PERMISSIONS[(request.method.replace("HEAD", "GET"), request.scope["route"].path)]
    if needed == "public":
        return
    if visitor is None:
        if request.url.path.startswith("/api/"):
            raise Unauthenticated("log in first")
        back = request.url.path if request.method in SAFE else "/"
        raise LogInFirst(f"/login?next={quote(back)}")
    if not visitor.actor.may(needed):
        raise Forbidden(f"this needs the role {needed}")
    if visitor.session is not None and request.method not in SAFE:
        await _require_csrf(request, visitor.csrf)


async def visitor_of(request: Request) -> Visitor:
    """Who sends the request; for routes that need a log-in."""
    return cast(Visitor, request.state.visitor)


async def visitor_if_any(request: Request) -> Visitor | None:
    """Who sends the request, if anybody is logged in; for public routes."""
    return cast("Visitor | None", request.state.visitor)


async def store_of(request: Request) -> Store:
    """The server's database."""
    return setting_of(request).store


def setting_of(request: Request) -> Setting:
    """What the server was started with."""
    return cast(Setting, request.app.state.setting)


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


async def _visitor(request: Request, setting: Setting) -> Visitor | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = actor_of_token(setting.store, token.strip())
        if actor is None:
            raise Unauthenticated("the token is none, has expired or was revoked")
        return Visitor(actor, "", None)
    cookie = request.cookies.get(COOKIE)
    held = session_of(setting.store, setting.key, cookie) if cookie else None
    return Visitor(held.actor, held.csrf, held) if held else None


def _require_host(request: Request, hosts: frozenset[str]) -> None:
    # A page of another site must not reach a server on loopback under a name that it made up.
    if hosts and (request.url.hostname or "") not in hosts:
        raise Forbidden(f"this server does not answer to {request.url.hostname!r}")


def _require_same_site(request: Request) -> None:
    origin = request.headers.get("origin")
    if request.method in SAFE or origin is None:
        return
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden("the request comes from another site")


async def _require_csrf(request: Request, expected: str) -> None:
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(FORMS):
        given = str((await request.form()).get("csrf", ""))
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden("the CSRF token is missing or wrong; load the page again")
