"""Answers into a campaign that were given elsewhere.

They are entered as if their authors had given them here, at the time that they carry, under the same
rules: an item takes no more answers than its overlap, nothing that somebody entered is replaced, and
the same file can be imported twice.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from builder.engine.workspace import batched
from builder.records import Reject, RejectReason
from builder.review.answers import require_answer
from builder.review.decisions import STAGE
from builder.review.entering import require_text
from builder.review.exchange.exchanged import Answered, Find
from builder.review.items import Actor, Campaign, Content, Entry, Item, as_json, from_json
from builder.review.log import append_entry, record
from builder.review.problems import Conflict, Forbidden, ReviewError, Unknown
from builder.review.queue import lock_account, take_place
from builder.review.rows import campaign_named, item_from, select_items
from builder.review.stances import keep_stances
from builder.review.store import Store
from builder.review.tables import account, answer, assignment, item

AT_ONCE = 200  # answers of one transaction: others wait for it a fraction of a second

Fate = Literal["entered", "known", "withdrawn", "late"]


@dataclass(slots=True)
class Imported:
    """What became of the answers of a file.

    `fates` counts those that were entered, those that were known because they had been entered before, those
    that were entered before and that their authors have withdrawn since, and those that are kept, but
    came late: their items had all the answers that they take.
    """

    fates: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)


def enter(store: Store, name: str, found: Iterable[Answered | Reject]) -> Imported:
    """Enters answers into a campaign; each that cannot be entered becomes a reject that says why.

    Raises:
        Unknown: there is no such campaign.
    """
    imported = Imported()
    with store.reading() as connection:
        into = campaign_named(connection, name)
    for some in batched(found, AT_ONCE):
        with store.writing() as connection:
            for one in some:
                if isinstance(one, Reject):
                    imported.rejects.append(one)
                    continue
                try:
                    imported.fates[_enter(connection, into, one.item, one.entry)] += 1
                except ReviewError as error:
                    detail = f"{one.item.key}: {error}"
                    imported.rejects.append(Reject(STAGE, one.place, RejectReason.BAD_RECORD, detail))
    with store.writing() as connection:
        record(connection, None, "import", into.name, refused=len(imported.rejects), **dict(imported.fates))
    return imported


def finder(store: Store, name: str) -> Find:
    """Finds the items of a campaign by the ids of their quotations or documents, which are never the same."""

    def find(key: str) -> Item | None:
        with store.reading() as connection:
            number = campaign_named(connection, name).id
            named = (item.c.campaign_id == number) & (item.c.key == key)
            row = connection.execute(select_items().where(named)).first()
            return None if row is None else item_from(row)

    return find


def _enter(connection: Connection, into: Campaign, found: Item, entry: Entry) -> Fate:
    """Enters one answer.

    Raises:
        ReviewError: its author has no account or not the role, it is no answer to the item, or its
            author entered another one before.
    """
    actor = _author(connection, entry)
    for text in (entry.note, entry.reason):
        require_text(text)
    if entry.content is not None:
        require_answer(found, entry.content, [label.name for label in into.scheme.labels])
    lock_account(connection, actor)
    before = _before(connection, actor, found, entry)
    if before in ("known", "withdrawn"):
        return before
    values = {
        "content": as_json(entry.content) if entry.content is not None else None,
        "note": entry.note,
        "reason": entry.reason,
        "flagged": entry.flagged,
        "hidden": entry.hidden,
        "seconds": entry.seconds,
        "guideline": entry.guideline,
        "at": datetime.fromisoformat(entry.at).timestamp(),
    }
    has_place = entry.kind == "ruling" or _assign(connection, into, actor, found, entry)
    if before == "late" and not has_place:
        return "known"
    receipt = append_entry(
        connection, actor, into.id, found.id, entry.kind if has_place else "late", **values
    )
    if entry.kind == "answer" and has_place and entry.content is not None:
        keep_stances(connection, actor, into.id, found, receipt, entry.content, entry.hidden)
    return "entered" if has_place else "late"


def _author(connection: Connection, entry: Entry) -> Actor:
    row = connection.execute(
        select(account.c.id, account.c.name, account.c.role).where(account.c.name == entry.annotator)
    ).first()
    if row is None:
        raise Unknown(f"{entry.annotator!r} has no account; add one, or name whose answers these are")
    actor = Actor(row.id, row.name, row.role)
    if entry.kind == "ruling" and not actor.may("adjudicator"):
        raise Forbidden(f"{actor.name} is no adjudicator, but settles an item")
    return actor


def _before(connection: Connection, actor: Actor, found: Item, entry: Entry) -> Fate | None:
    """What became of the very same when it was entered before; None if it never was.

    Raises:
        Conflict: the author's last word on the item is another one.
    """
    rows = connection.execute(
        select(answer.c.kind, answer.c.content)
        .where(answer.c.item_id == found.id, answer.c.account_id == actor.id)
        .order_by(answer.c.revision)
    ).all()
    # Compared as what they say: stances may stand in another order.
    said = [from_json(row.content, Content) if row.content else None for row in rows]  # type: ignore[arg-type] # a union
    same = {row.kind for content, row in zip(said, rows, strict=True) if content == entry.content}
    words = [
        row.kind for row in rows if row.kind != "late" and (row.kind == "ruling") == (entry.kind == "ruling")
    ]
    holds = bool(words) and words[-1] != "withdrawal"
    if entry.kind in same:
        return "known" if holds else "withdrawn"
    if holds and "late" not in same:
        raise Conflict(f"{actor.name} entered something else on it before, which is not replaced")
    if "late" in same:
        return "known" if holds else "late"
    return None


def _assign(connection: Connection, into: Campaign, actor: Actor, found: Item, entry: Entry) -> bool:
    """Takes one of the item's places, unless the author holds one; a skip takes none and gives it back."""
    theirs = (assignment.c.item_id == found.id) & (assignment.c.account_id == actor.id)
    state = connection.scalar(select(assignment.c.state).where(theirs).with_for_update())
    number = item.c.id == found.id
    if entry.kind == "skip":
        if state == "leased":
            connection.execute(update(item).where(number).values(places=item.c.places + 1))
    elif state == "leased" or take_place(connection, found.id):
        connection.execute(update(item).where(number).values(answered=item.c.answered + 1))
    else:
        return False
    at = datetime.fromisoformat(entry.at).timestamp()
    values: dict[str, Any] = {
        "state": "skipped" if entry.kind == "skip" else "submitted",
        "hidden": entry.hidden,
    }
    if state is None:
        values |= {"token": f"{found.id}-{secrets.token_urlsafe(24)}", "taken_at": at, "expires_at": at}
        values |= {"item_id": found.id, "account_id": actor.id, "campaign_id": into.id}
        connection.execute(insert(assignment).values(values))
    else:
        connection.execute(update(assignment).where(theirs).values(values))
    return True
