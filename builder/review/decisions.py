"""Reading the decisions of people from JSON Lines, the form in which they are exchanged.

One decision a line. `item`, `document`, `content`, `field`, `after`, `annotator` and `at` are
required; `before`, `role`, `seconds`, `note` and `guideline` may be left out:

    {"item": "q1f…", "document": "d07…", "content": [[120, 164]], "field": "stance:nato",
     "before": null, "after": "favor", "annotator": "mk", "role": "annotator",
     "at": "2024-05-02T09:31:00Z", "seconds": 4.2, "note": null, "guideline": "1.0"}

`content` holds the spans of the quotation as first extracted, so that a decision can follow its
quotation when another extractor gives it another id. What `after` (and `before`) holds depends on
the field: for "quotation" `{"content": [[s, e], …], "cue": […], "source": […]}`, or null for "this
is no quotation"; for "speaker" `{"name": "…", "kind": "person"}`, the name empty where nobody can
tell; for "stance:TARGET" a label, or null where the annotator could not tell.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from builder.errors import UsageError
from builder.lines import read_objects
from builder.records import Decision, Reject, RejectReason, Span, SpeakerKind

Role = Literal["annotator", "adjudicator"]
FIELD = re.compile(r"quotation|speaker|stance:[a-z0-9][a-z0-9_-]*")
STANCE = "stance:"
STAGE = "review"
REQUIRED = ("item", "document", "content", "field", "after", "annotator", "at")
OPTIONAL = ("before", "role", "seconds", "note", "guideline")


@dataclass(frozen=True, slots=True)
class ImportedDecision:
    """A decision with what is needed to find its quotation again.

    `content` are the quotation's content spans as first extracted; `role` says whether the
    annotator settled a disagreement of others; `place` is the file and line it was read from.
    """

    decision: Decision
    document: str
    content: tuple[Span, ...]
    role: Role
    place: str


def read_decisions(paths: Iterable[Path]) -> list[ImportedDecision]:
    """All decisions of some JSON Lines files, in the order of files and lines.

    Raises:
        UsageError: a file cannot be read, a line is malformed, or two lines name the same item
            with different documents or contents; the message names file and line.
    """
    decisions = [_decision(line, f"{path}:{number}") for path in paths for number, line in read_objects(path)]
    _require_consistent_items(decisions)
    return decisions


def without_unknown_stances(
    decisions: Iterable[ImportedDecision], targets: Iterable[str], labels: Sequence[str]
) -> tuple[list[ImportedDecision], list[Reject]]:
    """The decisions that fit the configured targets and labels, and the others as rejects."""
    known = set(targets)
    kept, rejects = [], []
    for one in decisions:
        target = one.decision.field.removeprefix(STANCE)
        label = value_of(one.decision.after)
        if not one.decision.field.startswith(STANCE):
            kept.append(one)
        elif target not in known:
            detail = f"the configuration has no target {target!r}"
            rejects.append(Reject(STAGE, one.place, RejectReason.NO_SUCH_TARGET, detail))
        elif label is not None and label not in labels:
            detail = f"label {label!r} is none of {', '.join(labels)}"
            rejects.append(Reject(STAGE, one.place, RejectReason.BAD_RECORD, detail))
        else:
            kept.append(one)
    return kept, rejects


def value_of(text: str | None) -> Any:
    """The value that a decision's `before` or `after` holds in JSON; null is None."""
    return None if text is None else json.loads(text)


def spans_of(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    """Spans from pairs of start and end."""
    return tuple(Span(start, end) for start, end in pairs)


def _decision(line: dict[str, Any], place: str) -> ImportedDecision:
    for key in REQUIRED:
        if key not in line:
            raise UsageError(f"{place}: {key!r} is missing")
    for key in line:
        if key not in REQUIRED and key not in OPTIONAL:
            raise UsageError(f"{place}: unknown key {key!r}")

    def checked(key: str, valid: Callable[[Any], bool], expected: str) -> Any:
        if not valid(line.get(key)):
            raise UsageError(f"{place}: {key!r} must be {expected} (got {line.get(key)!r})")
        return line.get(key)

    field = checked("field", _is_field, '"quotation", "speaker" or "stance:TARGET"')
    value_is_valid, expected = _values_of(field)
    decision = Decision(
        item=checked("item", _is_name, "text"),
        field=field,
        before=_canonical(checked("before", lambda value: value is None or value_is_valid(value), expected)),
        after=_canonical(checked("after", value_is_valid, expected)),
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
        role=checked("role", lambda role: role in (None, *get_args(Role)), '"annotator" or "adjudicator"')
        or "annotator",
        place=place,
    )


def _require_consistent_items(decisions: Iterable[ImportedDecision]) -> None:
    first: dict[str, ImportedDecision] = {}
    for one in decisions:
        before = first.setdefault(one.decision.item, one)
        if (before.document, before.content) != (one.document, one.content):
            raise UsageError(
                f"{one.place}: item {one.decision.item!r} has another document or content than in "
                f"{before.place}"
            )


def _values_of(field: str) -> tuple[Callable[[Any], bool], str]:
    """What makes a value of a field valid, and that in words."""
    if field == "quotation":
        return _is_boundaries, 'null or {"content": [[start, end], …], "cue": […], "source": […]}'
    if field == "speaker":
        return _is_speaker, f'{{"name": "…", "kind": one of {", ".join(get_args(SpeakerKind))}}}'
    return lambda value: value is None or _is_name(value), "null or a label"


def _canonical(value: Any) -> str | None:
    """A value as JSON in which equal answers are equal text: spans in order, names without stray blanks."""
    if isinstance(value, dict) and "kind" in value:
        value = {**value, "name": " ".join(value["name"].split())}
    elif isinstance(value, dict):
        value = {part: sorted(pairs) for part, pairs in value.items()}
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_field(value: Any) -> bool:
    return isinstance(value, str) and FIELD.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    # A lone surrogate, which JSON can escape, is no text: no file could hold it.
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_text_or_none(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_name(value: Any) -> bool:
    return _is_text(value) and bool(value.strip())


def _is_duration(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and math.isfinite(value) and value >= 0)


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


def _is_speaker(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"name", "kind"}
        and _is_text(value["name"])
        and value["kind"] in get_args(SpeakerKind)
    )
