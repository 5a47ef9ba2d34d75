"""What is reviewed and what people answer, as the queue, the pages and other programs exchange it.

All of it is frozen and has one form in JSON (`as_json`, `from_json`), which is also what the server's
schema describes; a span is [start, end]. Offsets are code points of the document's text, end
exclusive; `Context.start` says where the part that is shown begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, Strict, TypeAdapter, WithJsonSchema

from builder.records import Span, SpeakerKind


def _span(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    valid = (
        isinstance(value, list)
        and len(value) == 2
        and all(type(offset) is int for offset in value)
        and 0 <= value[0] < value[1]
    )
    if not valid:
        raise ValueError("must be [start, end] with 0 <= start < end")
    return Span(value[0], value[1])


Place = Annotated[
    Span,
    BeforeValidator(_span),
    PlainSerializer(lambda span: [span.start, span.end]),
    WithJsonSchema({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}),
]
"""A span that JSON writes as [start, end]."""

Places = tuple[Place, ...]

NO_MORE = ConfigDict(extra="forbid")  # what people send has no other keys

ItemKind = Literal["quotation", "article"]
Origin = Literal["route", "random", "audit", "gold", "sample"]
AccountRole = Literal["annotator", "adjudicator", "administrator"]
EntryKind = Literal["answer", "skip", "withdrawal", "late", "ruling"]

ROLES: tuple[AccountRole, ...] = ("annotator", "adjudicator", "administrator")
"""Each contains those before it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the scheme: its name, the key that gives it, and what it means."""

    name: str
    key: str
    definition: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """What annotators work by: the labels of stance and the guidelines (Markdown), with their version.

    `scale` names the labels from one end to the other, if they lie on a scale.
    """

    version: str
    labels: tuple[Label, ...]
    guidelines: str
    scale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the article that is shown; it begins at code point `start` of the document."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where a quotation's words, its verb of saying and its source stand."""

    __pydantic_config__ = NO_MORE

    content: Places
    cue: Places
    source: Places


@dataclass(frozen=True, slots=True)
class MachineQuotation:
    """A quotation as the machine found it; `confidence` is None where it is hidden, or people found it."""

    content: Places
    cue: Places
    source: Places
    kind: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class PossibleSpeaker:
    """Somebody who may have said it; `confidence` is None where it is hidden."""

    name: str
    kind: SpeakerKind
    confidence: float | None


@dataclass(frozen=True, slots=True)
class MachineSpeaker:
    """Whom the machine takes for the speaker; an empty name says that it cannot tell."""

    name: str
    kind: SpeakerKind
    confidence: float
    mention: Place | None


@dataclass(frozen=True, slots=True)
class SuggestedStance:
    """What the model would answer for one target; a label of None says that it abstains."""

    label: str | None
    confidence: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ItemTarget:
    """A target to take the stance toward; `suggestion` is None where it is hidden or there is none.

    `mentions` are the spans of the document that name it.
    """

    id: str
    name: str
    description: str
    suggestion: SuggestedStance | None
    mentions: Places = ()


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A speaker as a person names one; an empty name says that nobody can tell."""

    __pydantic_config__ = NO_MORE

    name: str
    kind: SpeakerKind


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """A quotation that the machine found in an article whose quotations are all reviewed."""

    key: str
    content: Places
    cue: Places
    source: Places
    speaker: SpeakerName | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same words in a near-duplicate document, decided together with the item."""

    key: str
    document: str
    content: Places


@dataclass(frozen=True, slots=True)
class Item:
    """One quotation with all its targets, or one whole article.

    `key` is the quotation's id, or the document's. `quotation` is None for an article; `found` is
    empty for a quotation. `accepted` are the fields that need no person, which no annotator is told.
    `hidden` says that the model's opinions have been taken out. `id` and `campaign` are the database's,
    0 and empty before it has them.
    """

    kind: ItemKind
    key: str
    document: str
    headline: str | None
    published: str | None
    url: str | None
    site: str | None
    author: str | None
    language: str | None
    context: Context
    paragraph: Place
    quotation: MachineQuotation | None
    speaker: MachineSpeaker | None
    candidates: tuple[PossibleSpeaker, ...]
    targets: tuple[ItemTarget, ...]
    found: tuple[FoundQuotation, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    accepted: tuple[str, ...] = ()
    hidden: bool = False
    id: int = 0
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class QuotationAnswer:
    """What a person decides about a quotation.

    `quotation` None says that it is none, and there is nothing else to decide; otherwise `speaker`
    and a stance for every target are given, None where the annotator cannot tell.
    """

    __pydantic_config__ = NO_MORE

    quotation: Boundaries | None
    speaker: SpeakerName | None = None
    stances: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MissedQuotation:
    """A quotation that the machine missed in an article."""

    __pydantic_config__ = NO_MORE

    content: Places
    cue: Places
    source: Places
    speaker: SpeakerName


@dataclass(frozen=True, slots=True)
class ArticleAnswer:
    """What a person decides about an article: which of the quotations found are ones, which were missed."""

    __pydantic_config__ = NO_MORE

    found: Mapping[str, Annotated[bool, Strict()]]
    missed: tuple[MissedQuotation, ...] = ()


Content = QuotationAnswer | ArticleAnswer


@dataclass(frozen=True, slots=True)
class Lease:
    """An annotator's right to answer an item; `expires_at` is in seconds since 1970, `seconds` from now."""

    token: str
    expires_at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that a person entered on an item; `content` is None for a skip and a withdrawal."""

    id: int
    item: int
    annotator: str
    kind: EntryKind
    revision: int
    content: Content | None
    note: str | None
    reason: str | None
    flagged: bool
    hidden: bool
    seconds: float | None
    guideline: str
    at: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An item handed out: its lease, and what the annotator entered on it before, if anything.

    Where it comes of an undo, `passed_over` counts the items skipped later that others have by now.
    """

    item: Item
    lease: Lease
    previous: Entry | None = None
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was entered: its id, the item's, the revision; `replayed` if it had been entered before."""

    id: int
    item: int
    revision: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that acts."""

    id: int
    name: str
    role: AccountRole

    def may(self, role: AccountRole) -> bool:
        """Whether the actor's role contains `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A queue of items that are decided under one scheme by `overlap` annotators each."""

    id: int
    name: str
    state: Literal["open", "closed"]
    overlap: int
    lease_minutes: float
    hidden_share: float
    scheme: Scheme
    model: str


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """What one person did in a campaign; `seconds` is the median time of an answer."""

    annotator: str
    answers: int
    skips: int
    flags: int
    late: int
    last_hour: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: items, those with all their answers, answers given and wanted."""

    items: int
    finished: int
    answers: int
    wanted: int
    leased: int
    people: tuple[PersonProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldLease:
    """Who holds which item, since when and until when."""

    id: int
    item: int
    key: str
    headline: str | None
    annotator: str
    taken_at: str
    expires_at: str


R = TypeVar("R")


def as_json(record: Any) -> str:
    """A record as JSON in ASCII: a database need not know what article text may hold."""
    return _adapter(cast(Any, type(record))).dump_json(record, ensure_ascii=True).decode()


def from_json(text: str | bytes, record: type[R]) -> R:
    """The record that `as_json` made the text from.

    Raises:
        ValueError: the text is none.
    """
    return cast(R, _adapter(cast(Any, record)).validate_json(text))


@cache
def _adapter(record: Any) -> TypeAdapter[Any]:
    return TypeAdapter(record)
