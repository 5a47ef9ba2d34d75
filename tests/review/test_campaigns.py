"""Settings of a campaign that is there: what changes with the configuration, and what cannot."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from builder.errors import UsageError
from builder.review.campaigns import create_campaign, spread_overlap
from builder.review.entering import submit
from builder.review.items import Actor, Label
from builder.review.load import FOR_EVERYBODY, add_items
from builder.review.queue import claim
from builder.review.store import Store
from builder.review.tables import item
from eval.queue_items import CAMPAIGN, SCHEME, answer, drafts, fill


def again(store: Store, overlap: int) -> int:
    return spread_overlap(store, create_campaign(store, CAMPAIGN, SCHEME, overlap, 15, 0.0))


def answer_all(store: Store, actor: Actor) -> int:
    count = 0
    while (held := claim(store, actor, CAMPAIGN)) is not None:
        submit(store, actor, held.lease.token, answer(held.item))
        count += 1
    return count


def places(store: Store) -> list[tuple[int, int, int]]:
    columns = item.c.overlap, item.c.places, item.c.answered
    with store.reading() as connection:
        rows = connection.execute(select(*columns).order_by(item.c.id))
        return [(row.overlap, row.places, row.answered) for row in rows]


def test_a_greater_overlap_opens_what_was_finished(store: Store) -> None:
    _, (ada, ben, cy) = fill(store, 3, 3)
    assert answer_all(store, ada) == 3
    assert claim(store, ben, CAMPAIGN) is None
    assert again(store, 2) == 0
    assert places(store) == [(2, 1, 1)] * 3
    assert answer_all(store, ben) == 3
    assert claim(store, cy, CAMPAIGN) is None


def test_a_smaller_overlap_takes_nothing_from_anybody(store: Store) -> None:
    _, (ada, ben, cy) = fill(store, 2, 3, overlap=3)
    for actor in (ada, ben):
        held = claim(store, actor, CAMPAIGN)
        assert held is not None
        submit(store, actor, held.lease.token, answer(held.item))
    held = claim(store, ada, CAMPAIGN)
    assert held is not None
    # The first has two answers, the second is held by one.
    assert again(store, 1) == 1
    assert places(store) == [(2, 0, 2), (1, 0, 0)]
    submit(store, ada, held.lease.token, answer(held.item))
    assert claim(store, cy, CAMPAIGN) is None


def test_gold_items_stay_for_everybody(store: Store) -> None:
    made, _ = fill(store, 0, 0)
    add_items(store, made, [replace(draft, origin="gold", gold="{}") for draft in drafts(1)])
    again(store, 2)
    assert places(store) == [(FOR_EVERYBODY, FOR_EVERYBODY, 0)]


@pytest.mark.parametrize("name", ["", " ", "news/2024", ".", ".."])
def test_a_name_that_no_address_can_hold_is_refused(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match="a campaign cannot be called"):
        create_campaign(store, name, SCHEME, 1, 15, 0.0)


def test_a_scheme_without_labels_that_were_answered_is_refused_by_name(store: Store) -> None:
    _, (ada,) = fill(store, 2, 1)
    without = replace(SCHEME, labels=tuple(one for one in SCHEME.labels if one.name != "favor"))
    create_campaign(store, CAMPAIGN, without, 1, 15, 0.0)  # nobody has answered yet
    create_campaign(store, CAMPAIGN, SCHEME, 1, 15, 0.0)
    assert answer_all(store, ada) == 2
    with pytest.raises(UsageError, match=r"lacks labels that were answered: 'favor' \(2\)"):
        create_campaign(store, CAMPAIGN, without, 2, 15, 0.0)
    more = replace(SCHEME, labels=(*SCHEME.labels, Label("mixed", "4", "")))
    made = create_campaign(store, CAMPAIGN, more, 1, 30, 0.5)
    assert (made.overlap, made.lease_minutes, made.hidden_share) == (1, 30, 0.5)
    assert len(made.scheme.labels) == 4
