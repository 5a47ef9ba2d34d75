"""What a campaign's decisions are worth, read from a real database."""

import json
from dataclasses import replace

from builder.review.accounts import add_account
from builder.review.assess import all_disagreements, assess
from builder.review.campaigns import create_campaign
from builder.review.drafts import Draft
from builder.review.exchange.exchanged import Answered
from builder.review.importing import enter, finder
from builder.review.items import QuotationAnswer
from builder.review.load import add_items
from builder.review.store import Store
from tests.review.campaigns import SCHEME, items
from tests.review.invented import ANSWER, entry

ACCEPTED = {"route": (), "gold": (), "audit": ("stance:bridge",)}  # by origin
AGAINST = replace(ANSWER, stances={"bridge": "against", "ferry": None})


def answer(store: Store, *origins: tuple[str, str | None], **answers: list[QuotationAnswer]) -> None:
    """A campaign with one item for each origin (and what is known to be right); answers by annotator."""
    made = create_campaign(store, "main", SCHEME, 3, 15, 0.0)
    found = items(len(origins))
    drafts = [
        Draft(replace(one, accepted=ACCEPTED[origin]), origin, 0.5, (), None, gold)  # type: ignore[arg-type]
        for one, (origin, gold) in zip(found, origins, strict=True)
    ]
    add_items(store, made, drafts)
    for annotator in answers:
        add_account(store, None, annotator, "annotator")
    find = finder(store, "main")
    for annotator, given in answers.items():
        for one, content in zip(found, given, strict=True):
            item = find(one.key)
            assert item is not None
            enter(store, "main", [Answered(item, entry(content, annotator=annotator), "")])


def test_gold_and_audit_items_are_told_apart_from_the_others(store: Store) -> None:
    gold = json.dumps({"stance:bridge": '"against"'})
    answer(
        store,
        ("route", None),
        ("audit", None),
        ("gold", gold),
        mk=[ANSWER, AGAINST, AGAINST],
        jo=[ANSWER, AGAINST, ANSWER],
    )
    assessment = assess(store, "main")
    (stance,) = [one for one in assessment.quality.fields if one.field == "stance:bridge"]
    assert {who: (one.right, one.items) for who, one in stance.gold.items()} == {"jo": (0, 1), "mk": (1, 1)}
    assert stance.ordinal is not None  # the scheme has a scale
    # Of what was accepted, the audit item's stance is changed by both.
    accepted = assessment.accepted["stance"]
    assert (accepted.hits, accepted.trials) == (1, 1)
    assert set(assessment.accepted) == {"stance"}  # nothing else was accepted of it
    assert assessment.articles.articles == 0


def test_disagreements_of_a_campaign(store: Store) -> None:
    answer(store, ("route", None), ("route", None), mk=[ANSWER, ANSWER], jo=[ANSWER, AGAINST])
    ((item, (one,)),) = all_disagreements(store, "main")
    assert (item.key, one.field, one.state) == ("q2", "stance:bridge", "open")
