"""The three interfaces that other programs rely on: JSONL in, JSONL out, one line a record.

They need no configuration file and no workspace, hold one batch at a time, and answer in the
order of their input. What cannot be read becomes a `Reject` and the rest goes on; the output
appears whole or not at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.config import (
    IngestConfig,
    InputConfig,
    QuoteConfig,
    RoutesConfig,
    SpeakerConfig,
    StanceConfig,
)
from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.ingest.documents import as_given, parse
from builder.ingest.paths import is_missing
from builder.ingest.read import read
from builder.ingest.sources import batches, discover
from builder.lines import read_lines, writing_lines
from builder.quotes.extract import load_extractor
from builder.quotes.jsonl import to_json
from builder.records import Calibration, Document, RawDocument, Reject, RejectReason, Span, to_row
from builder.speakers.ranker import load_ranker, ranker_folder
from builder.speakers.resolve import resolve
from builder.stance.classifier import load_classifier, model_folder
from builder.stance.examples import read_labelled, to_example
from builder.stance.label import calibration_by, label_rows

BATCH = 64  # documents at once: enough for a model's batches, little enough to hold


@dataclass(slots=True)
class Outcome:
    """How many records were written, what was left out, and by which calibration answers were accepted."""

    written: int = 0
    rejects: list[Reject] = field(default_factory=list)
    calibration: Calibration | None = None


def ingest(paths: Sequence[str], output: Path, content: str, config: IngestConfig) -> Outcome:
    """Reads articles and writes one document a line: its record, and `body` as a list of spans.

    Raises:
        UsageError: none of the paths exists; one beside others that do is a reject.
    """
    if all(is_missing(path, Path.cwd()) for path in paths):
        raise UsageError(f"{', '.join(paths)}: no such file or folder")
    inputs = [InputConfig.model_validate({"path": path, "content": content}) for path in paths]
    sources, not_found = discover(inputs, Path.cwd())
    outcome = Outcome(rejects=list(not_found))
    with writing_lines(output) as write:
        for raw in (one for batch in batches(sources) for one in read(batch, config)):
            made = parse(raw, config) if isinstance(raw, RawDocument) else raw
            if isinstance(made, Document):
                write(to_row(made) | {"body": [[span.start, span.end] for span in made.body()]})
                outcome.written += 1
            else:
                outcome.rejects.append(made)
    return outcome


def extract(path: Path, output: Path, quotes: QuoteConfig, speakers: SpeakerConfig) -> Outcome:
    """Extracts quotations and speakers from `{"id", "text", "body"?}` a line; the text is taken as it is.

    `body` lists the spans that are the article, as `ingest` writes them; without it all of the text is.
    """
    outcome = Outcome()
    extractor = load_extractor(quotes)
    ranker = load_ranker(ranker_folder(speakers))
    with writing_lines(output) as write:
        for some in batched(_given_documents(path, outcome), BATCH):
            for document, quotations in zip(some, extractor.extract(some), strict=True):
                write(to_json(document.id, quotations, resolve(document, quotations, speakers, ranker)))
                outcome.written += 1
    return outcome


def label(
    path: Path,
    output: Path,
    config: StanceConfig,
    labels: Sequence[str] | None,
    calibration: Path | None = None,
) -> Outcome:
    """Labels `{"id", "text", "target", "speaker"?, "context"?}` a line with a stance toward the target.

    `labels` restricts the answer to some of the scheme's. `calibration` are rows like these that
    people labelled: by them some answers are accepted.

    Raises:
        UsageError: `labels` holds one that the model does not know, or a line of `calibration` is wrong.
        ModelError: the model cannot be loaded.
    """
    outcome = Outcome()
    classifier = load_classifier(config, model_folder(config, Path.cwd()))
    if calibration is not None:
        labelled = read_labelled(calibration, labels or config.labels)
        outcome.calibration = calibration_by(labelled, classifier, config, RoutesConfig(), labels)
    with writing_lines(output) as write:
        rows = _given_pairs(path, outcome)
        for row in label_rows(rows, classifier, config, labels, outcome.calibration):
            write(row)
            outcome.written += 1
    return outcome


def _given_documents(path: Path, outcome: Outcome) -> Iterator[Document]:
    for row in _good_rows(path, outcome, "extract", _check_text):
        yield as_given(row["id"], row["text"], _body(row))


def _given_pairs(path: Path, outcome: Outcome) -> Iterator[dict[str, Any]]:
    return _good_rows(path, outcome, "label", _check_pair)


def _good_rows(
    path: Path, outcome: Outcome, stage: str, check: Callable[[dict[str, Any]], object]
) -> Iterator[dict[str, Any]]:
    """The rows of a file for which `check` raises no ValueError; the others become rejects."""
    for line in read_lines(path):
        problem = line.problem
        if line.value is not None:
            try:
                check(line.value)
            except ValueError as error:
                problem = str(error)
            else:
                yield line.value
                continue
        place = f"{path.name}:{line.number}"
        outcome.rejects.append(Reject(stage, place, RejectReason.BAD_RECORD, problem))


def _check_pair(row: dict[str, Any]) -> None:
    _check_strings(row, ["id"])
    to_example(row)


def _check_text(row: dict[str, Any]) -> None:
    _check_strings(row, ["id", "text"])
    end = 0
    for span in _body(row) or ():
        if not end <= span.start < span.end <= len(row["text"]):
            raise ValueError(f"body: [{span.start}, {span.end}] is no span of the text behind the one before")
        end = span.end


def _body(row: dict[str, Any]) -> list[Span] | None:
    """The spans of a row's body; None if it gives none: what are no pairs of numbers is another's field."""
    given = row.get("body")
    if not (isinstance(given, list) and given and all(_is_a_pair(one) for one in given)):
        return None
    return [Span(start, end) for start, end in given]


def _is_a_pair(value: object) -> bool:
    return isinstance(value, list) and [type(number) for number in value] == [int, int]


def _check_strings(row: dict[str, Any], keys: Sequence[str]) -> None:
    for key in keys:
        if key not in row:
            raise ValueError(f"{key!r} is missing")
        if not isinstance(row[key], str):
            raise ValueError(f"{key!r} is not text")
