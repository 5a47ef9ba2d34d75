"""Import: answers from elsewhere are entered by the rules of the queue, and never twice."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from builder.review.campaigns import campaign_by_name, create_campaign, spread_overlap
from builder.review.entering import reopen, submit
from builder.review.exchange.exchanged import Answered
from builder.review.history import audit_log, current, entries_on
from builder.review.importing import Imported, enter, finder
from builder.review.items import Actor, Entry, Item, QuotationAnswer
from builder.review.progress import progress
from builder.review.queue import claim, give_back
from builder.review.store import Store
from builder.review.tables import assignment, item
from tests.review.campaigns import campaign, items, people
from tests.review.invented import ANSWER, entry

AGAINST = replace(ANSWER, stances={"bridge": "against", "ferry": None})


@pytest.fixture
def actors(store: Store) -> dict[str, Actor]:
    campaign(store, items(2), overlap=2)
    return people(store, mk="annotator", jo="annotator", li="annotator", lead="adjudicator")


def item_of(store: Store, key: str = "q1") -> Item:
    found = finder(store, "main")(key)
    assert found is not None
    return found


def imported(store: Store, *entries: Entry) -> Imported:
    return enter(store, "main", [Answered(item_of(store), one, "file:1") for one in entries])


@pytest.mark.usefixtures("actors")
def test_an_answer_is_entered_as_if_it_had_been_given_here(store: Store) -> None:
    given = entry(note="short", flagged=True, hidden=True)
    assert imported(store, given).fates == {"entered": 1}
    _, (found,) = entries_on(store, item_of(store).id)
    assert replace(found, id=0, item=given.item, revision=0) == given
    far = progress(store, "main")
    assert (far.answers, far.wanted) == (1, 4)


@pytest.mark.usefixtures("actors")
def test_the_same_file_again_changes_nothing(store: Store) -> None:
    for fate in ("entered", "known"):
        both = imported(store, entry(), entry(None, "skip", "jo", reason="unclear"))
        assert both.fates == {fate: 2}
        assert progress(store, "main").answers == 1


@pytest.mark.usefixtures("actors")
def test_the_order_of_stances_does_not_make_another_answer(store: Store) -> None:
    imported(store, entry())
    turned = replace(ANSWER, stances=dict(sorted(ANSWER.stances.items(), reverse=True)))
    assert imported(store, entry(turned)).fates == {"known": 1}


@pytest.mark.usefixtures("actors")
def test_what_somebody_entered_is_not_replaced(store: Store) -> None:
    imported(store, entry())
    again = imported(store, entry(AGAINST))
    assert again.fates == {}
    (reject,) = again.rejects
    assert (reject.uri, reject.detail) == (
        "file:1",
        "q1: mk entered something else on it before, which is not replaced",
    )


@pytest.mark.usefixtures("actors")
def test_beyond_the_overlap_an_answer_is_kept_and_does_not_count(store: Store) -> None:
    three = imported(store, entry(), entry(annotator="jo"), entry(annotator="li"))
    assert three.fates == {"entered": 2, "late": 1}
    _, entries = entries_on(store, item_of(store).id)
    assert [one.kind for one in entries] == ["answer", "answer", "late"]
    assert imported(store, entry(annotator="li")).fates == {"known": 1}
    # Once the item takes one more, the same file gives it.
    widened = campaign_by_name(store, "main")
    create_campaign(store, "main", widened.scheme, 3, 10, 0)
    spread_overlap(store, campaign_by_name(store, "main"))
    assert imported(store, entry(annotator="li")).fates == {"entered": 1}
    assert imported(store, entry(annotator="li")).fates == {"known": 1}
    assert progress(store, "main").answers == 3


def test_an_answer_that_was_withdrawn_is_not_entered_again(store: Store, actors: dict[str, Actor]) -> None:
    imported(store, entry())
    reopen(store, actors["mk"], item_of(store).id)
    assert imported(store, entry()).fates == {"withdrawn": 1}
    assert progress(store, "main").answers == 0


def test_who_holds_the_item_keeps_the_place(store: Store, actors: dict[str, Actor]) -> None:
    held = claim(store, actors["mk"], "main")
    assert held is not None
    assert held.item.key == "q1"
    assert imported(store, entry()).fates == {"entered": 1}
    assert imported(store, entry(annotator="jo")).fates == {"entered": 1}
    following = claim(store, actors["mk"], "main")
    assert following is not None
    assert following.item.key == "q2"
    submit(store, actors["mk"], following.lease.token, ANSWER)
    assert progress(store, "main").answers == 3


@pytest.mark.usefixtures("actors")
def test_a_skipped_item_keeps_its_places(store: Store) -> None:
    imported(store, entry(None, "skip", "mk", reason="unclear"))
    both = imported(store, entry(annotator="jo"), entry(annotator="li"))
    assert both.fates == {"entered": 2}


@pytest.mark.usefixtures("actors")
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (entry(annotator="nobody"), "'nobody' has no account; add one"),
        (entry(kind="ruling", annotator="mk", reason="so it is"), "mk is no adjudicator"),
        (entry(replace(ANSWER, stances={"bridge": "favor"})), "stances: ferry is not decided"),
        (entry(replace(ANSWER, stances={"bridge": "great", "ferry": None})), "'great' is none of"),
        (entry(note="x" * 3_000), "has at most 2000 characters"),
        (entry(note="\0"), "must not hold null characters"),
    ],
)
def test_what_cannot_be_entered_is_named(store: Store, given: Entry, told: str) -> None:
    found = imported(store, given)
    assert found.fates == {}
    assert told in found.rejects[0].detail
    assert progress(store, "main").answers == 0


@pytest.mark.usefixtures("actors")
def test_a_ruling_is_entered_beside_the_answers(store: Store) -> None:
    ruling = entry(QuotationAnswer(None), "ruling", "lead", reason="a headline")
    assert imported(store, entry(), ruling).fates == {"entered": 2}
    _, entries = entries_on(store, item_of(store).id)
    assert [(one.kind, one.reason) for one in current(entries)] == [
        ("answer", None),
        ("ruling", "a headline"),
    ]


@pytest.mark.usefixtures("actors")
def test_an_import_is_in_the_log(store: Store) -> None:
    imported(store, entry(), entry(annotator="nobody"))
    line = audit_log(store)[0]
    assert (line.action, line.subject, line.detail) == ("import", "main", {"refused": 1, "entered": 1})


def test_a_lease_that_is_swept_meanwhile_gives_its_place_back_once(
    store: Store, actors: dict[str, Actor]
) -> None:
    held = claim(store, actors["mk"], "main")
    assert held is not None
    answers = [Answered(item_of(store, held.item.key), entry(), "file:1")]
    importing = threading.Thread(target=lambda: enter(store, "main", answers))
    with store.writing() as connection:
        give_back(connection, assignment.c.item_id == held.item.id, None, "expired")
        importing.start()
        importing.join(0.5)  # it must wait for the sweep, and did not where it is done by now
    importing.join()
    with store.reading() as connection:
        columns = select(item.c.overlap, item.c.places, item.c.answered)
        found = connection.execute(columns.where(item.c.id == held.item.id)).one()
    assert (found.overlap, found.places, found.answered) == (2, 1, 1)
