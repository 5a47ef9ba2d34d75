"""What is entered, what is refused, and what is kept all the same: on both databases alike."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from builder.records import Span
from builder.review.campaigns import create_campaign
from builder.review.entering import reopen, rule, skip, submit
from builder.review.history import current, entries_on
from builder.review.items import (
    Actor,
    ArticleAnswer,
    Boundaries,
    Claim,
    Content,
    Entry,
    QuotationAnswer,
    SpeakerName,
)
from builder.review.problems import Conflict, Forbidden, Invalid, Unknown
from builder.review.queue import claim, release
from builder.review.store import Store
from builder.review.tables import assignment
from eval.queue_items import CAMPAIGN, SCHEME, answer, fill


def held_by(store: Store, actor: Actor) -> Claim:
    found = claim(store, actor, CAMPAIGN)
    assert found is not None
    return found


def kinds(entered: list[Entry]) -> list[str]:
    return [entry.kind for entry in entered]


def test_an_answer_sent_again_is_entered_once(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    first = submit(store, ada, held.lease.token, answer(held.item), note="sure", seconds=3.0)
    again = submit(store, ada, held.lease.token, answer(held.item), note="sure", seconds=9.0)
    assert (again.id, again.revision, again.replayed) == (first.id, 1, True)
    _, entered = entries_on(store, held.item.id)
    assert kinds(entered) == ["answer"]
    assert (entered[0].annotator, entered[0].note, entered[0].seconds) == (ada.name, "sure", 3.0)
    assert entered[0].guideline == "1.0"


def test_an_answer_sent_again_under_other_guidelines_is_entered_once(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    submit(store, ada, held.lease.token, answer(held.item))
    create_campaign(store, CAMPAIGN, replace(SCHEME, version="1.1"), 1, 15, 0.0)
    assert submit(store, ada, held.lease.token, answer(held.item)).replayed


def test_another_answer_under_a_lease_that_carried_one_is_refused_and_kept(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    submit(store, ada, held.lease.token, answer(held.item))
    with pytest.raises(Conflict, match="you have answered it already, and can change that") as refused:
        submit(store, ada, held.lease.token, QuotationAnswer(None))
    _, entered = entries_on(store, held.item.id)
    assert kinds(entered) == ["answer", "late"]
    assert entered[1].id == refused.value.kept
    assert current(entered) == entered[:1]


def test_an_answer_that_comes_too_late_is_refused_kept_and_offered_again(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = held_by(store, ada)
    with store.writing() as connection:
        connection.execute(update(assignment).values(expires_at=1.0))
    other = held_by(store, ben)
    for _ in range(2):  # sent again, it is kept once
        with pytest.raises(Conflict, match="what you sent is kept") as refused:
            submit(store, ada, held.lease.token, answer(held.item))
    _, entered = entries_on(store, held.item.id)
    assert [(entry.id, entry.kind) for entry in entered] == [(refused.value.kept, "late")]

    release(store, ben, other.lease.token)
    again = held_by(store, ada)
    assert again.previous == entered[0]
    assert submit(store, ada, again.lease.token, answer(again.item)).revision == 2


def test_a_skip_sent_again_is_entered_once_and_then_bars_an_answer(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    first = skip(store, ada, held.lease.token, "not my language", flagged=True)
    assert skip(store, ada, held.lease.token, "not my language", flagged=True).id == first.id
    with pytest.raises(Conflict):
        submit(store, ada, held.lease.token, answer(held.item))
    _, entered = entries_on(store, held.item.id)
    assert [(entry.kind, entry.flagged) for entry in entered] == [("skip", True), ("late", False)]


def test_every_change_of_mind_is_a_row_and_the_last_one_counts(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    submit(store, ada, held.lease.token, QuotationAnswer(None))
    again = reopen(store, ada, held.item.id)
    _, entered = entries_on(store, held.item.id)
    assert (kinds(entered), current(entered)) == (["answer", "withdrawal"], [])
    submit(store, ada, again.lease.token, answer(held.item))
    _, entered = entries_on(store, held.item.id)
    assert [entry.revision for entry in entered] == [1, 2, 3]
    assert current(entered) == entered[2:]


@pytest.mark.parametrize(
    "token", ["", "1-", "1-none", "999-none", "x", "99999999999999999999-1", "-1-x", "²-x"]
)
def test_a_lease_that_never_was_is_unknown(store: Store, token: str) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = held_by(store, ada)
    with pytest.raises(Unknown):
        submit(store, ben, token, answer(held.item))


def test_somebody_elses_lease_is_unknown(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = held_by(store, ada)
    with pytest.raises(Unknown):
        submit(store, ben, held.lease.token, answer(held.item))


SAID = SpeakerName("Ada Quill", "person")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"speaker": None}, "speaker: is missing"),
        ({"speaker": SpeakerName("x" * 501, "person")}, "at most 500"),
        ({"speaker": SpeakerName("\ud800", "person")}, "half a surrogate pair"),
        ({"stances": {}}, "is not decided"),
        ({"stances": {"t0": "favour", "t1": None}}, "none of favor, against, neutral"),
        ({"quotation": None}, "neither speaker nor stance"),
        ({"quotation": Boundaries((), (), ())}, "at least one span"),
        ({"quotation": Boundaries((Span(0, 10**6),), (), ())}, "in the text that is shown"),
        ({"quotation": Boundaries((Span(1, 5), Span(4, 9)), (), ())}, "must not overlap"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_by_name(
    new_store: Store, change: dict[str, object], problem: str
) -> None:
    _, (ada,) = fill(new_store, 1, 1)
    held = held_by(new_store, ada)
    good = answer(held.item)
    stances = change.get("stances")
    if isinstance(stances, dict) and stances:  # the item's own targets
        change = change | {"stances": dict.fromkeys(good.stances, "favour")}
    with pytest.raises(Invalid, match=problem):
        submit(new_store, ada, held.lease.token, replace(good, **change))  # type: ignore[arg-type]
    assert submit(new_store, ada, held.lease.token, good).revision == 1


@pytest.mark.parametrize("content", [ArticleAnswer({}), ArticleAnswer({"q1": True})])
def test_an_answer_of_the_other_kind_is_refused(new_store: Store, content: Content) -> None:
    _, (ada,) = fill(new_store, 1, 1)
    held = held_by(new_store, ada)
    with pytest.raises(Invalid, match="of another form"):
        submit(new_store, ada, held.lease.token, content)


@pytest.mark.parametrize("note", ["x" * 2_001, "a\0b"])
def test_notes_that_no_database_should_hold_are_refused(store: Store, note: str) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    with pytest.raises(Invalid):
        submit(store, ada, held.lease.token, answer(held.item), note=note)
    with pytest.raises(Invalid):
        skip(store, ada, held.lease.token, note)


def test_hostile_names_of_speakers_come_back_as_they_were_sent(store: Store) -> None:
    _, (ada,) = fill(store, 1, 1)
    held = held_by(store, ada)
    hostile = replace(answer(held.item), speaker=SpeakerName("<b>\0\u202e'; DROP TABLE item;--🙂", "person"))
    submit(store, ada, held.lease.token, hostile)
    _, (entered,) = entries_on(store, held.item.id)
    assert entered.content == hostile


def test_a_ruling_needs_an_adjudicator_and_a_reason_and_takes_no_place(store: Store) -> None:
    _, (ada, ben) = fill(store, 1, 2)
    held = held_by(store, ada)
    submit(store, ada, held.lease.token, QuotationAnswer(None))
    with pytest.raises(Forbidden):
        rule(store, ben, held.item.id, answer(held.item), "it is one")
    judge = replace(ben, role="adjudicator")
    with pytest.raises(Invalid):
        rule(store, judge, held.item.id, answer(held.item), " ")
    rule(store, judge, held.item.id, answer(held.item), "it is one")
    _, entered = entries_on(store, held.item.id)
    assert [(entry.annotator, entry.kind, entry.reason) for entry in current(entered)] == [
        (ada.name, "answer", None),
        (ben.name, "ruling", "it is one"),
    ]
