"""The ordered stages: the one module that knows them all.

Each `_start_…` function is what a worker calls once: it loads what the stage needs and returns
the function from records to records that the engine calls per shard.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from builder.clusters.near import cluster
from builder.clusters.signatures import Signature, signatures
from builder.config import Config, load_config
from builder.engine.corpus import ALL, hash_of_shards, run_over_corpus
from builder.engine.fingerprint import of_code, of_config, of_files
from builder.engine.local import run_stage, worker_count
from builder.engine.stage import Input, Stage, Work
from builder.engine.workspace import Progress, Workspace, silent
from builder.ingest.documents import parse
from builder.ingest.gather import gather
from builder.ingest.repeats import Repeat, find_repeats
from builder.quotes.extract import load_extractor
from builder.records import (
    Cluster,
    Document,
    Quotation,
    RawDocument,
    Reject,
    RejectReason,
    Route,
    Speaker,
    Stance,
)
from builder.release.version import checked_version, folder_name
from builder.release.write import ReleaseInputs, ReleaseSummary, require_new, write_release
from builder.review.decisions import read_decisions
from builder.speakers.resolve import resolve
from builder.stance.classifier import load_classifier, model_folder
from builder.stance.description import read_description
from builder.stance.label import label
from builder.stance.route import route

FOLDERS = (
    "inputs",
    "repeats",
    "documents",
    "signatures",
    "clusters",
    "quotations",
    "speakers",
    "stance",
    "routes",
)


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
        RunError: a worker died, a stage failed, or the workspace cannot be read or written.
    """
    config, memory_mb = dataset.config, dataset.config.run.memory_mb
    workers = worker_count(config.run.workers)
    shards = gather(workspace, config.inputs, dataset.base, config.ingest, progress)
    find_repeats(workspace, shards, memory_mb, {"code": of_code("ingest/repeats.py")}, progress)
    for stage in document_stages(config):
        run_stage(workspace, stage, shards, workers, progress)
    cluster_documents(workspace, config, shards, progress)
    for stage in quotation_stages(dataset):
        run_stage(workspace, stage, shards, workers, progress)
    return shards


def document_stages(config: Config) -> list[Stage]:
    """The stages that make documents of raw ones."""
    documents = Stage(
        name="documents",
        inputs=(Input("inputs", RawDocument), Input("repeats", Repeat)),
        record=Document,
        fingerprint=(
            ("code", of_code("ingest", libraries=["ftfy", "py3langid", "resiliparse", "trafilatura"])),
            ("config", of_config(config.ingest, without=["shard_documents", "shard_mb"])),
        ),
        start=partial(_start_documents, config),
    )
    signature = Stage(
        name="signatures",
        inputs=(Input("documents", Document),),
        record=Signature,
        fingerprint=(("code", of_code("clusters", libraries=["rensa"])),),
        start=_start_signatures,
    )
    return [documents, signature]


def cluster_documents(
    workspace: Workspace, config: Config, shards: Sequence[str], progress: Progress = silent
) -> None:
    """Brings the table of near-duplicate documents up to date."""
    run_over_corpus(
        workspace,
        name="clusters",
        reads=["signatures", "documents"],
        shards=shards,
        record=Cluster,
        fingerprint={"code": of_code("clusters", libraries=["duckdb"]), "config": of_config(config.clusters)},
        produce=lambda files: cluster(
            files["signatures"],
            files["documents"],
            config.clusters,
            config.run.memory_mb,
            workspace.spill,
        ),
        progress=progress,
    )


def quotation_stages(dataset: Dataset) -> list[Stage]:
    """The stages from documents to routes."""
    config = dataset.config
    documents = Input("documents", Document)
    quotations = Input("quotations", Quotation)
    speakers = Input("speakers", Speaker)
    model = model_folder(config.stance, dataset.base)
    return [
        Stage(
            name="quotations",
            inputs=(documents,),
            record=Quotation,
            fingerprint=(
                ("code", of_code("quotes", libraries=["syntok"])),
                ("config", of_config(config.quotes)),
            ),
            start=partial(_start_quotations, config),
        ),
        Stage(
            name="speakers",
            inputs=(documents, quotations),
            record=Speaker,
            fingerprint=(("code", of_code("speakers", "quotes")), ("config", of_config(config.speakers))),
            start=partial(_start_speakers, config),
        ),
        Stage(
            name="stance",
            inputs=(documents, quotations, speakers),
            record=Stance,
            fingerprint=(
                ("code", of_code("stance", libraries=["scikit-learn"])),
                ("config", of_config(config.stance, config.targets, without=["model"])),
                ("model", of_files(model)),
            ),
            start=partial(_start_stance, config, model),
        ),
        Stage(
            name="routes",
            inputs=(quotations, speakers, Input("stance", Stance)),
            record=Route,
            fingerprint=(("code", of_code("stance")),),
            start=_start_routes,
        ),
    ]


def counts(workspace: Workspace, shards: Sequence[str]) -> list[StageCount]:
    """What each stage of a finished workspace holds, from its markers."""
    found = []
    for folder in FOLDERS:
        markers = [workspace.finished(folder, shard) for shard in ([ALL] if folder == "clusters" else shards)]
        found.append(
            StageCount(folder, sum(one.rows for one in markers), sum(one.rejects for one in markers))
        )
    return found


def _start_documents(config: Config) -> Work:
    def work(raws: Sequence[RawDocument], repeats: Sequence[Repeat]) -> tuple[list[Document], list[Reject]]:
        first = {repeat.row: repeat.first for repeat in repeats}
        documents: list[Document] = []
        rejects: list[Reject] = []
        for row, raw in enumerate(raws):
            if row in first:
                rejects.append(
                    Reject("documents", raw.uri, RejectReason.DUPLICATE, f"the same bytes as {first[row]}")
                )
                continue
            made = parse(raw, config.ingest)
            (documents if isinstance(made, Document) else rejects).append(made)  # type: ignore[arg-type]
        return documents, rejects

    return work


def _start_signatures() -> Work:
    return lambda documents: (signatures(documents), [])


def _start_quotations(config: Config) -> Work:
    extractor = load_extractor(config.quotes)
    return lambda documents: ([one for some in extractor.extract(documents) for one in some], [])


def _start_speakers(config: Config) -> Work:
    def work(
        documents: Sequence[Document], quotations: Sequence[Quotation]
    ) -> tuple[list[Speaker], list[Reject]]:
        by_document = group_by_document(quotations)
        found = [resolve(one, by_document.get(one.id, []), config.speakers) for one in documents]
        return [speaker for some in found for speaker in some], []

    return work


def _start_stance(config: Config, model: Path) -> Work:
    classifier = load_classifier(config.stance, model)

    def work(
        documents: Sequence[Document], quotations: Sequence[Quotation], speakers: Sequence[Speaker]
    ) -> tuple[list[Stance], list[Reject]]:
        by_document = group_by_document(quotations)
        by_quotation = {speaker.quotation: speaker for speaker in speakers}
        stances: list[Stance] = []
        for document in documents:
            said = by_document.get(document.id, [])
            by_whom = [by_quotation[quotation.id] for quotation in said]
            stances += label(document, said, by_whom, config.targets, classifier, config.stance)
        return stances, []

    return work


def _start_routes() -> Work:
    return lambda quotations, speakers, stances: (route(quotations, speakers, stances), [])


def group_by_document(quotations: Sequence[Quotation]) -> dict[str, list[Quotation]]:
    """Quotations by the id of their document, in order."""
    groups: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        groups.setdefault(quotation.document, []).append(quotation)
    return groups


def release(
    workspace: Workspace,
    dataset: Dataset,
    shards: Sequence[str],
    version: str,
    folder: Path,
    progress: Progress = silent,
) -> ReleaseSummary:
    """Writes `folder/vVERSION` from a finished workspace.

    Raises:
        UsageError: the version is not a semantic one, or a decision file is malformed.
        ReleaseError: the version exists, or a promise of the release would be broken.
    """
    config = dataset.config
    model = model_folder(config.stance, dataset.base)

    def files(name: str) -> list[Path]:
        return [workspace.path(name, shard) for shard in shards]

    inputs = ReleaseInputs(
        documents=files("documents"),
        clusters=[workspace.path("clusters", ALL)],
        quotations=files("quotations"),
        speakers=files("speakers"),
        stance=files("stance"),
        routes=files("routes"),
        decisions=read_decisions([dataset.base / path for path in config.review.decisions]),
        rejects=workspace.reject_files(),
        model_notes={read_description(model).name: read_description(model).training_data()},
        config_file=dataset.path.name,
    )
    fingerprints = {
        "inputs": hash_of_shards(workspace, "inputs", shards),
        "config": of_config(config, without=["run"]),
        "code": of_code(""),
        "models": {"stance": of_files(model)},
    }
    return write_release(inputs, config, version, folder, fingerprints, progress)


def require_new_version(version: str, folder: Path) -> None:
    """Refuses, before any work is done, a version that could not be released in the end.

    Raises:
        UsageError: it is not a semantic version.
        ReleaseError: it exists.
    """
    require_new(folder / folder_name(checked_version(version)))


def count_rejects(workspace: Workspace, shards: Sequence[str]) -> Counter[tuple[str, str]]:
    """How often something was left out, by stage and reason."""
    rejects = [
        reject for folder in FOLDERS for shard in shards for reject in workspace.rejects(folder, shard)
    ]
    return Counter((reject.stage, reject.reason.value) for reject in rejects)
