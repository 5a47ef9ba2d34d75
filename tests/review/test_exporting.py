"""Export: what holds goes out, whole and counted; what goes out can be brought back in."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from builder.errors import RunError
from builder.review.decisions import read_decisions
from builder.review.entering import rule, skip, submit, undo
from builder.review.exchange.exchanged import Unsaid
from builder.review.exchange.forms import FORMS, FormName
from builder.review.exporting import decisions_in_workspace, export, targets_of
from builder.review.history import current, entries_on
from builder.review.importing import enter, finder
from builder.review.items import Actor, Claim, Content
from builder.review.problems import Unknown
from builder.review.queue import claim
from builder.review.store import Store, create_store, database_url
from builder.review.tables import item
from tests.review.campaigns import campaign, items, people
from tests.review.invented import ANSWER, SEARCHED, search

AGAINST = replace(ANSWER, stances={"bridge": "against", "ferry": None})
UNSAID = Unsaid("2024-06-01T00:00:00+00:00")


def claimed(store: Store, actor: Actor) -> Claim:
    found = claim(store, actor, "main")
    assert found is not None
    return found


def answer(store: Store, actor: Actor, content: Content = ANSWER) -> int:
    held = claimed(store, actor)
    submit(store, actor, held.lease.token, content, seconds=3.5)
    return held.item.id


def answered(store: Store) -> dict[str, Actor]:
    """Three items: answered by both, with a ruling; answered by one and skipped by the other; open."""
    campaign(store, items(3))
    actors = people(store, mk="annotator", jo="annotator", lead="adjudicator")
    first = answer(store, actors["mk"])
    answer(store, actors["jo"], AGAINST)
    rule(store, actors["lead"], first, ANSWER, "the praise is meant")
    answer(store, actors["mk"])
    skip(store, actors["jo"], claimed(store, actors["jo"]).lease.token, "no context")
    return actors


@pytest.fixture
def reviewed(new_store: Store) -> tuple[Store, dict[str, Actor]]:
    return new_store, answered(new_store)


@pytest.mark.parametrize(
    ("form", "answers"), [("own", 4), ("labelstudio", 5), ("doccano", 5), ("prodigy", 5)]
)
def test_what_holds_goes_out(store: Store, tmp_path: Path, form: FormName, answers: int) -> None:
    actors = answered(store)
    written = export(store, "main", FORMS[form], tmp_path / "out")
    assert (written.items, written.answers) == (2, answers)
    everything = export(store, "main", FORMS[form], tmp_path / "all", unanswered=True)
    assert (everything.items, everything.answers) == (3, answers)
    undo(store, actors["mk"], "main")  # the second item is left with a skip
    again = export(store, "main", FORMS[form], tmp_path / "out")
    assert (again.items, again.answers) == (2, answers - 1)


def test_our_own_form_is_what_a_build_reads(reviewed: tuple[Store, dict[str, Actor]], tmp_path: Path) -> None:
    store, _ = reviewed
    export(store, "main", FORMS["own"], tmp_path / "out.jsonl")
    decided = read_decisions([tmp_path / "out.jsonl"])
    stances = [
        (one.decision.item, one.decision.annotator, one.role, one.decision.after, one.decision.note)
        for one in decided
        if one.decision.field == "stance:bridge"
    ]
    assert stances == [
        ("q1", "mk", "annotator", '"favor"', None),
        ("q1", "jo", "annotator", '"against"', None),
        ("q1", "lead", "adjudicator", '"favor"', "the praise is meant"),
        ("q2", "mk", "annotator", '"favor"', None),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_what_went_out_comes_into_another_campaign(
    reviewed: tuple[Store, dict[str, Actor]], tmp_path: Path, form: FormName
) -> None:
    store, _ = reviewed
    export(store, "main", FORMS[form], tmp_path / "out")
    other = create_store(database_url(tmp_path / "other", None))
    campaign(other, items(3))
    people(other, mk="annotator", jo="annotator", lead="adjudicator")
    imported = enter(other, "main", FORMS[form].read(tmp_path / "out", finder(other, "main"), UNSAID))
    assert imported.rejects == []
    assert imported.fates == {"entered": 4 if form == "own" else 5}

    def told(of: Store, number: int) -> list[object]:
        _, entries = entries_on(of, number)
        return [(one.annotator, one.kind, one.content, one.seconds) for one in current(entries)]

    assert told(other, 1) == told(store, 1)
    assert told(other, 2) == told(store, 2)
    # And out of it again, as many.
    export(other, "main", FORMS[form], tmp_path / "again")


def test_counts_that_differ_from_the_queues_are_an_error(
    reviewed: tuple[Store, dict[str, Actor]], tmp_path: Path
) -> None:
    store, _ = reviewed
    with store.writing() as connection:
        connection.execute(update(item).where(item.c.key == "q1").values(answered=7))
    with pytest.raises(RunError, match="3 of 8 answers"):
        export(store, "main", FORMS["own"], tmp_path / "out")


def test_a_campaign_that_is_not_there_is_named(
    reviewed: tuple[Store, dict[str, Actor]], tmp_path: Path
) -> None:
    store, _ = reviewed
    with pytest.raises(Unknown, match="'second'"):
        export(store, "second", FORMS["own"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_targets_of_a_campaign(reviewed: tuple[Store, dict[str, Actor]]) -> None:
    assert targets_of(reviewed[0], "main") == {"bridge": "the bridge", "ferry": "the ferry"}


def test_memory_is_that_of_some_hundred_items(new_store: Store, tmp_path: Path) -> None:
    campaign(new_store, items(3_000))
    export(new_store, "main", FORMS["labelstudio"], tmp_path / "out", unanswered=True)  # loads code
    tracemalloc.start()
    export(new_store, "main", FORMS["labelstudio"], tmp_path / "out", unanswered=True)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < (tmp_path / "out").stat().st_size / 3


def test_a_build_finds_the_decisions_of_its_workspace(
    reviewed: tuple[Store, dict[str, Actor]], tmp_path: Path
) -> None:
    store, _ = reviewed
    export(store, "main", FORMS["own"], tmp_path / "out.jsonl")
    exported = [replace(one, place="") for one in read_decisions([tmp_path / "out.jsonl"])]
    assert [replace(one, place="") for one in decisions_in_workspace(tmp_path)] == exported
    assert decisions_in_workspace(tmp_path / "elsewhere") == []


def test_what_was_missed_in_an_article_goes_out_comes_in_and_reaches_a_build(
    new_store: Store, tmp_path: Path
) -> None:
    campaign(new_store, [SEARCHED], overlap=1)
    (mk,) = people(new_store, mk="annotator").values()
    said = search("“and cheap.”", found=False)
    answer(new_store, mk, said)
    written = export(new_store, "main", FORMS["own"], tmp_path / "out")
    assert (written.items, written.answers) == (1, 1)
    assert [one.decision.field for one in decisions_in_workspace(tmp_path)] == ["article"]
    other = create_store(database_url(tmp_path / "other", None))
    campaign(other, [SEARCHED], overlap=1)
    people(other, mk="annotator")
    for fate in ("entered", "known"):
        found = FORMS["own"].read(tmp_path / "out", finder(other, "main"), UNSAID)
        assert enter(other, "main", found).fates == {fate: 1}
    _, (entry,) = entries_on(other, 1)
    assert entry.content == said
