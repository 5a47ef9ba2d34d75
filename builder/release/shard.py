"""One shard of the workspace, read whole: the records that rows are made of, ready to be looked up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from builder.config import AUTO_TARGET
from builder.errors import ReleaseError
from builder.records import Document, Quotation, Route, Speaker, Stance, from_table

SHARDED = ("documents", "quotations", "speakers", "stance", "routes")
"""The folders of the workspace that hold one file per shard."""

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Shard:
    """The records of one shard.

    `clusters` holds the duplicate cluster of each of its documents, `identities` who a speaker is in all
    documents, by document, name and kind.
    """

    documents: Mapping[str, Document]
    clusters: Mapping[str, str]
    quotations: Sequence[Quotation]
    speakers: Mapping[str, Speaker]
    stances: Mapping[str, Sequence[Stance]]
    routes: Mapping[tuple[str, str], Route]
    identities: Mapping[tuple[str, str, str], str]


def read_shard(
    files: Mapping[str, Path],
    clusters: Mapping[str, str],
    identities: Mapping[tuple[str, str, str], str],
    targets: Collection[str],
    labels: Collection[str],
) -> Shard:
    """The shard that lies in `files`, one for each of `SHARDED`.

    Raises:
        ReleaseError: a file cannot be read, or the records do not fit together or not to the
            configured `targets` and `labels`.
    """
    stances: dict[str, list[Stance]] = {}
    for stance in _read(files["stance"], Stance):
        stances.setdefault(stance.quotation, []).append(stance)
    shard = Shard(
        documents={document.id: document for document in _read(files["documents"], Document)},
        clusters=clusters,
        quotations=_read(files["quotations"], Quotation),
        speakers={speaker.quotation: speaker for speaker in _read(files["speakers"], Speaker)},
        stances=stances,
        routes={(route.item, route.field): route for route in _read(files["routes"], Route)},
        identities=identities,
    )
    _require_no_orphans(shard, targets)
    _require_labels(shard, labels)
    return shard


def _read(path: Path, record: type[Record]) -> list[Record]:
    try:
        return from_table(pq.read_table(path), record)
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise ReleaseError(f"{path}: cannot be read; run the build again ({error})") from error


def _require_no_orphans(shard: Shard, targets: Collection[str]) -> None:
    quotations = {quotation.id for quotation in shard.quotations}
    for quotation in shard.quotations:
        if quotation.document not in shard.documents:
            raise ReleaseError(
                f"quotation {quotation.id} is of document {quotation.document}, which its shard does not "
                "hold; run the build again"
            )
    for quoted, stances in shard.stances.items():
        for stance in stances:
            if quoted not in quotations or not (
                stance.target in targets or stance.target.startswith(AUTO_TARGET)
            ):
                raise ReleaseError(
                    f"the stance of {quoted} toward {stance.target!r} is of an unknown quotation or target; "
                    "run the build again"
                )


def _require_labels(shard: Shard, labels: Collection[str]) -> None:
    for stance in (one for some in shard.stances.values() for one in some):
        named = [stance.label, *(one.label for one in stance.probabilities)]
        unknown = next((label for label in named if label is not None and label not in labels), None)
        if unknown is not None:
            raise ReleaseError(
                f"the stance of {stance.quotation} toward {stance.target!r} has the label {unknown!r}, "
                f"which is none of {', '.join(labels)}; run the build again"
            )
