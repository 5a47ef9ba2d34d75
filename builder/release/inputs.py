"""What a release is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from builder.errors import ReleaseError
from builder.records import Calibration
from builder.release.removals import Removals
from builder.release.shard import SHARDED
from builder.review.decisions import ImportedDecision
from builder.speakers.authority_table import Entry


@dataclass(frozen=True, slots=True)
class ReleaseInputs:
    """What a release is made of.

    Each list of Parquet files is in the order of the shards, `clusters`, `identities`, `added` and `rejects`
    excepted, which are tables of the whole. `model_notes` says of a stance model, by the name that its
    records hold, what it was trained on, and `model_terms` what the licences of its data ask; `ranker` is
    the name of the model that told who the speakers are; `calibrations` say what was accepted without a
    person, and how published confidences are calibrated; `config_file` is the name of the configuration
    file; `previous` is the folder of the release that this one follows, where it is not in the same folder;
    `removals` is what must not be published, and `secret` what annotators' pseudonyms are made with;
    `entries` are those of the authority table.
    """

    documents: Sequence[Path]
    clusters: Sequence[Path]
    quotations: Sequence[Path]
    speakers: Sequence[Path]
    stance: Sequence[Path]
    routes: Sequence[Path]
    decisions: Sequence[ImportedDecision] = ()
    rejects: Sequence[Path] = ()
    identities: Sequence[Path] = ()
    added: Sequence[Path] = ()
    model_notes: Mapping[str, str] = field(default_factory=dict)
    model_terms: Mapping[str, str] = field(default_factory=dict)
    calibrations: Sequence[Calibration] = ()
    ranker: str | None = None
    config_file: str | None = None
    previous: Path | None = None
    removals: Removals = field(default_factory=Removals)
    secret: bytes | None = None
    entries: Sequence[Entry] = ()


def require_aligned(tables: ReleaseInputs) -> None:
    """Refuses stages that do not have the same shards.

    Raises:
        ReleaseError: they have not, or there are none.
    """
    found = {name: len(getattr(tables, name)) for name in SHARDED}
    if len(set(found.values())) > 1:
        raise ReleaseError(f"the stages have different numbers of shards ({found}); run the build again")
    if not tables.documents:
        raise ReleaseError("there are no shards, so there is nothing to release")
