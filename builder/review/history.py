"""Reading what was entered: one's own, everything on an item, or a whole campaign as a stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from builder.review.items import Actor, Entry, Item
from builder.review.rows import (
    campaign_named,
    entries,
    entry_from,
    iso,
    item_from,
    item_of,
    select_entries,
    select_items,
)
from builder.review.store import Store
from builder.review.tables import account, answer, audit, campaign, item

MOST_AT_ONCE = 200  # rows of one page
ROWS_AT_ONCE = 500  # that a stream holds, some kilobytes each


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the audit log; `actor` is None where somebody had the database itself."""

    id: int
    at: str
    actor: str | None
    action: str
    subject: str
    detail: dict[str, Any]


def mine(store: Store, actor: Actor, name: str, before: int | None = None, limit: int = 50) -> list[Entry]:
    """What the actor entered in a campaign, the newest first; with `before`, what precedes that entry.

    Raises:
        Unknown: there is no such campaign.
    """
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        wanted = select_entries().where(answer.c.account_id == actor.id, answer.c.campaign_id == number)
        if before is not None:
            wanted = wanted.where(answer.c.id < before)
        return list(entries(connection, wanted.order_by(answer.c.id.desc()).limit(min(limit, MOST_AT_ONCE))))


def entries_on(store: Store, number: int) -> tuple[Item, list[Entry]]:
    """An item and everything that anybody entered on it, in order.

    Raises:
        Unknown: there is no such item.
    """
    with store.reading() as connection:
        found = item_of(connection, number)
        wanted = select_entries().where(answer.c.item_id == number).order_by(answer.c.id)
        return found, list(entries(connection, wanted))


def reviewed(store: Store, name: str) -> Iterator[tuple[Item, list[Entry]]]:
    """Each item of a campaign that somebody entered something on, with all entries in order; streamed.

    All of it is of one moment, however long it takes.

    Raises:
        Unknown: there is no such campaign.
    """
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
            select_entries().where(answer.c.campaign_id == number).order_by(answer.c.item_id, answer.c.id)
        )
        for item_number, some in groupby(rows, key=lambda row: int(row.item_id)):
            yield _item(connection, item_number), [entry_from(row) for row in some]


def current(entered: list[Entry]) -> list[Entry]:
    """Of each person the answer that holds, and of each adjudicator the last ruling, in order.

    A late answer holds nothing, and a withdrawn one no longer does.
    """
    return [one for one in last_words(entered) if one.kind in ("answer", "ruling")]


def last_words(entered: list[Entry]) -> list[Entry]:
    """Of each person the last word that holds, answer or skip, and of each adjudicator the last ruling."""
    last = {(entry.annotator, entry.kind == "ruling"): entry for entry in entered if entry.kind != "late"}
    return sorted((one for one in last.values() if one.kind != "withdrawal"), key=lambda one: one.id)


def gold_of(store: Store, name: str) -> dict[int, str]:
    """The known answers (JSON) of a campaign's gold items, by the item's number."""
    with store.reading() as connection:
        rows = connection.execute(
            select(item.c.id, item.c.gold)
            .join(campaign, campaign.c.id == item.c.campaign_id)
            .where(campaign.c.name == name, item.c.gold.is_not(None))
        )
        return {int(row.id): str(row.gold) for row in rows}


def audit_log(store: Store, before: int | None = None, limit: int = 100) -> list[LogLine]:
    """The audit log, the newest first; with `before`, what precedes that line."""
    wanted = select(audit, account.c.name).join(account, account.c.id == audit.c.account_id, isouter=True)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    with store.reading() as connection:
        rows = connection.execute(wanted.order_by(audit.c.id.desc()).limit(min(limit, MOST_AT_ONCE)))
        return [
            LogLine(row.id, iso(row.at), row.name, row.action, row.subject, json.loads(row.detail))
            for row in rows
        ]


def _item(connection: Connection, number: int) -> Item:
    return item_from(connection.execute(select_items().where(item.c.id == number)).one())
