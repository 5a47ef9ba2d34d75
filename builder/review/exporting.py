"""Decisions out of a campaign: streamed from one state of the database, and counted against it."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select
from sqlalchemy.orm import aliased

from builder.errors import RunError
from builder.review.campaigns import campaigns
from builder.review.decisions import ImportedDecision
from builder.review.exchange.exchanged import WHOLE_ARTICLES, Form, Reviewed, Written
from builder.review.exchange.own import decisions_in
from builder.review.history import ROWS_AT_ONCE
from builder.review.items import Entry
from builder.review.rows import campaign_named, entry_from, item_from, select_entries, select_items
from builder.review.store import FILE, Store, database_url, open_store
from builder.review.tables import answer, item

HOLDING = ("answer", "skip", "ruling")


def export(store: Store, name: str, form: Form, path: Path, unanswered: bool = False) -> Written:
    """Writes the answers, skips and rulings that hold, and with `unanswered` the other items as well.

    Never more than some hundred items are held.

    Raises:
        Unknown: there is no such campaign.
        UsageError: the file cannot be written.
        RunError: what was written is not what the database counts; no such file is to be trusted.
    """
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        seen = Written()
        written = form.write(path, _counted(_reviewed(connection, number, unanswered), seen))
        items, entries, answers = _counts(connection, number, unanswered)
    found = (seen.items, seen.answers, seen.left_out["answer"])
    if found != (items, entries, answers) or written.items + written.left_out[WHOLE_ARTICLES] != items:
        raise RunError(
            f"{path}: holds {written.items} of {items} items, made from {found[1]} of {entries} entries, "
            f"{found[2]} of {answers} answers: the database is damaged, or this program is wrong"
        )
    return written


def decisions_in_workspace(workspace: Path) -> list[ImportedDecision]:
    """What people decided in all campaigns of the database that lies in a workspace, if there is one."""
    if not (workspace / FILE).exists():
        return []
    store = open_store(database_url(workspace, None))
    decided = []
    for campaign in campaigns(store):
        with store.reading() as connection:
            decided += list(decisions_in(_reviewed(connection, campaign.id, unanswered=False)))
    store.close()
    return decided


def targets_of(store: Store, name: str) -> dict[str, str]:
    """The names of all targets that the items of a campaign have, by their ids, sorted."""
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
            select_items().where(item.c.campaign_id == number)
        )
        found = {target.id: target.name for row in rows for target in item_from(row).targets}
        return dict(sorted(found.items()))


def _reviewed(connection: Connection, number: int, unanswered: bool) -> Iterator[Reviewed]:
    """Items with what holds of what people entered on them, both streamed in the order of items."""
    wanted = select_items().where(item.c.campaign_id == number).order_by(item.c.id)
    if not unanswered:
        wanted = wanted.where(item.c.id.in_(select(answer.c.item_id).where(_holds(number))))
    streaming = connection.execution_options(yield_per=ROWS_AT_ONCE)
    rows = streaming.execute(select_entries().where(_holds(number)).order_by(answer.c.item_id, answer.c.id))
    entered = groupby(rows, key=lambda row: int(row.item_id))
    following: tuple[int, Iterable[Any]] | None = next(entered, None)
    for row in streaming.execute(wanted):
        entries: list[Entry] = []
        if following is not None and following[0] == row.id:
            entries = [entry_from(one) for one in following[1]]
            following = next(entered, None)
        yield item_from(row), entries


def _holds(number: int) -> ColumnElement[bool]:
    """Whether a row of `answer` is its author's last word on the item; rulings are words of their own.

    A late answer is no word at all, and a withdrawal is none that is exported.
    """
    later = aliased(answer)
    overtaken = exists().where(
        later.c.item_id == answer.c.item_id,
        later.c.account_id == answer.c.account_id,
        later.c.revision > answer.c.revision,
        later.c.kind != "late",
        (later.c.kind == "ruling") == (answer.c.kind == "ruling"),
    )
    return (answer.c.campaign_id == number) & answer.c.kind.in_(HOLDING) & ~overtaken


def _counted(reviewed: Iterable[Reviewed], seen: Written) -> Iterator[Reviewed]:
    """The same items; in `seen` they and their entries are counted as they go by, the latter by kind."""
    for found, entries in reviewed:
        seen.items += 1
        seen.answers += len(entries)
        seen.left_out.update(entry.kind for entry in entries)
        yield found, entries


def _counts(connection: Connection, number: int, unanswered: bool) -> tuple[int, int, int]:
    """What the database counts: items, entries that hold, and answers as the queue counted them."""
    entries, answered = connection.execute(
        select(func.count(), func.count(answer.c.item_id.distinct())).where(_holds(number))
    ).one()
    items, answers = connection.execute(
        select(func.count(), func.coalesce(func.sum(item.c.answered), 0)).where(item.c.campaign_id == number)
    ).one()
    return int(items if unanswered else answered), int(entries), int(answers)
