"""What the audit finds: precision and recall of whole articles, the error of what was accepted."""

from dataclasses import replace

import pytest

from builder.review.answers import decisions_of
from builder.review.articles import Searched
from builder.review.audit import Share, audit_accepted, audit_articles, share
from builder.review.items import MachineSpeaker, QuotationAnswer
from tests.review.invented import ANSWER, BOUNDARIES, ITEM, added, entry

EVERYTHING = ("quotation", "speaker", "stance:bridge", "stance:ferry")


def test_confirmed_and_missed_quotations_give_precision_and_recall() -> None:
    audit = audit_articles(
        [
            Searched("d1", {"q1": True, "q2": True, "q3": False}, (added(40, 60),), ()),
            Searched("d2", {"q4": True}, (added(5, 9), added(20, 30)), ()),
        ]
    )
    assert audit.articles == 2
    assert (audit.precision.hits, audit.precision.trials) == (3, 4)
    assert (audit.recall.hits, audit.recall.trials) == (3, 6)
    # Clopper and Pearson of 3 in 6, as in their tables.
    assert (audit.recall.low, audit.recall.high) == (0.1181, 0.8819)


def test_the_error_of_what_was_accepted_is_what_people_changed() -> None:
    accepted = replace(
        ITEM,
        quotation=replace(ITEM.quotation, content=BOUNDARIES.content) if ITEM.quotation else None,
        speaker=MachineSpeaker("ADA QUILL", "person", 0.9, None),
    )
    against = replace(ANSWER, stances={"bridge": "against", "ferry": "favor"})
    looked_at = [
        (item, decisions_of(item, entry(content)))
        for number, content in enumerate([ANSWER, ANSWER, against])
        for item in [replace(accepted, key=f"q{number}", accepted=EVERYTHING)]
    ]
    errors = audit_accepted(looked_at)
    assert (errors["quotation"].hits, errors["quotation"].trials) == (0, 3)
    assert (errors["speaker"].hits, errors["speaker"].trials) == (0, 3)
    # On the ferry the machine said nothing, so nothing was accepted there.
    assert (errors["stance"].hits, errors["stance"].trials) == (1, 3)
    assert audit_accepted((replace(item, accepted=()), some) for item, some in looked_at) == {}


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, stances={"bridge": "against", "ferry": None}),  # people differ
        replace(ANSWER, stances={"bridge": None, "ferry": None}),
        QuotationAnswer(None),
    ],
)
def test_what_people_did_not_confirm_counts_as_wrong(other: QuotationAnswer) -> None:
    item = replace(ITEM, accepted=EVERYTHING)
    decided = [*decisions_of(item, entry()), *decisions_of(item, entry(other, annotator="jo"))]
    stance = audit_accepted([(item, decided)])["stance"]
    assert (stance.hits, stance.trials) == (1, 1)
    alone = audit_accepted([(item, decisions_of(item, entry(other)))])["stance"]
    assert (alone.hits, alone.trials) == (1, 1)


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) == Share(0, 0, None, None, None)
    assert audit_articles([]).recall == Share(0, 0, None, None, None)
