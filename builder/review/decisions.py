"""Reading the decisions of people from JSON Lines, the form in which they are exchanged.

One decision a line. `item`, `document`, `content`, `text`, `field`, `after`, `annotator` and `at`
are required; `before`, `role`, `seconds`, `note` and `guideline` may be left out:

    {"item": "q1f…", "document": "d07…", "content": [[120, 164]], "text": "The bridge is …",
     "field": "stance:nato", "before": null, "after": "favor", "annotator": "mk",
     "role": "annotator", "at": "2024-05-02T09:31:00Z", "seconds": 4.2, "note": null,
     "guideline": "1.0"}

`content` holds the spans of the quotation as first extracted and `text` the words that stood
there, its parts joined by " … ", so that a decision can follow its words when the quotation gets
another id or the text of the article is extracted anew. What `after` (and `before`) holds depends
on the field: for "quotation" `{"content": [[s, e], …], "cue": […], "source": […]}`, or null for "this
is no quotation"; for "speaker" `{"name": "…", "kind": "person"}`, the name empty where nobody can
tell; for "stance:TARGET" a label, or null where the annotator could not tell.

What a person found who searched a whole article is one decision, of the field "article". Its `item`
is the document, its `content` all that was read and its `text` the headline; `after` says of each
quotation that the program had found whether it is one, and holds those that it had missed:

    {"found": [{"item": "q1f…", "content": [[120, 164]], "text": "The bridge is …", "is_one": true}],
     "missed": [{"content": [[310, 342]], "cue": [[343, 347]], "source": [[348, 357]],
                 "text": "it will be cheap", "speaker": {"name": "Ada Quill", "kind": "person"}}]}
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from builder.errors import UsageError
from builder.ids import sha256
from builder.lines import read_objects
from builder.records import Decision, Span, SpeakerKind

Role = Literal["annotator", "adjudicator"]
FIELD = re.compile(r"quotation|speaker|stance:[a-z0-9][a-z0-9_-]*|article")
STANCE = "stance:"
ARTICLE = "article"
STAGE = "review"
REQUIRED = ("item", "document", "content", "text", "field", "after", "annotator", "at")
OPTIONAL = ("before", "role", "seconds", "note", "guideline")


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """A decision with what is needed to find its quotation again.

    `content` are the quotation's content spans as first extracted, `text` what stood there; `role`
    says whether the annotator settled a disagreement of others; `place` is the name of the file,
    without folders, and the line it was read from.
    """

    decision: Decision
    document: str
    content: tuple[Span, ...]
    text: str
    role: Role
    place: str


def read_decisions(paths: Iterable[Path]) -> list[ImportedDecision]:
    """All decisions of some JSON Lines files, in the order of files and lines.

    Raises:
        UsageError: a file cannot be read, a line is malformed, or two lines name the same item
            with different documents, contents or texts; the message names file and line.
    """
    decisions: list[ImportedDecision] = []
    first: dict[str, tuple[ImportedDecision, str]] = {}
    for path in paths:
        for number, line in read_objects(path):
            read = _decision(line, f"{path}:{number}", f"{path.name}:{number}")
            before, there = first.setdefault(read.decision.item, (read, f"{path}:{number}"))
            _require_the_same_item(read, f"{path}:{number}", before, there)
            decisions.append(read)
    return decisions


def hash_of_decisions(decisions: Iterable[ImportedDecision]) -> str:
    """The SHA-256 of what some decisions say, whatever files and order they came in."""
    said = [{**asdict(one), "place": None} for one in decisions]
    lines = sorted(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in said)
    return sha256("\n".join(lines).encode())


def value_of(text: str | None) -> Any:
    """The value that a decision's `before` or `after` holds in JSON; null is None."""
    return None if text is None else json.loads(text)


def spans_of(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    """Spans from pairs of start and end."""
    return tuple(Span(start, end) for start, end in pairs)


def time_of(one: ImportedDecision) -> datetime:
    """When a decision was made."""
    return datetime.fromisoformat(one.decision.at)


def is_text(value: Any) -> bool:
    """Whether it is text that a file could hold: half a surrogate pair, which JSON can escape, is none."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _decision(line: dict[str, Any], where: str, place: str) -> ImportedDecision:
    """The decision of a line; `where` is what an error calls it, with its folder."""
    for key in REQUIRED:
        if key not in line:
            raise UsageError(f"{where}: {key!r} is missing")
    for key in line:
        if key not in REQUIRED and key not in OPTIONAL:
            raise UsageError(f"{where}: unknown key {key!r}")

    def checked(key: str, valid: Callable[[Any], bool], expected: str) -> Any:
        if not valid(line.get(key)):
            raise UsageError(f"{where}: {key!r} must be {expected} (got {line.get(key)!r})")
        return line.get(key)

    field = checked("field", _is_field, '"quotation", "speaker", "stance:TARGET" or "article"')
    value_is_valid, expected = _values_of(field)
    decision = Decision(
        item=checked("item", _is_name, "text"),
        field=field,
        before=canonical(checked("before", lambda value: value is None or value_is_valid(value), expected)),
        after=canonical(checked("after", value_is_valid, expected)),
        annotator=checked("annotator", _is_name, "text"),
        at=checked("at", _is_time, "an ISO 8601 time with its zone"),
        seconds=checked("seconds", _is_duration, "a number of seconds"),
        note=checked("note", _is_text_or_none, "text"),
        guideline=checked("guideline", _is_text_or_none, "text"),
    )
    return ImportedDecision(
        decision=decision,
        document=checked("document", _is_name, "text"),
        content=spans_of(
            checked("content", _is_content, "a list of at least one [start, end], none overlapping")
        ),
        text=checked("text", _is_name, "text"),
        role=checked("role", lambda role: role in (None, *get_args(Role)), '"annotator" or "adjudicator"')
        or "annotator",
        place=place,
    )


def _require_the_same_item(one: ImportedDecision, where: str, before: ImportedDecision, there: str) -> None:
    if (before.document, before.content, before.text) != (one.document, one.content, one.text):
        raise UsageError(
            f"{where}: item {one.decision.item!r} has another document, content or text than in {there}"
        )


def _values_of(field: str) -> tuple[Callable[[Any], bool], str]:
    """What makes a value of a field valid, and that in words."""
    if field == "quotation":
        return _is_boundaries, 'null or {"content": [[start, end], …], "cue": […], "source": […]}'
    if field == "speaker":
        return _is_speaker, f'{{"name": "…", "kind": one of {", ".join(get_args(SpeakerKind))}}}'
    if field == ARTICLE:
        return _is_search, '{"found": […], "missed": […]}, each as the user guide says'
    return lambda value: value is None or _is_name(value), "null or a label"


def canonical(value: Any) -> str | None:
    """A value as JSON in which equal answers are equal text: spans in order, names without stray blanks."""
    return None if value is None else json.dumps(_ordered(value), ensure_ascii=False, sort_keys=True)


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        several = [_ordered(one) for one in value]
        return sorted(several, key=lambda one: one["content"] if isinstance(one, dict) else one)
    if not isinstance(value, dict):
        return value
    if "kind" in value:
        return {**value, "name": " ".join(value["name"].split())}
    return {part: _ordered(one) for part, one in value.items()}


def _is_field(value: Any) -> bool:
    return isinstance(value, str) and FIELD.fullmatch(value) is not None


def _is_text_or_none(value: Any) -> bool:
    return value is None or is_text(value)


def _is_name(value: Any) -> bool:
    return is_text(value) and bool(value.strip())


def _is_duration(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # Compared, not converted: an integer of JSON can be too large for a float.
    return value is None or (number and 0 <= value <= sys.float_info.max)


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_spans(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(_is_span(pair) for pair in value)
        and all(left[1] <= right[0] for left, right in pairwise(sorted(value)))
    )


def _is_span(pair: Any) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(offset) is int for offset in pair)
        and 0 <= pair[0] < pair[1]
    )


def _is_content(value: Any) -> bool:
    return _is_spans(value) and bool(value)


def _is_boundaries(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict)
        and set(value) == {"content", "cue", "source"}
        and _is_content(value["content"])
        and _is_spans(value["cue"])
        and _is_spans(value["source"])
    )


def _is_search(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"found", "missed"}
        and all(isinstance(some, list) for some in value.values())
        and all(_is_found(one) for one in value["found"])
        and all(_is_missed(one) for one in value["missed"])
    )


def _is_found(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"item", "content", "text", "is_one"}
        and _is_name(value["item"])
        and _is_content(value["content"])
        and _is_name(value["text"])
        and isinstance(value["is_one"], bool)
    )


def _is_missed(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"content", "cue", "source", "text", "speaker"}
        and _is_boundaries({part: value[part] for part in ("content", "cue", "source")})
        and _is_name(value["text"])
        and _is_speaker(value["speaker"])
    )


def _is_speaker(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"name", "kind"}
        and is_text(value["name"])
        and value["kind"] in get_args(SpeakerKind)
    )
