"""What the audit finds: precision and recall of whole articles, the error of what was accepted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from builder.records import Span
from builder.review.answers import decisions_of
from builder.review.audit import Share, audit_accepted, audit_articles, share
from builder.review.items import (
    ArticleAnswer,
    Entry,
    FoundQuotation,
    Item,
    MachineSpeaker,
    MissedQuotation,
    SpeakerName,
)
from tests.review.invented import ANSWER, ARTICLE, BOUNDARIES, ITEM, entry


def article(*found: str) -> Item:
    return replace(
        ARTICLE,
        found=tuple(FoundQuotation(key, (Span(0, 5),), (), (), None) for key in found),
    )


def answer(
    found: dict[str, bool],
    missed: Sequence[tuple[int, int]] = (),
    annotator: str = "mk",
    ruling: bool = False,
) -> Entry:
    marked = [MissedQuotation((Span(*pair),), (), (), SpeakerName("Ada Quill", "person")) for pair in missed]
    made = entry(ArticleAnswer(found, tuple(marked)), "ruling" if ruling else "answer", annotator)
    return replace(made, id=1 if not ruling else 9)


def test_confirmed_and_missed_quotations_give_precision_and_recall() -> None:
    audit = audit_articles(
        [
            (article("q1", "q2", "q3"), [answer({"q1": True, "q2": True, "q3": False}, [(40, 60)])]),
            (article("q4"), [answer({"q4": True}, [(5, 9), (20, 30)])]),
            (ITEM, [entry()]),  # no article
            (article("q5"), []),  # nobody searched it
        ]
    )
    assert audit.articles == 2
    assert (audit.precision.hits, audit.precision.trials) == (3, 4)
    assert (audit.recall.hits, audit.recall.trials) == (3, 6)
    # Clopper and Pearson of 3 in 6, as in their tables.
    assert (audit.recall.low, audit.recall.high) == (0.1181, 0.8819)


@pytest.mark.parametrize(
    ("entries", "right", "missed"),
    [
        # Two who differ: one of two is not more than half.
        ([answer({"q1": True}, [(0, 10)]), answer({"q1": False}, annotator="jo")], 0, 0),
        # Both marked about the same words.
        ([answer({"q1": True}, [(0, 10)]), answer({"q1": True}, [(2, 11)], "jo")], 1, 1),
        # Both marked, but different words.
        ([answer({"q1": True}, [(0, 10)]), answer({"q1": True}, [(9, 30)], "jo")], 1, 0),
        # One person who marks the same twice is one person.
        ([answer({"q1": True}, [(0, 10), (0, 9)]), answer({"q1": True}, [], "jo")], 1, 0),
        # A ruling holds alone.
        (
            [
                answer({"q1": True}),
                answer({"q1": True}, annotator="jo"),
                answer({"q1": False}, [(0, 10)], "lead", ruling=True),
            ],
            0,
            1,
        ),
    ],
)
def test_of_several_more_than_half_decide(entries: list[Entry], right: int, missed: int) -> None:
    audit = audit_articles([(article("q1"), entries)])
    assert (audit.precision.hits, audit.recall.trials - audit.recall.hits) == (right, missed)


def test_the_error_of_what_was_accepted_is_what_people_changed() -> None:
    accepted = replace(
        ITEM,
        quotation=replace(ITEM.quotation, content=BOUNDARIES.content) if ITEM.quotation else None,
        speaker=MachineSpeaker("ADA QUILL", "person", 0.9, None),
    )
    against = replace(ANSWER, stances={"bridge": "against", "ferry": "favor"})
    decided = []
    for number, content in enumerate([ANSWER, ANSWER, against]):
        item = replace(accepted, key=f"q{number}")
        decided += decisions_of(item, entry(content))
    errors = audit_accepted(decided)
    assert (errors["quotation"].hits, errors["quotation"].trials) == (0, 3)
    assert (errors["speaker"].hits, errors["speaker"].trials) == (0, 3)
    # On the ferry the machine said nothing, so nothing was accepted there.
    assert (errors["stance"].hits, errors["stance"].trials) == (1, 3)


def test_a_field_without_an_outcome_is_not_counted() -> None:
    against = replace(ANSWER, stances={"bridge": "against", "ferry": None})
    decided = [*decisions_of(ITEM, entry()), *decisions_of(ITEM, entry(against, annotator="jo"))]
    assert "stance" not in audit_accepted(decided)


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) == Share(0, 0, None, None, None)
    assert audit_articles([]).recall == Share(0, 0, None, None, None)
