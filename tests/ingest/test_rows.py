"""Rows of JSONL, Parquet and datasets repositories as raw documents."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import FieldNames
from builder.ids import document_id, sha256
from builder.ingest.rows import document_of
from builder.ingest.source import Source
from builder.records import RawDocument, Reject

SOURCE = Source("news/rows.jsonl", Path("/absolute/news/rows.jsonl"), "jsonl", "article")
TEXT = "“The bridge is safe,” Mayor Ilse Brandt said."


def read(row: dict[str, Any], fields: FieldNames | None = None) -> RawDocument | Reject:
    source = Source(SOURCE.uri, SOURCE.path, SOURCE.kind, SOURCE.content, fields=fields or FieldNames())
    return document_of(row, source, 7, 1000)


def test_every_field_of_a_row_is_taken() -> None:
    row = {
        "id": "story-1",
        "text": TEXT,
        "url": "https://paper.example/bridge",
        "title": "Bridge is safe",
        "published": "2024-03-01",
        "site": "The Paper",
        "author": "Jo Marsh",
        "agency": "XY",
        "language": "en",
        "section": "local",
    }
    assert read(row) == RawDocument(
        id=document_id(sha256(TEXT.encode()), "story-1"),
        uri="news/rows.jsonl#story-1",
        format="article",
        data=TEXT.encode(),
        sha256=sha256(TEXT.encode()),
        charset="utf-8",
        url="https://paper.example/bridge",
        title="Bridge is safe",
        published="2024-03-01",
        site="The Paper",
        author="Jo Marsh",
        agency="XY",
        language="en",
    )


def test_fields_may_have_other_names() -> None:
    found = read({"body": TEXT, "headline": "Bridge", "text": 5}, FieldNames(text="body", title="headline"))
    assert isinstance(found, RawDocument)
    assert (found.data, found.title) == (TEXT.encode(), "Bridge")


@pytest.mark.parametrize(
    ("row", "given", "uri"),
    [
        ({}, None, "news/rows.jsonl#7"),
        ({"id": None, "url": "https://paper.example/1"}, "https://paper.example/1", "news/rows.jsonl#7"),
        ({"id": "", "url": ""}, None, "news/rows.jsonl#7"),
        ({"id": 12}, "12", "news/rows.jsonl#12"),
        ({"id": "a\nb"}, "a\nb", "news/rows.jsonl#7"),
        ({"id": "x" * 500}, "x" * 500, "news/rows.jsonl#7"),
    ],
)
def test_the_id_is_of_the_given_id_else_the_url_else_the_bytes_alone(
    row: dict[str, Any], given: str | None, uri: str
) -> None:
    found = read({"text": TEXT, **row})
    assert isinstance(found, RawDocument)
    assert (found.id, found.uri) == (document_id(sha256(TEXT.encode()), given), uri)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("  ", None),
        (" Jo Marsh ", "Jo Marsh"),
        (["Jo Marsh", "Ann Bell"], "Jo Marsh, Ann Bell"),
        (["Jo Marsh", None, "Ann Bell"], "Jo Marsh, Ann Bell"),
        ([None], None),
        ([], None),
        (2024, "2024"),
        (Decimal(71052), "71052"),
        (UUID("0b8e6a3c-7f1d-4b52-9a60-5d2c1e4f8a97"), "0b8e6a3c-7f1d-4b52-9a60-5d2c1e4f8a97"),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, 12, tzinfo=UTC), "2024-03-01T12:00:00+00:00"),
    ],
)
def test_values_become_text(value: object, expected: str | None) -> None:
    found = read({"text": TEXT, "author": value})
    assert isinstance(found, RawDocument)
    assert found.author == expected


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        ({}, "bad-record", "no 'text'; the fields are: none"),
        ({"body": TEXT}, "bad-record", "no 'text'; the fields are: 'body'"),
        ({"text": None, "id": "1"}, "bad-record", "no 'text'; the fields are: 'text', 'id'"),
        ({"text": 5}, "bad-record", "'text' is a number, not text"),
        ({"text": [TEXT]}, "bad-record", "'text' is a list, not text"),
        ({"text": {"en": TEXT}}, "bad-record", "'text' is an object, not text"),
        ({"text": ""}, "empty", "'text' is empty"),
        ({"text": " \n\t"}, "empty", "'text' is empty"),
        ({"text": TEXT, "author": {"name": "Jo"}}, "bad-record", "'author' is an object, not text"),
        ({"text": TEXT, "author": ["Jo", 1]}, "bad-record", "'author' is a list, not text"),
        ({"text": TEXT, "id": True}, "bad-record", "'id' is true or false, not text"),
        (
            {"text": TEXT, "title": "x" * 10_001},
            "bad-record",
            "'title' has 10001 characters, more than 10000",
        ),
        (
            {"text": TEXT, "author": ["x" * 6_000] * 2},
            "bad-record",
            "'author' has 12002 characters, more than 10000",
        ),
        ({"k" * 10_000: TEXT}, "bad-record", f"no 'text'; the fields are: '{'k' * 100}'"),
        ({"text": "half \ud83d"}, "bad-encoding", "'text' holds half of a surrogate pair at character 5"),
        (
            {"text": TEXT, "url": "\udc00"},
            "bad-encoding",
            "'url' holds half of a surrogate pair at character 0",
        ),
        ({"text": "x" * 1001}, "too-large", "more than 0 MB, the limit ingest.document_mb"),
    ],
)
def test_a_row_that_holds_no_document_is_rejected_by_name(
    row: dict[str, Any], reason: str, detail: str
) -> None:
    assert read(row) == Reject("inputs", read(row).uri, reason, detail)  # type: ignore[arg-type]


def test_the_bytes_of_a_binary_column_are_taken_as_they_are() -> None:
    found = read({"text": b"<html>caf\xe9</html>"})
    assert isinstance(found, RawDocument)
    assert (found.data, found.charset) == (b"<html>caf\xe9</html>", None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(FieldNames.model_fields, JSON)))
def test_any_row_is_a_document_or_a_reject(row: dict[str, Any]) -> None:
    found = read(row)
    assert found.uri.startswith("news/rows.jsonl#")
    if isinstance(found, RawDocument):
        assert found.data == (row["text"] if isinstance(row["text"], bytes) else row["text"].encode())
