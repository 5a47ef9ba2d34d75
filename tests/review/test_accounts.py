"""Who may take part, and how they come in; what passes over HTTP is specified with the API."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from builder.review.accounts import (
    accept,
    accounts,
    actor_named,
    add_account,
    deactivate,
    invite,
    reactivate,
    set_password,
    set_role,
)
from builder.review.history import audit_log
from builder.review.items import ROLES, Actor
from builder.review.problems import Conflict, Forbidden, Invalid, Throttled, Unauthenticated, Unknown
from builder.review.progress import leases
from builder.review.queue import claim
from builder.review.sessions import (
    MOST_BY_ADDRESS,
    MOST_BY_NAME,
    WINDOW_SECONDS,
    log_in,
    session_of,
    signing_key,
)
from builder.review.store import Store
from builder.review.tables import account, audit, invitation, login, session
from builder.review.tokens import actor_of_token, add_token, tokens
from eval.queue_items import CAMPAIGN, fill

PASSWORD = "a long enough password"  # noqa: S105 - of accounts that live as long as a test
ANNOTATOR = Actor(1, "ann", "annotator")


@pytest.mark.parametrize("name", ["", "a b", "a" * 51, "a/b", "<b>", "a\0b", "\u202eada"])
def test_names_that_could_mislead_are_refused(new_store: Store, name: str) -> None:
    with pytest.raises(Invalid):
        add_account(new_store, None, name, "annotator")


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_passwords_that_are_guessed_or_too_long_to_hash_are_refused(new_store: Store, password: str) -> None:
    with pytest.raises(Invalid):
        add_account(new_store, None, "ada", "annotator", password)


def test_a_name_is_taken_once_and_nothing_half_made_is_left(store: Store) -> None:
    add_account(store, None, "ada", "annotator")
    with pytest.raises(Conflict):
        add_account(store, None, "ada", "administrator")
    assert [(one.name, one.role) for one in accounts(store)] == [("ada", "annotator")]


def test_only_an_administrator_makes_and_ends_accounts(new_store: Store) -> None:
    for attempt in (
        lambda: add_account(new_store, ANNOTATOR, "eve", "administrator"),
        lambda: deactivate(new_store, ANNOTATOR, "ada"),
        lambda: reactivate(new_store, ANNOTATOR, "ada"),
        lambda: set_role(new_store, ANNOTATOR, "ann", "administrator"),
        lambda: invite(new_store, ANNOTATOR, "administrator"),
        lambda: set_password(new_store, ANNOTATOR, "ada", PASSWORD),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_the_last_administrator_cannot_be_deactivated(new_store: Store) -> None:
    for name in ("root", "ada"):
        add_account(new_store, None, name, "administrator")
    deactivate(new_store, None, "ada")
    with pytest.raises(Conflict):
        deactivate(new_store, None, "root")


def test_who_was_deactivated_comes_back_with_the_password_of_before(store: Store) -> None:
    add_account(store, None, "root", "administrator")
    ada, key = add_account(store, None, "ada", "annotator", PASSWORD), signing_key(store)
    held = log_in(store, key, "ada", PASSWORD, "here")
    deactivate(store, None, "ada")
    with pytest.raises(Unauthenticated):
        log_in(store, key, "ada", PASSWORD, "here")
    reactivate(store, None, "ada")
    assert log_in(store, key, "ada", PASSWORD, "here").actor == ada
    assert session_of(store, key, held.cookie) is None  # what was open stays closed
    with pytest.raises(Unknown):
        reactivate(store, None, "eve")


def test_another_role_holds_at_once_and_is_in_the_log(store: Store) -> None:
    root = add_account(store, None, "root", "administrator")
    ada = add_account(store, None, "ada", "annotator", PASSWORD)
    token = add_token(store, ada, "mine").token or ""
    set_role(store, root, "ada", "adjudicator")
    actor = actor_of_token(store, token)
    assert actor is not None and actor.role == "adjudicator"
    line, *_ = audit_log(store)
    assert (line.actor, line.action, line.subject) == ("root", "set role", "ada")
    assert line.detail == {"before": "annotator", "role": "adjudicator"}
    with pytest.raises(Invalid):
        set_role(store, root, "ada", "chief")  # type: ignore[arg-type] # what a script may send


def test_the_last_administrator_stays_one(store: Store) -> None:
    for name in ("root", "ada"):
        add_account(store, None, name, "administrator")
    set_role(store, None, "ada", "annotator")
    with pytest.raises(Conflict, match="last administrator"):
        set_role(store, None, "root", "adjudicator")


def test_what_opens_an_account_is_nowhere_in_the_database(new_store: Store) -> None:
    ada = add_account(new_store, None, "ada", "annotator", PASSWORD)
    held = log_in(new_store, signing_key(new_store), "ada", PASSWORD, "here")
    secrets = [PASSWORD, held.cookie, held.cookie.split(".")[0]]
    secrets += [add_token(new_store, ada, "mine").token or "", invite(new_store, None, "annotator").token]
    with new_store.reading() as connection:
        for table in (account, session, invitation, audit, login):
            kept = repr(connection.execute(select(table)).all())
            assert not any(secret in kept for secret in secrets)
        assert str(connection.scalar(select(account.c.password))).startswith("$argon2id$")


def test_another_password_ends_every_session_and_token(new_store: Store) -> None:
    ada, key = add_account(new_store, None, "ada", "annotator", PASSWORD), signing_key(new_store)
    held, token = log_in(new_store, key, "ada", PASSWORD, "here"), add_token(new_store, ada, "mine").token
    assert session_of(new_store, key, held.cookie) == held
    set_password(new_store, ada, "ada", "another password")
    assert session_of(new_store, key, held.cookie) is None
    assert actor_of_token(new_store, token or "") is None
    assert tokens(new_store, ada) == []
    with pytest.raises(Unauthenticated):
        log_in(new_store, key, "ada", PASSWORD, "here")


def test_a_session_ends_when_its_time_has_come_or_its_key_is_another(new_store: Store) -> None:
    add_account(new_store, None, "ada", "annotator", PASSWORD)
    key = signing_key(new_store)
    held = log_in(new_store, key, "ada", PASSWORD, "here")
    assert session_of(new_store, bytes(32), held.cookie) is None
    with new_store.writing() as connection:
        connection.execute(update(session).values(expires_at=1.0))
    assert session_of(new_store, key, held.cookie) is None


def test_an_invitation_expires(new_store: Store) -> None:
    made = invite(new_store, None, "annotator", hours=1)
    with new_store.writing() as connection:
        connection.execute(update(invitation).values(expires_at=1.0))
    with pytest.raises(Unknown):
        accept(new_store, made.token, "ada", PASSWORD)
    with pytest.raises(Invalid):
        invite(new_store, None, "annotator", hours=10_000)


def test_an_invitation_to_a_name_that_is_taken_can_be_used_with_another(new_store: Store) -> None:
    add_account(new_store, None, "ada", "annotator")
    made = invite(new_store, None, "adjudicator")
    with pytest.raises(Conflict):
        accept(new_store, made.token, "ada", PASSWORD)
    assert accept(new_store, made.token, "ben", PASSWORD).role == "adjudicator"


def test_failed_log_ins_count_by_name_and_by_address_until_their_time_is_over(new_store: Store) -> None:
    key, now = signing_key(new_store), time.time()
    add_account(new_store, None, "ada", "annotator", PASSWORD)

    def fail(name: str, address: str) -> None:
        with new_store.writing() as connection:
            connection.execute(login.insert().values(name=name, address=address, good=False, at=now))

    for number in range(MOST_BY_ADDRESS):
        fail(f"guess-{number}", "there")
    with pytest.raises(Throttled):
        log_in(new_store, key, "ada", PASSWORD, "there")
    assert log_in(new_store, key, "ada", PASSWORD, "here")
    for _ in range(MOST_BY_NAME):
        fail("ada", "anywhere")
    with pytest.raises(Throttled) as refused:
        log_in(new_store, key, "ada", PASSWORD, "here")
    assert 0 < refused.value.seconds <= WINDOW_SECONDS + 1
    with new_store.writing() as connection:
        connection.execute(update(login).values(at=now - WINDOW_SECONDS - 1))
    assert log_in(new_store, key, "ada", PASSWORD, "there")


def test_a_log_in_that_is_good_counts_as_no_failure(new_store: Store) -> None:
    """Else a team behind one address would shut itself out by working."""
    add_account(new_store, None, "ada", "annotator", PASSWORD)
    log_in(new_store, signing_key(new_store), "ada", PASSWORD, "here")
    with pytest.raises(Unauthenticated):
        log_in(new_store, signing_key(new_store), "ada", "not her password", "here")
    with new_store.reading() as connection:
        assert connection.scalars(select(login.c.good).order_by(login.c.id)).all() == [True, False]


def test_whoever_is_deactivated_holds_nothing_and_acts_no_more(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    add_account(store, None, "root", "administrator")
    held = claim(store, ada, CAMPAIGN)
    assert held is not None and len(leases(store, CAMPAIGN)) == 1
    deactivate(store, None, ada.name)
    assert leases(store, CAMPAIGN) == []
    again = claim(store, ben, CAMPAIGN)
    assert again is not None and again.item.key == held.item.key
    with pytest.raises(Unknown):
        actor_named(store, ada.name)


def test_a_role_contains_those_before_it() -> None:
    allowed = [[replace(ANNOTATOR, role=role).may(one) for one in ROLES] for role in ROLES]
    assert allowed == [[True, False, False], [True, True, False], [True, True, True]]
