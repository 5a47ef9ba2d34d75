"""A campaign of invented articles, for the tests of the pages and for their screenshots."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from builder.records import Span
from builder.review.accounts import actor_named, add_account
from builder.review.campaigns import create_campaign
from builder.review.drafts import Draft
from builder.review.entering import submit
from builder.review.items import (
    Boundaries,
    Campaign,
    Context,
    FoundQuotation,
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
from builder.review.queue import claim
from builder.review.store import Store

ROOT = Path(__file__).parents[3]
CAMPAIGN = "marsh-end"
PASSWORD = "a ferry on every tide"  # noqa: S105 - of accounts that live as long as a test
PEOPLE = {"ines": "annotator", "jonas": "annotator", "mara": "adjudicator", "root": "administrator"}

BRIDGE = ItemTarget("bridge", "the second bridge", "The road bridge planned beside the old ferry.", None)
COUNCIL = ItemTarget("council", "Marsh End town council", "", None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of an invented article with one quotation; the parts of it are found by their words."""

    headline: str
    site: str
    text: str
    content: str
    cue: str
    source: str
    speaker: str
    others: tuple[str, ...]


PASSAGES = (
    Passage(
        "Marsh End votes for its second bridge, eleven years late",
        "The Marsh End Courier",
        "Marsh End has waited eleven years for a second bridge. On Tuesday evening, after four hours "
        "of debate and two adjournments, the town council voted nine to six to build one.\n"
        "“This bridge will pay for itself before my daughter learns to drive,” said Councillor Ada "
        "Quill, who chairs the transport committee. The gallery applauded; the ferrymen did not.\n"
        "Tomas Reed, whose boatyard would lose its slipway, called the plan “a monument with a toll "
        "booth” and promised to take it to court.\n"
        "Work is due to begin in March. The council has set aside 38 million crowns, a sum that the "
        "auditor, Imke Vahl, described as optimistic.",
        "“This bridge will pay for itself before my daughter learns to drive,”",
        "said",
        "Councillor Ada Quill, who chairs the transport committee",
        "Ada Quill",
        ("Tomas Reed", "Imke Vahl"),
    ),
    Passage(
        "Boatyard goes to court over the bridge",
        "Harbour Gazette",
        "The dispute over the slipway has reached the regional court.\n"
        "The council drew its line straight through my father’s workshop and never once came to look "
        "at it, Tomas Reed told the judge on the first morning. He asked for the vote to be set "
        "aside.\n"
        "The council’s lawyer, Petra Holm, said only that the file was complete.",
        "The council drew its line straight through my father’s workshop and never once came to look at it",
        "told",
        "Tomas Reed",
        "Tomas Reed",
        ("Petra Holm",),
    ),
    Passage(
        "Auditor doubts the sums",
        "The Marsh End Courier",
        "Imke Vahl has audited the town for nineteen years and seldom raises her voice.\n"
        "Her report notes that thirty-eight million crowns build either the bridge or its approach "
        "roads, but not both. The council has until Friday to answer.",
        "that thirty-eight million crowns build either the bridge or its approach roads, but not both",
        "notes",
        "Her report",
        "Imke Vahl",
        ("the council",),
    ),
    Passage(
        "Ferrymen sail past the town hall",
        "Coast Weekly",
        "Fourteen ferries formed a line below the town hall on Sunday and sounded their horns for an "
        "hour.\n"
        "“They counted the cars and forgot the people,” shouted Lene Brandt from the first of them. "
        "“A bridge does not wait for you when your mother is late.”\n"
        "Passers-by threw bread, which the gulls took.",
        "“They counted the cars and forgot the people,”",
        "shouted",
        "Lene Brandt",
        "Lene Brandt",
        (),
    ),
)


def people(store: Store) -> None:
    """Makes an account of each role."""
    for name, role in PEOPLE.items():
        add_account(store, None, name, role, PASSWORD)  # type: ignore[arg-type] # a dictionary forgets


def campaign(store: Store, overlap: int = 1, hidden_share: float = 0.0, minutes: float = 15) -> Campaign:
    """Makes the campaign, under the scheme of the repository."""
    guidelines = (ROOT / "annotations" / "guidelines.md").read_text(encoding="utf-8")
    labels = tuple(
        Label(name, key, f"The words are {name} of the target.")
        for name, key in (("favor", "1"), ("against", "2"), ("neutral", "3"))
    )
    return create_campaign(store, CAMPAIGN, Scheme("1.0", labels, guidelines), overlap, minutes, hidden_share)


def fill(store: Store, into: Campaign, items: list[Item]) -> None:
    """Puts items into a campaign, to be handed out in their order."""
    doubts = range(len(items), 0, -1)
    add_items(
        store, into, [Draft(one, "route", float(doubt), ()) for one, doubt in zip(items, doubts, strict=True)]
    )


def quotations(count: int) -> list[Item]:
    """So many items, the passages again and again, each with its own key and confidence."""
    return [
        quotation(PASSAGES[index % len(PASSAGES)], f"q{index}", 0.35 + index % 13 / 20)
        for index in range(count)
    ]


def quotation(passage: Passage, key: str = "q1", confidence: float = 0.91, start: int = 1_200) -> Item:
    """The item of a passage, whose text begins at `start` in its document."""
    speaker = PossibleSpeaker(passage.speaker, "person", confidence)
    others = (PossibleSpeaker(name, "person", round((1 - confidence) / 2, 2)) for name in passage.others)
    likely = "favor" if passage.speaker == "Ada Quill" else "against"
    suggestion = SuggestedStance(likely, confidence, {likely: confidence, "neutral": 1 - confidence})
    content = span_of(passage, passage.content, start)
    return Item(
        kind="quotation",
        key=key,
        document="d1",
        headline=passage.headline,
        published="2024-05-02",
        url="https://news.example/bridge",
        site=passage.site,
        author=None,
        language="en",
        context=Context(start, passage.text),
        paragraph=paragraph_of(passage, content, start),
        quotation=MachineQuotation(
            (content,),
            (span_of(passage, passage.cue, start),),
            (span_of(passage, passage.source, start),),
            "direct",
            0.94,
        ),
        speaker=MachineSpeaker(passage.speaker, "person", confidence, None),
        candidates=(speaker, *others),
        targets=(replace(BRIDGE, suggestion=suggestion), COUNCIL),
    )


def article(passage: Passage = PASSAGES[0]) -> Item:
    """The passage as a whole article, of which the machine found the first quotation."""
    one = quotation(passage, start=0)
    assert one.quotation is not None
    found = FoundQuotation(
        "q-found",
        one.quotation.content,
        one.quotation.cue,
        one.quotation.source,
        SpeakerName("Ada Quill", "person"),
    )
    return replace(
        one,
        kind="article",
        key="d-whole",
        quotation=None,
        speaker=None,
        candidates=(),
        targets=(),
        found=(found,),
        paragraph=Span(0, len(passage.text)),
    )


def span_of(passage: Passage, words: str, start: int) -> Span:
    """Where words stand in the document of a passage."""
    place = start + passage.text.index(words)
    return Span(place, place + len(words))


def paragraph_of(passage: Passage, content: Span, start: int) -> Span:
    """The paragraph around a span."""
    first = passage.text.rfind("\n", 0, content.start - start) + 1
    last = passage.text.find("\n", content.end - start)
    return Span(start + first, start + (last if last >= 0 else len(passage.text)))


def answer(item: Item, stances: dict[str, str | None], **changes: object) -> QuotationAnswer:
    """An answer that leaves boundaries and speaker as the machine found them."""
    assert item.quotation is not None
    found = item.quotation
    name = next(one.speaker for one in PASSAGES if one.headline == item.headline)
    boundaries = Boundaries(found.content, found.cue, found.source)
    whole = QuotationAnswer(boundaries, SpeakerName(name, "person"), stances)
    return replace(whole, **changes)  # type: ignore[arg-type] # as the caller says


def answer_one(store: Store, name: str, stances: dict[str, str | None]) -> None:
    """Lets an annotator answer the next item."""
    actor = actor_named(store, name)
    handed_out = claim(store, actor, CAMPAIGN)
    assert handed_out is not None
    submit(store, actor, handed_out.lease.token, answer(handed_out.item, stances))


def answer_everything(store: Store, names: tuple[str, ...], seed: int = 7) -> None:
    """Lets annotators answer all that they are given, agreeing with the model more the surer it is."""
    drawn = random.Random(seed)  # noqa: S311 - sample data
    for name in names:
        actor = actor_named(store, name)
        while handed_out := claim(store, actor, CAMPAIGN):
            stances = dict(_stances(handed_out.item, drawn))
            note = "The second half is not his own." if drawn.random() < 0.1 else None
            submit(
                store,
                actor,
                handed_out.lease.token,
                answer(handed_out.item, stances),
                note=note,
                flagged=note is not None,
                seconds=round(4 + 9 * drawn.random(), 1),
            )


def _stances(item: Item, drawn: random.Random) -> Iterator[tuple[str, str | None]]:
    confidence = float(item.key.removeprefix("q")) % 13 / 20 + 0.35
    likely = "favor" if item.headline == PASSAGES[0].headline else "against"
    yield "bridge", likely if drawn.random() < confidence else drawn.choice(["neutral", "favor", "against"])
    yield "council", drawn.choice(["neutral", "neutral", "against", None])
