"""The two tables that are only ever appended to: what people entered, and what was done."""

import json
import time
from typing import Any

from sqlalchemy import Connection, func, insert, select

from builder.review.items import Actor, EntryKind, Receipt
from builder.review.tables import answer, audit


def append_entry(
    connection: Connection, actor: Actor, campaign_id: int, item_id: int, kind: EntryKind, **values: Any
) -> Receipt:
    """Appends a row of what the actor enters on an item, as the next revision of theirs.

    `values` are the columns of `answer` that this kind of entry has.
    """
    before = select(func.coalesce(func.max(answer.c.revision), 0) + 1).where(
        answer.c.item_id == item_id, answer.c.account_id == actor.id
    )
    row = {
        "item_id": item_id,
        "account_id": actor.id,
        "campaign_id": campaign_id,
        "kind": kind,
        "revision": before.scalar_subquery(),
        "flagged": False,
        "hidden": False,
        "guideline": "",
        "at": time.time(),
    }
    added = insert(answer).values(row | values).returning(answer.c.id, answer.c.revision)
    number, revision = connection.execute(added).one()
    return Receipt(number, item_id, revision)


def record(connection: Connection, actor: int | None, action: str, subject: str, **detail: object) -> None:
    """Appends a line to the audit log, in the same transaction as what it tells of."""
    line = {"at": time.time(), "account_id": actor, "action": action, "subject": subject}
    connection.execute(insert(audit), line | {"detail": json.dumps(detail)})
