"""What a stance classifier is asked about, and labelled examples read from JSONL."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.ids import sha256
from builder.lines import read_objects
from builder.records import Probability, Span


@dataclass(frozen=True, slots=True)
class StanceExample:
    """A quotation and a target: what `text`, said by `speaker`, expresses toward `target`.

    `text` is the quotation's content, its parts joined by " … "; `context` is the passage that it
    stands in. Both may be all that is known. `mentions` are spans of `text` that name the target
    otherwise than by a word of `target`.
    """

    text: str
    target: str
    speaker: str = ""
    context: str = ""
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledExample:
    """A stance example that people labelled.

    Where they differed, `shares` says how probable each label is that somebody gave, and `label` is the
    likeliest; otherwise it is empty.
    """

    example: StanceExample
    label: str
    shares: tuple[Probability, ...] = ()


def read_labelled(path: Path, labels: Sequence[str]) -> list[LabelledExample]:
    """Reads `{"id", "text", "context"?, "speaker"?, "target", "mention"?, "label"}` a line.

    A line that says the same as one before, under the same id, is read once.

    Raises:
        UsageError: the file cannot be read, or a line is not such an object, has the id of another
            example, or a label that is not among `labels`; the message names file and line.
    """
    found: list[LabelledExample] = []
    first_of: dict[str, tuple[int, LabelledExample]] = {}
    for number, row in read_objects(path):
        try:
            _check_id(row.get("id"))
            _check_label(row.get("label"), labels)
            example = to_example(row)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from error
        labelled = LabelledExample(example, row["label"])
        line, before = first_of.setdefault(row["id"], (number, labelled))
        if before != labelled:
            raise UsageError(f"{path}:{number}: id {row['id']!r} is another example in line {line}")
        if line == number:
            found.append(labelled)
    return found


def to_example(row: dict[str, Any]) -> StanceExample:
    """The example that a row `{"text", "target", "speaker"?, "context"?, "mention"?}` holds.

    Null is as if absent. `mention` is where the text names the target, as [start, end].

    Raises:
        ValueError: a field is missing, empty where it must not be, or not a string.
    """
    for name in ("text", "target"):
        if name not in row:
            raise ValueError(f"`{name}` is missing")
        if not isinstance(row[name], str) or not row[name].strip():
            raise ValueError(f"`{name}` must be a string that is not blank (got {_short(row[name])})")
    for name in ("speaker", "context"):
        if not isinstance(row.get(name), str | None):
            raise ValueError(f"`{name}` must be a string (got {_short(row[name])})")
    return StanceExample(
        row["text"],
        row["target"],
        row.get("speaker") or "",
        row.get("context") or "",
        _mentions(row.get("mention"), row["text"]),
    )


def _mentions(given: object, text: str) -> tuple[Span, ...]:
    if given is None:
        return ()
    match given:
        case [int(start), int(end)] if 0 <= start < end <= len(text):
            return (Span(start, end),)
    raise ValueError(f"`mention` must be [start, end] within the text (got {_short(given)})")


def content_hash(examples: Sequence[LabelledExample]) -> str:
    """The SHA-256 of what labelled examples say, whatever the file around them looks like."""
    rows = [
        [one.example.text, one.example.context, one.example.speaker, one.example.target, one.label]
        + [[share.label, share.probability] for share in one.shares]
        + [[mention.start, mention.end] for mention in one.example.mentions]
        for one in examples
    ]
    return sha256(json.dumps(rows, ensure_ascii=True).encode())


def _check_id(id_: object) -> None:
    if not isinstance(id_, str) or not id_:
        raise ValueError(f"`id` must be a string that is not empty (got {_short(id_)})")


def _check_label(label: object, labels: Sequence[str]) -> None:
    if label not in labels:
        raise ValueError(f"`label` must be one of {', '.join(labels)} (got {_short(label)})")


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
