"""What every form of exchange is made of: an item's answers going out, answers or refusals coming in.

Another tool shows the part of the article that our pages show, so its offsets count from there; in
ours they count from the document's beginning.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, cast, get_args

from builder.lines import read_lines
from builder.records import Reject, RejectReason, Span, SpeakerKind
from builder.review.decisions import STAGE, STANCE
from builder.review.exchange.fields import Fields
from builder.review.items import Boundaries, Content, Entry, EntryKind, Item, QuotationAnswer, SpeakerName

NOT_A_QUOTATION = "not a quotation"
CANNOT_TELL = "cannot tell"
FLAGGED = "flagged"
SPEAKER, KIND = CHOICES = ("speaker", "kind")  # what is chosen beside the stances
PARTS = ("content", "cue", "source")
WHOLE_ARTICLES = "whole articles"
LONGEST_VERSION = 50  # of guidelines, as the database keeps it
# JSON can escape what no database stores: null characters and half a surrogate pair.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

Reviewed = tuple[Item, Sequence[Entry]]
"""An item and what people entered on it."""

Find = Callable[[str], Item | None]
"""Finds the item of a key, a quotation's id or a document's."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that another program holds, and where it stood there: file and line."""

    item: Item
    entry: Entry
    place: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What holds where another program does not say it: when an answer was given (ISO 8601).

    `annotator`, if one is given, holds whatever it says: some export a file for each person.
    """

    at: str
    annotator: str | None = None


@dataclass(slots=True)
class Written:
    """What an export wrote, and how often it met something that its form cannot hold."""

    items: int = 0
    answers: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Form(Protocol):
    """A form in which decisions are exchanged; a module each."""

    def write(self, path: Path, reviewed: Iterable[Reviewed]) -> Written:
        """Writes items with their answers, one after the other."""

    def read(self, path: Path, find: Find, unsaid: Unsaid) -> Iterator[Answered | Reject]:
        """The answers in a file, and what is wrong with the others."""


def regions(item: Item, boundaries: Boundaries) -> list[tuple[str, Span]]:
    """The parts of a quotation as (part, span in the text that is shown), in the order of the text."""
    start = item.context.start
    found = [(part, _shifted(span, -start)) for part in PARTS for span in getattr(boundaries, part)]
    return sorted(found, key=lambda one: one[1])


def machine_boundaries(item: Item) -> Boundaries:
    """The boundaries that the machine set; the item is a quotation."""
    if item.quotation is None:
        raise ValueError(f"item {item.key} is no quotation")
    return Boundaries(item.quotation.content, item.quotation.cue, item.quotation.source)


def answer_of(
    item: Item, parts: Iterable[tuple[str, Span]], name: str, kind: str, stances: Mapping[str, str]
) -> QuotationAnswer:
    """The answer that regions, a speaker and the chosen stances make.

    Raises:
        ValueError: a part or a kind is unknown, spans lie outside the text or overlap, or the name
            cannot be stored.
    """
    boundaries = boundaries_of(item, parts)
    if kind not in get_args(SpeakerKind):
        raise ValueError(f"the kind of speaker is {kind!r}, none of {', '.join(get_args(SpeakerKind))}")
    _require_storable(name)
    speaker = SpeakerName(" ".join(name.split()), cast(SpeakerKind, kind))
    told = {target: None if label == CANNOT_TELL else label for target, label in stances.items()}
    return QuotationAnswer(boundaries, speaker, told)


def stance_choice(target: str, label: str | None) -> str:
    """A stance as NAME=VALUE; the id of a target that other choices have for their name gets a prefix."""
    name = STANCE + target if target in CHOICES else target
    return f"{name}={label or CANNOT_TELL}"


def stances_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """The stances among what was chosen, by the id of the target."""
    return {name.removeprefix(STANCE): label for name, label in chosen.items() if name not in CHOICES}


def choices_of(chosen: Iterable[str]) -> dict[str, str]:
    """What was chosen as NAME=VALUE, by name.

    Raises:
        ValueError: a name has two values.
    """
    choices: dict[str, str] = {}
    for one in chosen:
        name, _, value = one.partition("=")
        if choices.setdefault(name, value) != value:
            raise ValueError(f"two answers were chosen for {name!r}")
    return choices


def boundaries_of(item: Item, parts: Iterable[tuple[str, Span]]) -> Boundaries:
    """The boundaries that regions of the shown text make.

    Raises:
        ValueError: as for `answer_of`.
    """
    by_part: dict[str, list[Span]] = {part: [] for part in PARTS}
    for part, span in parts:
        if part not in by_part:
            raise ValueError(f"the region {part!r} is none of {', '.join(PARTS)}")
        if not 0 <= span.start < span.end <= len(item.context.text):
            raise ValueError(f"the region {part} {span.start} to {span.end} lies outside of the text")
        by_part[part].append(_shifted(span, item.context.start))
    for part, spans in by_part.items():
        if any(left.end > right.start for left, right in pairwise(sorted(spans))):
            raise ValueError(f"regions of {part} overlap")
    if not by_part["content"]:
        raise ValueError("no region is marked as content")
    return Boundaries(*(tuple(sorted(by_part[part])) for part in PARTS))


def entry_of(
    item: Item,
    annotator: str,
    kind: EntryKind,
    content: Content | None,
    at: str,
    *,
    note: str | None = None,
    reason: str | None = None,
    flagged: bool = False,
    hidden: bool = False,
    seconds: float | None = None,
    guideline: str = "",
) -> Entry:
    """An entry that comes from elsewhere: it has no number of ours.

    Raises:
        ValueError: there is no annotator, the time is none with its zone, or a text cannot be stored.
    """
    if not annotator.strip():
        raise ValueError("the annotator is not named")
    if len(guideline) > LONGEST_VERSION:
        raise ValueError(f"the guidelines' version has more than {LONGEST_VERSION} characters")
    for text in (annotator, note, reason, guideline):
        _require_storable(text)
    if not _is_time(at):
        raise ValueError(f"the time {at!r} is no ISO 8601 time with its zone")
    return Entry(
        id=0,
        item=item.id,
        annotator=annotator.strip(),
        kind=kind,
        revision=0,
        content=content,
        note=note or None,
        reason=reason or None,
        flagged=flagged,
        hidden=hidden,
        seconds=seconds,
        guideline=guideline,
        at=at,
    )


def found_item(key: object, text: object, find: Find) -> Item:
    """The item of a key, whose shown text must be `text`.

    Raises:
        ValueError: there is no such quotation, or it was shown another text, so that offsets would lie.
    """
    item = find(key) if isinstance(key, str) and not UNSTORABLE.search(key) else None
    if item is None or item.quotation is None:
        raise ValueError(f"no item of this campaign is the quotation {_short(key)}")
    if text != item.context.text:
        raise ValueError(f"the text is not the one that is shown with {item.key}")
    return item


def refused(path: Path, line: int, problem: object) -> Reject:
    """The reject that names an answer that cannot be taken, by file and line."""
    return Reject(STAGE, f"{path.name}:{line}", RejectReason.BAD_RECORD, str(problem))


def answers_in(path: Path, answered: Callable[[Fields, str], Answered | None]) -> Iterator[Answered | Reject]:
    """The answers of JSON Lines; `answered` reads a line and its place, and gives None for no answer."""
    for line in read_lines(path):
        if line.value is None:
            yield refused(path, line.number, line.problem)
            continue
        try:
            answer = answered(Fields(line.value), f"{path.name}:{line.number}")
        except ValueError as error:
            yield refused(path, line.number, error)
        else:
            if answer is not None:
                yield answer


def without_articles(reviewed: Iterable[Reviewed], written: Written) -> Iterator[Reviewed]:
    """The quotations among what was reviewed; whole articles are counted as left out."""
    for item, entries in reviewed:
        if item.quotation is None:
            written.left_out[WHOLE_ARTICLES] += 1
        else:
            yield item, entries


def _require_storable(text: str | None) -> None:
    if text and UNSTORABLE.search(text):
        raise ValueError(f"text with a null character or half a surrogate pair: {_short(text)}")


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None and datetime.fromisoformat(text).year > 1
    except ValueError:
        return False


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
