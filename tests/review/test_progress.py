"""How far a campaign is, counted by hand."""

import pytest

from builder.review.campaigns import campaigns, close_campaign, open_campaign
from builder.review.entering import reopen, skip, submit
from builder.review.history import mine
from builder.review.items import Actor, PersonProgress
from builder.review.problems import Conflict, Forbidden, Unknown
from builder.review.progress import progress
from builder.review.queue import claim
from builder.review.store import Store
from eval.queue_items import CAMPAIGN, answer, fill


def enter(store: Store, actor: Actor, seconds: float, flagged: bool = False) -> int:
    held = claim(store, actor, CAMPAIGN)
    assert held is not None
    submit(store, actor, held.lease.token, answer(held.item), seconds=seconds, flagged=flagged)
    return held.item.id


def test_progress_counts_what_holds(store: Store) -> None:
    """Five items of two places. Ada: three answers, one flagged, withdrawn and held. Ben: one, and a skip."""
    _, (ada, ben) = fill(store, 5, 2, overlap=2)
    numbers = [enter(store, ada, seconds, flagged=seconds > 8) for seconds in (2.0, 4.0, 9.0)]
    enter(store, ben, 5.0, flagged=True)
    held = claim(store, ben, CAMPAIGN)
    assert held is not None
    skip(store, ben, held.lease.token, "no")
    with pytest.raises(Conflict):
        submit(store, ben, held.lease.token, answer(held.item))
    reopen(store, ada, numbers[2])

    far = progress(store, CAMPAIGN)
    assert (far.items, far.finished, far.answers, far.wanted, far.leased) == (5, 1, 3, 10, 1)
    assert far.people == (
        PersonProgress(ada.name, answers=2, skips=0, flags=0, late=0, last_hour=3, seconds=4.0),
        PersonProgress(ben.name, answers=1, skips=1, flags=1, late=1, last_hour=1, seconds=5.0),
    )


def test_ones_own_entries_come_newest_first_in_pages(store: Store) -> None:
    _, (ada, ben) = fill(store, 6, 2)
    numbers = [enter(store, ada, 1.0) for _ in range(3)]
    enter(store, ben, 1.0)
    first = mine(store, ada, CAMPAIGN, limit=2)
    assert [one.item for one in first] == numbers[:0:-1]
    assert [one.item for one in mine(store, ada, CAMPAIGN, before=first[-1].id)] == numbers[:1]


def test_campaigns_are_closed_and_opened_by_an_administrator(new_store: Store) -> None:
    _, (ada,) = fill(new_store, 1, 1)
    root = Actor(ada.id, "root", "administrator")
    with pytest.raises(Forbidden):
        close_campaign(new_store, ada, CAMPAIGN)
    close_campaign(new_store, root, CAMPAIGN)
    assert [one.state for one in campaigns(new_store)] == ["closed"]
    open_campaign(new_store, root, CAMPAIGN)
    assert [one.state for one in campaigns(new_store)] == ["open"]
    with pytest.raises(Unknown):
        close_campaign(new_store, root, "another")
