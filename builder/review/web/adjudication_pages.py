"""The pages of adjudication: what people differed on, flagged or only skipped, and the ruling on it."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, case, func, select

from builder.review.campaigns import campaign_by_name
from builder.review.decisions import STANCE
from builder.review.disagreement import State, disagreements
from builder.review.history import current, entries_on, last_words
from builder.review.items import Campaign, Entry, Item
from builder.review.problems import Unknown
from builder.review.rows import entries, item_of, select_entries
from builder.review.store import Store
from builder.review.tables import answer, item
from builder.review.web.api import Database, Who
from builder.review.web.facts import differing, excerpt_of, facts_of, summary_of
from builder.review.web.rendering import for_script, page
from builder.review.web.review_pages import what_forms_need

router = APIRouter()

SHOWN = 50  # disagreements of one page


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits for a ruling: people answered it differently, flagged it, or only skipped it.

    `fields` are those that differ, in words, each with whether a majority outvotes the others.
    """

    item: int
    excerpt: str
    fields: tuple[tuple[str, State], ...]
    people: tuple[str, ...]
    is_flagged: bool
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer beside the others: each field with its value and whether others have another."""

    entry: Entry
    facts: tuple[tuple[str, str, bool], ...]


@router.get("/campaigns/{name}/adjudicate")
def adjudication(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """The items that wait for a ruling."""
    campaign = campaign_by_name(store, name)
    with closing(waiting(store, campaign)) as some:
        found = list(islice(some, SHOWN + 1))
    return page(
        request,
        "adjudication.html",
        store,
        visitor,
        campaign=campaign,
        waiting=found[:SHOWN],
        more=len(found) > SHOWN,
    )


@router.get("/campaigns/{name}/adjudicate/{number}")
def adjudicate(
    request: Request,
    name: str,
    number: int,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """One item with everybody's answer, its full history and the form of the ruling."""
    campaign = campaign_by_name(store, name)
    found, history = entries_on(store, number)
    if found.campaign != name:
        raise Unknown(f"there is no item {number} in campaign {name!r}")
    holding = current(history)
    with closing(waiting(store, campaign)) as some:
        after = next((one.item for one in some if one.item != number), None)
    path = f"/campaigns/{name}/adjudicate"
    return page(
        request,
        "adjudicate.html",
        store,
        visitor,
        item=found,
        answers=_side_by_side([(one, facts_of(found, one.content)) for one in holding if one.content]),
        skips=[one for one in last_words(history) if one.kind == "skip"],
        history=history,
        summaries={entry.id: summary_of(found, entry) for entry in history},
        item_json=for_script(found),
        answers_json=f"[{', '.join(for_script(one.content) for one in holding)}]",
        after_json=for_script(f"{path}/{after}" if after else path),
        **what_forms_need(store, visitor, campaign),
    )


def waiting(store: Store, campaign: Campaign) -> Generator[Waiting, None, None]:
    """The items that wait for a ruling, in the queue's order; streamed.

    Equal answers are equal JSON, so the database finds those that may differ, and only they are read.
    """
    answered = case((answer.c.kind == "answer", answer.c.content))

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    may_wait = (
        select(item.c.id)
        .join(answer, answer.c.item_id == item.c.id)
        .where(
            item.c.campaign_id == campaign.id,
            (item.c.answered > 1) | answer.c.flagged | answer.c.kind.in_(("skip", "ruling")),
        )
        .group_by(item.c.id, item.c.rank, item.c.answered)
        .having(
            (count(answer.c.kind == "ruling") == 0)
            & (
                (func.min(answered) != func.max(answered))
                | (count(answer.c.flagged) > 0)
                | ((count(answer.c.kind == "skip") > 0) & (item.c.answered == 0))
            )
        )
        .order_by(item.c.rank, item.c.id)
    )
    with store.reading() as connection:
        for number in connection.scalars(may_wait).all():
            wanted = select_entries().where(answer.c.item_id == number).order_by(answer.c.id)
            found, entered = item_of(connection, number), list(entries(connection, wanted))
            fields = [
                (_in_words(found, one.field), one.state)
                for one in disagreements(found, entered)
                if one.state != "settled"
            ]
            said = last_words(entered)
            is_flagged = any(one.flagged for one in said)
            is_skipped = bool(said) and all(one.kind == "skip" for one in said)
            if fields or is_flagged or is_skipped:
                people = tuple(one.annotator for one in said)
                yield Waiting(number, excerpt_of(found), tuple(fields), people, is_flagged, is_skipped)


def _in_words(found: Item, field: str) -> str:
    names = {f"{STANCE}{target.id}": target.name for target in found.targets}
    return names.get(field, field.partition(":")[0])


def _side_by_side(answers: list[tuple[Entry, dict[str, str]]]) -> list[Given]:
    different = set(differing(facts for _, facts in answers))
    return [
        Given(entry, tuple((field, value, field in different) for field, value in facts.items()))
        for entry, facts in answers
    ]
