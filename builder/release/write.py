"""Writing a release: from the records of a finished workspace to a folder that `datasets` loads.

Shard by shard, so that memory is bounded by the shard; the folder appears whole or not at all.
"""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from builder.config import Config
from builder.engine.database import Database, connected
from builder.engine.workspace import Progress, silent
from builder.errors import ReleaseError
from builder.records import Reject
from builder.release import card, changes, manifest
from builder.release.card import CardInputs, People, render_card
from builder.release.dataset import QUOTES, STANCE, Size, columns, write_period
from builder.release.parts import Parts
from builder.release.plan import Plan
from builder.release.rows import rows_of
from builder.release.shard import SHARDED, Shard, read_shard
from builder.release.statistics import Statistics, measure
from builder.release.version import checked_version, folder_name
from builder.review.adjudicate import outcomes_of
from builder.review.decisions import ImportedDecision, hash_of_decisions
from builder.review.lost import LostDecision, unmatched, unplaced, without_unknown_stances
from builder.review.matching import DecidedItem, decided_items, match_decisions

STAGE = "release"


@dataclass(frozen=True, slots=True)
class ReleaseInputs:
    """What a release is made of.

    Each list of Parquet files is in the order of the shards, `clusters` and `rejects` excepted,
    which are tables of the whole. `model_notes` says of a stance model, by the name that its
    records hold, what it was trained on; `config_file` is the name of the configuration file.
    """

    documents: Sequence[Path]
    clusters: Sequence[Path]
    quotations: Sequence[Path]
    speakers: Sequence[Path]
    stance: Sequence[Path]
    routes: Sequence[Path]
    decisions: Sequence[ImportedDecision] = ()
    rejects: Sequence[Path] = ()
    model_notes: Mapping[str, str] = field(default_factory=dict)
    config_file: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What was written: the folder, rows by configuration and split, numbers, and what was left out.

    `rejects` are decisions that could not be applied.
    """

    path: Path
    version: str
    rows: Mapping[str, Mapping[str, int]]
    statistics: Statistics
    removed: int
    rejects: tuple[Reject, ...]


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
        UsageError: `version` is not a semantic version.
        ReleaseError: the version exists, there is nothing to release, or the records do not fit
            together.
        RunError: the database has too little memory.
    """
    version = checked_version(version)
    target = output / folder_name(version)
    require_new(target)
    _require_aligned(tables)
    partial = output / f".{target.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        release = partial / "release"
        release.mkdir(parents=True)
        with connected(config.run.memory_mb, partial / "spill") as database:
            made = _make_rows(tables, config, database, partial / "parts", progress)
            statistics = _statistics(tables, config, database, made)
            sizes = {name: _write_data(parts, release / name, database) for name, parts in made.parts.items()}
        sizes = {name: splits for name, splits in sizes.items() if splits}
        _write_text(release / card.FILE, _card(tables, config, version, sizes, statistics, made))
        _write_text(release / changes.FILE, changes.render_changes(output, version, made.lost))
        decided = {"decisions": hash_of_decisions(tables.decisions)}
        manifest.write_manifest(release, version, {**fingerprints, **decided})
        _flush(release)
        release.rename(target)
    except OSError as error:
        raise ReleaseError(f"{target}: cannot be written: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    rows = {name: {split: size.rows for split, size in splits.items()} for name, splits in sizes.items()}
    rejects = tuple(one.reject() for one in made.lost)
    return ReleaseSummary(target, version, rows, statistics, made.removed, rejects)


@dataclass(slots=True)
class _Made:
    """The rows on their way, and what came up while they were made."""

    parts: Mapping[str, Parts]
    applied: Sequence[ImportedDecision] = ()
    removed: int = 0
    lost: list[LostDecision] = field(default_factory=list)


def require_new(target: Path) -> None:
    """Refuses a folder that exists.

    Raises:
        ReleaseError: it exists.
    """
    if target.exists():
        raise ReleaseError(f"{target} exists; a release is never changed: choose a higher version")


def _require_aligned(tables: ReleaseInputs) -> None:
    found = {name: len(getattr(tables, name)) for name in SHARDED}
    if len(set(found.values())) > 1:
        raise ReleaseError(f"the stages have different numbers of shards ({found}); run the build again")
    if not tables.documents:
        raise ReleaseError("there are no shards, so there is nothing to release")


def _make_rows(
    tables: ReleaseInputs, config: Config, database: Database, folder: Path, progress: Progress
) -> _Made:
    """Turns the shards into rows, one shard after the other, and applies the decisions to them."""
    features = columns(config.stance.labels)
    made = _Made({name: Parts(folder / name, kinds) for name, kinds in features.items()})
    targets = [target.id for target in config.targets]
    decisions, made.lost = without_unknown_stances(tables.decisions, targets, config.stance.labels)
    items, outcomes = decided_items(decisions), outcomes_of(decisions)
    matched: set[str] = set()
    misplaced: set[str] = set()
    plan = Plan(database, tables.documents, tables.clusters, tables.quotations)
    with ExitStack() as stack:
        add = {name: stack.enter_context(parts.adding()) for name, parts in made.parts.items()}
        for number in range(len(tables.documents)):
            progress(STAGE, number, len(tables.documents))
            files = {name: getattr(tables, name)[number] for name in SHARDED}
            shard = read_shard(files, plan.clusters(number), targets, config.stance.labels)
            repeated = plan.repeated(number)
            decided = _match(items, shard, repeated)
            matched.update(item.id for item in decided.values())
            for rows in rows_of(shard, decided, outcomes, config, repeated):
                add[QUOTES]([rows.quote] if rows.quote is not None else [])
                add[STANCE](rows.stance)
                made.removed += rows.quote is None
                misplaced.update([rows.unplaced] if rows.unplaced is not None else [])
    progress(STAGE, len(tables.documents), len(tables.documents))
    made.lost += [*unmatched(decisions, matched), *unplaced(decisions, misplaced)]
    lost = {one.lost for one in made.lost}
    made.applied = [one for one in decisions if one not in lost]
    if not made.parts[QUOTES].rows:
        raise ReleaseError("no quotation was found in the inputs, so there is nothing to release")
    for parts in made.parts.values():
        parts.require_unique_ids(database)
    return made


def _match(
    items: Mapping[str, Sequence[DecidedItem]], shard: Shard, repeated: frozenset[str]
) -> dict[str, DecidedItem]:
    """The decided items among the quotations that this shard is the first to hold."""
    here = [item for document in shard.documents for item in items.get(document, ())]
    quotations = [one for one in shard.quotations if one.id not in repeated]
    return match_decisions(here, shard.documents, quotations)


def _statistics(tables: ReleaseInputs, config: Config, database: Database, made: _Made) -> Statistics:
    quotes, stance = made.parts[QUOTES].files, made.parts[STANCE].files
    return measure(database, tables.documents, tables.rejects, quotes, stance, config.stance.labels)


def _write_data(parts: Parts, folder: Path, database: Database) -> dict[str, Size]:
    """Writes one configuration of the dataset: a folder per split, one or more files per period."""
    sizes: dict[str, Size] = {}
    for split, period, groups in parts.sorted(database):
        written = write_period(folder / split, period, groups, parts.features)
        sizes[split] = sizes.get(split, Size()) + written
    return sizes


def _card(
    tables: ReleaseInputs,
    config: Config,
    version: str,
    sizes: Mapping[str, Mapping[str, Size]],
    statistics: Statistics,
    made: _Made,
) -> str:
    left_out = Counter(dict(statistics.rejects)) + Counter(one.reason.value for one in made.lost)
    people = People(
        annotators=len({one.decision.annotator for one in made.applied}),
        decisions=len(made.applied),
        removed=made.removed,
        lost=len(made.lost),
    )
    return render_card(
        CardInputs(
            config=config,
            version=version,
            features={name: made.parts[name].features for name in sizes},
            sizes=sizes,
            statistics=statistics,
            people=people,
            rejects=sorted(left_out.items(), key=lambda one: (-one[1], one[0])),
            model_notes=tables.model_notes,
            config_file=tables.config_file,
        )
    )


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _flush(folder: Path) -> None:
    """Makes sure that all of a folder is on the disk before it gets its name."""
    for path in sorted(folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
