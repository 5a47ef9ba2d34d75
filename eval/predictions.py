"""Predicted quotations in the form of `quotestance extract`: made by the product, or read from a file."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.config import SpeakerConfig
from builder.errors import UsageError
from builder.ingest.documents import as_given
from builder.quotes.extract import Extractor
from builder.quotes.jsonl import to_json
from builder.speakers.ranker import load_ranker
from builder.speakers.resolve import resolve

from .polnear import read_rows

BATCH = 64  # documents that the extractor gets at once


def predict(rows: Iterable[Mapping[str, Any]], extractor: Extractor) -> Iterator[dict[str, Any]]:
    """What `quotestance extract` writes for rows with `id` and `text`: all of the text is body."""
    documents = [as_given(str(row["id"]), str(row["text"])) for row in rows]
    for first in range(0, len(documents), BATCH):
        some = documents[first : first + BATCH]
        for document, quotations in zip(some, extractor.extract(some), strict=True):
            yield to_json(
                document.id, quotations, resolve(document, quotations, SpeakerConfig(), load_ranker())
            )


def read_predictions(path: Path) -> list[dict[str, Any]]:
    """Lines in the form of `quotestance extract`; `content` is all that a quotation must have.

    Raises:
        UsageError: the file cannot be read, a line is not in that form, or two are of one document.
    """
    lines = read_rows(path, ("id", "quotations"))
    seen = set()
    for number, line in enumerate(lines, 1):
        where = f"{path}: document {number}, {line['id']!r}"
        if not isinstance(line["id"], str):
            raise UsageError(f"{where}: its id is no string")
        if line["id"] in seen:
            raise UsageError(f"{where}: stands there twice")
        seen.add(line["id"])
        if not isinstance(line["quotations"], list):
            raise UsageError(f"{where}: its quotations are no list")
        for quotation in line["quotations"]:
            problem = _problem(quotation)
            if problem:
                raise UsageError(f"{where}: a quotation {problem}")
    return lines


def by_document(lines: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The quotations by their document's id."""
    return {line["id"]: line["quotations"] for line in lines}


def _problem(quotation: object) -> str:
    if not isinstance(quotation, dict) or "content" not in quotation:
        return "without content"
    for role in ("content", "cue", "source"):
        if not _are_spans(quotation.get(role) or []):
            return f"whose {role} is no list of [start, end]: {quotation[role]!r}"
    confidence = quotation.get("confidence")
    if confidence is not None and not (type(confidence) in {int, float} and 0 <= confidence <= 1):
        return f"whose confidence is not between 0 and 1: {confidence!r}"
    if not isinstance(quotation.get("speaker") or {}, dict):
        return f"whose speaker is no object: {quotation['speaker']!r}"
    return ""


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(span, list) and len(span) == 2 and all(type(one) is int for one in span) for span in value
    )
