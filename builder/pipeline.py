"""Running the stages in their order, from the configured inputs to a release."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.config import Config, load_config
from builder.engine.corpus import ALL, hash_of_shards, is_up_to_date, run_over_corpus
from builder.engine.fingerprint import of_code, of_config, of_files
from builder.engine.local import run_stage, worker_count
from builder.engine.stage import is_done
from builder.engine.workspace import Progress, Workspace, silent
from builder.errors import ConfigError, WorkspaceError
from builder.ingest.gather import gather, is_gathered
from builder.ingest.paths import is_missing, located
from builder.ingest.repeats import find_repeats
from builder.quotes.extract import model_folder as attribution_folder
from builder.quotes.model import read_description as read_attribution
from builder.quotes.rules.extractor import NAME as RULES
from builder.records import Calibration
from builder.release.card import require_licence
from builder.release.history import last_before
from builder.release.inputs import ReleaseInputs
from builder.release.locate import locate
from builder.release.partial import require_new
from builder.release.pseudonyms import read_secret
from builder.release.removals import Removals, read_removals
from builder.release.version import checked_version, folder_name
from builder.release.write import ReleaseSummary, write_release
from builder.review.campaigns import campaigns
from builder.review.decisions import ImportedDecision, read_decisions
from builder.review.exporting import decisions_in_workspace
from builder.review.load import Loaded, hash_of_records, load, selection_of
from builder.review.store import FILE, database_url, open_store
from builder.speakers.authority_table import Entry, read_entries
from builder.speakers.ranker import load_ranker, ranker_folder
from builder.stages import (
    added_step,
    calibration_step,
    cluster_step,
    document_stages,
    identity_step,
    quotation_stages,
    route_stage,
)
from builder.stance.classifier import model_folder
from builder.stance.description import read_description

FOLDERS = (
    "inputs",
    "repeats",
    "documents",
    "signatures",
    "clusters",
    "quotations",
    "speakers",
    "bearers",
    "identities",
    "stance",
    "added",
    "calibration",
    "routes",
)


WHOLE_CORPUS = frozenset(
    {"added", "calibration", "clusters", "identities"}
)  # folders with one shard for all documents


@dataclass(frozen=True, slots=True)
class Dataset:
    """A configuration and the file that it was read from; its relative paths start at that file."""

    config: Config
    path: Path

    @property
    def base(self) -> Path:
        """The folder that relative paths start at."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many records a stage made, and how many it left out."""

    stage: str
    records: int
    rejects: int


def load_dataset_config(path: Path) -> Dataset:
    """Reads a configuration file; see `builder.config.load_config` for what is refused."""
    return Dataset(load_config(path), path.resolve())


def run_stages(workspace: Workspace, dataset: Dataset, progress: Progress = silent) -> list[str]:
    """Brings every stage of a locked workspace up to date.

    Returns:
        The names of the shards, sorted.

    Raises:
        ConfigError: the authority table cannot be used as it is.
        RunError: a worker died, a stage failed, or the workspace cannot be read or written.
    """
    config, memory_mb = dataset.config, dataset.config.run.memory_mb
    decided(workspace, dataset)  # what is wrong with files is said at once
    later = quotation_stages(config, dataset.base)  # likewise
    workers = worker_count(config.run.workers)
    shards = gather(workspace, config.inputs, dataset.base, config.ingest, progress)
    find_repeats(workspace, shards, memory_mb, {"code": of_code("ingest/repeats.py")}, progress)
    for stage in document_stages(config):
        run_stage(workspace, stage, shards, workers, progress)
    run_over_corpus(workspace, cluster_step(config, workspace.spill), shards, progress)
    for stage in later:
        run_stage(workspace, stage, shards, workers, progress)
    run_over_corpus(workspace, identity_step(config, workspace.spill), shards, progress)
    follow_decisions(workspace, dataset, shards, progress)
    return shards


def decided(workspace: Workspace, dataset: Dataset) -> list[ImportedDecision]:
    """What people decided: in the configured files, and in the review database of the workspace.

    Raises:
        UsageError: a file is malformed.
    """
    files = [dataset.base / path for path in dataset.config.review.decisions]
    return [*read_decisions(files), *decisions_in_workspace(workspace.root)]


def follow_decisions(
    workspace: Workspace, dataset: Dataset, shards: Sequence[str], progress: Progress = silent
) -> None:
    """Brings a locked workspace up to date with what people decided until now: added quotations and routes.

    Raises:
        UsageError: a file of decisions is malformed.
        RunError: as for `run_stages`.
    """
    config, decisions = dataset.config, decided(workspace, dataset)
    run_over_corpus(workspace, added_step(config, dataset.base, decisions), shards, progress)
    step = calibration_step(config, dataset.base, decisions)
    run_over_corpus(workspace, step, shards, progress)
    stage = route_stage(config, workspace.read(step.name, ALL, Calibration))
    run_stage(workspace, stage, shards, worker_count(config.run.workers), progress)


def finished_shards(workspace: Workspace, dataset: Dataset) -> list[str]:
    """The shards of a workspace that this configuration and this program built to the end.

    What people added and the routes are brought up to date: they may have decided something since.

    Raises:
        UsageError: a file of decisions is malformed.
        WorkspaceError: they did not, or something was changed since; the build must be run again.
    """
    shards = workspace.shards("inputs")
    if not is_gathered(workspace, dataset.config.inputs, dataset.config.ingest):
        raise WorkspaceError(
            f"{workspace.root}: inputs were gathered by another configuration or version; run the build again"
        )
    for stage in [*document_stages(dataset.config), *quotation_stages(dataset.config, dataset.base)]:
        if workspace.shards(stage.name) != shards or not all(
            is_done(workspace, stage, one) for one in shards
        ):
            raise WorkspaceError(f"{workspace.root}: {stage.name} are not up to date; run the build again")
    for step in (make(dataset.config, workspace.spill) for make in (cluster_step, identity_step)):
        if not is_up_to_date(workspace, step, shards):
            raise WorkspaceError(f"{workspace.root}: {step.name} are not up to date; run the build again")
    follow_decisions(workspace, dataset, shards)
    return shards


def renew_queues(
    workspace: Workspace, dataset: Dataset, shards: Sequence[str], progress: Progress = silent
) -> dict[str, Loaded]:
    """Brings the queue in a locked workspace's own review database up to date, if its records changed.

    Campaigns that are closed are left as they are, and so are those under other labels than configured, in
    which nobody could answer what the model suggests now. Settings are those of the last `review init`.

    Returns:
        What was done to each campaign that was brought up to date, by its name.

    Raises:
        UsageError: a file of gold decisions is malformed.
        Busy: others held the database for too long; the next run goes on.
    """
    if not (workspace.root / FILE).exists():
        return {}
    config, now = dataset.config, hash_of_records(workspace, shards)
    store = open_store(database_url(workspace.root, None))
    renewed = {}
    for one in campaigns(store):
        labels = {label.name for label in one.scheme.labels}
        if one.state == "open" and one.model != now and labels == set(config.stance.labels):
            renewed[one.name] = load(store, one, workspace, selection_of(config, dataset.base), progress)
    store.close()
    return renewed


def counts(workspace: Workspace, shards: Sequence[str]) -> list[StageCount]:
    """What each stage of a finished workspace holds, from its markers."""
    found = []
    for folder in FOLDERS:
        markers = [
            workspace.finished(folder, shard) for shard in ([ALL] if folder in WHOLE_CORPUS else shards)
        ]
        found.append(
            StageCount(folder, sum(one.rows for one in markers), sum(one.rejects for one in markers))
        )
    return found


def release(
    workspace: Workspace,
    dataset: Dataset,
    shards: Sequence[str],
    version: str,
    folder: Path,
    progress: Progress = silent,
    previous: str | None = None,
) -> ReleaseSummary:
    """Writes `folder/vVERSION` from a finished workspace.

    `previous` refers to the release that this one follows; the last one in `folder` if it is not given.

    Raises:
        UsageError: the version is not a semantic one or promises too little, or a file of decisions or
            of removals is malformed.
        ReleaseError: the version exists, or a promise of the release would be broken.
    """
    config, terms = dataset.config, dataset.config.release
    description = read_description(model_folder(config.stance, dataset.base))
    ranker = load_ranker(ranker_folder(config.speakers, dataset.base))
    entries = _entries(dataset)

    def files(name: str) -> list[Path]:
        return [workspace.path(name, shard) for shard in shards]

    inputs = ReleaseInputs(
        documents=files("documents"),
        clusters=[workspace.path("clusters", ALL)],
        quotations=files("quotations"),
        speakers=files("speakers"),
        stance=files("stance"),
        routes=files("routes"),
        decisions=decided(workspace, dataset),
        rejects=workspace.reject_files(),
        identities=[workspace.path("identities", ALL)],
        added=[workspace.path("added", ALL)],
        calibrations=workspace.read("calibration", ALL, Calibration),
        model_notes={description.name: description.training_data()},
        model_terms={description.name: description.terms},
        ranker=ranker.name,
        config_file=dataset.path.name,
        previous=locate(previous) if previous is not None else None,
        removals=_removals(dataset, entries),
        entries=entries,
        secret=read_secret(dataset.base / terms.secret) if terms.secret is not None else None,
    )
    fingerprints = {
        "inputs": hash_of_shards(workspace, "inputs", shards),
        "config": of_config(config, without=["run"]),
        "code": of_code(""),
        "models": _models(dataset),
    }
    return write_release(inputs, config, version, folder, fingerprints, progress)


def _removals(dataset: Dataset, entries: Sequence[Entry]) -> Removals:
    """What must not be published of a dataset; `entries` are those of its authority table."""
    path = dataset.config.release.removals
    return read_removals(dataset.base / path, entries) if path is not None else Removals()


def _entries(dataset: Dataset) -> list[Entry]:
    """The entries of a dataset's authority table, if it has one."""
    path = dataset.config.speakers.authority
    return read_entries(dataset.base / path) if path is not None else []


def _models(dataset: Dataset) -> dict[str, dict[str, str]]:
    """The models that a dataset is made with: their names, and the hash of the files of each.

    Rules in the place of a model have no files; their code is hashed with all of it.
    """
    config, base = dataset.config, dataset.base
    attribution = attribution_folder(config.quotes, base)
    ranking, stance = ranker_folder(config.speakers, base), model_folder(config.stance, base)
    named = {
        "attribution": (read_attribution(attribution).name if attribution else RULES, attribution),
        "speakers": (load_ranker(ranking).name, ranking),
        "stance": (read_description(stance).name, stance),
    }
    return {
        kind: {"name": name, **({"sha256": of_files(folder)} if folder else {})}
        for kind, (name, folder) in named.items()
    }


def require_releasable(dataset: Dataset, version: str, folder: Path, previous: str | None = None) -> None:
    """Refuses, before any work is done, a version that could not be released in the end.

    Raises:
        UsageError: it is not a semantic version, the dataset has no licence, or without a `previous` the
            version would follow a higher one or one of another dataset.
        ReleaseError: it exists, or what it would follow is no release.
    """
    version = checked_version(version)
    require_new(folder / folder_name(version))
    require_licence(dataset.config.dataset)
    if previous is None:
        last_before(folder, version, dataset.config.dataset.name)


def require_inputs(dataset: Dataset) -> None:
    """Refuses, before any work is done, inputs that name a file or a folder that is not there.

    Globs and datasets on the Hub are looked at when they are read.

    Raises:
        ConfigError: an input's path does not exist.
    """
    for number, one in enumerate(dataset.config.inputs):
        if is_missing(one.path, dataset.base):
            where = located(one.path, dataset.base)
            raise ConfigError(dataset.path.name, f"inputs.{number}.path", f"{where} does not exist")


def count_rejects(workspace: Workspace, shards: Sequence[str]) -> Counter[tuple[str, str]]:
    """How often something was left out, by stage and reason."""
    rejects = [
        reject for folder in FOLDERS for shard in shards for reject in workspace.rejects(folder, shard)
    ]
    return Counter((reject.stage, reject.reason.value) for reject in rejects)
