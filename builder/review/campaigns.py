"""Campaigns: a queue of items with its scheme, its overlap and the length of its leases."""

import time

from sqlalchemy import insert, select, update

from builder.review.items import Actor, Campaign, Scheme, as_json
from builder.review.log import record
from builder.review.problems import Forbidden, Unknown
from builder.review.rows import campaign_named, campaign_of
from builder.review.store import Store
from builder.review.tables import campaign


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
    """Makes a campaign, or gives the one of that name this scheme, these leases and this hidden share.

    The overlap of a campaign that is there is left as it is: its items' places were counted by it.
    """
    values = {
        "scheme": as_json(scheme),
        "lease_minutes": lease_minutes,
        "hidden_share": hidden_share,
    }
    with store.writing() as connection:
        changed = connection.execute(update(campaign).where(campaign.c.name == name).values(values))
        if not changed.rowcount:
            new = {"name": name, "state": "open", "overlap": overlap, "model": "", "created_at": time.time()}
            connection.execute(insert(campaign).values(values | new))
        record(connection, None, "set up campaign", name, overlap=overlap, guideline=scheme.version)
        return campaign_named(connection, name)


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


def _set_state(store: Store, actor: Actor, name: str, state: str) -> None:
    if not actor.may("administrator"):
        raise Forbidden("only an administrator opens and closes campaigns")
    with store.writing() as connection:
        changed = update(campaign).where(campaign.c.name == name).values(state=state)
        if not connection.execute(changed).rowcount:
            raise Unknown(f"there is no campaign {name!r}")
        record(connection, actor.id, f"campaign is {state}", name)
