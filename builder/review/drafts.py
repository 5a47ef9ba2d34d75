"""Making items of a workspace's records: what is shown, what the machine thinks, who is a duplicate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.config import Target
from builder.quotes.paragraphs import lines_around
from builder.records import Document, Quotation, Route, Span, Speaker, Stance
from builder.review.added import is_added
from builder.review.items import (
    Context,
    FoundQuotation,
    Item,
    ItemTarget,
    MachineQuotation,
    MachineSpeaker,
    Origin,
    PossibleSpeaker,
    SpeakerName,
    SuggestedStance,
)
from builder.review.order import doubt

MOST_SHOWN = 1_500  # characters on either side of a quotation's paragraph; whole lines, as far as they fit
MOST_OF_A_LINE = 4_000  # of the paragraph itself on either side of the quotation


@dataclass(frozen=True, slots=True)
class Draft:
    """An item before it is in a database, with what decides its place in the queue.

    `gold` is what is known to be right, as JSON: values by field. Items of the random sample come in the
    order of their `chance`.
    """

    item: Item
    origin: Origin
    doubt: float
    groups: tuple[str, ...]
    cluster: str | None = None
    gold: str | None = None
    chance: float = 0.0


def quotation_draft(
    document: Document,
    quotation: Quotation,
    speaker: Speaker,
    stances: Sequence[Stance],
    routes: Sequence[Route],
    targets: Mapping[str, Target],
    cluster: str,
) -> Draft:
    """The item of a quotation: of origin "route" where a value of it goes to a person, else "audit"."""
    paragraph, context = _shown(document.text, _hull(quotation))
    found = MachineQuotation(
        quotation.content,
        quotation.cue,
        quotation.source,
        quotation.kind,
        None if is_added(quotation) else quotation.confidence,
    )
    item = _of_document(
        document,
        kind="quotation",
        key=quotation.id,
        context=context,
        paragraph=paragraph,
        quotation=found,
        speaker=MachineSpeaker(speaker.name, speaker.kind, speaker.confidence, speaker.mention),
        candidates=tuple(_candidates(speaker)),
        targets=tuple(_target(one, targets) for one in stances),
        accepted=tuple(route.field for route in routes if route.decision == "auto"),
    )
    asked = any(route.decision == "review" for route in routes)
    return Draft(
        item=item,
        origin="route" if asked else "audit",
        doubt=doubt(quotation, speaker, stances, routes),
        groups=(
            *([f"speaker {speaker.name}"] if speaker.name else []),
            *(f"target {one.target}" for one in stances),
            f"cluster {cluster}",
        ),
        cluster=cluster,
    )


def article_draft(
    document: Document, quotations: Sequence[Quotation], speakers: Mapping[str, Speaker]
) -> Draft:
    """The item of a whole article, in which people look for what the machine missed."""
    whole = Span(0, max(1, len(document.text)))
    found = tuple(
        FoundQuotation(one.id, one.content, one.cue, one.source, _name_of(speakers.get(one.id)))
        for one in sorted(quotations, key=lambda one: one.content)
    )
    item = _of_document(
        document,
        kind="article",
        key=document.id,
        context=Context(0, document.text),
        paragraph=whole,
        quotation=None,
        speaker=None,
        candidates=(),
        targets=(),
        found=found,
    )
    return Draft(item, "sample", 0.0, ())


def _of_document(document: Document, **values: object) -> Item:
    return Item(
        document=document.id,
        headline=document.title,
        published=document.published,
        url=document.url,
        site=document.site,
        author=document.author,
        language=document.language,
        **values,  # type: ignore[arg-type] # named by the callers, just above
    )


def _hull(quotation: Quotation) -> Span:
    spans = [*quotation.content, *quotation.cue, *quotation.source]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _shown(text: str, hull: Span) -> tuple[Span, Context]:
    """The quotation's paragraph, and that with whole lines around it."""
    paragraph = lines_around(text, hull, MOST_OF_A_LINE)
    low, high = max(0, paragraph.start - MOST_SHOWN), min(len(text), paragraph.end + MOST_SHOWN)
    if low > 0:
        low = min((text.find("\n", low, paragraph.start) + 1) or paragraph.start, paragraph.start)
    if high < len(text):
        high = max(text.rfind("\n", paragraph.end, high), paragraph.end)
    return paragraph, Context(low, text[low:high])


def _candidates(speaker: Speaker) -> Iterator[PossibleSpeaker]:
    """The candidates, the speaker that was taken among them."""
    if speaker.name and all(one.name != speaker.name for one in speaker.candidates):
        yield PossibleSpeaker(speaker.name, speaker.kind, speaker.confidence)
    for one in speaker.candidates:
        yield PossibleSpeaker(one.name, one.kind, one.confidence)


def _target(stance: Stance, targets: Mapping[str, Target]) -> ItemTarget:
    known = targets.get(stance.target)
    return ItemTarget(
        id=stance.target,
        name=known.name if known else stance.name or stance.target,
        description=known.description if known else "",
        suggestion=SuggestedStance(
            stance.label,
            stance.confidence,
            {one.label: one.probability for one in stance.probabilities},
        ),
        mentions=tuple(one.span for one in stance.mentions),
    )


def _name_of(speaker: Speaker | None) -> SpeakerName | None:
    return SpeakerName(speaker.name, speaker.kind) if speaker else None
