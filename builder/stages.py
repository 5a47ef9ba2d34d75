"""What each stage is: what it reads, what its output depends on, and how a worker starts it.

Each `_start_…` function is what a worker calls once: it loads what the stage needs and returns
the function from records to records that the engine calls per shard.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from builder.clusters.near import cluster
from builder.clusters.signatures import Signature, signatures
from builder.config import Config
from builder.engine.corpus import CorpusStep
from builder.engine.fingerprint import of_code, of_config, of_files
from builder.engine.stage import Input, Stage, Work
from builder.engine.workspace import as_json
from builder.ids import sha256
from builder.ingest.documents import parse
from builder.ingest.repeats import Repeat
from builder.quotes.extract import load_extractor
from builder.quotes.extract import model_folder as attribution_folder
from builder.records import (
    AddedQuotation,
    Calibration,
    Cluster,
    Document,
    Identity,
    Quotation,
    RawDocument,
    Reject,
    RejectReason,
    Route,
    Speaker,
    Stance,
    to_row,
)
from builder.review.added import FOLDER as ADDED
from builder.review.added import Placed, additions_of, placed_in
from builder.review.calibration import READS, Use, calibrate
from builder.review.decisions import ImportedDecision, hash_of_decisions, read_decisions
from builder.review.lost import without_unknown_stances
from builder.speakers.authority import link, load_authority
from builder.speakers.authority_table import fingerprint_of, read_entries
from builder.speakers.bearers import Bearer, bearers_of
from builder.speakers.identities import identities
from builder.speakers.ranker import load_ranker, ranker_folder
from builder.speakers.resolve import resolve
from builder.stance.auto_targets import AutoTargets
from builder.stance.classifier import load_classifier, model_folder
from builder.stance.label import label
from builder.stance.route import route, route_added
from builder.stance.sample import DocumentText, drawn

# Whose versions decide what a document is.
DOCUMENT_LIBRARIES = ("charset-normalizer", "ftfy", "htmldate", "py3langid", "resiliparse", "trafilatura")
# And what a quotation is.
QUOTE_LIBRARIES = ("numpy", "openvino", "syntok", "tokenizers")
STANCE_LIBRARIES = ("numpy", "openvino", "scikit-learn", "tokenizers")
# By which decisions become labels, and labels thresholds.
CALIBRATION_CODE = (
    "clusters/words.py",
    "measure.py",
    "review/adjudicate.py",
    "review/boundaries.py",
    "review/calibration.py",
    "review/decisions.py",
    "review/matching.py",
    "review/same.py",
    "review/words.py",
    "stance/accept.py",
    "stance/calibrate.py",
    "stance/calibration.py",
    "stance/sample.py",
)


def document_stages(config: Config) -> list[Stage]:
    """The stages that make documents of raw ones."""
    documents = Stage(
        name="documents",
        inputs=(Input("inputs", RawDocument), Input("repeats", Repeat)),
        record=Document,
        fingerprint=(
            ("code", of_code("ingest", libraries=DOCUMENT_LIBRARIES)),
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


def cluster_step(config: Config, spill: Path) -> CorpusStep:
    """The step that finds near-duplicate documents; a database may spill into `spill`."""
    memory_mb = config.run.memory_mb
    return CorpusStep(
        name="clusters",
        reads=("signatures", "documents"),
        record=Cluster,
        fingerprint=(("code", of_code("clusters")), ("config", of_config(config.clusters))),
        produce=lambda files: cluster(
            files["signatures"], files["documents"], config.clusters, memory_mb, spill
        ),
    )


def identity_step(config: Config, spill: Path) -> CorpusStep:
    """The step that groups speakers across documents; a database may spill into `spill`."""
    memory_mb = config.run.memory_mb
    return CorpusStep(
        name="identities",
        reads=("bearers",),
        record=Identity,
        fingerprint=(("code", of_code("speakers")),),
        produce=lambda files: identities(files["bearers"], memory_mb, spill),
    )


def added_step(config: Config, base: Path, decisions: Sequence[ImportedDecision]) -> CorpusStep:
    """The step that places quotations which people added, and says who speaks and with which stances.

    It depends on no model as long as nobody has added anything.
    """
    known, _ = without_unknown_stances(decisions, [one.id for one in config.targets], config.stance.labels)
    additions = additions_of(known)
    stages = _speakers_and_stance(config, base) if additions.added else []
    made_by = [(f"{stage.name} {name}", value) for stage in stages for name, value in stage.fingerprint]
    return CorpusStep(
        name=ADDED,
        reads=("documents", "quotations"),
        record=AddedQuotation,
        fingerprint=(
            ("added", additions.hash()),
            *([("code", of_code("review", "quotes")), *made_by] if additions.added else []),
        ),
        produce=lambda files: _added(config, base, placed_in(files, additions)),
    )


def calibration_step(config: Config, base: Path, decisions: Sequence[ImportedDecision]) -> CorpusStep:
    """The step that finds, by what people decided, from which confidence on values are accepted.

    Raises:
        UsageError: a file of gold decisions is malformed.
    """
    gold = read_decisions([base / path for path in config.review.gold])
    use = Use(config.routes, config.review.random_share, frozenset(one.decision.item for one in gold))
    return CorpusStep(
        name="calibration",
        reads=READS,
        record=Calibration,
        fingerprint=(
            ("code", of_code(*CALIBRATION_CODE, libraries=["scipy"])),
            ("config", sha256(as_json([of_config(config.routes), use.share]).encode())),
            ("decisions", hash_of_decisions(decisions)),
            ("gold", hash_of_decisions(gold)),
        ),
        produce=lambda files: calibrate(files, decisions, use),
    )


def route_stage(config: Config, calibrations: Sequence[Calibration]) -> Stage:
    """The stage that decides who decides, by the calibrations of the whole corpus."""
    share = config.review.random_share
    calibrated = sha256(as_json([share, *map(to_row, calibrations)]).encode())
    return Stage(
        name="routes",
        inputs=(
            Input("documents", DocumentText),
            Input("quotations", Quotation),
            Input("speakers", Speaker),
            Input("stance", Stance),
        ),
        record=Route,
        fingerprint=(
            (
                "code",
                of_code("stance/route.py", "stance/sample.py", "clusters/words.py", "quotes/wording.py"),
            ),
            ("calibration", calibrated),
        ),
        start=partial(_start_routes, tuple(calibrations), share),
    )


def quotation_stages(config: Config, base: Path) -> list[Stage]:
    """The stages from documents to stances; relative paths of models and tables start at `base`.

    Raises:
        ConfigError: the authority table cannot be used as it is.
    """
    documents = Input("documents", Document)
    quotations = Input("quotations", Quotation)
    speakers = Input("speakers", Speaker)
    model = model_folder(config.stance, base)
    attribution = attribution_folder(config.quotes, base)
    ranking = ranker_folder(config.speakers, base)
    authority = base / config.speakers.authority if config.speakers.authority else None
    known = fingerprint_of(read_entries(authority)) if authority else ""
    auto_code = ("speakers",) if config.stance.auto_targets else ()
    return [
        Stage(
            name="quotations",
            inputs=(documents,),
            record=Quotation,
            fingerprint=(
                ("code", of_code("quotes", "tokenization.py", "inference.py", libraries=QUOTE_LIBRARIES)),
                ("config", of_config(config.quotes, without=["model"])),
                ("model", of_files(attribution) if attribution else ""),
            ),
            start=partial(_start_quotations, config, base),
        ),
        Stage(
            name="speakers",
            inputs=(documents, quotations),
            record=Speaker,
            fingerprint=(
                ("code", of_code("speakers", "quotes")),
                ("config", of_config(config.speakers, without=["authority", "model"])),
                ("model", of_files(ranking)),
                ("authority", known),
            ),
            start=partial(_start_speakers, config, ranking, authority),
        ),
        Stage(
            name="bearers",
            inputs=(documents, quotations, speakers),
            record=Bearer,
            fingerprint=(("code", of_code("speakers")),),
            start=_start_bearers,
        ),
        Stage(
            name="stance",
            inputs=(documents, quotations, speakers),
            record=Stance,
            fingerprint=(
                (
                    "code",
                    of_code(
                        "stance", "tokenization.py", "inference.py", *auto_code, libraries=STANCE_LIBRARIES
                    ),
                ),
                ("config", of_config(config.stance, config.targets, without=["model"])),
                ("model", of_files(model)),
                ("authority", known if config.stance.auto_targets else ""),
            ),
            start=partial(_start_stance, config, model, authority),
        ),
    ]


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


def _start_quotations(config: Config, base: Path) -> Work:
    extractor = load_extractor(config.quotes, base)
    return lambda documents: ([one for some in extractor.extract(documents) for one in some], [])


def _start_speakers(config: Config, folder: Path, table: Path | None) -> Work:
    ranker = load_ranker(folder)
    authority = load_authority(table) if table else None

    def work(
        documents: Sequence[Document], quotations: Sequence[Quotation]
    ) -> tuple[list[Speaker], list[Reject]]:
        by_document = group_by_document(quotations)
        speakers: list[Speaker] = []
        for document in documents:
            resolved = resolve(document, by_document.get(document.id, []), config.speakers, ranker)
            speakers += link(document, resolved, authority) if authority else resolved
        return speakers, []

    return work


def _start_bearers() -> Work:
    def work(
        documents: Sequence[Document], quotations: Sequence[Quotation], speakers: Sequence[Speaker]
    ) -> tuple[list[Bearer], list[Reject]]:
        by_document = group_by_document(quotations)
        by_quotation = {speaker.quotation: speaker for speaker in speakers}
        bearers: list[Bearer] = []
        for document in documents:
            said = by_document.get(document.id, [])
            bearers += bearers_of(document, [by_quotation[quotation.id] for quotation in said])
        return bearers, []

    return work


def _start_stance(config: Config, model: Path, table: Path | None) -> Work:
    classifier = load_classifier(config.stance, model)
    authority = load_authority(table) if table and config.stance.auto_targets else None
    auto = AutoTargets(config.stance, authority)

    def work(
        documents: Sequence[Document], quotations: Sequence[Quotation], speakers: Sequence[Speaker]
    ) -> tuple[list[Stance], list[Reject]]:
        by_document = group_by_document(quotations)
        by_quotation = {speaker.quotation: speaker for speaker in speakers}
        stances: list[Stance] = []
        for document in documents:
            said = by_document.get(document.id, [])
            by_whom = [by_quotation[quotation.id] for quotation in said]
            stances += label(document, said, by_whom, config.targets, classifier, config.stance, auto)
        return stances, []

    return work


def _added(config: Config, base: Path, placed: Iterable[Placed]) -> Iterator[AddedQuotation]:
    """What the program makes of quotations that were added, document by document."""
    several = list(placed)
    if not several:
        return
    speakers_of, stances_of = (stage.start() for stage in _speakers_and_stance(config, base))
    for one in several:
        said = sorted([*one.found, *one.added], key=lambda quotation: (quotation.content, quotation.id))
        speakers, _ = speakers_of([one.document], said)
        stances, _ = stances_of([one.document], one.added, speakers)
        by_whom = {speaker.quotation: speaker for speaker in speakers}
        for quotation in one.added:
            theirs = tuple(stance for stance in stances if stance.quotation == quotation.id)
            yield AddedQuotation(quotation, by_whom[quotation.id], theirs, tuple(route_added(theirs)))


def _speakers_and_stance(config: Config, base: Path) -> list[Stage]:
    return [one for one in quotation_stages(config, base) if one.name in ("speakers", "stance")]


def _start_routes(calibrations: Sequence[Calibration], share: float) -> Work:
    by_field = {one.field: one for one in calibrations}

    def work(
        documents: Sequence[DocumentText],
        quotations: Sequence[Quotation],
        speakers: Sequence[Speaker],
        stances: Sequence[Stance],
    ) -> tuple[list[Route], list[Reject]]:
        sampled = drawn(documents, quotations, share)
        return route(quotations, speakers, stances, by_field, sampled), []

    return work


def group_by_document(quotations: Sequence[Quotation]) -> dict[str, list[Quotation]]:
    """Quotations by the id of their document, in order."""
    groups: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        groups.setdefault(quotation.document, []).append(quotation)
    return groups
