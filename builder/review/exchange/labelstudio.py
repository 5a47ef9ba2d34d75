"""Label Studio's JSON: an array of tasks, each with its annotations.

Regions are `labels` named content, cue and source; the rest are choices and text fields of the task,
for which `labelling_config` gives the interface. Label Studio counts code points (its editor measures
`[...text].length`); JavaScript's own strings do not, and other exporters follow those. So where a
region comes with its words, the words decide.

Label Studio assigns what is imported to whoever imports it, and refuses addresses that it does not
know: the annotator's name is therefore a text field, too. It holds no guideline's version and not
whether suggestions were hidden, and of several answers of one person only the last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from builder.records import Reject, Span
from builder.review.exchange.code_units import to_code_points
from builder.review.exchange.exchanged import (
    CANNOT_TELL,
    FLAGGED,
    NOT_A_QUOTATION,
    PARTS,
    Answered,
    Find,
    Reviewed,
    Unsaid,
    Written,
    answer_of,
    entry_of,
    found_item,
    machine_boundaries,
    refused,
    regions,
    without_articles,
)
from builder.review.exchange.fields import Fields
from builder.review.exchange.json_array import read_array, writing_array
from builder.review.items import Boundaries, Entry, EntryKind, Item, QuotationAnswer, Scheme

STANCE = "stance-"
TEXTS = ("speaker", "note", "annotator", "reason")
LOST = ("guideline", "hidden suggestion")


def write(path: Path, reviewed: Iterable[Reviewed]) -> Written:
    """Writes one task an item, with the machine's boundaries as a prediction and answers as annotations."""
    written = Written()
    with writing_array(path) as append:
        for item, entries in without_articles(reviewed, written):
            append(_task(item, entries))
            written.items += 1
            written.answers += len(entries)
            written.left_out.update(
                lost
                for entry in entries
                for lost, has in zip(LOST, (entry.guideline, entry.hidden), strict=True)
                if has
            )
    return written


def read(path: Path, find: Find, unsaid: Unsaid) -> Iterator[Answered | Reject]:
    """The annotations of an export in the form JSON; that of JSON-MIN has lost too much to be read."""
    for line in read_array(path):
        if line.value is None:
            yield refused(path, line.number, line.problem)
            continue
        try:
            task = Fields(line.value)
            data = task.fields("data")
            item = found_item(data.value("item"), data.value("text"), find)
            annotations = task.many("annotations")
        except ValueError as error:
            yield refused(path, line.number, error)
            continue
        for annotation in annotations:
            try:
                yield Answered(item, _entry(item, annotation, unsaid), f"{path.name}:{line.number}")
            except ValueError as error:
                yield refused(path, line.number, error)


def labelling_config(scheme: Scheme, targets: Mapping[str, str], kinds: Sequence[str]) -> str:
    """The labelling interface (XML) of a project that such tasks are imported into; `targets` by id."""
    labels = "".join(f'<Label value="{part}"/>' for part in PARTS)
    stances = [label.name for label in scheme.labels] + [CANNOT_TELL]
    lines = [
        "<View>",
        '<Header value="$headline"/>',
        f'<Labels name="parts" toName="text">{labels}</Labels>',
        '<Text name="text" value="$text" saveTextResult="yes" granularity="word"/>',
        _choices("quotation", [NOT_A_QUOTATION]),
        '<TextArea name="speaker" toName="text" maxSubmissions="1" placeholder="speaker"/>',
        _choices("kind", kinds),
    ]
    for target, name in targets.items():
        lines += [f'<Header value="{escape(name)}"/>', _choices(STANCE + target, stances)]
    lines += [
        _choices(FLAGGED, [FLAGGED]),
        *(
            f'<TextArea name="{name}" toName="text" maxSubmissions="1" placeholder="{name}"/>'
            for name in TEXTS[1:]
        ),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _choices(name: str, values: Iterable[str]) -> str:
    choices = "".join(f'<Choice value="{escape(value)}"/>' for value in values)
    return f'<Choices name="{name}" toName="text" showInline="true">{choices}</Choices>'


def _task(item: Item, entries: Sequence[Entry]) -> dict[str, Any]:
    data = {
        "item": item.key,
        "document": item.document,
        "text": item.context.text,
        "headline": item.headline or "",
        "url": item.url or "",
        "targets": {target.id: target.name for target in item.targets},
    }
    prediction = {"model_version": "quotestance", "result": _parts(item, machine_boundaries(item))}
    return {
        "data": data,
        "predictions": [prediction],
        "annotations": [_annotation(item, entry) for entry in entries],
    }


def _annotation(item: Item, entry: Entry) -> dict[str, Any]:
    answer = entry.content
    result = _texts({"annotator": entry.annotator, "note": entry.note, "reason": entry.reason})
    result += _chosen(FLAGGED, FLAGGED) if entry.flagged else []
    if isinstance(answer, QuotationAnswer):
        result += _answer(item, answer)
    return {
        "result": result,
        "was_cancelled": entry.kind == "skip",
        "ground_truth": entry.kind == "ruling",
        "created_at": entry.at,
        "lead_time": entry.seconds,
    }


def _answer(item: Item, answer: QuotationAnswer) -> list[dict[str, Any]]:
    if answer.quotation is None or answer.speaker is None:
        return _chosen("quotation", NOT_A_QUOTATION)
    result = _parts(item, answer.quotation)
    result += _texts({"speaker": answer.speaker.name}) + _chosen("kind", answer.speaker.kind)
    for target, label in answer.stances.items():
        result += _chosen(STANCE + target, label or CANNOT_TELL)
    return result


def _parts(item: Item, boundaries: Boundaries) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{part}-{span.start}",
            "from_name": "parts",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": span.of(item.context.text),
                "labels": [part],
            },
        }
        for part, span in regions(item, boundaries)
    ]


def _texts(texts: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"from_name": name, "to_name": "text", "type": "textarea", "value": {"text": [text]}}
        for name, text in texts.items()
        if text
    ]


def _chosen(name: str, choice: str) -> list[dict[str, Any]]:
    return [{"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [choice]}}]


def _entry(item: Item, annotation: Fields, unsaid: Unsaid) -> Entry:
    parts: list[tuple[str, Span]] = []
    given: dict[str, str] = {}
    for result in annotation.many("result"):
        kind = result.text("type")  # a relation between regions, say, has no value
        if kind == "labels":
            parts.append(_region(item, result.fields("value")))
        elif kind == "choices":
            (given[result.text("from_name")],) = result.fields("value").texts("choices", 1)
        elif kind == "textarea" and (lines := result.fields("value").texts("text")):
            given[result.text("from_name")] = "\n".join(lines)  # each that was submitted
    entered: EntryKind = "answer"
    if annotation.flag("was_cancelled"):
        entered = "skip"
    elif annotation.flag("ground_truth"):
        entered = "ruling"
    return entry_of(
        item,
        unsaid.annotator or given.get("annotator") or _completed_by(annotation.value("completed_by")),
        entered,
        None if entered == "skip" else _content(item, parts, given),
        annotation.optional_text("created_at") or unsaid.at,
        note=given.get("note"),
        reason=given.get("reason"),
        flagged=FLAGGED in given,
        seconds=annotation.seconds("lead_time"),
    )


def _content(item: Item, parts: Iterable[tuple[str, Span]], given: Mapping[str, str]) -> QuotationAnswer:
    if "quotation" in given:
        return QuotationAnswer(None)
    stances = {name.removeprefix(STANCE): label for name, label in given.items() if name.startswith(STANCE)}
    # The interface asks about every target of the campaign, whichever the task has.
    own = {target.id for target in item.targets}
    stances = {target: label for target, label in stances.items() if target in own or label != CANNOT_TELL}
    return answer_of(item, parts, given.get("speaker", ""), given.get("kind", ""), stances)


def _region(item: Item, value: Fields) -> tuple[str, Span]:
    (part,) = value.texts("labels", 1)
    span = Span(value.offset("start"), value.offset("end"))
    words, text = value.value("text"), item.context.text
    if words is not None and words != span.of(text):
        span = Span(to_code_points(text, span.start), to_code_points(text, span.end))
        if words != span.of(text):
            raise ValueError(f"the region {part} is said to be {words!r}, which does not stand there")
    return part, span


def _completed_by(value: object) -> str:
    """Who annotated, as Label Studio names people: by address, or by a number of its own."""
    if isinstance(value, Mapping):
        return str(value.get("email") or "")
    return f"labelstudio-{value}" if isinstance(value, int) else ""
