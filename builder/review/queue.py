"""Handing out items: one lease per item and annotator, never more places than an item has.

A place is counted in the item's own row. Taking one is an update of that row; it comes back when a
lease is released, skipped or swept after its expiry. What an annotator enters is in
`builder.review.entering`.
"""

import hashlib
import secrets
import time
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from builder.review.items import Actor, Claim, Entry, Lease
from builder.review.log import record
from builder.review.problems import Closed, Conflict, Forbidden, Unknown
from builder.review.rows import (
    AnyRow,
    entries,
    item_from,
    select_entries,
    select_items,
    without_opinions,
)
from builder.review.store import Store
from builder.review.tables import account, answer, assignment, campaign, has_a_place, is_leased, item

ENTERED = ("submitted", "skipped")

# The statements of every claim, made once: making them takes longer than running them.
ANY_EXPIRED = (
    select(assignment.c.id)
    .where(
        assignment.c.campaign_id == bindparam("campaign"),
        assignment.c.expires_at < bindparam("now"),
        is_leased,
    )
    .limit(1)
)
HELD = (
    select(assignment.c.item_id)
    .where(
        assignment.c.campaign_id == bindparam("campaign"),
        assignment.c.account_id == bindparam("actor"),
        is_leased,
    )
    .limit(1)
)
DEALT_WITH = exists().where(
    assignment.c.item_id == item.c.id,
    assignment.c.account_id == bindparam("actor"),
    assignment.c.state.in_(ENTERED),
)
FIRST = (
    select(item.c.id)
    .where(item.c.campaign_id == bindparam("campaign"), has_a_place, ~DEALT_WITH)
    .order_by(item.c.rank)
    .limit(1)
)
FIRST_FREE = FIRST.with_for_update(of=item, skip_locked=True)
FIRST_AWAITED = FIRST.with_for_update(of=item)
TAKE = (
    update(item).where(item.c.id == bindparam("number"), item.c.places > 0).values(places=item.c.places - 1)
)
ITEM_AND_LEASE = (
    select_items()
    .add_columns(assignment.c.token, assignment.c.state)
    .join(
        assignment,
        (assignment.c.item_id == item.c.id) & (assignment.c.account_id == bindparam("actor")),
        isouter=True,
    )
    .where(item.c.id == bindparam("number"))
)


def claim(store: Store, actor: Actor, name: str) -> Claim | None:
    """The next item of a campaign for an annotator, leased; the same one again while it is held.

    Returns:
        None where nothing is left for this annotator.

    Raises:
        Unknown: there is no such campaign.
        Closed: it hands out nothing any more.
    """
    with store.writing() as connection:
        now = time.time()
        wanted = open_campaign(connection, name)
        lock_account(connection, actor)
        _sweep(connection, wanted.id, now)
        held = connection.scalar(HELD, {"campaign": wanted.id, "actor": actor.id})
        number = held or _next(connection, actor, wanted.id)
        return lease(connection, actor, wanted, number) if number else None


def heartbeat(store: Store, actor: Actor, token: str) -> Lease:
    """Renews a lease.

    Raises:
        Conflict: it ended, or never was the actor's.
    """
    with store.writing() as connection:
        now = time.time()
        mine = (assignment.c.token == token) & (assignment.c.account_id == actor.id) & is_leased
        minutes = connection.scalar(
            select(campaign.c.lease_minutes)
            .join(assignment, assignment.c.campaign_id == campaign.c.id)
            .where((assignment.c.token == token) & (assignment.c.account_id == actor.id))
        )
        expires = now + 60 * (minutes or 0)
        if (
            minutes is None
            or not connection.execute(update(assignment).where(mine).values(expires_at=expires)).rowcount
        ):
            raise Conflict("the lease has ended")
        return Lease(token, expires, expires - now)


def release(store: Store, actor: Actor, token: str) -> None:
    """Gives an item back without an answer; a lease that ended is left as it is."""
    with store.writing() as connection:
        lock_account(connection, actor)
        give_back(connection, assignment.c.token == token, actor.id, "released")


def release_all(store: Store, actor: Actor) -> None:
    """Gives back whatever the actor holds."""
    with store.writing() as connection:
        lock_account(connection, actor)
        give_back(connection, is_leased, actor.id, "released")


def end_lease(store: Store, actor: Actor, number: int) -> None:
    """Ends somebody else's lease, as an administrator may.

    Raises:
        Unknown: there is no such lease, or it has ended.
    """
    if not actor.may("administrator"):
        raise Forbidden("only an administrator ends the leases of others")
    with store.writing() as connection:
        if not give_back(connection, assignment.c.id == number, None, "released"):
            raise Unknown(f"there is no lease {number}, or it has ended")
        record(connection, actor.id, "end lease", f"lease {number}")


def open_campaign(connection: Connection, name: str) -> AnyRow:
    """The campaign's `id`, `name`, `lease_minutes` and `hidden_share`.

    Raises:
        Unknown: there is none of that name.
        Closed: it is closed.
    """
    columns = (
        campaign.c.id,
        campaign.c.name,
        campaign.c.state,
        campaign.c.lease_minutes,
        campaign.c.hidden_share,
    )
    row = connection.execute(select(*columns).where(campaign.c.name == name)).first()
    if row is None:
        raise Unknown(f"there is no campaign {name!r}")
    if row.state != "open":
        raise Closed(f"campaign {name!r} is closed")
    return row


def lock_account(connection: Connection, actor: Actor) -> None:
    """Lets one transaction of an account run at a time, so that two tabs cannot take two items."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(select(account.c.id).where(account.c.id == actor.id).with_for_update())


def give_back(connection: Connection, which: Any, holder: int | None, state: str) -> int:
    """Ends the leases that `which` describes, of one holder or of all; the items get their places back."""
    wanted = select(assignment.c.id, assignment.c.item_id).where(which, is_leased)
    if holder is not None:
        wanted = wanted.where(assignment.c.account_id == holder)
    # All in one order, or two transactions could wait for each other.
    ended = connection.execute(
        wanted.order_by(assignment.c.item_id, assignment.c.id).with_for_update(skip_locked=True)
    ).all()
    for number, item_number in ended:
        connection.execute(update(assignment).where(assignment.c.id == number).values(state=state))
        connection.execute(update(item).where(item.c.id == item_number).values(places=item.c.places + 1))
    return len(ended)


def _sweep(connection: Connection, number: int, now: float) -> None:
    if connection.execute(ANY_EXPIRED, {"campaign": number, "now": now}).first() is not None:
        expired = (assignment.c.campaign_id == number) & (assignment.c.expires_at < now)
        give_back(connection, expired, None, "expired")


def _next(connection: Connection, actor: Actor, number: int) -> int | None:
    """The first item in the queue's order that has a place and that the actor has not dealt with, taken."""
    who = {"campaign": number, "actor": actor.id}
    found = connection.scalar(FIRST_FREE, who)
    while found is None and connection.scalar(FIRST, who) is not None:
        # Others are taking all that is left: wait until one of them has, and look again.
        found = connection.scalar(FIRST_AWAITED, who)
    return int(found) if found is not None and take_place(connection, found) else None


def take_place(connection: Connection, number: int) -> bool:
    """Takes one of an item's places, if it has one left."""
    return bool(connection.execute(TAKE, {"number": number}).rowcount)


def lease(connection: Connection, actor: Actor, wanted: AnyRow, number: int) -> Claim:
    """Leases an item of which the actor has taken a place, or renews the lease that they hold."""
    now = time.time()
    expires = now + 60 * wanted.lease_minutes
    theirs = (assignment.c.item_id == number) & (assignment.c.account_id == actor.id)
    row = connection.execute(ITEM_AND_LEASE, {"number": number, "actor": actor.id}).one()
    found = item_from(row)
    hidden = _is_hidden(found.key, actor, wanted.hidden_share)
    token = f"{number}-{secrets.token_urlsafe(24)}"
    if row.state is None:
        connection.execute(
            insert(assignment).values(
                item_id=number,
                account_id=actor.id,
                campaign_id=wanted.id,
                state="leased",
                token=token,
                taken_at=now,
                expires_at=expires,
                hidden=hidden,
            )
        )
    elif row.state == "leased":
        token = row.token
        connection.execute(update(assignment).where(theirs).values(expires_at=expires))
    else:
        renewed = {"state": "leased", "token": token, "taken_at": now, "expires_at": expires}
        connection.execute(update(assignment).where(theirs).values(renewed))
    return Claim(
        item=replace(without_opinions(found) if hidden else found, accepted=()),
        lease=Lease(token, expires, expires - now),
        previous=_previous(connection, actor, number) if row.state else None,
    )


def _is_hidden(key: str, actor: Actor, share: float) -> bool:
    """Drawn by the item and the annotator, so that giving an item back does not draw again."""
    drawn = hashlib.sha256(f"{key} {actor.id}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") < share * 2**32


def _previous(connection: Connection, actor: Actor, number: int) -> Entry | None:
    """What the actor last entered on an item, withdrawn or late as it may be."""
    wanted = select_entries().where(
        answer.c.item_id == number,
        answer.c.account_id == actor.id,
        answer.c.kind.in_(("answer", "skip", "late")),
    )
    return next(entries(connection, wanted.order_by(answer.c.revision.desc()).limit(1)), None)
