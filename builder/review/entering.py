"""What people enter on items: answers, skips, withdrawals and rulings; each is appended, none is edited.

An answer takes the place of the lease that it carries. One whose lease has ended is refused, but
kept; one that is sent twice is entered once.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from builder.review.answers import require_answer
from builder.review.items import Actor, Claim, Content, Receipt, Scheme, as_json, from_json
from builder.review.log import append_entry, record
from builder.review.problems import Conflict, Forbidden, Invalid, Unknown
from builder.review.queue import ENTERED, give_back, lease, lock_account, open_campaign, take_place
from builder.review.rows import AnyRow, item_from, item_of, select_items
from builder.review.stances import drop_stances, keep_stances
from builder.review.store import Store
from builder.review.tables import answer, assignment, campaign, item

UNDO_HOURS = 12  # how far back undo reaches: the session of a working day
LONGEST_TEXT = 2_000  # characters, of reasons and of notes
MOST_DIGITS = 19  # of an item's number, which a database keeps in 64 bits

# What every answer begins with, made once: making it takes longer than running it.
OF_LEASE = (
    select_items()
    .add_columns(
        assignment.c.id.label("assignment_id"),
        assignment.c.item_id,
        assignment.c.campaign_id,
        assignment.c.state,
        assignment.c.token,
        assignment.c.hidden,
        campaign.c.scheme,
    )
    .join(assignment, assignment.c.item_id == item.c.id)
    .where(assignment.c.item_id == bindparam("number"), assignment.c.account_id == bindparam("actor"))
    .with_for_update(of=assignment)
)
COUNT = update(item).where(item.c.id == bindparam("number"), item.c.answered < item.c.overlap)
COUNT = COUNT.values(answered=item.c.answered + 1)


def submit(
    store: Store,
    actor: Actor,
    token: str,
    content: Content,
    *,
    note: str | None = None,
    flagged: bool = False,
    seconds: float | None = None,
) -> Receipt:
    """Enters an answer under a lease; the same answer under the same lease is entered once.

    Raises:
        Unknown: the actor never had such a lease.
        Invalid: this cannot be an answer to the item.
        Conflict: the lease has ended, or carried another answer before; `kept` is the entry that
            holds this one.
    """
    kept = None
    with store.writing() as connection:
        lock_account(connection, actor)
        held = _lease_of(connection, actor, token)
        scheme = from_json(held.scheme, Scheme)
        require_text(note)
        found = item_from(held)
        require_answer(found, content, [label.name for label in scheme.labels])
        sent = {"content": as_json(content), "note": note, "flagged": flagged, "token": token}
        entered = sent | {"seconds": seconds, "hidden": held.hidden, "guideline": scheme.version}
        holds = held.token == token and held.state == "leased"
        if holds and _count_answer(connection, held.item_id):
            receipt = append_entry(connection, actor, held.campaign_id, held.item_id, "answer", **entered)
            keep_stances(connection, actor, held.campaign_id, found, receipt, content, held.hidden)
            _end(connection, held, "submitted")
            record(connection, actor.id, "answer", f"item {held.item_id}", entry=receipt.id)
            return receipt
        if before := _entered_before(connection, actor, sent):
            if before.kind == "answer":
                return Receipt(before.id, before.item_id, before.revision, replayed=True)
            kept = before.id
        else:
            late = append_entry(connection, actor, held.campaign_id, held.item_id, "late", **entered)
            record(connection, actor.id, "late answer", f"item {held.item_id}", entry=late.id)
            kept = late.id
    if held.state == "submitted":
        raise Conflict(
            "you have answered it already, and can change that under My answers; what you sent is kept", kept
        )
    raise Conflict("the lease has ended and its place was given back; what you sent is kept", kept)


def skip(store: Store, actor: Actor, token: str, reason: str, *, flagged: bool = False) -> Receipt:
    """Gives an item back for good, with a reason: the actor does not get it again.

    Raises:
        Unknown: the actor never had such a lease.
        Conflict: it has ended.
    """
    if not reason.strip():
        raise Invalid("a reason for the skip is missing")
    require_text(reason)
    sent = {"reason": reason, "flagged": flagged, "token": token}
    with store.writing() as connection:
        lock_account(connection, actor)
        held = _lease_of(connection, actor, token)
        if before := _entered_before(connection, actor, sent):
            return Receipt(before.id, before.item_id, before.revision, replayed=True)
        if not give_back(connection, assignment.c.token == token, actor.id, "skipped"):
            raise Conflict("the lease has ended")
        entered = sent | {"hidden": held.hidden, "guideline": from_json(held.scheme, Scheme).version}
        receipt = append_entry(connection, actor, held.campaign_id, held.item_id, "skip", **entered)
        record(connection, actor.id, "skip", f"item {held.item_id}", entry=receipt.id)
        return receipt


def rule(
    store: Store, actor: Actor, number: int, content: Content, reason: str, note: str | None = None
) -> Receipt:
    """Enters an adjudicator's ruling on an item, which settles it whatever others answered.

    Raises:
        Forbidden: the actor is no adjudicator.
        Invalid: the reason is missing, or this cannot be an answer to the item.
    """
    if not actor.may("adjudicator"):
        raise Forbidden("only an adjudicator settles an item")
    if not reason.strip():
        raise Invalid("a reason for the ruling is missing")
    require_text(reason)
    require_text(note)
    with store.writing() as connection:
        lock_account(connection, actor)
        found = item_of(connection, number)
        of = connection.execute(
            select(item.c.campaign_id, campaign.c.scheme)
            .join(campaign, campaign.c.id == item.c.campaign_id)
            .where(item.c.id == number)
        ).one()
        scheme = from_json(of.scheme, Scheme)
        require_answer(found, content, [label.name for label in scheme.labels])
        entered = {"content": as_json(content), "reason": reason, "note": note, "guideline": scheme.version}
        receipt = append_entry(connection, actor, of.campaign_id, number, "ruling", **entered)
        record(connection, actor.id, "ruling", f"item {number}", entry=receipt.id)
        return receipt


def undo(store: Store, actor: Actor, name: str) -> Claim | None:
    """Withdraws the actor's last answer or skip of the session, and hands the item out again.

    A skip whose item was given to others since is passed over, and counted in the claim. What is held
    meanwhile goes back to the queue. None where nothing is left to undo.

    Raises:
        Conflict: nothing is left but such skips.
    """
    with store.writing() as connection:
        wanted = open_campaign(connection, name)
        lock_account(connection, actor)
        passed: set[int] = set()
        for number in _last_ones(connection, actor, wanted.id):
            if again := _reopen(connection, actor, wanted, number):
                return replace(again, passed_over=len(passed))
            passed.add(number)
        if passed:
            raise Conflict("what you skipped was given to others since, and nothing else is left to undo")
        return None


def _last_ones(connection: Connection, actor: Actor, campaign_id: int) -> Iterator[int]:
    """The items that the actor answered or skipped in the session, the last first."""
    entered = (
        select(answer.c.item_id)
        .join(
            assignment,
            (assignment.c.item_id == answer.c.item_id) & (assignment.c.account_id == answer.c.account_id),
        )
        .where(
            answer.c.account_id == actor.id,
            answer.c.campaign_id == campaign_id,
            answer.c.kind.in_(("answer", "skip")),
            answer.c.at > time.time() - UNDO_HOURS * 3600,
            assignment.c.state.in_(ENTERED),
        )
        .group_by(answer.c.item_id)
    )
    for row in connection.execute(entered.order_by(func.max(answer.c.id).desc())).all():
        yield int(row.item_id)


def reopen(store: Store, actor: Actor, number: int) -> Claim:
    """Withdraws the actor's answer to a certain item, and hands that out again.

    Raises:
        Unknown: the actor entered nothing on such an item.
        Conflict: it was skipped, and was given to others since.
    """
    with store.writing() as connection:
        name = connection.scalar(
            select(campaign.c.name)
            .join(assignment, assignment.c.campaign_id == campaign.c.id)
            .where(
                assignment.c.item_id == number,
                assignment.c.account_id == actor.id,
                assignment.c.state.in_(ENTERED),
            )
        )
        if name is None:
            raise Unknown(f"you have entered nothing on item {number}")
        wanted = open_campaign(connection, name)
        lock_account(connection, actor)
        again = _reopen(connection, actor, wanted, number)
        if again is None:
            raise Conflict(f"item {number} was given to others since you skipped it")
        return again


def require_text(text: str | None) -> None:
    """Refuses a reason or a note that the database should not or cannot hold.

    Raises:
        Invalid: it is too long, or holds null characters.
    """
    if text is not None and len(text) > LONGEST_TEXT:
        raise Invalid(f"a reason or a note has at most {LONGEST_TEXT} characters")
    if text is not None and "\0" in text:  # PostgreSQL's text cannot hold it
        raise Invalid("a reason or a note must not hold null characters")


def _reopen(connection: Connection, actor: Actor, wanted: AnyRow, number: int) -> Claim | None:
    """The item with a new lease; None where it was skipped and others have all its places."""
    give_back(connection, assignment.c.campaign_id == wanted.id, actor.id, "released")
    state = connection.scalar(
        select(assignment.c.state).where(assignment.c.item_id == number, assignment.c.account_id == actor.id)
    )
    if state == "submitted":  # the place is still theirs, and is now a lease again
        connection.execute(update(item).where(item.c.id == number).values(answered=item.c.answered - 1))
    elif not take_place(connection, number):
        return None
    append_entry(connection, actor, wanted.id, number, "withdrawal")
    drop_stances(connection, actor, number)
    record(connection, actor.id, "withdraw", f"item {number}")
    return lease(connection, actor, wanted, number)


def _lease_of(connection: Connection, actor: Actor, token: str) -> AnyRow:
    """The actor's assignment of the item that a lease was for, be it that lease or a later one."""
    number = token.partition("-")[0]
    row = None
    if number.isdecimal() and len(number) < MOST_DIGITS:
        row = connection.execute(OF_LEASE, {"number": int(number), "actor": actor.id}).first()
    if row is None:
        raise Unknown("you never had such a lease")
    return row


def _entered_before(connection: Connection, actor: Actor, sent: dict[str, Any]) -> AnyRow | None:
    """The entry that holds the very same under the same lease: what was sent was sent before."""
    same = [answer.c[name].is_not_distinct_from(value) for name, value in sent.items()]
    wanted = select(answer.c.id, answer.c.item_id, answer.c.revision, answer.c.kind)
    return connection.execute(wanted.where(answer.c.account_id == actor.id, *same).limit(1)).first()


def _count_answer(connection: Connection, number: int) -> bool:
    """Counts one more answer to an item, unless it has all that it may have."""
    return bool(connection.execute(COUNT, {"number": number}).rowcount)


def _end(connection: Connection, held: AnyRow, state: str) -> None:
    connection.execute(update(assignment).where(assignment.c.id == held.assignment_id).values(state=state))
