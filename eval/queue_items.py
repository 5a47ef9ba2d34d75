"""Invented items in any number, of the size that real ones have, for measuring the review queue."""

import random
from collections.abc import Iterator

from builder.records import Span
from builder.review.accounts import add_account
from builder.review.campaigns import create_campaign
from builder.review.drafts import Draft
from builder.review.items import (
    Actor,
    Boundaries,
    Campaign,
    Context,
    Item,
    ItemTarget,
    Label,
    MachineQuotation,
    MachineSpeaker,
    PossibleSpeaker,
    QuotationAnswer,
    Scheme,
    SpeakerName,
    SuggestedStance,
)
from builder.review.load import add_items
from builder.review.store import Store

CAMPAIGN = "main"
SCHEME = Scheme(
    "1.0", tuple(Label(name, str(key), "") for key, name in enumerate(("favor", "against", "neutral"), 1)), ""
)
TARGETS = 20
SPEAKERS = 5_000
FILLER = "The council met again on Tuesday, and nothing that was said there surprised anybody in the room. "
WORDS = "We will build the bridge"


def fill(store: Store, count: int, annotators: int, overlap: int = 1) -> tuple[Campaign, list[Actor]]:
    """A campaign of that many items, and annotators to work on it."""
    made = create_campaign(store, CAMPAIGN, SCHEME, overlap, lease_minutes=15, hidden_share=0.2)
    add_items(store, made, drafts(count))
    return made, [
        add_account(store, None, f"annotator-{number}", "annotator") for number in range(annotators)
    ]


def drafts(count: int, seed: int = 0) -> Iterator[Draft]:
    """Items of about three kilobytes, with two targets each."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    for number in range(count):
        yield _draft(number, chance)


def answer(item: Item) -> QuotationAnswer:
    """An answer that leaves the boundaries as they are."""
    found = item.quotation
    return QuotationAnswer(
        Boundaries(found.content, found.cue, found.source) if found else None,
        SpeakerName("Ada Quill", "person"),
        {target.id: "favor" for target in item.targets},
    )


def _draft(number: int, chance: random.Random) -> Draft:
    before = FILLER * 8
    text = f"{before}\n“{WORDS},” said Ada Quill of item {number}.\n{FILLER * 8}"
    start = len(before) + 1
    content = Span(start, start + len(WORDS) + 3)
    speaker = f"Speaker {chance.randrange(SPEAKERS)}"
    confidence = round(chance.random(), 4)
    targets = chance.sample(range(TARGETS), 2)
    item = Item(
        kind="quotation",
        key=f"q{number:020x}",
        document=f"d{number // 4:020x}",
        headline="The council meets again",
        published="2024-05-02",
        url=f"https://news.example/{number // 4}",
        site="news.example",
        author="Ines Marlow",
        language="en",
        context=Context(0, text),
        paragraph=Span(start, text.index("\n", start)),
        quotation=MachineQuotation(
            (content,),
            (Span(content.end + 1, content.end + 5),),
            (Span(content.end + 6, content.end + 15),),
            "direct",
            confidence,
        ),
        speaker=MachineSpeaker(speaker, "person", confidence, None),
        candidates=(PossibleSpeaker(speaker, "person", confidence),),
        targets=tuple(_target(one, round(chance.random(), 4)) for one in targets),
    )
    groups = f"speaker {speaker}", *(f"target {one}" for one in targets), f"cluster {number // 4}"
    return Draft(item, "route", chance.random(), groups)


def _target(number: int, confidence: float) -> ItemTarget:
    probabilities = {"favor": confidence, "against": round(1 - confidence, 4), "neutral": 0.0}
    return ItemTarget(
        f"t{number}", f"Target {number}", "", SuggestedStance("favor", confidence, probabilities)
    )
