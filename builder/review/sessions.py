"""Logging in: throttled, with sessions that are signed, expire and can be revoked.

A session's cookie is a random token and its signature; the database holds the token's digest. The
CSRF token of a session is made of the same token, so that no other site can know it.
"""

import hmac
import time
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from builder.review.items import Actor
from builder.review.log import record
from builder.review.passwords import digest, is_password, new_token
from builder.review.problems import Throttled, Unauthenticated
from builder.review.rows import bearer_of
from builder.review.store import SIGNING_KEY, Store
from builder.review.tables import account, login, session, setting

SESSION_HOURS = 12
WINDOW_SECONDS = 15 * 60  # in which failed log-ins count
MOST_BY_NAME = 8  # failed log-ins in the window, before more are refused unread
MOST_BY_ADDRESS = 40  # several people may sit behind one address


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in: the cookie's value, the CSRF token, and who it is."""

    cookie: str
    csrf: str
    actor: Actor


def signing_key(store: Store) -> bytes:
    """The key that signs sessions; every server process on the database has the same."""
    with store.reading() as connection:
        value = connection.scalar(select(setting.c.value).where(setting.c.name == SIGNING_KEY))
    return bytes.fromhex(str(value))


def log_in(store: Store, key: bytes, name: str, password: str, address: str) -> Session:
    """Begins a session.

    Raises:
        Unauthenticated: the name or the password is wrong, or the account is not active.
        Throttled: there were too many failures under this name or from this address.
    """
    name, address = name[:100].replace("\0", ""), address[:100]
    with store.writing() as connection:
        _require_patience(connection, name, address)
        # Counted as a failure until it is known to be none: attempts made at once must all count.
        attempt = insert(login).values(name=name, address=address, good=False, at=time.time())
        number = connection.scalar(attempt.returning(login.c.id))
        row = connection.execute(select(account).where(account.c.name == name, account.c.active)).first()
    if not is_password(password, row.password if row else None) or row is None:
        with store.writing() as connection:
            record(connection, row.id if row else None, "failed log-in", name, address=address)
        raise Unauthenticated("the name or the password is wrong")
    with store.writing() as connection:
        connection.execute(update(login).where(login.c.id == number).values(good=True))
        return _begin(connection, key, Actor(row.id, row.name, row.role), address)


def begin_session(store: Store, key: bytes, actor: Actor, address: str) -> Session:
    """Begins a session for somebody who has just shown who they are, as by an invitation."""
    with store.writing() as connection:
        return _begin(connection, key, actor, address[:100])


def session_of(store: Store, key: bytes, cookie: str) -> Session | None:
    """The session that a cookie belongs to, if it holds."""
    token, _, signature = cookie.partition(".")
    if not hmac.compare_digest(_signed(key, "session", token).encode(), signature.encode()):
        return None
    with store.reading() as connection:
        actor = bearer_of(connection, session, token)
    return Session(cookie, _signed(key, "csrf", token), actor) if actor else None


def log_out(store: Store, held: Session) -> None:
    """Ends a session."""
    ended = session.c.digest == digest(held.cookie.partition(".")[0])
    with store.writing() as connection:
        connection.execute(update(session).where(ended).values(revoked_at=time.time()))
        record(connection, held.actor.id, "log out", held.actor.name)


def _require_patience(connection: Connection, name: str, address: str) -> None:
    """Counts failures since the last success under a name, and those from an address."""
    begin = time.time() - WINDOW_SECONDS
    good = select(func.coalesce(func.max(login.c.id), 0)).where(login.c.name == name, login.c.good)
    for most, column, value, after in (
        (MOST_BY_NAME, login.c.name, name, good.scalar_subquery()),
        (MOST_BY_ADDRESS, login.c.address, address, 0),
    ):
        failed = (column == value) & ~login.c.good & (login.c.at > begin) & (login.c.id > after)
        count, oldest = connection.execute(select(func.count(), func.min(login.c.at)).where(failed)).one()
        if count >= most:
            raise Throttled(
                "too many failed log-ins; try again later", int(oldest + WINDOW_SECONDS - time.time()) + 1
            )


def _begin(connection: Connection, key: bytes, actor: Actor, address: str) -> Session:
    token, now = new_token(), time.time()
    connection.execute(
        insert(session).values(
            account_id=actor.id,
            digest=digest(token),
            created_at=now,
            expires_at=now + 3600 * SESSION_HOURS,
        )
    )
    record(connection, actor.id, "log in", actor.name, address=address)
    return Session(f"{token}.{_signed(key, 'session', token)}", _signed(key, "csrf", token), actor)


def _signed(key: bytes, purpose: str, token: str) -> str:
    return hmac.new(key, f"{purpose}:{token}".encode(), "sha256").hexdigest()
