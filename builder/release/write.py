"""Writing a release: from the records of a finished workspace to a folder that `datasets` loads.

Shard by shard, so that memory is bounded by the shard; the folder appears whole or not at all.
"""

import gc
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from builder.config import Config
from builder.engine.database import Database, connected
from builder.engine.workspace import Progress, silent
from builder.records import Reject
from builder.release import changes
from builder.release.card import render_card, require_licence
from builder.release.changes import render_changes
from builder.release.charts import charts_of
from builder.release.data import Sizes, write_data
from builder.release.dataset import SPEAKERS, columns
from builder.release.datasheet import CardInputs, People
from builder.release.diff import Diff, diff
from builder.release.folder import CARD
from builder.release.history import Previous, find_previous, history_with
from builder.release.inputs import ReleaseInputs, require_aligned
from builder.release.making import Made, make_rows
from builder.release.manifest import PastVersion, write_manifest
from builder.release.partial import RELEASE, making, require_new
from builder.release.present import find_present
from builder.release.quality import Quality, measure_quality
from builder.release.reasons import NOT_A_QUOTATION, ON_REQUEST
from builder.release.removals import Request, require_unnamed
from builder.release.statistics import Statistics, measure
from builder.release.unmet import unmet
from builder.release.version import checked_version, folder_name, require_bump
from builder.review.decisions import hash_of_decisions


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What was written: the folder, rows by configuration and split, numbers, and what was left out.

    `rejects` are decisions that could not be applied; `follows` is the version before, and `diff` what
    differs from it, if there is one. `unmet` are requests for removal that name nothing in the corpus.
    """

    path: Path
    version: str
    rows: Mapping[str, Mapping[str, int]]
    statistics: Statistics
    removed: int
    rejects: tuple[Reject, ...]
    unmet: tuple[Request, ...] = ()
    follows: str | None = None
    diff: Diff | None = None


def write_release(
    tables: ReleaseInputs,
    config: Config,
    version: str,
    output: Path,
    fingerprints: Mapping[str, object],
    progress: Progress = silent,
) -> ReleaseSummary:
    """Writes the release `version` into the folder `vVERSION` of `output`.

    Raises:
        UsageError: `version` is not a semantic version, does not come after the last one, or promises
            less of a change than there is; the last one is of another dataset; the licence says nothing, or
            the configuration names what must not be published.
        ReleaseError: the version exists, another run is making one in `output`, there is nothing to
            release, the records do not fit together, or the release before is not what it was.
        RunError: the database has too little memory.
    """
    version = checked_version(version)
    target = output / folder_name(version)
    require_new(target)
    require_licence(config.dataset)
    require_unnamed(config, tables.removals)
    require_aligned(tables)
    labels, features = config.stance.labels, columns(config.stance.labels)
    with making(output, target) as partial:
        previous = find_previous(output, version, tables.previous, config.dataset.name)
        release = partial / RELEASE
        with _without_collector(), connected(config.run.memory_mb, partial / "spill") as database:
            follows = previous.folder if previous is not None else None
            made = make_rows(tables, config, database, partial / "parts", follows, progress)
            statistics = measure(database, tables, made, labels, config.review.random_share)
            quality = measure_quality(database, labels, made)
            sizes = write_data(made.parts, features[SPEAKERS], labels, release, database, made.workers)
            found = _diff(database, previous, release, version, made)
            earlier = changes.earlier_changes(previous) if previous is not None else ""
            present = find_present(database, made.lost, earlier, made.removals, made.withdrawn)
        rows = {name: {split: size.rows for split, size in splits.items()} for name, splits in sizes.items()}
        history = history_with(previous, version, rows, found, bool(tables.removals))
        for name, chart in charts_of(statistics, quality).items():
            _write_text(release / name, chart)
        _write_text(release / CARD, _card(tables, config, version, sizes, statistics, quality, made, history))
        _write_text(release / changes.FILE, render_changes(version, previous, found, made.lost, present))
        decided = {"decisions": hash_of_decisions(tables.decisions)}
        made_of = {**fingerprints, **decided}
        write_manifest(release, version, made_of, history, follows, config.dataset.name)
        flush(release)
        left = unmet(tables.removals, tables.documents, tables.quotations, tables.speakers)
        release.rename(target)
    rejects = tuple(one.reject() for one in made.lost)
    before = previous.manifest.version if previous is not None else None
    return ReleaseSummary(
        target, version, rows, statistics, len(made.removed), rejects, tuple(left), before, found
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Spares a third of the time: millions of records and rows are made, and none of them is in a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _diff(
    database: Database, previous: Previous | None, release: Path, version: str, made: Made
) -> Diff | None:
    """What differs from the release before; refuses a version that promises less."""
    if previous is None:
        return None
    because = {**dict.fromkeys(made.removed, NOT_A_QUOTATION), **dict.fromkeys(made.withdrawn, ON_REQUEST)}
    found = diff(database, previous.folder, release, because)
    require_bump(previous.manifest.version, version, *found.needs())
    return found


def _card(
    tables: ReleaseInputs,
    config: Config,
    version: str,
    sizes: Sizes,
    statistics: Statistics,
    quality: Quality,
    made: Made,
    history: Sequence[PastVersion],
) -> str:
    left_out = Counter(dict(statistics.rejects)) + Counter(one.reason.value for one in made.lost)
    people = People(
        annotators=len({one.decision.annotator for one in made.applied}),
        decisions=len(made.applied),
        removed=len(made.removed),
        lost=len(made.lost),
        withdrawn=len(made.withdrawn),
        withdrawn_documents=len(made.withdrawn_documents),
    )
    return render_card(
        CardInputs(
            config=config,
            version=version,
            features=columns(config.stance.labels),
            sizes=sizes,
            statistics=statistics,
            quality=quality,
            people=people,
            rejects=sorted(left_out.items(), key=lambda one: (-one[1], one[0])),
            model_notes=tables.model_notes,
            model_terms=tables.model_terms,
            config_file=tables.config_file,
            history=history,
            pseudonyms=tables.secret is not None,
            calibrations=tables.calibrations,
        )
    )


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())


def flush(folder: Path) -> None:
    """Makes sure that all of a folder is on the disk before it gets its name."""
    for path in sorted(folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
