from builder.quotes.jsonl import to_json
from builder.records import Quotation, Span, Speaker

QUOTATION = Quotation(
    id="q1",
    document="d1",
    kind="direct",
    content=(Span(0, 9), Span(20, 30)),
    cue=(Span(10, 14),),
    source=(Span(15, 18),),
    addressee=(),
    paragraph=0,
    continues=None,
    confidence=0.94,
    extractor="test-1",
)


def test_the_form_of_a_line() -> None:
    speaker = Speaker("q1", "Ada Brandt", "person", Span(15, 18), None, "name", 0.95)
    assert to_json("d1", [QUOTATION], [speaker]) == {
        "id": "d1",
        "quotations": [
            {
                "id": "q1",
                "kind": "direct",
                "content": [[0, 9], [20, 30]],
                "cue": [[10, 14]],
                "source": [[15, 18]],
                "confidence": 0.94,
                "speaker": {"name": "Ada Brandt", "kind": "person", "confidence": 0.95},
            }
        ],
    }


def test_a_quotation_without_a_speaker_has_an_empty_name() -> None:
    (line,) = to_json("d1", [QUOTATION], [])["quotations"]
    assert line["speaker"] == {"name": "", "kind": "unnamed", "confidence": 0.0}


def test_a_document_without_quotations_keeps_its_line() -> None:
    assert to_json("d1", [], []) == {"id": "d1", "quotations": []}
