"""How far a campaign is, who did what, and who holds which item now."""

import time
from statistics import median

from sqlalchemy import ColumnElement, Connection, case, exists, func, select
from sqlalchemy.orm import aliased

from builder.review.items import HeldLease, Item, PersonProgress, Progress, from_json
from builder.review.rows import campaign_named, iso
from builder.review.store import Store
from builder.review.tables import account, answer, assignment, is_leased, item

HOUR = 3600
LATEST = 200  # answers of a person whose median time is shown


def progress(store: Store, name: str) -> Progress:
    """How far a campaign is, and each person's part, by name.

    Gold items do not count: they are for measuring people, and never finished.

    Raises:
        Unknown: there is no such campaign.
    """
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        counted = (item.c.campaign_id == number) & (item.c.origin != "gold") & (item.c.state == "open")
        items, finished, answers, wanted = connection.execute(
            select(
                func.count(),
                func.coalesce(func.sum(case((item.c.answered >= item.c.overlap, 1), else_=0)), 0),
                func.coalesce(func.sum(item.c.answered), 0),
                func.coalesce(func.sum(item.c.overlap), 0),
            ).where(counted)
        ).one()
        leased = connection.scalar(select(func.count()).where(assignment.c.campaign_id == number, is_leased))
        people = _people(connection, number)
    return Progress(items, finished, answers, wanted, leased or 0, people)


def leases(store: Store, name: str) -> list[HeldLease]:
    """Who holds which item of a campaign, the longest first.

    Raises:
        Unknown: there is no such campaign.
    """
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        rows = connection.execute(
            select(assignment, account.c.name, item.c.key, item.c.payload)
            .join(account, account.c.id == assignment.c.account_id)
            .join(item, item.c.id == assignment.c.item_id)
            .where(assignment.c.campaign_id == number, is_leased)
            .order_by(assignment.c.taken_at)
        )
        return [
            HeldLease(
                id=row.id,
                item=row.item_id,
                key=row.key,
                headline=from_json(row.payload, Item).headline,
                annotator=row.name,
                taken_at=iso(row.taken_at),
                expires_at=iso(row.expires_at),
            )
            for row in rows
        ]


def _people(connection: Connection, number: int) -> tuple[PersonProgress, ...]:
    """Each person's part in a campaign."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    held = connection.execute(
        select(
            account.c.id,
            account.c.name,
            count(assignment.c.state == "submitted").label("answers"),
            count(assignment.c.state == "skipped").label("skips"),
        )
        .join(assignment, assignment.c.account_id == account.c.id)
        .where(assignment.c.campaign_id == number)
        .group_by(account.c.id, account.c.name)
        .order_by(account.c.name)
    ).all()
    later = aliased(answer)
    holds = ~exists().where(
        later.c.item_id == answer.c.item_id,
        later.c.account_id == answer.c.account_id,
        later.c.revision > answer.c.revision,
        later.c.kind != "late",
    )
    entered = {
        row.account_id: row
        for row in connection.execute(
            select(
                answer.c.account_id,
                count(answer.c.flagged & holds).label("flags"),
                count(answer.c.kind == "late").label("late"),
                count((answer.c.kind == "answer") & (answer.c.at > time.time() - HOUR)).label("last_hour"),
            )
            .where(answer.c.campaign_id == number)
            .group_by(answer.c.account_id)
        )
    }
    return tuple(
        PersonProgress(
            annotator=row.name,
            answers=row.answers,
            skips=row.skips,
            flags=entered[row.id].flags if row.id in entered else 0,
            late=entered[row.id].late if row.id in entered else 0,
            last_hour=entered[row.id].last_hour if row.id in entered else 0,
            seconds=_median_seconds(connection, number, row.id),
        )
        for row in held
    )


def _median_seconds(connection: Connection, number: int, person: int) -> float | None:
    latest = connection.scalars(
        select(answer.c.seconds)
        .where(
            answer.c.account_id == person,
            answer.c.campaign_id == number,
            answer.c.kind == "answer",
            answer.c.seconds.is_not(None),
        )
        .order_by(answer.c.id.desc())
        .limit(LATEST)
    ).all()
    return median(latest) if latest else None
