"""Prodigy's JSON Lines: one task a line, with spans, options and free fields.

Prodigy is Python over spaCy and counts code points. An answer "accept" carries spans named content, cue
and source, the options that were accepted (`nato=favor`, `kind=person`) and the text field `speaker`;
"reject" says that this is no quotation; "ignore" is a skip. A recipe of the blocks `spans_manual`,
`choice` and `text_input` shows all of it. Prodigy keeps whatever fields a task has, so nothing is lost but
earlier revisions.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.lines import writing_lines
from builder.records import Reject, Span
from builder.review.exchange.exchanged import (
    FLAGGED,
    KIND,
    Answered,
    Find,
    Reviewed,
    Unsaid,
    Written,
    answer_of,
    answers_in,
    choices_of,
    entry_of,
    found_item,
    machine_boundaries,
    regions,
    stance_choice,
    stances_of,
    without_articles,
)
from builder.review.exchange.fields import Fields
from builder.review.items import Boundaries, Entry, EntryKind, Item, QuotationAnswer

RULING = "ruling"
ANSWERS = ("accept", "reject", "ignore")


def write(path: Path, reviewed: Iterable[Reviewed]) -> Written:
    """Writes one line an answer; an item that nobody answered is a line without an answer."""
    written = Written()
    with writing_lines(path) as append:
        for item, entries in without_articles(reviewed, written):
            for entry in entries:
                append(_task(item) | _answer(item, entry))
            if not entries:
                append(_task(item) | {"spans": _spans(item, machine_boundaries(item))})
            written.items += 1
            written.answers += len(entries)
    return written


def read(path: Path, find: Find, unsaid: Unsaid) -> Iterator[Answered | Reject]:
    """The answers of an export (`prodigy db-out`); tasks without an answer are none."""
    return answers_in(path, lambda task, place: _answered(task, find, unsaid, place))


def _task(item: Item) -> dict[str, Any]:
    options = [
        {"id": stance_choice(target.id, label), "text": f"{target.name}: {label}"}
        for target in item.targets
        for label in sorted(target.suggestion.probabilities if target.suggestion else ())
    ]
    return {
        "text": item.context.text,
        "meta": {"item": item.key, "document": item.document, "headline": item.headline, "url": item.url},
        "options": options,
    }


def _answer(item: Item, entry: Entry) -> dict[str, Any]:
    answered: dict[str, Any] = {
        "answer": "ignore" if entry.kind == "skip" else "accept",
        "_annotator_id": entry.annotator,
        "_timestamp": int(datetime.fromisoformat(entry.at).timestamp()),
        "at": entry.at,
        "seconds": entry.seconds,
        "note": entry.note,
        "reason": entry.reason,
        FLAGGED: entry.flagged,
        RULING: entry.kind == "ruling",
        "hidden": entry.hidden,
        "guideline": entry.guideline,
    }
    answer = entry.content
    if isinstance(answer, QuotationAnswer):
        if answer.quotation is None or answer.speaker is None:
            return answered | {"answer": "reject"}
        accepted = [f"{KIND}={answer.speaker.kind}"]
        accepted += [stance_choice(target, label) for target, label in answer.stances.items()]
        answered["spans"] = _spans(item, answer.quotation)
        answered["accept"] = accepted
        answered["speaker"] = answer.speaker.name
    return answered


def _spans(item: Item, boundaries: Boundaries) -> list[dict[str, Any]]:
    return [{"start": span.start, "end": span.end, "label": part} for part, span in regions(item, boundaries)]


def _answered(task: Fields, find: Find, unsaid: Unsaid, place: str) -> Answered | None:
    if task.value("answer") is None:
        return None
    item = found_item(task.fields("meta").value("item"), task.value("text"), find)
    given = task.text("answer")
    if given not in ANSWERS:
        raise ValueError(f"`answer` must be one of {', '.join(ANSWERS)} (got {given!r})")
    entered: EntryKind = "skip" if given == "ignore" else "ruling" if task.flag(RULING) else "answer"
    entry = entry_of(
        item,
        unsaid.annotator or task.optional_text("_annotator_id") or "",
        entered,
        _content(item, task, given),
        _time(task) or unsaid.at,
        note=task.optional_text("note"),
        reason=task.optional_text("reason"),
        flagged=task.flag(FLAGGED),
        hidden=task.flag("hidden"),
        seconds=task.seconds("seconds"),
        guideline=task.optional_text("guideline") or "",
    )
    return Answered(item, entry, place)


def _content(item: Item, task: Fields, given: str) -> QuotationAnswer | None:
    if given != "accept":
        return QuotationAnswer(None) if given == "reject" else None
    spans = [
        (span.text("label"), Span(span.offset("start"), span.offset("end"))) for span in task.many("spans")
    ]
    chosen = choices_of(task.texts("accept"))
    name = task.optional_text("speaker") or ""
    return answer_of(item, spans, name, chosen.get(KIND, ""), stances_of(chosen))


def _time(task: Fields) -> str:
    """When it was answered: exactly, if we wrote it, or by Prodigy's own seconds since 1970; else empty."""
    seconds = task.seconds("_timestamp")
    if seconds is None or task.value("at") is not None:
        return task.optional_text("at") or ""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        raise ValueError(f"`_timestamp` must be a time (got {seconds!r})") from None
