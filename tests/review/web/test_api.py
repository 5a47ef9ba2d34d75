"""The JSON API on the real server: who may do what, by what a browser and a script prove who they are."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from builder.review.accounts import add_account, invite
from builder.review.items import ROLES, AccountRole, Actor
from builder.review.store import create_store, database_url
from builder.review.tokens import add_token, revoke_token
from builder.review.web.headers import HEADERS
from builder.review.web.limit import MOST
from builder.review.web.permissions import PERMISSIONS
from eval.queue_items import CAMPAIGN, fill
from eval.queue_server import Server, serving

PASSWORD = "a long enough password"  # noqa: S105 - of accounts that live as long as these tests


@dataclass(frozen=True, slots=True)
class World:
    """A server with an account of each role, and a token of each."""

    server: Server
    folder: Path
    tokens: dict[AccountRole, str]
    actors: dict[AccountRole, Actor]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("served")
    url = database_url(folder, None)
    store = create_store(url)
    fill(store, 60, 0)
    actors = {role: add_account(store, None, f"the-{role}", role, PASSWORD) for role in ROLES}
    tokens = {role: add_token(store, actor, "test").token or "" for role, actor in actors.items()}
    store.close()
    with serving(folder, url) as server:
        yield World(server, folder, tokens, actors)


def ask(world: World, method: str, path: str, body: object = None, **headers: str) -> Answer:
    connection = HTTPConnection("127.0.0.1", world.server.port, timeout=60)
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): v for name, v in headers.items()}}
    connection.request(method, path, None if body is None else json.dumps(body), sent)
    response = connection.getresponse()
    answer = Answer(
        response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode()
    )
    connection.close()
    return answer


def by_token(world: World, role: AccountRole, method: str, path: str, body: object = None) -> Answer:
    return ask(world, method, path, body, Authorization=f"Bearer {world.tokens[role]}")


def logged_in(world: World, name: str = "the-annotator", password: str = PASSWORD) -> dict[str, str]:
    """The headers of a browser that has logged in."""
    answer = ask(world, "POST", "/api/login", {"name": name, "password": password})
    assert answer.status == 200, answer.text
    return {"Cookie": answer.headers["set-cookie"].split(";")[0], "X_CSRF_Token": answer.json["csrf"]}


def filled_in(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: {"name": "nobody"}.get(match[1], "999999"), path)


@pytest.mark.parametrize("route", sorted(PERMISSIONS), ids=" ".join)
def test_every_route_lets_in_whom_the_table_says_and_nobody_else(
    world: World, route: tuple[str, str]
) -> None:
    method, path = route
    needed = PERMISSIONS[route]
    body: object = None if method == "GET" else {}
    stranger = ask(world, method, filled_in(path), body).status
    refused = 401 if path.startswith("/api/") else 303
    if needed == "public":
        assert stranger not in (403, 500)
        return
    assert stranger == refused
    for role in ROLES:
        status = by_token(world, role, method, filled_in(path), body).status
        if ROLES.index(role) < ROLES.index(needed):
            assert status == 403, role
        else:
            assert status not in (401, 403, 500), role


def test_a_route_without_a_permission_keeps_the_server_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from builder.review.web import app  # noqa: PLC0415 - patched here

    store = create_store(database_url(tmp_path, None))
    app.create_app(store)
    monkeypatch.setattr(
        app, "PERMISSIONS", {route: who for route, who in PERMISSIONS.items() if route[1] != "/api/submit"}
    )
    with pytest.raises(RuntimeError, match="/api/submit"):
        app.create_app(store)
    store.close()


def test_a_script_claims_answers_and_reads_its_own(world: World) -> None:
    claim = by_token(world, "annotator", "POST", f"/api/campaigns/{CAMPAIGN}/next").json
    found = claim["item"]["quotation"]
    body = {
        "lease": claim["lease"]["token"],
        "content": {
            "quotation": {part: found[part] for part in ("content", "cue", "source")},
            "speaker": {"name": "Ada Quill", "kind": "person"},
            "stances": {target["id"]: None for target in claim["item"]["targets"]},
        },
        "seconds": 2.5,
    }
    renewed = by_token(world, "annotator", "POST", "/api/heartbeat", {"lease": body["lease"]}).json
    assert renewed["expires_at"] >= claim["lease"]["expires_at"]
    assert by_token(world, "annotator", "POST", "/api/submit", body).json["replayed"] is False
    assert by_token(world, "annotator", "POST", "/api/submit", body).json["replayed"] is True
    late = by_token(world, "annotator", "POST", "/api/submit", body | {"note": "another"})
    assert (late.status, late.json["error"]) == (409, "conflict")
    (kept, mine, *_) = by_token(world, "annotator", "GET", f"/api/campaigns/{CAMPAIGN}/mine").json
    assert (kept["id"], kept["kind"], mine["content"]) == (late.json["kept"], "late", body["content"])
    history = by_token(world, "adjudicator", "GET", f"/api/items/{mine['item']}/history").json
    assert [entry["annotator"] for entry in history["entries"]] == ["the-annotator"] * 2
    lines = by_token(world, "adjudicator", "GET", f"/api/campaigns/{CAMPAIGN}/export").text.splitlines()
    assert json.loads(lines[0]) == history


def test_an_annotator_sees_nothing_of_others(world: World) -> None:
    by_token(world, "administrator", "POST", f"/api/campaigns/{CAMPAIGN}/next")
    by_token(world, "annotator", "POST", f"/api/campaigns/{CAMPAIGN}/next")
    progress = by_token(world, "annotator", "GET", f"/api/campaigns/{CAMPAIGN}/progress").json
    assert {one["annotator"] for one in progress["people"]} == {"the-annotator"}
    everyone = by_token(world, "adjudicator", "GET", f"/api/campaigns/{CAMPAIGN}/progress").json
    assert {one["annotator"] for one in everyone["people"]} == {"the-annotator", "the-administrator"}
    given = by_token(world, "annotator", "POST", f"/api/campaigns/{CAMPAIGN}/next").json["item"]
    assert not {"origin", "gold", "score"} & set(given)


def test_a_session_needs_its_csrf_token_for_all_but_reading(world: World) -> None:
    held = logged_in(world)
    path = f"/api/campaigns/{CAMPAIGN}/next"
    assert ask(world, "GET", "/api/me", **held).json["name"] == "the-annotator"
    assert ask(world, "POST", path, **held).status == 200
    assert ask(world, "POST", path, Cookie=held["Cookie"]).status == 403
    assert ask(world, "POST", path, Cookie=held["Cookie"], X_CSRF_Token="0" * 64).status == 403
    other = logged_in(world, "the-adjudicator")
    assert ask(world, "POST", path, Cookie=held["Cookie"], X_CSRF_Token=other["X_CSRF_Token"]).status == 403


def test_logging_out_ends_the_session_and_gives_back_what_is_held(world: World) -> None:
    held = logged_in(world, "the-adjudicator")
    number = ask(world, "POST", f"/api/campaigns/{CAMPAIGN}/next", **held).json["item"]["id"]
    assert ask(world, "POST", "/api/logout", **held).status == 204
    assert ask(world, "GET", "/api/me", **held).status == 401
    held_now = by_token(world, "administrator", "GET", f"/api/campaigns/{CAMPAIGN}/leases").json
    assert number not in [one["item"] for one in held_now]


@pytest.mark.parametrize("change", ["", ".", "x", "é", "token.", ".signature"])
def test_a_cookie_that_was_not_signed_here_opens_nothing(world: World, change: str) -> None:
    held = logged_in(world)
    forged = f"quotestance_session={change}".encode().decode("latin-1")
    assert ask(world, "GET", "/api/me", Cookie=forged).status == 401
    assert ask(world, "GET", "/api/me", Cookie=held["Cookie"][:-1] + "x").status == 401


def test_a_revoked_token_opens_nothing(world: World) -> None:
    store = create_store(database_url(world.folder, None))
    made = add_token(store, world.actors["annotator"], "short-lived")
    assert ask(world, "GET", "/api/me", Authorization=f"Bearer {made.token}").status == 200
    revoke_token(store, world.actors["annotator"], made.id)
    store.close()
    assert ask(world, "GET", "/api/me", Authorization=f"Bearer {made.token}").status == 401
    assert ask(world, "GET", "/api/me", Authorization="Bearer ").status == 401


def test_guessing_passwords_is_slowed_down_by_name(world: World) -> None:
    store = create_store(database_url(world.folder, None))
    add_account(store, None, "guessed-at", "annotator", PASSWORD)
    store.close()
    wrong = {"name": "guessed-at", "password": "not this one"}
    statuses = [ask(world, "POST", "/api/login", wrong).status for _ in range(9)]
    assert statuses == [401] * 8 + [429]
    refused = ask(world, "POST", "/api/login", {"name": "guessed-at", "password": PASSWORD})
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    assert logged_in(world)  # others still come in


def test_nobody_guesses_under_an_address_that_they_made_up(world: World) -> None:
    guess = {"name": "forger", "password": "a guess at a password"}
    assert ask(world, "POST", "/api/login", guess, X_Forwarded_For="192.0.2.7").status == 401
    log = by_token(world, "administrator", "GET", "/api/audit?limit=5").json
    assert [one["detail"] for one in log if one["subject"] == "forger"] == [{"address": "127.0.0.1"}]


def test_an_invitation_makes_one_account_once(world: World) -> None:
    store = create_store(database_url(world.folder, None))
    token = invite(store, None, "annotator", 1).token
    store.close()
    body = {"token": token, "name": "newcomer", "password": "short"}
    assert ask(world, "POST", "/api/invitations/accept", body).status == 422
    body["password"] = PASSWORD
    assert ask(world, "POST", "/api/invitations/accept", body).json["role"] == "annotator"
    assert ask(world, "POST", "/api/invitations/accept", body | {"name": "again"}).status == 404


def test_a_deactivated_account_is_shut_out_at_once(world: World) -> None:
    body = {"name": "leaving", "role": "annotator", "password": PASSWORD}
    assert by_token(world, "administrator", "POST", "/api/accounts", body).status == 204
    held = logged_in(world, "leaving")
    assert by_token(world, "administrator", "POST", "/api/accounts/leaving/deactivate").status == 204
    assert ask(world, "GET", "/api/me", **held).status == 401
    assert ask(world, "POST", "/api/login", {"name": "leaving", "password": PASSWORD}).status == 401


def test_the_log_tells_who_did_what(world: World) -> None:
    logged_in(world)
    ask(world, "POST", "/api/login", {"name": "the-annotator", "password": "wrong"})
    lines = by_token(world, "administrator", "GET", "/api/audit").json
    failed, good = lines[:2]
    assert (failed["action"], failed["subject"]) == ("failed log-in", "the-annotator")
    assert (good["action"], good["actor"]) == ("log in", "the-annotator")
    older = by_token(world, "administrator", "GET", f"/api/audit?before={good['id']}&limit=1").json
    assert [line["id"] for line in older] == [good["id"] - 1]


@pytest.mark.parametrize("path", ["/api/health", "/api/me", "/api/nowhere", "/login", "/static/nothing.js"])
def test_every_answer_carries_the_headers(world: World, path: str) -> None:
    headers = ask(world, "GET", path).headers
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
    assert "server" not in headers


def test_requests_that_another_site_made_are_refused(world: World) -> None:
    body = {"name": "the-annotator", "password": PASSWORD}
    assert ask(world, "POST", "/api/login", body, Origin="https://evil.example").status == 403
    assert ask(world, "GET", "/api/health", Host="evil.example").status == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/submit", {"lease": "1-x"}),
        ("/api/submit", {"lease": "1-x", "content": {"quotation": None}, "seconds": -1}),
        ("/api/submit", {"lease": "1-x", "content": {"quotation": None, "more": 1}}),
        (
            "/api/submit",
            {"lease": "1-x", "content": {"quotation": {"content": [[5, 1]], "cue": [], "source": []}}},
        ),
        ("/api/submit", {"lease": "1-x", "content": {"found": {"q": "yes"}}}),
        ("/api/skip", {"lease": "1-x", "reason": "r", "more": 1}),
        ("/api/tokens", {"name": ""}),
        ("/api/tokens", {"name": "t", "days": 1e9}),
    ],
)
def test_a_body_that_is_wrong_is_refused_with_what_is_wrong(world: World, path: str, body: object) -> None:
    answer = by_token(world, "annotator", "POST", path, body)
    assert (answer.status, answer.json["error"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/login", {"name": "\ud800", "password": PASSWORD}),
        ("POST", "/api/login", {"name": "nobody", "password": "\ud800"}),
        ("POST", "/api/heartbeat", {"lease": "1-\ud800"}),
        ("POST", "/api/tokens", {"name": "\ud800"}),
        ("POST", f"/api/items/{2**63}/reopen", None),
        ("DELETE", f"/api/tokens/-{10**60}", None),
        ("GET", f"/api/campaigns/{CAMPAIGN}/mine?before={2**63}", None),
    ],
)
def test_what_no_database_could_keep_is_refused(world: World, method: str, path: str, body: object) -> None:
    answer = by_token(world, "annotator", method, path, body)
    assert (answer.status, answer.json["error"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/login", "application/json"),
        ("/api/submit", "application/json"),
        ("/login", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_beyond_the_limit_is_not_read(world: World, path: str, kind: str) -> None:
    assert ask(world, "POST", path, "x" * MOST, Content_Type=kind).status == 413


def test_the_schema_describes_every_route_of_the_api(world: World) -> None:
    schema = by_token(world, "annotator", "GET", "/api/openapi.json").json
    described = {(m.upper(), path) for path, one in schema["paths"].items() for m in one}
    assert described == {
        route for route in PERMISSIONS if route[1].startswith("/api/") and "openapi" not in route[1]
    }
    assert "Claim" in schema["components"]["schemas"]
