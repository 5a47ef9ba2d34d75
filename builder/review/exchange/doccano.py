"""doccano's JSON Lines for "intent detection and slot filling": text, `entities` and `cats`.

Entities are content, cue and source; categories hold the rest (`nato=favor`, `speaker=Ada Quill`,
`kind=person`). doccano's editor counts UTF-16 code units (in its grapheme mode, which must be off,
grapheme clusters) and keeps what else a line has, but only one set of labels a line: each answer is a
line of its own. It cannot hold a category of more than 100 characters; notes, times and the rest travel
in fields beside, which doccano gives back unchanged, whoever changed the labels.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from builder.lines import writing_lines
from builder.records import Reject, Span
from builder.review.exchange.code_units import to_code_points, to_code_units
from builder.review.exchange.exchanged import (
    FLAGGED,
    KIND,
    NOT_A_QUOTATION,
    SPEAKER,
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

LONGEST_CATEGORY = 100  # doccano's own limit
SKIPPED = "skipped"
LONG_NAME = "answers with a speaker's name of more than 100 characters"


def write(path: Path, reviewed: Iterable[Reviewed]) -> Written:
    """Writes one line an answer; an item that nobody answered has the machine's boundaries."""
    written = Written()
    with writing_lines(path) as append:
        for item, entries in without_articles(reviewed, written):
            held = [entry for entry in entries if _fits(entry)]
            if len(held) < len(entries):
                written.left_out[LONG_NAME] += len(entries) - len(held)
            for entry in held:
                append(_task(item) | _answer(item, entry))
            if not held:
                append(_task(item) | {"entities": _entities(item, machine_boundaries(item)), "cats": []})
            written.items += 1
            written.answers += len(held)
    return written


def read(path: Path, find: Find, unsaid: Unsaid) -> Iterator[Answered | Reject]:
    """The answers of an export; doccano says neither who gave them nor when."""
    return answers_in(path, lambda line, place: _answered(line, find, unsaid, place))


def _task(item: Item) -> dict[str, Any]:
    return {
        "text": item.context.text,
        "item": item.key,
        "document": item.document,
        "headline": item.headline,
        "url": item.url,
    }


def _fits(entry: Entry) -> bool:
    answer = entry.content
    speaker = answer.speaker if isinstance(answer, QuotationAnswer) else None
    return speaker is None or len(f"{SPEAKER}={speaker.name}") <= LONGEST_CATEGORY


def _answer(item: Item, entry: Entry) -> dict[str, Any]:
    answer = entry.content
    entities: list[list[Any]] = []
    categories = [FLAGGED] if entry.flagged else []
    if not isinstance(answer, QuotationAnswer):
        categories.append(SKIPPED)
    elif answer.quotation is None or answer.speaker is None:
        categories.append(NOT_A_QUOTATION)
    else:
        entities = _entities(item, answer.quotation)
        categories += [f"{SPEAKER}={answer.speaker.name}"] if answer.speaker.name else []
        categories.append(f"{KIND}={answer.speaker.kind}")
        categories += [stance_choice(target, label) for target, label in answer.stances.items()]
    return {
        "entities": entities,
        "cats": categories,
        "annotator": entry.annotator,
        "at": entry.at,
        "seconds": entry.seconds,
        "note": entry.note,
        "reason": entry.reason,
        "ruling": entry.kind == "ruling",
        "hidden": entry.hidden,
        "guideline": entry.guideline,
    }


def _entities(item: Item, boundaries: Boundaries) -> list[list[Any]]:
    text = item.context.text
    return [
        [to_code_units(text, span.start), to_code_units(text, span.end), part]
        for part, span in regions(item, boundaries)
    ]


def _answered(line: Fields, find: Find, unsaid: Unsaid, place: str) -> Answered:
    item = found_item(line.value("item"), line.value("text"), find)
    categories = line.texts("cats")
    if not categories:
        raise ValueError("has no categories: nobody answered it")
    entered: EntryKind = "skip" if SKIPPED in categories else "ruling" if line.flag("ruling") else "answer"
    entry = entry_of(
        item,
        unsaid.annotator or line.optional_text("annotator") or "",
        entered,
        None if entered == "skip" else _content(item, line, categories),
        line.optional_text("at") or unsaid.at,
        note=line.optional_text("note"),
        reason=line.optional_text("reason"),
        flagged=FLAGGED in categories,
        hidden=line.flag("hidden"),
        seconds=line.seconds("seconds"),
        guideline=line.optional_text("guideline") or "",
    )
    return Answered(item, entry, place)


def _content(item: Item, line: Fields, categories: Iterable[str]) -> QuotationAnswer:
    if NOT_A_QUOTATION in categories:
        return QuotationAnswer(None)
    chosen = choices_of(one for one in categories if one != FLAGGED)
    entities = [_region(item, entity) for entity in line.lists("entities")]
    return answer_of(item, entities, chosen.get(SPEAKER, ""), chosen.get(KIND, ""), stances_of(chosen))


def _region(item: Item, entity: list[Any]) -> tuple[str, Span]:
    if len(entity) != 3 or not isinstance(entity[2], str):
        raise ValueError(f"an entity must be [start, end, label] (got {entity!r})")
    ends = Fields({"start": entity[0], "end": entity[1]})
    start, end = (to_code_points(item.context.text, ends.offset(name)) for name in ("start", "end"))
    return entity[2], Span(start, end)
