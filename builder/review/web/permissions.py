"""Who may use which route: the one table, which the server is held to when it starts.

A role may do what those before it may. PUBLIC routes need no log-in.
"""

from typing import Literal

from builder.review.items import AccountRole

Permission = AccountRole | Literal["public"]
Route = tuple[str, str]
"""A method and a path as it is declared, with its parameters in braces."""

PUBLIC: Permission = "public"
ANNOTATOR: Permission = "annotator"
ADJUDICATOR: Permission = "adjudicator"
ADMINISTRATOR: Permission = "administrator"

API: dict[Route, Permission] = {
    ("GET", "/api/health"): PUBLIC,
    ("POST", "/api/login"): PUBLIC,
    ("POST", "/api/invitations/accept"): PUBLIC,
    ("POST", "/api/logout"): ANNOTATOR,
    ("GET", "/api/me"): ANNOTATOR,
    ("GET", "/api/openapi.json"): ANNOTATOR,
    ("GET", "/api/campaigns"): ANNOTATOR,
    ("POST", "/api/campaigns/{name}/next"): ANNOTATOR,
    ("POST", "/api/campaigns/{name}/undo"): ANNOTATOR,
    ("GET", "/api/campaigns/{name}/mine"): ANNOTATOR,
    ("GET", "/api/campaigns/{name}/progress"): ANNOTATOR,
    ("POST", "/api/heartbeat"): ANNOTATOR,
    ("POST", "/api/submit"): ANNOTATOR,
    ("POST", "/api/skip"): ANNOTATOR,
    ("POST", "/api/release"): ANNOTATOR,
    ("POST", "/api/items/{number}/reopen"): ANNOTATOR,
    ("GET", "/api/tokens"): ANNOTATOR,
    ("POST", "/api/tokens"): ANNOTATOR,
    ("DELETE", "/api/tokens/{number}"): ANNOTATOR,
    ("POST", "/api/password"): ANNOTATOR,
    ("GET", "/api/items/{number}/history"): ADJUDICATOR,
    ("POST", "/api/items/{number}/ruling"): ADJUDICATOR,
    ("GET", "/api/campaigns/{name}/export"): ADJUDICATOR,
    ("GET", "/api/campaigns/{name}/leases"): ADMINISTRATOR,
    ("POST", "/api/leases/{number}/release"): ADMINISTRATOR,
    ("POST", "/api/campaigns/{name}/close"): ADMINISTRATOR,
    ("POST", "/api/campaigns/{name}/open"): ADMINISTRATOR,
    ("GET", "/api/accounts"): ADMINISTRATOR,
    ("POST", "/api/accounts"): ADMINISTRATOR,
    ("POST", "/api/accounts/{name}/deactivate"): ADMINISTRATOR,
    ("POST", "/api/accounts/{name}/reactivate"): ADMINISTRATOR,
    ("POST", "/api/accounts/{name}/role"): ADMINISTRATOR,
    ("POST", "/api/invitations"): ADMINISTRATOR,
    ("GET", "/api/audit"): ADMINISTRATOR,
}

PAGES: dict[Route, Permission] = {
    ("GET", "/login"): PUBLIC,
    ("POST", "/login"): PUBLIC,
    ("GET", "/invitation"): PUBLIC,
    ("POST", "/invitation"): PUBLIC,
    ("POST", "/logout"): ANNOTATOR,
    ("POST", "/theme"): ANNOTATOR,
    ("GET", "/account"): ANNOTATOR,
    ("POST", "/account/keys"): ANNOTATOR,
    ("POST", "/account/password"): ANNOTATOR,
    ("POST", "/account/tokens"): ANNOTATOR,
    ("POST", "/account/tokens/{number}/revoke"): ANNOTATOR,
    ("GET", "/"): ANNOTATOR,
    ("GET", "/campaigns/{name}"): ANNOTATOR,
    ("GET", "/campaigns/{name}/review"): ANNOTATOR,
    ("GET", "/campaigns/{name}/mine"): ANNOTATOR,
    ("POST", "/campaigns/{name}/mine/{number}"): ANNOTATOR,
    ("GET", "/campaigns/{name}/adjudicate"): ADJUDICATOR,
    ("GET", "/campaigns/{name}/adjudicate/{number}"): ADJUDICATOR,
    ("POST", "/campaigns/{name}/state"): ADMINISTRATOR,
    ("POST", "/campaigns/{name}/leases/{number}/release"): ADMINISTRATOR,
    ("GET", "/people"): ADMINISTRATOR,
    ("POST", "/people"): ADMINISTRATOR,
    ("POST", "/people/invitations"): ADMINISTRATOR,
    ("POST", "/people/{name}/deactivate"): ADMINISTRATOR,
    ("POST", "/people/{name}/reactivate"): ADMINISTRATOR,
    ("POST", "/people/{name}/role"): ADMINISTRATOR,
    ("GET", "/log"): ADMINISTRATOR,
}

PERMISSIONS: dict[Route, Permission] = API | PAGES
