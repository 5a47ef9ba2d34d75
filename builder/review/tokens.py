"""Tokens with which scripts use the queue as people do: named, expiring, revocable."""

import time
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from builder.review.items import Actor
from builder.review.log import record
from builder.review.passwords import digest, new_token
from builder.review.problems import Invalid, Unknown
from builder.review.rows import bearer_of, iso
from builder.review.store import Store
from builder.review.tables import api_token

LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of one's own; `token` is given when it is made and never again."""

    id: int
    name: str
    created_at: str
    expires_at: str
    token: str | None = None


def add_token(store: Store, actor: Actor, name: str, days: float = 90) -> ApiToken:
    """Makes a token that acts as the actor does.

    Raises:
        Invalid: the name is empty or too long, or the time too long.
    """
    if not 0 < len(name) <= 100 or "\0" in name:
        raise Invalid("a token's name has 1 to 100 characters")
    if not 0 < days <= LONGEST_DAYS:
        raise Invalid(f"a token holds for at most {LONGEST_DAYS} days")
    token, now = new_token(), time.time()
    row = {"created_at": now, "expires_at": now + 86_400 * days, "name": name, "account_id": actor.id}
    with store.writing() as connection:
        number = connection.scalar(
            insert(api_token).values(row | {"digest": digest(token)}).returning(api_token.c.id)
        )
        record(connection, actor.id, "add token", name)
    return ApiToken(int(number or 0), name, iso(now), iso(now + 86_400 * days), token)


def tokens(store: Store, actor: Actor) -> list[ApiToken]:
    """The actor's tokens that hold, without the tokens themselves."""
    with store.reading() as connection:
        rows = connection.execute(
            select(api_token)
            .where(
                api_token.c.account_id == actor.id,
                api_token.c.revoked_at.is_(None),
                api_token.c.expires_at > time.time(),
            )
            .order_by(api_token.c.id)
        )
        return [ApiToken(row.id, row.name, iso(row.created_at), iso(row.expires_at)) for row in rows]


def revoke_token(store: Store, actor: Actor, number: int) -> None:
    """Ends one of the actor's tokens.

    Raises:
        Unknown: there is no such token.
    """
    held = (
        (api_token.c.id == number) & (api_token.c.account_id == actor.id) & api_token.c.revoked_at.is_(None)
    )
    with store.writing() as connection:
        if not connection.execute(update(api_token).where(held).values(revoked_at=time.time())).rowcount:
            raise Unknown(f"you have no token {number}")
        record(connection, actor.id, "revoke token", str(number))


def actor_of_token(store: Store, token: str) -> Actor | None:
    """Who a token acts for, if it holds."""
    with store.reading() as connection:
        return bearer_of(connection, api_token, token)
