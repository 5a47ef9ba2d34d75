"""What an annotator may answer to an item, and what an answer decides, field by field."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from builder.quotes.wording import wording
from builder.records import Decision, Span
from builder.review.decisions import ARTICLE, STANCE, ImportedDecision, Role, canonical, is_text
from builder.review.items import (
    ArticleAnswer,
    Boundaries,
    Content,
    Entry,
    Item,
    MachineQuotation,
    MachineSpeaker,
    QuotationAnswer,
    SpeakerName,
)
from builder.review.problems import Invalid

LONGEST_NAME = 500  # characters; the longest names that articles give people have some hundred


def require_answer(item: Item, content: Content, labels: Sequence[str]) -> None:
    """Refuses what cannot be an answer to an item.

    Raises:
        Invalid: it is of the other kind, leaves something open, names what the item does not have,
            or has boundaries outside the text that was shown.
    """
    if isinstance(content, ArticleAnswer) != (item.kind == "article"):
        raise Invalid(f"item {item.id} is {_article(item.kind)}: the answer is of another form")
    if isinstance(content, ArticleAnswer):
        _require_all("found", content.found, (one.key for one in item.found))
        for missed in content.missed:
            _require_boundaries(item, Boundaries(missed.content, missed.cue, missed.source))
            if not _words(item, missed.content).strip():
                raise Invalid("content: a quotation has words")
            _require_name(missed.speaker)
    elif content.quotation is None:
        if content.speaker is not None or content.stances:
            raise Invalid("what is no quotation has neither speaker nor stance")
    else:
        _require_boundaries(item, content.quotation)
        if content.speaker is None:
            raise Invalid("speaker: is missing; the name is empty where nobody can tell")
        _require_name(content.speaker)
        _require_all("stances", content.stances, (one.id for one in item.targets))
        for target, label in content.stances.items():
            if label is not None and label not in labels:
                raise Invalid(f"stances: {target}: {label!r} is none of {', '.join(labels)}")


def decisions_of(item: Item, entry: Entry, role: Role = "annotator") -> list[ImportedDecision]:
    """The decisions of an answer to a quotation, one a field, those on its duplicates after them.

    A duplicate gets the same speaker and stances; boundaries stay where they were set, but what is
    no quotation here is none there. An answer to an article is one decision. An entry without an
    answer decides nothing.
    """
    if isinstance(entry.content, ArticleAnswer):
        return [_search(item, entry.content, entry, role)]
    if not isinstance(entry.content, QuotationAnswer) or item.quotation is None:
        return []
    values = list(_values(item, entry.content))
    text = _words(item, item.quotation.content)
    decided = [
        _decision(item.key, item.document, item.quotation.content, text, entry, role, value)
        for value in values
    ]
    carried = [(field, before, after) for field, before, after in values if field != "quotation" or not after]
    return decided + [
        _decision(one.key, one.document, one.content, text, entry, role, value)
        for one in item.duplicates
        for value in carried
    ]


def _article(kind: str) -> str:
    return "an article" if kind == "article" else "a quotation"


def _require_all(part: str, given: Iterable[str], wanted: Iterable[str]) -> None:
    given, wanted = set(given), set(wanted)
    if missing := sorted(wanted - given):
        raise Invalid(f"{part}: {missing[0]} is not decided")
    if unknown := sorted(given - wanted):
        raise Invalid(f"{part}: the item has no {unknown[0]!r}")


def _require_boundaries(item: Item, boundaries: Boundaries) -> None:
    shown = Span(item.context.start, item.context.start + len(item.context.text))
    if not boundaries.content:
        raise Invalid("content: a quotation has at least one span")
    for part in ("content", "cue", "source"):
        spans = sorted(getattr(boundaries, part))
        if any(span.start < shown.start or span.end > shown.end for span in spans):
            raise Invalid(f"{part}: must lie in the text that is shown, {shown.start} to {shown.end}")
        if any(left.end > right.start for left, right in pairwise(spans)):
            raise Invalid(f"{part}: spans must not overlap")


def _require_name(speaker: SpeakerName) -> None:
    if len(speaker.name) > LONGEST_NAME:
        raise Invalid(f"speaker: a name has at most {LONGEST_NAME} characters")
    if not is_text(speaker.name):
        raise Invalid("speaker: a name must not hold half a surrogate pair")


def found_by_machine(item: Item) -> dict[str, str | None]:
    """What the machine says of each field of a quotation, as JSON; None where it says nothing."""
    stances = {
        f"{STANCE}{target.id}": canonical(target.suggestion.label if target.suggestion else None)
        for target in item.targets
    }
    return {"quotation": _boundaries(item.quotation), "speaker": _speaker(item.speaker)} | stances


def _values(item: Item, content: QuotationAnswer) -> Iterator[tuple[str, str | None, str | None]]:
    """Field, value before and value after, as JSON."""
    before = found_by_machine(item)
    yield "quotation", before["quotation"], _boundaries(content.quotation)
    if content.quotation is not None:
        yield "speaker", before["speaker"], _speaker(content.speaker)
        for target in item.targets:
            field = f"{STANCE}{target.id}"
            yield field, before[field], canonical(content.stances[target.id])


def _boundaries(found: Boundaries | MachineQuotation | None) -> str | None:
    if found is None:
        return None
    parts = {"content": found.content, "cue": found.cue, "source": found.source}
    return canonical({part: _pairs(spans) for part, spans in parts.items()})


def _speaker(found: SpeakerName | MachineSpeaker | None) -> str | None:
    return canonical({"name": found.name, "kind": found.kind}) if found else None


def _pairs(spans: Iterable[Span]) -> list[Any]:
    return [[span.start, span.end] for span in spans]


def _search(item: Item, content: ArticleAnswer, entry: Entry, role: Role) -> ImportedDecision:
    """What was found in a whole article, as `builder/review/decisions.py` describes it."""
    found = [
        {
            "item": one.key,
            "content": _pairs(one.content),
            "text": _words(item, one.content),
            "is_one": content.found[one.key],
        }
        for one in item.found
    ]
    missed = [
        {
            "content": _pairs(one.content),
            "cue": _pairs(one.cue),
            "source": _pairs(one.source),
            "text": _words(item, sorted(one.content)),
            "speaker": {"name": one.speaker.name, "kind": one.speaker.kind},
        }
        for one in content.missed
    ]
    read = Span(item.context.start, item.context.start + max(1, len(item.context.text)))
    called = item.headline if item.headline and item.headline.strip() and is_text(item.headline) else item.key
    value = (ARTICLE, None, canonical({"found": found, "missed": missed}))
    return _decision(item.key, item.document, (read,), called, entry, role, value)


def _words(item: Item, content: Iterable[Span]) -> str:
    return wording(item.context.text, content, item.context.start)


def _decision(
    key: str,
    document: str,
    content: tuple[Span, ...],
    text: str,
    entry: Entry,
    role: Role,
    value: tuple[str, str | None, str | None],
) -> ImportedDecision:
    field, before, after = value
    return ImportedDecision(
        decision=Decision(
            item=key,
            field=field,
            before=before,
            after=after,
            annotator=entry.annotator,
            at=entry.at,
            seconds=entry.seconds,
            note=entry.note,
            guideline=entry.guideline,
        ),
        document=document,
        content=content,
        text=text,
        role=role,
        place=f"item {entry.item}, revision {entry.revision}",
    )
