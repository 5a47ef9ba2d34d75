"""Rows of the review database as the records that everybody else works with."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from builder.review.items import Actor, Campaign, Content, Entry, Item, Scheme, from_json
from builder.review.passwords import digest
from builder.review.problems import Unknown
from builder.review.tables import account, answer, campaign, item

AnyRow = Row[*tuple[Any, ...]]


def campaign_named(connection: Connection, name: str) -> Campaign:
    """The campaign of a name.

    Raises:
        Unknown: there is none.
    """
    row = connection.execute(select(campaign).where(campaign.c.name == name)).first()
    if row is None:
        raise Unknown(f"there is no campaign {name!r}")
    return campaign_of(row)


def bearer_of(connection: Connection, table: Table, token: str) -> Actor | None:
    """Who holds a token of a table of sessions or of API tokens, if it is not revoked or over."""
    row = connection.execute(
        select(account.c.id, account.c.name, account.c.role)
        .join(table, table.c.account_id == account.c.id)
        .where(
            table.c.digest == digest(token),
            table.c.revoked_at.is_(None),
            table.c.expires_at > time.time(),
            account.c.active,
        )
    ).first()
    return Actor(*row) if row else None


def campaign_of(row: AnyRow) -> Campaign:
    """The campaign that a row of its table holds."""
    return Campaign(
        id=row.id,
        name=row.name,
        state=row.state,
        overlap=row.overlap,
        lease_minutes=row.lease_minutes,
        hidden_share=row.hidden_share,
        scheme=from_json(row.scheme, Scheme),
        model=row.model,
    )


def item_of(connection: Connection, number: int) -> Item:
    """The item of a number.

    Raises:
        Unknown: there is none.
    """
    row = connection.execute(select_items().where(item.c.id == number)).first()
    if row is None:
        raise Unknown(f"there is no item {number}")
    return item_from(row)


def select_items() -> Select[Any]:
    """Selects what `item_from` needs."""
    named = select(item.c.id, item.c.payload, campaign.c.name.label("campaign"))
    return named.join(campaign, campaign.c.id == item.c.campaign_id)


def item_from(row: AnyRow) -> Item:
    """The item of a row that `select_items` gave."""
    return replace(from_json(row.payload, Item), id=row.id, campaign=row.campaign)


def without_opinions(one: Item) -> Item:
    """An item without what the model thinks of it; its boundaries stay, for there would be nothing to see."""
    hidden = [replace(some, confidence=None) for some in one.candidates]
    return replace(
        one,
        hidden=True,
        quotation=replace(one.quotation, confidence=None) if one.quotation else None,
        speaker=None,
        candidates=tuple(sorted(hidden, key=lambda some: some.name)),
        targets=tuple(replace(target, suggestion=None) for target in one.targets),
    )


def select_entries() -> Select[Any]:
    """Selects what `entry_from` needs; `account` is the annotator's."""
    return select(answer, account.c.name.label("annotator")).join(
        account, account.c.id == answer.c.account_id
    )


def entry_from(row: AnyRow) -> Entry:
    """The entry of a row that `select_entries` gave."""
    return Entry(
        id=row.id,
        item=row.item_id,
        annotator=row.annotator,
        kind=row.kind,
        revision=row.revision,
        content=from_json(row.content, Content) if row.content else None,  # type: ignore[arg-type] # a union
        note=row.note,
        reason=row.reason,
        flagged=row.flagged,
        hidden=row.hidden,
        seconds=row.seconds,
        guideline=row.guideline,
        at=iso(row.at),
    )


def entries(connection: Connection, wanted: Select[Any]) -> Iterator[Entry]:
    """The entries that a statement made from `select_entries` finds."""
    return (entry_from(row) for row in connection.execute(wanted))


def iso(seconds: float) -> str:
    """A time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
