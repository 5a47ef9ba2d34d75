"""What a stance classifier is asked about, and labelled examples read from JSONL."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.ids import sha256
from builder.lines import read_objects
from builder.records import Probability, Span, rounded


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


Votes = Mapping[str, str]
"""What each of several annotators answered to one example: labels by annotator."""

Aggregate = Callable[[Mapping[str, Votes], Sequence[str]], Mapping[str, Sequence[Probability]]]
"""What makes beliefs of the votes on examples, both by the example's id, for the labels of a scheme."""


def read_labelled(
    path: Path, labels: Sequence[str], aggregate: Aggregate | None = None
) -> list[LabelledExample]:
    """Reads `{"id", "text", "context"?, "speaker"?, "target", "mention"?, "label"}` a line.

    Instead of a label a line may have `votes`, the labels of several annotators by their names, of which
    `aggregate` makes beliefs; without it each label has its share of the votes. A line that comes to no label
    is left out. A line that says the same as one before, under the same id, is read once.

    Raises:
        UsageError: the file cannot be read, or a line is not such an object, has the id of another
            example, or a label that is not among `labels`; the message names file and line.
    """
    first_of: dict[str, tuple[int, StanceExample, str | Votes]] = {}
    for number, row in read_objects(path):
        try:
            _check_id(row.get("id"))
            answer = _answer(row, labels)
            example = to_example(row)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from error
        line, before, said = first_of.setdefault(row["id"], (number, example, answer))
        if (before, said) != (example, answer):
            raise UsageError(f"{path}:{number}: id {row['id']!r} is another example in line {line}")
    votes = {id_: said for id_, (_, _, said) in first_of.items() if not isinstance(said, str)}
    beliefs = (aggregate or vote_shares)(votes, labels) if votes else {}
    found = []
    for id_, (_, example, said) in first_of.items():
        if isinstance(said, str):
            found.append(LabelledExample(example, said))
        elif (believed := from_beliefs(example, beliefs.get(id_, ()))) is not None:
            found.append(believed)
    return found


def from_beliefs(example: StanceExample, beliefs: Sequence[Probability]) -> LabelledExample | None:
    """An example whose labels are more or less probable; None if none of them is."""
    possible = tuple(one for one in beliefs if one.probability > 0)
    if not possible:
        return None
    likeliest = max(possible, key=lambda one: one.probability)
    return LabelledExample(example, likeliest.label, possible if len(possible) > 1 else ())


def vote_shares(votes: Mapping[str, Votes], labels: Sequence[str]) -> dict[str, tuple[Probability, ...]]:
    """The share that each label has of the votes on an example, by the example's id."""
    return {
        id_: tuple(
            Probability(label, rounded(sum(one == label for one in given.values()) / len(given)))
            for label in labels
        )
        for id_, given in votes.items()
    }


def _answer(row: dict[str, Any], labels: Sequence[str]) -> str | Votes:
    votes = row.get("votes")
    if votes is None:
        _check_label(row.get("label"), labels)
        return str(row["label"])
    if row.get("label"):
        raise ValueError("has a `label` and `votes`; one of them must be left out")
    if not isinstance(votes, dict) or not votes:
        raise ValueError(f"`votes` must be an object of labels by annotator (got {_short(votes)})")
    for label in votes.values():
        _check_label(label, labels)
    return votes


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
