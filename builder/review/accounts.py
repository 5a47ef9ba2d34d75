"""Who may take part: accounts are made by an administrator, or by an invitation that expires."""

import re
import time
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from builder.review.items import ROLES, AccountRole, Actor
from builder.review.log import record
from builder.review.passwords import digest, hash_password, new_token
from builder.review.problems import Conflict, Forbidden, Invalid, Unknown
from builder.review.queue import give_back
from builder.review.rows import iso
from builder.review.store import Store
from builder.review.tables import account, api_token, assignment, invitation, session

NAME = re.compile(r"[\w.@+-]{1,50}")
LONGEST_INVITATION = 30 * 24  # hours


@dataclass(frozen=True, slots=True)
class Account:
    """A person who takes part."""

    name: str
    role: AccountRole
    active: bool
    created_at: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What makes an account once, until it expires; the token is shown when it is made and never again."""

    token: str
    role: AccountRole
    expires_at: str


def accounts(store: Store) -> list[Account]:
    """Everybody, by name."""
    with store.reading() as connection:
        rows = connection.execute(select(account).order_by(account.c.name))
        return [Account(row.name, row.role, row.active, iso(row.created_at)) for row in rows]


def add_account(
    store: Store, by: Actor | None, name: str, role: AccountRole, password: str | None = None
) -> Actor:
    """Makes an account; `by` is None where somebody does it who has the database itself.

    Without a password nobody can log in with it, but it can have tokens.

    Raises:
        Forbidden: `by` is no administrator.
        Invalid: the name, the role or the password is none.
        Conflict: the name is taken.
    """
    _require_administrator(by)
    hashed = hash_password(password) if password is not None else None
    with store.writing() as connection:
        return _add(connection, by.id if by else None, name, role, hashed)


def set_password(store: Store, by: Actor | None, name: str, password: str) -> None:
    """Gives an account another password, and ends its sessions.

    Raises:
        Forbidden: `by` is neither the person nor an administrator.
        Unknown: there is no such account.
    """
    if by is not None and by.name != name:
        _require_administrator(by)
    hashed = hash_password(password)
    with store.writing() as connection:
        number = _number_of(connection, name)
        connection.execute(update(account).where(account.c.id == number).values(password=hashed))
        _revoke_all(connection, number)
        record(connection, by.id if by else None, "set password", name)


def deactivate(store: Store, by: Actor | None, name: str) -> None:
    """Ends an account's sessions, tokens and leases; what it entered stays, under its name.

    Raises:
        Forbidden: `by` is no administrator.
        Unknown: there is no such account.
        Conflict: it is the last administrator's.
    """
    _require_administrator(by)
    with store.writing() as connection:
        number = _number_of(connection, name)
        _require_another_administrator(connection, number, name)
        connection.execute(update(account).where(account.c.id == number).values(active=False))
        _revoke_all(connection, number)
        give_back(connection, assignment.c.account_id == number, number, "released")
        record(connection, by.id if by else None, "deactivate", name)


def reactivate(store: Store, by: Actor | None, name: str) -> None:
    """Lets an account that was deactivated log in again, by the password that it had.

    Raises:
        Forbidden: `by` is no administrator.
        Unknown: there is no such account.
    """
    _require_administrator(by)
    with store.writing() as connection:
        number = _number_of(connection, name)
        connection.execute(update(account).where(account.c.id == number).values(active=True))
        record(connection, by.id if by else None, "reactivate", name)


def set_role(store: Store, by: Actor | None, name: str, role: AccountRole) -> None:
    """Gives an account another role, which holds from its next request on; what it entered stays.

    Raises:
        Forbidden: `by` is no administrator.
        Invalid: there is no such role.
        Unknown: there is no such account.
        Conflict: it is the last administrator's.
    """
    _require_administrator(by)
    _require_role(role)
    with store.writing() as connection:
        number = _number_of(connection, name)
        if role != "administrator":
            _require_another_administrator(connection, number, name)
        before = connection.scalar(select(account.c.role).where(account.c.id == number))
        connection.execute(update(account).where(account.c.id == number).values(role=role))
        record(connection, by.id if by else None, "set role", name, before=before, role=role)


def invite(store: Store, by: Actor | None, role: AccountRole, hours: float = 72) -> Invitation:
    """Makes an invitation to an account of a role.

    Raises:
        Forbidden: `by` is no administrator.
        Invalid: there is no such role, or the time is too long.
    """
    _require_administrator(by)
    _require_role(role)
    if not 0 < hours <= LONGEST_INVITATION:
        raise Invalid(f"an invitation holds for at most {LONGEST_INVITATION} hours")
    token, expires = new_token(), time.time() + 3600 * hours
    with store.writing() as connection:
        connection.execute(insert(invitation).values(digest=digest(token), role=role, expires_at=expires))
        record(connection, by.id if by else None, "invite", role, until=iso(expires))
    return Invitation(token, role, iso(expires))


def accept(store: Store, token: str, name: str, password: str) -> Actor:
    """Makes the account that an invitation is for; it can be used once.

    Raises:
        Unknown: there is no such invitation, or it has expired or been used.
        Conflict: the name is taken.
        Invalid: the name or the password is none.
    """
    holds = (
        (invitation.c.digest == digest(token))
        & invitation.c.used_at.is_(None)
        & (invitation.c.expires_at > time.time())
    )
    with store.reading() as connection:
        is_invited = connection.scalar(select(invitation.c.id).where(holds)) is not None
    # Hashing is slow by design: only for those who are invited.
    hashed = hash_password(password) if is_invited else None
    with store.writing() as connection:
        accepted = update(invitation).where(holds).values(used_at=time.time())
        role = connection.scalar(accepted.returning(invitation.c.role))
        if role is None or hashed is None:
            raise Unknown("there is no such invitation, or it has expired or been used")
        return _add(connection, None, name, role, hashed)


def actor_named(store: Store, name: str) -> Actor:
    """The active account of a name, as it acts.

    Raises:
        Unknown: there is none.
    """
    with store.reading() as connection:
        row = connection.execute(select(account).where(account.c.name == name, account.c.active)).first()
    if row is None:
        raise Unknown(f"there is no active account {name!r}")
    return Actor(row.id, row.name, row.role)


def _add(connection: Connection, by: int | None, name: str, role: AccountRole, hashed: str | None) -> Actor:
    if not NAME.fullmatch(name):
        raise Invalid(f"{name!r}: a name has at most 50 letters, digits and . @ + - _")
    _require_role(role)
    row = {"name": name, "role": role, "password": hashed, "active": True, "created_at": time.time()}
    try:
        with connection.begin_nested():
            number = connection.scalar(insert(account).values(row).returning(account.c.id))
    except IntegrityError:
        raise Conflict(f"the name {name!r} is taken") from None
    record(connection, by if by is not None else number, "add account", name, role=role)
    return Actor(int(number or 0), name, role)


def _revoke_all(connection: Connection, number: int) -> None:
    for table in (session, api_token):
        held = (table.c.account_id == number) & table.c.revoked_at.is_(None)
        connection.execute(update(table).where(held).values(revoked_at=time.time()))


def _require_another_administrator(connection: Connection, number: int, name: str) -> None:
    """Refuses to take the last administrator away.

    Two who take each other's role at once must wait for each other, or nobody would be left.
    """
    administrators = select(account.c.id).where(account.c.role == "administrator", account.c.active)
    if connection.scalars(administrators.order_by(account.c.id).with_for_update()).all() == [number]:
        raise Conflict(f"{name!r} is the last administrator")


def _number_of(connection: Connection, name: str) -> int:
    number = connection.scalar(select(account.c.id).where(account.c.name == name))
    if number is None:
        raise Unknown(f"there is no account {name!r}")
    return int(number)


def _require_administrator(by: Actor | None) -> None:
    if by is not None and not by.may("administrator"):
        raise Forbidden("only an administrator may do this")


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid(f"{role!r}: a role is one of {', '.join(ROLES)}")
