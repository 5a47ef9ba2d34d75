from typing import Any

import pyarrow as pa
import pytest

from builder.records import (
    Candidate,
    Cluster,
    Decision,
    Document,
    Link,
    Probability,
    Quotation,
    RawDocument,
    Reject,
    RejectReason,
    Route,
    Span,
    Speaker,
    Stance,
    Zone,
    from_table,
    schema,
    to_table,
)

DOCUMENT = Document(
    id="d1",
    text="“Yes”, she said.",
    uri="a.html",
    url=None,
    title="Yes",
    published="2024-02-29",
    site=None,
    author=None,
    agency=None,
    language="en",
    raw_sha256="00",
    extractor="test",
    zones=(Zone(0, 16, "body"),),
)
QUOTATION = Quotation(
    id="q1",
    document="d1",
    kind="direct",
    content=(Span(0, 5),),
    cue=(Span(11, 15),),
    source=(Span(7, 10),),
    addressee=(),
    paragraph=0,
    continues=None,
    confidence=0.5,
    extractor="test",
)
EVERY_RECORD: list[Any] = [
    RawDocument("d1", "a.html", "html", b"\xff\x00", "00", url="https://example.org/a"),
    DOCUMENT,
    Cluster("d1", "c1", "d1"),
    QUOTATION,
    Speaker("q1", "", "unnamed", None, None, "none", 0.0),
    Speaker(
        "q1",
        "Ada Quill",
        "person",
        Span(7, 10),
        "Q1",
        "pronoun",
        0.9,
        (Link(Span(20, 23), "pronoun"), Link(Span(7, 10), "surname")),
        (Candidate("Ada Quill", "person", 0.9), Candidate("Ben Oar", "person", 0.08)),
    ),
    Stance("q1", "t", None, (Probability("favor", 0.4), Probability("against", 0.6)), 0.6, "m"),
    Route("q1", "stance:t", "review", "no calibration labels", 0.6),
    Decision("q1", "speaker", None, '{"name": "Ada Quill"}', "a", "2024-03-01T10:00:00Z", 2.5, None, "1"),
    Reject("documents", "a.html", RejectReason.NO_BODY, "no paragraph"),
]


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: type(record).__name__)
def test_a_record_survives_arrow(record: Any) -> None:
    table = to_table([record, record], type(record))
    assert table.schema == schema(type(record))
    assert from_table(table, type(record)) == [record, record]


def test_a_column_of_nulls_keeps_its_type() -> None:
    assert to_table([DOCUMENT], Document).schema.field("url").type == pa.string()
    assert to_table([], Document).schema == schema(Document)


def test_only_what_may_be_missing_is_nullable() -> None:
    assert {field.name for field in schema(Quotation) if field.nullable} == {"continues"}


def test_a_span_cuts_the_text_it_covers() -> None:
    assert [span.of(DOCUMENT.text) for span in (*QUOTATION.content, *QUOTATION.source)] == ["“Yes”", "she"]


def test_the_body_is_the_zones_labelled_so() -> None:
    assert DOCUMENT.body() == (Span(0, 16),)
