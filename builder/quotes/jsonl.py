"""The stable form in which other programs get a document's quotations (`quotestance extract`)."""

from collections.abc import Sequence
from typing import Any

from builder.records import Quotation, Span, Speaker


def to_json(document_id: str, quotations: Sequence[Quotation], speakers: Sequence[Speaker]) -> dict[str, Any]:
    """One document's line of output; `speakers` are matched by the id of their quotation.

    A quotation without a speaker gets an empty name. Spans are [start, end] in code points, end excluded.
    """
    by_quotation = {speaker.quotation: speaker for speaker in speakers}
    return {
        "id": document_id,
        "quotations": [_quotation(one, by_quotation.get(one.id)) for one in quotations],
    }


def _quotation(quotation: Quotation, speaker: Speaker | None) -> dict[str, Any]:
    return {
        "id": quotation.id,
        "kind": quotation.kind,
        "content": _pairs(quotation.content),
        "cue": _pairs(quotation.cue),
        "source": _pairs(quotation.source),
        "confidence": quotation.confidence,
        "speaker": {
            "name": speaker.name if speaker else "",
            "kind": speaker.kind if speaker else "unnamed",
            "confidence": speaker.confidence if speaker else 0.0,
        },
    }


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
