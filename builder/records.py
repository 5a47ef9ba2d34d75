"""The records that stages exchange, and their Arrow schemas.

Records are frozen; a stage adds its own and never rewrites another's. Offsets are Unicode code
points into `Document.text`, end exclusive. Confidences and probabilities lie in [0, 1] and are
rounded to four decimals (`rounded`), so that the number of workers changes no byte.
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain, islice
from typing import Any, Literal, TypeVar, cast

import pyarrow as pa

ZoneLabel = Literal["title", "standfirst", "caption", "dateline", "body", "tags", "boilerplate"]
QuotationKind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "organisation", "government", "group", "unnamed", "author"]
Decided = Literal["auto", "review"]
Where = Literal["quotation", "context"]
RawFormat = Literal["dump", "html", "article"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's text: code points `start` (included) to `end` (excluded)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, order=True)
class Zone:
    """A part of a document's text and what it is; zones do not overlap and are in order."""

    start: int
    end: int
    label: ZoneLabel


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document as it was read, before anything was made of it.

    `data` are the bytes as found (decompressed); `format` says how to read them: a text dump of a
    page with everything around the article, HTML, or the text of an article and nothing else.
    """

    id: str
    uri: str
    format: RawFormat
    data: bytes
    sha256: str
    charset: str | None = None
    url: str | None = None
    title: str | None = None
    published: str | None = None
    site: str | None = None
    author: str | None = None
    agency: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose text never changes again; every later finding is a span into it.

    `uri` says where it was read and ends in the file's name; `url` is its canonical address on the
    web; `published` is an ISO 8601 date; `language` is an ISO 639-1 code. `zones` label every
    part of the text that is not blank. `extractor` names what found the body, and how well a
    second opinion agreed where there is one.
    """

    id: str
    text: str
    uri: str
    url: str | None
    title: str | None
    published: str | None
    site: str | None
    author: str | None
    agency: str | None
    language: str | None
    raw_sha256: str
    extractor: str
    zones: tuple[Zone, ...]

    def body(self) -> tuple[Span, ...]:
        """The spans of the text that are the article itself."""
        return tuple(Span(zone.start, zone.end) for zone in self.zones if zone.label == "body")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Membership of a document in a group of near-duplicates; `canonical` stands for the group."""

    member: str
    cluster: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that the text attributes to somebody.

    `content`, `cue` and `source` may be discontinuous; `cue` and `source` may be empty.
    `paragraph` counts the document's paragraphs from 0; `continues` is the id of the quotation
    that this one carries on without a cue of its own.
    """

    id: str
    document: str
    kind: QuotationKind
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    addressee: tuple[Span, ...]
    paragraph: int
    continues: str | None
    confidence: float
    extractor: str


@dataclass(frozen=True, slots=True)
class Link:
    """One step from a source to its speaker: a mention, and why it means the same as the one before."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have said a quotation, and the probability of it."""

    name: str
    kind: SpeakerKind
    confidence: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said a quotation; an empty `name` says that nobody can tell, which is an answer.

    `mention` is where the text names the speaker most fully; `entity` is the id in the user's authority
    table, if the name is in it, and `evidence` why it is or is not; `method` says how the source was
    resolved, and `chain` by which mentions, from the source to `mention`. `candidates` are whom it may
    be, the likeliest first, whether or not one of them was taken.
    """

    quotation: str
    name: str
    kind: SpeakerKind
    mention: Span | None
    entity: str | None
    method: str
    confidence: float
    chain: tuple[Link, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a document's speaker is across the corpus: one row for each document, name and kind.

    Rows of one `identity` are one person or body; `full_name` is its fullest form, `documents` in how
    many documents it is. `entity` is the id in the authority table, if linked; `evidence` says why the
    row was joined with others, or was not.
    """

    document: str
    name: str
    kind: SpeakerKind
    identity: str
    full_name: str
    documents: int
    entity: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probability:
    """The probability of one label."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class TargetMention:
    """Where a target is named, and by which of its names: its name, an alias, or an entity's form."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Stance:
    """The stance that a quotation expresses toward a target; `label` is None where the model abstains.

    `name` is the target's, and `mentions` are where it is named, in order; `where` says whether one of them
    stands in the quotation itself, or all in its context.
    """

    quotation: str
    target: str
    label: str | None
    probabilities: tuple[Probability, ...]
    confidence: float
    model: str
    name: str = ""
    where: Where = "quotation"
    mentions: tuple[TargetMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Whether a value is accepted or goes to a person, and why.

    `item` is a quotation's id; `field` is "quotation", "speaker" or "stance:TARGET".
    """

    item: str
    field: str
    decision: Decided
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class AddedQuotation:
    """A quotation that people added because the program had missed it, and what the program makes of it.

    The stances toward the targets that it names go to people, as `routes` say; who said it and where it
    stands they have decided already.
    """

    quotation: Quotation
    speaker: Speaker
    stances: tuple[Stance, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """From which confidence on the values of a field are accepted, and by which labels of people.

    `field` is as in `Route`, or "stance" for all targets that have no row of their own. `threshold` is
    None where nothing is accepted; otherwise `wrong` of the `accepted` labels that reach it are wrong, and
    `bound` is what the error does not exceed with the configured certainty. `temperature` divides the
    logarithms of a stance's probabilities; None where there are too few labels for it.
    """

    field: str
    labels: int
    threshold: float | None
    accepted: int
    wrong: int
    bound: float | None
    temperature: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one field of one item; appended, never edited.

    `field` is as in `Route`, or "article"; `before` and `after` are its value in JSON; `at` is an ISO 8601
    time with zone; `guideline` is the version of the guidelines that the annotator worked by.
    """

    item: str
    field: str
    before: str | None
    after: str | None
    annotator: str
    at: str
    seconds: float | None
    note: str | None
    guideline: str | None


class RejectReason(StrEnum):
    """Why an input or a record was left out."""

    UNREADABLE = "unreadable"  # the path cannot be opened
    UNKNOWN_FORMAT = "unknown-format"  # no reader for the file's name or content
    EMPTY = "empty"  # nothing in it, or nothing but blanks
    TOO_LARGE = "too-large"  # one document is larger than the configured limit
    TRUNCATED = "truncated"  # a compressed file or a WARC record is cut off
    CORRUPT = "corrupt"  # not what its name or header says, or damaged
    DECOMPRESSION_BOMB = "decompression-bomb"  # expands beyond any honest ratio
    BAD_RECORD = "bad-record"  # a line or row without the required fields, or of wrong type
    BAD_ENCODING = "bad-encoding"  # the bytes are text in no encoding that could be found
    OUTSIDE = "outside"  # a repository that names files outside its folder
    NOT_HTML = "not-html"  # a web archive's record of another kind
    TOO_COMPLEX = "too-complex"  # markup nested or repeated beyond the configured limit
    NO_BODY = "no-body"  # no article found in the page
    LANGUAGE = "language"  # not one of the languages asked for
    DUPLICATE = "duplicate"  # the same bytes under the same id were read before
    NO_SUCH_QUOTATION = "no-such-quotation"  # a decision about a quotation that was not extracted
    NO_SUCH_TARGET = "no-such-target"  # a decision about a target that the configuration does not name


@dataclass(frozen=True, slots=True)
class Reject:
    """An input or a record that was left out: where it was, why, and what exactly was wrong."""

    stage: str
    uri: str
    reason: RejectReason
    detail: str


Record = TypeVar("Record")

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.binary(),
    RejectReason: pa.string(),
}


def rounded(probability: float) -> float:
    """A probability as records hold it: to four decimals."""
    return round(float(probability), 4)


def schema(record: type) -> pa.Schema:
    """The Arrow schema of a record class, derived from its annotations."""
    return pa.schema([_field(name, kind) for name, kind in typing.get_type_hints(record).items()])


def to_table(records: Iterable[Any], record: type) -> pa.Table:
    """Records as an Arrow table of `schema(record)`, one row a record, in order."""
    return pa.Table.from_pylist([to_row(one) for one in records], schema=schema(record))


def from_table(table: pa.Table, record: type[Record]) -> list[Record]:
    """The records that an Arrow table holds, in order."""
    # Column by column: a corpus has millions, and each row by itself would be a dictionary first.
    batches = (batch.to_struct_array() for batch in table.combine_chunks().to_batches())
    return list(chain.from_iterable(_records(batch, cast(Any, record)) for batch in batches))


def to_row(record: Any) -> dict[str, Any]:
    """A record as plain Python values: spans become dictionaries, tuples become lists."""
    return {field.name: _plain(getattr(record, field.name)) for field in dataclasses.fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value):
        return to_row(value)
    return value


def _field(name: str, kind: Any) -> pa.Field:
    kind, nullable = _without_none(kind)
    return pa.field(name, _arrow(kind), nullable=nullable)


def _arrow(kind: Any) -> pa.DataType:
    if typing.get_origin(kind) is Literal:
        return pa.string()
    if typing.get_origin(kind) is tuple:
        return pa.list_(pa.field("element", _arrow(typing.get_args(kind)[0]), nullable=False))
    if dataclasses.is_dataclass(kind):
        return pa.struct([_field(name, hint) for name, hint in typing.get_type_hints(kind).items()])
    return _SCALARS[kind]


def _without_none(kind: Any) -> tuple[Any, bool]:
    if isinstance(kind, types.UnionType):
        (only,) = [one for one in typing.get_args(kind) if one is not type(None)]
        return only, True
    return kind, False


_kinds = cache(typing.get_type_hints)


def _records(structs: pa.StructArray, record: Any) -> Iterator[Any]:
    """The records that an array of structs holds, in order."""
    return map(record, *(_values(structs.field(name), kind) for name, kind in _kinds(record).items()))


def _values(array: pa.Array, kind: Any) -> list[Any]:
    """The values of this kind that an array holds, in order."""
    made: list[Any]
    kind, _ = _without_none(kind)
    if typing.get_origin(kind) is tuple:
        parts = iter(_values(array.flatten(), typing.get_args(kind)[0]))
        made = [tuple(islice(parts, length or 0)) for length in array.value_lengths().to_pylist()]
    elif dataclasses.is_dataclass(kind):
        made = list(_records(array, kind))
    elif kind is RejectReason:
        made = [RejectReason(one) for one in array.to_pylist()]
    else:
        return cast(list[Any], array.to_pylist())
    if array.null_count:
        return [one if there else None for one, there in zip(made, array.is_valid().to_pylist(), strict=True)]
    return made
