"""Our own form: JSON Lines of one decision a line, as `builder/review/decisions.py` describes it.

It is what `build` reads, and duplicates of an item get its decisions. The reason of a ruling stands as its
note. It holds neither skips and flags nor whether suggestions were hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.lines import writing_lines
from builder.records import Reject, RejectReason
from builder.review.answers import decisions_of
from builder.review.decisions import (
    ARTICLE,
    STAGE,
    STANCE,
    ImportedDecision,
    read_decisions,
    spans_of,
    value_of,
)
from builder.review.exchange.exchanged import (
    UNSTORABLE,
    Answered,
    Find,
    Reviewed,
    Unsaid,
    Written,
    entry_of,
)
from builder.review.items import (
    ArticleAnswer,
    Boundaries,
    Content,
    Entry,
    Item,
    MissedQuotation,
    QuotationAnswer,
    SpeakerName,
)

LOST = ("skips", "flags", "reasons beside a note", "hidden suggestions")


def decisions_in(reviewed: Iterable[Reviewed]) -> Iterator[ImportedDecision]:
    """The decisions that answers and rulings come to, those of duplicates after those of their item."""
    for item, entries in reviewed:
        for entry in entries:
            if entry.kind in ("answer", "ruling"):
                told = replace(entry, note=entry.note or entry.reason)
                yield from decisions_of(item, told, "adjudicator" if entry.kind == "ruling" else "annotator")


def write(path: Path, reviewed: Iterable[Reviewed]) -> Written:
    """Writes the decisions; an item that nobody answered has none."""
    written = Written()
    with writing_lines(path) as append:
        for item, entries in reviewed:
            for one in decisions_in([(item, entries)]):
                append(line_of(one))
            written.items += 1
            written.answers += sum(entry.kind in ("answer", "ruling") for entry in entries)
            written.left_out.update(lost for entry in entries for lost in _lost(entry))
    return written


def line_of(one: ImportedDecision) -> dict[str, Any]:
    """A decision as the object that `read_decisions` reads."""
    decision = one.decision
    return {
        "item": decision.item,
        "document": one.document,
        "content": [[span.start, span.end] for span in one.content],
        "text": one.text,
        "field": decision.field,
        "before": value_of(decision.before),
        "after": value_of(decision.after),
        "annotator": decision.annotator,
        "role": one.role,
        "at": decision.at,
        "seconds": decision.seconds,
        "note": decision.note,
        "guideline": decision.guideline,
    }


def read(path: Path, find: Find, unsaid: Unsaid) -> Iterator[Answered | Reject]:
    """One answer for each item and annotator whose decisions cover the whole item.

    Of several decisions of one person on one field the last in the file holds. Decisions on duplicates that
    follow those of their item are passed over, for they come with it; others on what is no item of the
    campaign are refused.
    """
    answers: defaultdict[tuple[str, str, str], dict[str, ImportedDecision]] = defaultdict(dict)
    try:
        for one in read_decisions([path]):
            who = unsaid.annotator or one.decision.annotator
            answers[one.decision.item, who, one.role][one.decision.field] = one
    except UsageError as error:
        yield Reject(STAGE, path.name, RejectReason.BAD_RECORD, str(error))
        return
    duplicates: set[str] = set()
    for (key, who, _), fields in answers.items():
        last = list(fields.values())[-1]
        if key in duplicates:
            continue
        try:
            item = _found(key, last, find)
            duplicates.update(one.key for one in item.duplicates)
            yield Answered(item, _entry(item, who, fields, last), last.place)
        except ValueError as error:
            yield Reject(STAGE, last.place, RejectReason.BAD_RECORD, str(error))


def _lost(entry: Entry) -> Iterator[str]:
    has = (entry.kind == "skip", entry.flagged, bool(entry.reason and entry.note), entry.hidden)
    return (lost for lost, is_lost in zip(LOST, has, strict=True) if is_lost)


def _found(key: str, one: ImportedDecision, find: Find) -> Item:
    item = None if UNSTORABLE.search(key) else find(key)
    kind = "article" if one.decision.field == ARTICLE else "quotation"
    if item is None or item.kind != kind:
        raise ValueError(f"no item of this campaign is the {kind} {key!r}")
    if item.document != one.document or (item.quotation and item.quotation.content != one.content):
        raise ValueError(f"item {key!r} has another document or content in this campaign")
    return item


def _entry(item: Item, who: str, fields: dict[str, ImportedDecision], last: ImportedDecision) -> Entry:
    decision = last.decision
    return entry_of(
        item,
        who,
        "ruling" if last.role == "adjudicator" else "answer",
        _content(fields),
        decision.at,
        note=decision.note if last.role == "annotator" else None,
        reason=decision.note if last.role == "adjudicator" else None,
        seconds=decision.seconds,
        guideline=decision.guideline or "",
    )


def _content(fields: dict[str, ImportedDecision]) -> Content:
    if ARTICLE in fields:
        return _search(value_of(fields[ARTICLE].decision.after))
    if "quotation" not in fields:
        raise ValueError("quotation: is not decided")
    boundaries = value_of(fields["quotation"].decision.after)
    if boundaries is None:
        return QuotationAnswer(None)
    if "speaker" not in fields:
        raise ValueError("speaker: is not decided")
    speaker = value_of(fields["speaker"].decision.after)
    stances = {
        field.removeprefix(STANCE): value_of(one.decision.after)
        for field, one in fields.items()
        if field.startswith(STANCE)
    }
    parts = {part: spans_of(pairs) for part, pairs in boundaries.items()}
    return QuotationAnswer(Boundaries(**parts), SpeakerName(**speaker), stances)


def _search(value: Any) -> ArticleAnswer:
    found = {one["item"]: one["is_one"] for one in value["found"]}
    missed = [
        MissedQuotation(
            spans_of(one["content"]),
            spans_of(one["cue"]),
            spans_of(one["source"]),
            SpeakerName(**one["speaker"]),
        )
        for one in value["missed"]
    ]
    return ArticleAnswer(found, tuple(missed))
