"""`python -m eval attribution`: quotations, sources and speakers against an annotated corpus."""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.config import QuoteConfig, SpeakerConfig
from builder.errors import UsageError
from builder.quotes.extract import load_extractor
from builder.quotes.jsonl import to_json
from builder.records import Document, Zone
from builder.speakers.resolve import resolve

from .data import data_folder, fingerprint
from .metrics.attribution import SpeakerLabel, score

SPLITS = ("dev", "train")
BATCH = 64  # documents that the extractor gets at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this evaluation."""
    parser.add_argument("--split", choices=SPLITS, default="dev", help="which part of PolNeAR")
    parser.add_argument(
        "--predictions",
        type=Path,
        help="score this output of `quotestance extract`, or of any program that writes its form",
    )
    parser.add_argument("--speakers", action="store_true", help="score the speakers, too")
    parser.add_argument("--write-predictions", type=Path, help="write what was extracted to this file")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """The figures, with the corpus, the fingerprint of its files, and what was scored.

    Raises:
        UsageError: the corpus is not there, options do not go together, or a line is malformed.
    """
    if arguments.predictions and arguments.write_predictions:
        raise UsageError("--write-predictions goes with the product's own predictions, not --predictions")
    files = _files(arguments.split, speakers=arguments.speakers)
    gold = _checked(files[0], ("id", "text", "attributions"))
    if arguments.predictions:
        name, lines = str(arguments.predictions), read_predictions(arguments.predictions)
    else:
        extractor = load_extractor(QuoteConfig())
        name, lines = extractor.name, list(predict(gold))
    if arguments.write_predictions:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        arguments.write_predictions.write_text(text, encoding="utf-8")
    predicted = {line["id"]: line["quotations"] for line in lines}
    speakers = read_speakers(files[1]) if arguments.speakers else None
    return {
        "corpus": files[0].name,
        "data": fingerprint(files),
        "extractor": name,
        **score(gold, predicted, speakers),
    }


def predict(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What `quotestance extract` writes for rows with `id` and `text`: all of the text is body."""
    extractor = load_extractor(QuoteConfig())
    documents = [_document(str(row["id"]), str(row["text"])) for row in rows]
    for first in range(0, len(documents), BATCH):
        some = documents[first : first + BATCH]
        for document, quotations in zip(some, extractor.extract(some), strict=True):
            yield to_json(document.id, quotations, resolve(document, quotations, SpeakerConfig()))


def read_predictions(path: Path) -> list[dict[str, Any]]:
    """Lines in the form of `quotestance extract`.

    Raises:
        UsageError: a line is not in that form.
    """
    lines = _checked(path, ("id", "quotations"))
    for number, line in enumerate(lines, 1):
        if not isinstance(line["quotations"], list) or not all(
            _is_quotation(one) for one in line["quotations"]
        ):
            raise UsageError(
                f"{path}: document {number}, {line['id']!r}: a quotation whose content is no spans"
            )
    return lines


def _is_quotation(value: object) -> bool:
    if not isinstance(value, dict) or "content" not in value:
        return False
    return all(_are_spans(value.get(role) or []) for role in ("content", "cue", "source"))


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(span, list) and len(span) == 2 and all(type(one) is int for one in span) for span in value
    )


def read_speakers(path: Path) -> dict[tuple[str, str], SpeakerLabel]:
    """Who each source is: lines of document's id, attribution's id, name and kind, separated by tabs.

    Raises:
        UsageError: a line has not four fields.
    """
    labels = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 4:
            raise UsageError(f"{path}:{number}: {len(fields)} fields instead of 4")
        labels[fields[0], fields[1]] = SpeakerLabel(fields[2], fields[3])
    return labels


def _files(split: str, *, speakers: bool) -> list[Path]:
    folder = data_folder()
    names = [f"{split}.jsonl", f"speakers_{split}.tsv"] if speakers else [f"{split}.jsonl"]
    files = [folder / "polnear" / name for name in names] if folder is not None else []
    if not files or not all(path.is_file() for path in files):
        raise UsageError(
            f"polnear/{' and '.join(names)} is not there; set QUOTESTANCE_DATA to the folder of the corpora"
        )
    return files


def _checked(path: Path, fields: Iterable[str]) -> list[dict[str, Any]]:
    """The lines of a JSONL file, each an object that has the fields."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{path}:{number}: not JSON: {error}") from error
        missing = [name for name in fields if not isinstance(row, dict) or name not in row]
        if missing:
            raise UsageError(f"{path}:{number}: no {missing[0]!r}")
        rows.append(row)
    return rows


def _document(identifier: str, text: str) -> Document:
    zones = (Zone(0, len(text), "body"),) if text.strip() else ()
    return Document(
        identifier, text, identifier, None, None, None, None, None, None, None, "", "given", zones
    )  # fmt: skip
