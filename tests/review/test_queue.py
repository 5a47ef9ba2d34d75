"""Who is given which item, and when: on SQLite and on PostgreSQL alike."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from builder.review.campaigns import close_campaign, create_campaign
from builder.review.entering import reopen, skip, submit, undo
from builder.review.items import Actor, Claim
from builder.review.load import FOR_EVERYBODY, add_items
from builder.review.problems import Closed, Conflict, Forbidden, Unknown
from builder.review.progress import leases
from builder.review.queue import claim, end_lease, heartbeat, release
from builder.review.store import Store
from builder.review.tables import answer, assignment, item
from eval.queue_items import CAMPAIGN, SCHEME, drafts, fill
from eval.queue_items import answer as answer_to


def next_of(store: Store, actor: Actor) -> Claim:
    found = claim(store, actor, CAMPAIGN)
    assert found is not None
    return found


def answered(store: Store, actor: Actor) -> Claim:
    found = next_of(store, actor)
    submit(store, actor, found.lease.token, answer_to(found.item))
    return found


def expire(store: Store, token: str) -> None:
    with store.writing() as connection:
        connection.execute(update(assignment).where(assignment.c.token == token).values(expires_at=1.0))


def test_items_come_in_the_order_of_their_rank(store: Store) -> None:
    _, (ada,) = fill(store, 5, 1)
    given = [answered(store, ada).item.id for _ in range(5)]
    with store.reading() as connection:
        assert given == list(connection.scalars(select(item.c.id).order_by(item.c.rank)))
    assert claim(store, ada, CAMPAIGN) is None


def test_an_item_that_is_held_is_given_again_with_the_same_lease(store: Store) -> None:
    _, (ada,) = fill(store, 2, 1)
    first, second = next_of(store, ada), next_of(store, ada)
    assert (first.item.id, first.lease.token) == (second.item.id, second.lease.token)


def test_nobody_is_given_what_has_all_its_annotators(store: Store) -> None:
    _, (ada, ben, cy) = fill(store, 2, 3, overlap=2)
    assert next_of(store, ada).item.id == next_of(store, ben).item.id
    assert next_of(store, cy).item.id != next_of(store, ada).item.id


def test_nobody_is_given_an_item_twice(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2, overlap=2)
    answered(store, ada)
    assert claim(store, ada, CAMPAIGN) is None
    assert answered(store, ben).item.id


def test_a_lease_that_ran_out_makes_place_for_another(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = next_of(store, ada)
    assert claim(store, ben, CAMPAIGN) is None
    expire(store, held.lease.token)
    assert next_of(store, ben).item.id == held.item.id
    with pytest.raises(Conflict):
        heartbeat(store, ada, held.lease.token)


def test_a_lease_that_ran_out_holds_until_somebody_else_comes(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = next_of(store, ada)
    expire(store, held.lease.token)
    assert heartbeat(store, ada, held.lease.token).expires_at > held.lease.expires_at
    assert not submit(store, ada, held.lease.token, answer_to(held.item)).replayed


def test_a_released_item_goes_to_whoever_comes_next(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = next_of(store, ada)
    release(store, ada, held.lease.token)
    release(store, ada, held.lease.token)
    assert next_of(store, ben).item.id == held.item.id


def test_a_lease_of_somebody_else_cannot_be_released_nor_renewed(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    token = next_of(store, ada).lease.token
    release(store, ben, token)
    with pytest.raises(Conflict):
        heartbeat(store, ben, token)
    assert heartbeat(store, ada, token).token == token


def test_an_administrator_ends_the_lease_of_somebody_who_went_away(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = next_of(store, ada)
    (one,) = leases(store, CAMPAIGN)
    assert (one.annotator, one.item) == (ada.name, held.item.id)
    with pytest.raises(Forbidden):
        end_lease(store, ben, one.id)
    end_lease(store, replace(ben, role="administrator"), one.id)
    assert next_of(store, ben).item.id == held.item.id
    with pytest.raises(Unknown):
        end_lease(store, replace(ben, role="administrator"), 999)


def test_a_skipped_item_goes_to_others_and_not_back(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = next_of(store, ada)
    skip(store, ada, held.lease.token, "I cannot tell")
    assert claim(store, ada, CAMPAIGN) is None
    assert next_of(store, ben).item.id == held.item.id


def test_undo_takes_back_one_after_the_other_with_what_was_entered(store: Store) -> None:
    _, (ada,) = fill(store, 3, 1)
    first = answered(store, ada)
    second = next_of(store, ada)
    skip(store, ada, second.lease.token, "no")
    third = next_of(store, ada)

    again = undo(store, ada, CAMPAIGN)
    assert again is not None and again.item.id == second.item.id
    assert again.previous is not None and again.previous.reason == "no"
    release(store, ada, again.lease.token)

    again = undo(store, ada, CAMPAIGN)
    assert again is not None and again.item.id == first.item.id
    assert again.previous is not None and again.previous.content == answer_to(first.item)
    assert submit(store, ada, again.lease.token, answer_to(first.item)).revision == 3
    # What was held while something else was undone was given back, and comes again in its order.
    assert {next_of(store, ada).item.id} <= {second.item.id, third.item.id}


def test_undo_passes_over_skips_whose_items_others_have_taken_and_says_how_many(store: Store) -> None:
    _, (ada, ben) = fill(store, 4, 2)
    first = answered(store, ada)
    taken = [next_of(store, ada)]
    skip(store, ada, taken[0].lease.token, "no")
    taken.append(next_of(store, ada))
    skip(store, ada, taken[1].lease.token, "no")
    assert {answered(store, ben).item.id for _ in range(2)} == {one.item.id for one in taken}
    again = undo(store, ada, CAMPAIGN)
    assert again is not None
    assert (again.item.id, again.passed_over) == (first.item.id, 2)
    submit(store, ada, again.lease.token, answer_to(first.item))
    # What was skipped and is free is undone as before.
    free = next_of(store, ada)
    skip(store, ada, free.lease.token, "no")
    again = undo(store, ada, CAMPAIGN)
    assert again is not None
    assert (again.item.id, again.passed_over) == (free.item.id, 0)


def test_where_all_that_is_left_to_undo_is_with_others_that_is_said(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = next_of(store, ada)
    skip(store, ada, held.lease.token, "no")
    answered(store, ben)
    with pytest.raises(Conflict, match="given to others since, and nothing else is left to undo"):
        undo(store, ada, CAMPAIGN)
    with pytest.raises(Conflict, match="item 1 was given to others"):
        reopen(store, ada, held.item.id)


def test_nothing_to_undo_is_no_error(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    assert undo(store, ada, CAMPAIGN) is None
    with pytest.raises(Unknown):
        reopen(store, ada, 1)


def test_an_answer_taken_back_keeps_its_place(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    number = answered(store, ada).item.id
    assert reopen(store, ada, number).item.id == number
    assert claim(store, ben, CAMPAIGN) is None


def test_gold_items_are_given_to_everybody(store: Store) -> None:
    made = create_campaign(store, CAMPAIGN, SCHEME, 1, 15, 0)
    _, people = fill(store, 0, 3)
    add_items(store, made, [replace(draft, origin="gold", gold="{}") for draft in drafts(1)])
    assert len({answered(store, one).item.id for one in people}) == 1
    with store.reading() as connection:
        assert connection.scalar(select(item.c.places)) == FOR_EVERYBODY - 3


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_suggestions_are_hidden_on_the_configured_share(store: Store, share: float) -> None:
    _, (ada,) = fill(store, 1, 1)
    create_campaign(store, CAMPAIGN, SCHEME, 1, 15, share)
    given = next_of(store, ada).item
    assert given.hidden == bool(share)
    assert given.quotation is not None
    opinions = [given.speaker, given.quotation.confidence, given.targets[0].suggestion]
    opinions += [one.confidence for one in given.candidates]
    assert all((opinion is None) == bool(share) for opinion in opinions)


def test_a_closed_campaign_gives_nothing_and_takes_what_is_still_held(store: Store) -> None:
    _, (ada,) = fill(store, 2, 1)
    held = next_of(store, ada)
    close_campaign(store, replace(ada, role="administrator"), CAMPAIGN)
    submit(store, ada, held.lease.token, answer_to(held.item))
    with pytest.raises(Closed):
        claim(store, ada, CAMPAIGN)
    with pytest.raises(Unknown):
        claim(store, ada, "another")


def test_eight_at_once_are_never_given_more_than_there_is(store: Store) -> None:
    """Each of 40 items has two places; 8 annotators who start together take exactly 80."""
    _, people = fill(store, 40, 8, overlap=2)
    barrier = threading.Barrier(8)
    given: list[tuple[int, str]] = []

    def work(actor: Actor) -> None:
        barrier.wait()
        while (found := claim(store, actor, CAMPAIGN)) is not None:
            submit(store, actor, found.lease.token, answer_to(found.item))
            given.append((found.item.id, actor.name))

    in_parallel(work, people)
    assert Counter(Counter(number for number, _ in given).values()) == {2: 40}
    assert len(set(given)) == 80


def test_two_tabs_of_one_annotator_hold_one_item(store: Store) -> None:
    _, (ada,) = fill(store, 8, 1)
    barrier = threading.Barrier(6)
    given: set[int] = set()

    def work(_: int) -> None:
        barrier.wait()
        given.add(next_of(store, ada).item.id)

    in_parallel(work, range(6))
    assert len(given) == 1


def test_tabs_that_send_the_same_answer_enter_it_once(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = next_of(store, ada)
    barrier = threading.Barrier(6)
    ids: set[int] = set()

    def work(_: int) -> None:
        barrier.wait()
        ids.add(submit(store, ada, held.lease.token, answer_to(held.item)).id)

    in_parallel(work, range(6))
    assert len(ids) == 1
    with store.reading() as connection:
        assert len(connection.execute(select(answer.c.id)).all()) == 1


def in_parallel(work: Callable[..., None], arguments: object) -> None:
    """Runs it once for each argument at the same time; what one raises is raised."""
    problems: list[BaseException] = []

    def run(argument: object) -> None:
        try:
            work(argument)
        except BaseException as problem:  # noqa: BLE001 - raised again below
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(one,)) for one in arguments]  # type: ignore[attr-defined]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
