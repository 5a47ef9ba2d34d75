"""One row of JSONL, Parquet or a `datasets` repository becomes one raw document."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from builder.ids import document_id, sha256
from builder.ingest.limits import Refused, too_large
from builder.ingest.names import listed
from builder.ingest.source import STAGE, Source
from builder.records import RawDocument, Reject, RejectReason

LONGEST_ID_SHOWN = 200  # characters
LONGEST_FIELD = 10_000  # characters, of every field but the text


def row_uri(source: Source, number: int, given: str | None = None) -> str:
    """Where a row is: its id if it has one that reads well, else its number from 1."""
    return f"{source.uri}#{given if given and is_readable(given) else number}"


def is_readable(given: str) -> bool:
    """Whether an id or address is fit to be shown as part of a name."""
    return len(given) <= LONGEST_ID_SHOWN and given.isprintable()


def rejected_row(source: Source, number: int, refused: Refused) -> Reject:
    """The reject of one row."""
    return Reject(STAGE, row_uri(source, number), refused.reason, refused.detail)


def document_of(row: Mapping[str, Any], source: Source, number: int, limit: int) -> RawDocument | Reject:
    """The document that a row holds under the source's field names.

    `limit` is the size that a document's text may have in bytes.
    """
    try:
        return _document(row, source, number, limit)
    except Refused as refused:
        return rejected_row(source, number, refused)


def _document(row: Mapping[str, Any], source: Source, number: int, limit: int) -> RawDocument:
    names = source.fields
    data, charset = _text(row, names.text)
    if len(data) > limit:
        raise too_large(limit)
    given, url = _value(row, names.id), _value(row, names.url)
    digest = sha256(data)
    return RawDocument(
        id=document_id(digest, given or url),
        uri=row_uri(source, number, given),
        format=source.content,
        data=data,
        sha256=digest,
        charset=charset,
        url=url,
        title=_value(row, names.title),
        published=_value(row, names.published),
        site=_value(row, names.site),
        author=_value(row, names.author),
        agency=_value(row, names.agency),
        language=_value(row, names.language),
    )


def _text(row: Mapping[str, Any], name: str) -> tuple[bytes, str | None]:
    """The text as bytes, and its encoding if that is known."""
    value = row.get(name)
    if value is None:
        raise Refused(RejectReason.BAD_RECORD, f"no {name!r}; the fields are: {listed(row)}")
    if not isinstance(value, str | bytes):
        raise Refused(RejectReason.BAD_RECORD, f"{name!r} is {_type(value)}, not text")
    data = _encoded(value, name) if isinstance(value, str) else value
    if not data.strip():
        raise Refused(RejectReason.EMPTY, f"{name!r} is empty")
    return data, "utf-8" if isinstance(value, str) else None


def _value(row: Mapping[str, Any], name: str) -> str | None:
    """An optional field as text; the names of a list are joined, and where there are none it is none."""
    value = row.get(name)
    if value is None or isinstance(value, str):
        text = value
    elif isinstance(value, date):  # or a time, which is also a date
        text = value.isoformat()
    elif isinstance(value, int | float | Decimal | UUID) and not isinstance(value, bool):
        text = str(value)
    elif isinstance(value, list) and all(one is None or isinstance(one, str) for one in value):
        text = ", ".join(one for one in value if one is not None)
    else:
        raise Refused(RejectReason.BAD_RECORD, f"{name!r} is {_type(value)}, not text")
    if text is not None:
        if len(text) > LONGEST_FIELD:
            detail = f"{name!r} has {len(text)} characters, more than {LONGEST_FIELD}"
            raise Refused(RejectReason.BAD_RECORD, detail)
        _encoded(text, name)
    return text.strip() or None if text else None


def _encoded(text: str, name: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        detail = f"{name!r} holds half of a surrogate pair at character {error.start}"
        raise Refused(RejectReason.BAD_ENCODING, detail) from error


def _type(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), f"a {type(value).__name__}")
