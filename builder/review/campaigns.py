"""Campaigns: a queue of items with its scheme, its overlap and the length of its leases."""

import json
import time
from collections import Counter
from collections.abc import Collection

from sqlalchemy import bindparam, case, func, insert, select, update

from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.review.items import Actor, Campaign, Scheme, as_json
from builder.review.log import record
from builder.review.problems import Forbidden, Unknown
from builder.review.rows import campaign_named, campaign_of
from builder.review.store import Store
from builder.review.tables import answer, campaign, item

ROWS_AT_ONCE = 5_000  # that one transaction changes, or that a stream holds


def campaigns(store: Store) -> list[Campaign]:
    """All campaigns, the oldest first."""
    with store.reading() as connection:
        return [campaign_of(row) for row in connection.execute(select(campaign).order_by(campaign.c.id))]


def campaign_by_name(store: Store, name: str) -> Campaign:
    """The campaign of a name.

    Raises:
        Unknown: there is none.
    """
    with store.reading() as connection:
        return campaign_named(connection, name)


def create_campaign(
    store: Store, name: str, scheme: Scheme, overlap: int, lease_minutes: float, hidden_share: float
) -> Campaign:
    """Makes a campaign, or gives the one of that name these settings, as far as its answers allow it.

    Another overlap holds at once for items that come; those that are there get it by `spread_overlap`.

    Raises:
        UsageError: no page could have such a name for its address, or the scheme lacks labels that were
            answered; nothing was changed.
    """
    if not name.strip() or "/" in name or name in (".", ".."):
        raise UsageError(f"a campaign cannot be called {name!r}: its name is a part of its pages' addresses")
    values = {
        "scheme": as_json(scheme),
        "overlap": overlap,
        "lease_minutes": lease_minutes,
        "hidden_share": hidden_share,
    }
    _require_labels_of_answers(store, name, {label.name for label in scheme.labels})
    with store.writing() as connection:
        changed = connection.execute(update(campaign).where(campaign.c.name == name).values(values))
        if not changed.rowcount:
            new = {"name": name, "state": "open", "model": "", "created_at": time.time()}
            connection.execute(insert(campaign).values(values | new))
        record(connection, None, "set up campaign", name, overlap=overlap, guideline=scheme.version)
        return campaign_named(connection, name)


def spread_overlap(store: Store, into: Campaign) -> int:
    """Gives the items of a campaign its overlap, in short transactions, so that people can work meanwhile.

    An item that more people hold or answered already keeps as many as these: nothing is taken from them.
    Gold items go to everybody whatever the overlap.

    Returns:
        How many items keep more.
    """
    theirs = (item.c.campaign_id == into.id) & (item.c.origin != "gold")
    others = theirs & (item.c.overlap != into.overlap)
    with store.reading() as connection:
        numbers = connection.scalars(select(item.c.id).where(others).order_by(item.c.id)).all()
    given = item.c.overlap - item.c.places  # how many have a place
    wider = case((given > into.overlap, given), else_=into.overlap)
    changed = update(item).where(item.c.id == bindparam("number"))
    changed = changed.values(overlap=wider, places=wider - given)
    for some in batched(numbers, ROWS_AT_ONCE):
        with store.writing() as connection:
            connection.execute(changed, [{"number": number} for number in some])
    with store.reading() as connection:
        wide = select(func.count()).select_from(item).where(theirs & (item.c.overlap > into.overlap))
        return connection.scalar(wide) or 0


def close_campaign(store: Store, actor: Actor, name: str) -> None:
    """Hands out nothing more; who holds an item may still answer it.

    Raises:
        Forbidden: the actor is no administrator.
        Unknown: there is no such campaign.
    """
    _set_state(store, actor, name, "closed")


def open_campaign(store: Store, actor: Actor, name: str) -> None:
    """Hands out items again; raises as `close_campaign` does."""
    _set_state(store, actor, name, "open")


def _require_labels_of_answers(store: Store, name: str, labels: Collection[str]) -> None:
    """Refuses a scheme without labels that were answered: nobody could say what those answers mean in it."""
    with store.reading() as connection:
        row = connection.execute(select(campaign).where(campaign.c.name == name)).first()
        known = campaign_of(row).scheme.labels if row is not None else ()
        missing = {label.name for label in known} - set(labels)
        if row is None or not missing:
            return
        counts: Counter[str] = Counter()
        contents = select(answer.c.content).where(
            answer.c.campaign_id == row.id, answer.c.content.is_not(None)
        )
        for text in connection.execution_options(yield_per=ROWS_AT_ONCE).scalars(contents):
            stances = json.loads(text).get("stances", {})
            counts.update({label for label in stances.values() if label in missing})
    if counts:
        held = ", ".join(f"{label!r} ({number})" for label, number in sorted(counts.items()))
        raise UsageError(
            f"campaign {name!r}: the scheme lacks labels that were answered: {held}; keep them, or make "
            "another campaign (--campaign NAME)"
        )


def _set_state(store: Store, actor: Actor, name: str, state: str) -> None:
    if not actor.may("administrator"):
        raise Forbidden("only an administrator opens and closes campaigns")
    with store.writing() as connection:
        changed = update(campaign).where(campaign.c.name == name).values(state=state)
        if not connection.execute(changed).rowcount:
            raise Unknown(f"there is no campaign {name!r}")
        record(connection, actor.id, f"campaign is {state}", name)
