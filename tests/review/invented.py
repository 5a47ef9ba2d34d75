"""An item and what people entered on it, for the tests of exchange and agreement; all is invented."""

from dataclasses import replace

from builder.records import Span
from builder.review.articles import Added
from builder.review.items import (
    ArticleAnswer,
    Boundaries,
    Content,
    Context,
    Entry,
    EntryKind,
    FoundQuotation,
    Item,
    ItemTarget,
    MachineQuotation,
    MissedQuotation,
    QuotationAnswer,
    SpeakerName,
    SuggestedStance,
)
from builder.review.matching import DecidedItem

# The ferry 🚢 and the flag of two code points stand before the quotation, so that code points, code
# units and grapheme clusters all differ from it on.
TEXT = "The ferry 🚢 flew 🇳🇴 at noon. “The bridge 🌉 is safe,” Ada Quill said on Monday, “and cheap.”"
START = 1200  # of the shown text in the document

PROBABILITIES = {"favor": 0.7, "against": 0.2, "neutral": 0.1}


def span(words: str) -> Span:
    """Where words stand in the document."""
    start = TEXT.index(words)
    return Span(START + start, START + start + len(words))


CONTENT = (span("“The bridge 🌉 is safe,”"), span("“and cheap.”"))
BOUNDARIES = Boundaries(CONTENT, (span("said"),), (span("Ada Quill"),))

ITEM = Item(
    kind="quotation",
    key="q1",
    document="d1",
    headline="Bridge reopens",
    published="2024-05-02",
    url="https://news.example/bridge",
    site="news.example",
    author=None,
    language="en",
    context=Context(START, TEXT),
    paragraph=Span(START, START + len(TEXT)),
    quotation=MachineQuotation(*(CONTENT[:1], BOUNDARIES.cue, BOUNDARIES.source), "direct", 0.8),
    speaker=None,
    candidates=(),
    targets=(
        ItemTarget("bridge", "the bridge", "", SuggestedStance("favor", 0.7, PROBABILITIES)),
        ItemTarget("ferry", "the ferry", "", None),
    ),
    id=17,
    campaign="main",
)
ARTICLE = replace(ITEM, kind="article", key="d1", quotation=None, targets=(), id=18)

SEARCHED = replace(ARTICLE, found=(FoundQuotation("q1", CONTENT[:1], (), (), None),))
"""The same article, in which the first words of the quotation were found."""

ANSWER = QuotationAnswer(BOUNDARIES, SpeakerName("Ada Quill", "person"), {"bridge": "favor", "ferry": None})


def entry(
    content: Content | None = ANSWER, kind: EntryKind = "answer", annotator: str = "mk", **changes: object
) -> Entry:
    """What somebody entered on `ITEM`, as it comes back: without a number and a revision."""
    made = Entry(
        id=0,
        item=ITEM.id,
        annotator=annotator,
        kind=kind,
        revision=0,
        content=content,
        note=None,
        reason=None,
        flagged=False,
        hidden=False,
        seconds=4.5,
        guideline="1.0",
        at="2024-05-02T09:31:00.250+00:00",
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the fields of an entry


def search(*missed: str, found: bool = True, speaker: str = "Ada Quill") -> ArticleAnswer:
    """An answer to `SEARCHED`: whether what was found is a quotation, and the words that were missed."""
    name = SpeakerName(speaker, "person")
    marked = [MissedQuotation((span(words),), BOUNDARIES.cue, BOUNDARIES.source, name) for words in missed]
    return ArticleAnswer({"q1": found}, tuple(marked))


def added(start: int, end: int) -> Added:
    """A quotation that people added, of which nothing but its place matters."""
    content = (Span(start, end),)
    return Added(DecidedItem("q9", "d1", content, "words"), {"content": content, "cue": (), "source": ()})


ENTRIES = (
    entry(),
    entry(QuotationAnswer(None), annotator="jo", note="a headline 🗞", flagged=True),
    entry(None, "skip", annotator="li", reason="cannot tell who speaks"),
    entry(
        QuotationAnswer(
            Boundaries(CONTENT[:1], (), ()), SpeakerName("", "unnamed"), {"bridge": None, "ferry": "neutral"}
        ),
        annotator="pat",
        seconds=None,
        hidden=True,
    ),
    entry(annotator="lead", kind="ruling", reason="the second part is hers, too"),
)
