"""Finding one record of a workspace by its id, and everything that is known about it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from builder.config import Target
from builder.engine.corpus import ALL
from builder.engine.workspace import Workspace
from builder.errors import UsageError, WorkspaceError
from builder.records import (
    AddedQuotation,
    Calibration,
    Document,
    Identity,
    Quotation,
    Reject,
    Route,
    Speaker,
    Stance,
    from_table,
    to_row,
)
from builder.review.added import added_in
from builder.stance.classifier import SHIPPED
from builder.stance.description import FILE, read_description
from builder.stance.explain import Reason, reasons_for
from builder.stance.label import example_of
from builder.stance.linear import KIND, LinearClassifier, load
from builder.stance.route import calibration_of
from builder.stance.targets import TargetMatch

R = TypeVar("R")
STANCE_ID = re.compile(r"s[0-9a-f]{20}")  # see `builder.ids.stance_id`


@dataclass(frozen=True, slots=True)
class Found:
    """A document, and what later stages made of it or of one quotation of it."""

    document: Document
    quotations: list[Quotation]
    speakers: list[Speaker]
    identities: list[Identity]
    stances: list[Stance]
    routes: list[Route]
    calibrations: list[Calibration]


class Explainer:
    """Says why a linear stance model chose a label; nothing of any other model."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.models: dict[str, LinearClassifier | None] = {}

    def reasons(self, found: Found, quotation: Quotation, stance: Stance) -> list[Reason]:
        """The strongest features toward the label of a stance; none where its model is not at hand.

        Raises:
            ModelError: the model's folder is damaged, or no model.
        """
        if stance.model not in self.models:
            self.models[stance.model] = self._model(stance.model)
        model = self.models[stance.model]
        if model is None or stance.label is None:
            return []
        speaker = next((one.name for one in found.speakers if one.quotation == quotation.id), "")
        match = TargetMatch(
            Target(id="shown", name=stance.name or stance.target), stance.mentions, stance.where
        )
        return reasons_for(model, example_of(found.document, quotation, speaker, match), stance.label)

    def _model(self, name: str) -> LinearClassifier | None:
        folders = [self.folder] if self.folder is not None else list(SHIPPED.values())
        for folder in folders:
            if self.folder is None and not (folder / FILE).is_file():
                continue
            description = read_description(folder)
            if description.name == name and description.kind == KIND:
                return load(folder)
        return None


def left_out(root: Path) -> list[Reject]:
    """What the stages of a workspace left out, with the reasons.

    Raises:
        UsageError: the folder is no workspace with a finished build.
        WorkspaceError: a file of rejects is damaged.
    """
    return _built(root).all_rejects()


def find(root: Path, wanted: str) -> Found:
    """What a workspace knows about the document or quotation whose id is `wanted`.

    Raises:
        UsageError: the folder is no workspace with a finished build, or nothing in it has that id.
        WorkspaceError: a shard is damaged.
    """
    workspace = _built(root)
    shards = workspace.shards("routes")
    added = [one for some in added_in(workspace).values() for one in some]
    # What people added lies in no shard; its document does.
    named = next((one.quotation.document for one in added if one.quotation.id == wanted), wanted)
    for shard in shards:
        if any(_holds(workspace.path(folder, shard), named) for folder in ("documents", "quotations")):
            return _found(workspace, shard, wanted, added)
    if STANCE_ID.fullmatch(wanted):
        raise UsageError(f"{wanted} is the id of a stance row; use its quotation_id")
    raise UsageError(f"{root}: no document or quotation has the id {wanted!r}")


def as_row(found: Found) -> dict[str, Any]:
    """What was found, as plain values for JSON."""
    return {
        "document": to_row(found.document),
        "quotations": [to_row(one) for one in found.quotations],
        "speakers": [to_row(one) for one in found.speakers],
        "identities": [to_row(one) for one in found.identities],
        "stances": [to_row(one) for one in found.stances],
        "routes": [to_row(one) for one in found.routes],
        "calibrations": [to_row(one) for one in found.calibrations],
    }


def described(
    found: Found, explainer: Explainer | None = None
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What was found, for people: titles, each with rows of a field and its value."""
    document = found.document
    zones = ", ".join(f"{zone.label} {zone.start}-{zone.end}" for zone in document.zones)
    yield f"document {document.id}", [*_rows(document, ("text", "zones")), ("zones", zones)]
    speakers = {one.quotation: one for one in found.speakers}
    identities = {(one.kind, one.name): one for one in found.identities}
    calibrations = {one.field: one for one in found.calibrations}
    for quotation in found.quotations:
        rows = [
            (name, " … ".join(span.of(document.text) for span in getattr(quotation, name)))
            for name in ("content", "cue", "source", "addressee")
        ]
        rows += _rows(quotation, ("id", "content", "cue", "source", "addressee"))
        speaker = speakers[quotation.id]
        rows += [(f"speaker {name}", value) for name, value in _speaker(speaker, document.text)]
        identity = identities.get((speaker.kind, speaker.name))
        rows += [(f"identity {name}", value) for name, value in _identity(identity)] if identity else []
        for stance in (one for one in found.stances if one.quotation == quotation.id):
            rows.append((f"stance toward {stance.target}", _stance(stance)))
            rows.append((f"{stance.target} is named", _named(stance, document.text)))
            reasons = explainer.reasons(found, quotation, stance) if explainer is not None else []
            if reasons:
                told = ", ".join(f"{one.feature!r} ({one.view} {one.weight})" for one in reasons)
                rows.append((f"for {stance.label} spoke", told))
        for route in (one for one in found.routes if one.item == quotation.id):
            rows.append((f"route of {route.field}", f"{route.decision} ({route.score}): {route.reason}"))
            rows += [(f"threshold of {route.field}", told) for told in _threshold(route, calibrations)]
        yield f"quotation {quotation.id}", rows


def _rows(record: Any, without: Collection[str]) -> list[tuple[str, str]]:
    return [(name, _shown(value)) for name, value in to_row(record).items() if name not in without]


def _shown(value: Any) -> str:
    return (
        f"{value['start']}-{value['end']}" if isinstance(value, dict) else "" if value is None else str(value)
    )


def _speaker(speaker: Speaker, text: str) -> Iterator[tuple[str, str]]:
    """Fields of a speaker; then what each mention of the chain, candidate and piece of evidence says."""
    yield from _rows(speaker, ("quotation", "chain", "candidates", "evidence"))
    for link in speaker.chain:
        yield "by way of", f"{link.span.of(text)} ({link.span.start}-{link.span.end}): {link.reason}"
    for one in speaker.candidates:
        yield "candidate", f"{one.name or 'nobody'}, {one.kind} ({one.confidence})"
    for piece in speaker.evidence:
        yield "linked because" if speaker.entity else "not linked because", piece


def _identity(identity: Identity) -> Iterator[tuple[str, str]]:
    """Who the speaker is across documents, and why."""
    yield "id", identity.identity
    yield "full name", identity.full_name
    yield from (("because", piece) for piece in identity.evidence)


def _stance(stance: Stance) -> str:
    shares = ", ".join(f"{one.label} {one.probability}" for one in stance.probabilities)
    return f"{stance.label or 'abstains'} ({shares}), by {stance.model}"


def _named(stance: Stance, text: str) -> str:
    """Where a target is named, and by which of its names."""
    places = [
        f"{one.span.of(text)} ({one.span.start}-{one.span.end}, as {one.name})" for one in stance.mentions
    ]
    return f"in the {stance.where}: {'; '.join(places)}"


def _threshold(route: Route, calibrations: Mapping[str, Calibration]) -> Iterator[str]:
    """By which labels of people values of a route's field are accepted."""
    found = calibration_of(route.field, calibrations)
    if found is None or not found.labels:
        return
    if found.threshold is None or found.bound is None:
        yield f"none; {found.labels} labels of {found.field} keep the error at no confidence"
        return
    yield (
        f"{found.threshold}; of {found.labels} labels of {found.field} {found.accepted} reach it, and "
        f"{found.wrong} of these are wrong, so the error is below {found.bound}"
    )


def _built(root: Path) -> Workspace:
    workspace = Workspace(root)
    if not workspace.shards("routes"):
        raise UsageError(f"{root}: no finished build here")
    return workspace


def _holds(path: Path, wanted: str) -> bool:
    # Only the column of ids is read: a workspace may be large.
    return wanted in pq.read_table(path, columns=["id"])["id"].to_pylist()


def _found(workspace: Workspace, shard: str, wanted: str, added: Sequence[AddedQuotation]) -> Found:
    theirs = [one for one in added if wanted in {one.quotation.id, one.quotation.document}]
    quotations = [
        one for one in workspace.read("quotations", shard, Quotation) if wanted in {one.id, one.document}
    ]
    quotations += [one.quotation for one in theirs]
    ids = {one.id for one in quotations}
    document = quotations[0].document if quotations else wanted

    def of_shard(folder: str, record: type[R], key: str) -> list[R]:
        return [one for one in workspace.read(folder, shard, record) if getattr(one, key) in ids]

    return Found(
        document=next(one for one in workspace.read("documents", shard, Document) if one.id == document),
        quotations=quotations,
        speakers=[*of_shard("speakers", Speaker, "quotation"), *(one.speaker for one in theirs)],
        identities=_identities(workspace, document),
        stances=[
            *of_shard("stance", Stance, "quotation"),
            *(stance for one in theirs for stance in one.stances),
        ],
        routes=[*of_shard("routes", Route, "item"), *(route for one in theirs for route in one.routes)],
        calibrations=workspace.read("calibration", ALL, Calibration),
    )


def _identities(workspace: Workspace, document: str) -> list[Identity]:
    """Those of one document; the table is of the whole corpus, so the others are not read into records."""
    try:
        rows = pq.read_table(workspace.path("identities", ALL), filters=[("document", "==", document)])
    except (OSError, pa.ArrowInvalid) as error:
        raise WorkspaceError(f"{workspace.root}: identities cannot be read; run the build again") from error
    return from_table(rows, Identity)
