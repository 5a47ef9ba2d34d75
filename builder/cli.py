"""The command line: what each command is called with, and how its result is shown; no logic.

Exit codes: 0 done, 1 some inputs were rejected and --strict was given, 2 wrong use or
configuration, 3 the run could not go on.
"""

import importlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import typer

from builder import __version__, doctor, lookup, pipeline, streams
from builder.config import IngestConfig, QuoteConfig, SpeakerConfig, StanceConfig
from builder.console import complain, progress_bars, say, show_table
from builder.engine.workspace import Workspace
from builder.errors import UsageError
from builder.lines import writing_lines
from builder.records import Calibration, to_row
from builder.release import learn
from builder.release import publish as publishing
from builder.release.compare import comparing
from builder.release.diff_tables import table_of_rows, tables_of
from builder.release.locate import locate
from builder.release.outgoing import Published, Wish
from builder.release.removals import Request
from builder.release.retract import Retracted
from builder.release.row_changes import Discretion
from builder.release.statistics import of_most_rows
from builder.release.verify import verify
from builder.release.write import ReleaseSummary
from builder.review.learning import Aggregation, aggregating, train_from_review
from builder.review.load import Loaded
from builder.review.store import database_url
from builder.review_cli import review_app
from builder.stance.classifier import terms_of
from builder.stance.train import Fit, train_on
from builder.stance.train import train as train_stance_model

DONE, REJECTED, FAILED = 0, 1, 3
ROWS_SHOWN = 10  # of each kind of change between two releases
LOST_SHOWN = 20  # decisions that could not be applied
TARGETS_SHOWN = 40  # of a release; automatic ones may be thousands

app = typer.Typer(
    help="Turns news articles into a versioned dataset of quotations with speaker and stance.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
train_app = typer.Typer(help="Trains models.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(train_app, name="train")
app.add_typer(review_app, name="review")

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The dataset's configuration (TOML).")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Where the run keeps its work; workspaces/NAME if not given."),
]
ReleasesOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Where releases go; WORKSPACE/releases if not given."),
]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="The JSONL file to write.")]
LinesArgument = Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One JSON object a line.")]
PreviousOption = Annotated[
    str | None,
    typer.Option(
        "--previous",
        metavar="RELEASE",
        help="The release that this one follows, if it is not the last one there: a folder or repo@tag.",
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 1 if any input was rejected.")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="Train from a release: its folder, or user/name on the Hub.")
]
RevisionOption = Annotated[str | None, typer.Option("--revision", help="The release's version.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def _show_version(asked: bool) -> None:
    if asked:
        say(f"quotestance {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turns news articles into a versioned dataset of quotations with speaker and stance."""


@app.command(epilog="Example: quotestance init my-dataset.toml")
def init(path: Annotated[Path, typer.Argument(help="The configuration to write.")]) -> None:
    """Write a commented configuration to start from."""
    if path.exists():
        raise UsageError(f"{path}: exists already")
    path.write_text(files("builder").joinpath("init.toml").read_text(encoding="utf-8"), encoding="utf-8")
    say(f"{path} written: name your articles, targets and licence in it, then run: quotestance build {path}")


@app.command(epilog="Example: quotestance build my-dataset.toml --version 1.0.0")
def build(
    config: ConfigPath,
    workspace: WorkspaceOption = None,
    output: ReleasesOption = None,
    version: Annotated[str, typer.Option(help="The release's semantic version.")] = "1.0.0",
    previous: PreviousOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run all stages and write a release; what an earlier run finished is not done again."""
    dataset = pipeline.load_dataset_config(config)
    root, releases = _folders(dataset, workspace, output)
    pipeline.require_releasable(dataset, version, releases, previous)
    pipeline.require_inputs(dataset)
    _tell_terms(dataset.config.stance, dataset.base)
    with Workspace(root).locked() as opened, progress_bars() as progress:
        shards = pipeline.run_stages(opened, dataset, progress)
        queues = pipeline.renew_queues(opened, dataset, shards, progress)
        summary = pipeline.release(opened, dataset, shards, version, releases, progress, previous)
        counts = pipeline.counts(opened, shards)
        rejects = pipeline.count_rejects(opened, shards)
    _show_release(summary, counts, rejects, queues, as_json)
    return REJECTED if strict and (rejects or summary.rejects) else DONE


@app.command(epilog="Example: quotestance release my-dataset.toml --version 1.1.0")
def release(
    config: ConfigPath,
    version: Annotated[str, typer.Option(help="The release's semantic version.")],
    workspace: WorkspaceOption = None,
    output: ReleasesOption = None,
    previous: PreviousOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a release from a workspace that is already built."""
    dataset = pipeline.load_dataset_config(config)
    root, releases = _folders(dataset, workspace, output)
    pipeline.require_releasable(dataset, version, releases, previous)
    with Workspace(root).locked() as opened, progress_bars() as progress:
        shards = pipeline.finished_shards(opened, dataset)
        queues = pipeline.renew_queues(opened, dataset, shards, progress)
        summary = pipeline.release(opened, dataset, shards, version, releases, progress, previous)
        counts, rejects = pipeline.counts(opened, shards), pipeline.count_rejects(opened, shards)
    _show_release(summary, counts, rejects, queues, as_json)


@app.command("diff", epilog="Example: quotestance diff releases/demo@v1.0.0 releases/demo@v1.1.0")
def show_diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A release's folder, or repo@tag.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A release's folder, or repo@tag.")],
    rows_to: Annotated[
        Path | None, typer.Option("--rows-to", help="Write all rows that differ to this file, one a line.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what differs between two releases: rows, splits, fields and labels, with reasons."""
    with comparing(old, new) as found:
        if rows_to is not None:
            with writing_lines(rows_to) as write:
                for row in found.rows(None):
                    write(asdict(row))
        if as_json:
            rows = {} if rows_to is not None else {"rows": [asdict(row) for row in found.rows(None)]}
            say(json.dumps({**found.told(), **rows}, ensure_ascii=False, indent=1))
            return
        tables = [*tables_of(found.diff), table_of_rows(found.rows(ROWS_SHOWN))]
        for table in tables:
            if table.rows:
                show_table(table.title, table.header, table.rows)
        if tables[-1].rows:
            say(f"Of each kind of change the first {ROWS_SHOWN} rows; --rows-to FILE writes all of them")
        if found.discretion != Discretion():
            say("What only the older one holds may have been removed on request: it is counted and not told")
        say(f"From {found.old} to {found.new}: {found.needs}, because {found.because}")


@app.command("verify", epilog="Example: quotestance verify user/name --revision v1.0.0")
def verify_release(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="A release's folder, or repo@tag.")],
    revision: Annotated[
        str | None, typer.Option(help="The tag of the release, if RELEASE holds several.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Check every file of a release by its hash, and the card by the data."""
    found = verify(locate(release, revision))
    if as_json:
        say(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        for one in found.differences:
            complain(f"{one.file}: {one.problem}")
        read = f"{found.files} files, {found.bytes:,} bytes"
        say(f"{found.version}: {read}, {len(found.differences)} differences")
    return FAILED if found.differences else DONE


@app.command(epilog="Example: quotestance publish releases/v1.0.0 --repo user/name")
def publish(
    release: Annotated[Path | None, typer.Argument(metavar="RELEASE", help="A release's folder.")] = None,
    repo: Annotated[str | None, typer.Option(help="A dataset on the Hub, user/name.")] = None,
    to: Annotated[
        Path | None, typer.Option(help="A git repository, or a plain folder that holds one a version.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Create it private; refuse one that is public.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    create_pr: Annotated[
        bool, typer.Option("--create-pr", help="Open a pull request; tag by publishing again once merged.")
    ] = False,
    onto: Annotated[
        str | None, typer.Option(metavar="COMMIT", help="Replace what others changed up to this commit.")
    ] = None,
    retract: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Take a version back instead.")
    ] = None,
    squash: Annotated[
        bool, typer.Option("--squash", help="With --retract: drop the history of the branch, for good.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Publish a release in one commit with its tag, or take a version back."""
    if (release is None) == (retract is None):
        raise UsageError("name a release to publish, or a version to --retract")
    if release is None:
        _show_record(publishing.retract(str(retract), repo, to, squash), as_json)
        return
    wish = Wish(private, create_pr, dry_run, onto)
    _show_record(publishing.publish(release, repo, to, wish), as_json)


@app.command(epilog="Example: quotestance ingest pages/ -o documents.jsonl")
def ingest(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs or hf://user/name.")
    ],
    output: OutputOption,
    content: Annotated[
        Literal["auto", "dump", "html", "article"],
        typer.Option(help="What the text is; auto looks at each file."),
    ] = "auto",
    strict: StrictOption = False,
) -> int:
    """Read articles and write one document a line, with its text, zones and metadata."""
    return _report(streams.ingest(paths, output, content, IngestConfig()), output, strict)


@app.command(epilog="Example: quotestance extract articles.jsonl -o quotations.jsonl")
def extract(
    lines: LinesArgument,
    output: OutputOption,
    extractor: Annotated[
        Literal["accurate", "fast"], typer.Option(help="A trained model, or rules without a model.")
    ] = "accurate",
    model: Annotated[
        Path | None, typer.Option(help="A trained model's folder; the shipped one if not given.")
    ] = None,
    strict: StrictOption = False,
) -> int:
    """Extract quotations and speakers from {"id", "text"} a line; the text is taken as it is."""
    quotes = QuoteConfig(extractor=extractor, model=model)
    outcome = streams.extract(lines, output, quotes, SpeakerConfig())
    if outcome.rejects and not outcome.written:
        complain("no line could be used; `quotestance ingest` makes such lines from pages and texts")
    return _report(outcome, output, strict)


@app.command(epilog="Example: quotestance label pairs.jsonl -o stances.jsonl --labels favor,against")
def label(
    lines: LinesArgument,
    output: OutputOption,
    labels: Annotated[
        str | None, typer.Option(help="Restrict the answer to some of the labels, separated by commas.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="One that ships (default, research, linear), or a trained model's folder."),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(help="Rows like these that people labelled: some answers are accepted by them."),
    ] = None,
    strict: StrictOption = False,
) -> int:
    """Label {"id", "text", "target", "speaker"?, "context"?} a line with the stance toward the target."""
    restricted = labels.split(",") if labels else None
    config = StanceConfig(model=model)
    _tell_terms(config, Path.cwd())
    return _report(streams.label(lines, output, config, restricted, calibration), output, strict)


@train_app.command("stance", epilog="Example: quotestance train stance labels.jsonl -o models/mine")
def train_stance(
    output: Annotated[Path, typer.Option("--output", "-o", help="The model's folder.")],
    examples: Annotated[
        Path | None,
        typer.Argument(
            metavar="LABELS.jsonl", help='{"id", "text", "target", "label" or "votes", ...} a line.'
        ),
    ] = None,
    release: FromOption = None,
    revision: RevisionOption = None,
    review: Annotated[
        Path | None,
        typer.Option("--from-review", help="Train from what people decided in this workspace's review."),
    ] = None,
    aggregation: Annotated[
        Aggregation,
        typer.Option(help="What several people's answers in a review, or `votes` in a file, come to."),
    ] = "votes",
    campaign: Annotated[str, typer.Option(help="The review's campaign.")] = "main",
    database: Annotated[
        str | None, typer.Option(help="The review's database, if it is not the workspace's own.")
    ] = None,
    labels: Annotated[
        str, typer.Option(help="The label scheme, separated by commas; releases and reviews have their own.")
    ] = "favor,against,neutral",
    seed: Annotated[int, typer.Option(help="Draws what is held out for the figures.")] = 0,
    notes: Annotated[Path | None, typer.Option(help="Markdown for the end of the model's card.")] = None,
    classifier: Annotated[
        Literal["linear", "encoder"],
        typer.Option(help="What learns; an encoder wants a thousand labels, and quotestance[train]."),
    ] = "linear",
    encoder: Annotated[
        str,
        typer.Option(
            help="What an encoder starts from: default or research, a stance model's folder, or any encoder."
        ),
    ] = "default",
    config: Annotated[
        Path | None,
        typer.Option(metavar="CONFIG.toml", help="Train an encoder on the corpora of this configuration."),
    ] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="With --config: keep each stage's weights here, and go on from them.")
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="With --config: train nothing, calibrate default, research or a model's folder again.",
        ),
    ] = None,
) -> None:
    """Train a stance classifier from labelled examples; its card tells how good it is."""
    added = notes.read_text(encoding="utf-8") if notes else ""
    if sum(bool(source) for source in (examples, release, review, config)) != 1:
        raise UsageError(
            "name a file of labels, a release with --from, a workspace with --from-review or a --config"
        )
    if weights and (checkpoints or not config):
        raise UsageError("--weights goes with --config, and not with --checkpoints: nothing is trained")
    if config:
        with _extra_train():
            from builder.training import stance as training  # noqa: PLC0415 - takes seconds
        trained = (
            training.calibrate_again(config, weights, output)
            if weights
            else training.train(config, output, checkpoints)
        )
        description = trained.description
    else:
        fit = train_on if classifier == "linear" else _fine_tuning(encoder)
        if examples:
            description = train_stance_model(
                examples, output, labels.split(","), seed, added, fit, aggregating(aggregation)
            )
        elif release:
            description = learn.train_stance(release, revision, output, seed, added, fit)
        else:
            url = database_url(Path(str(review)), database)
            description = train_from_review(url, campaign, aggregation, output, seed, added, fit)
    say(f"{description.name} written to {output}: {description.training_data()}")


def _fine_tuning(encoder: str) -> Fit:
    with _extra_train():
        from builder.training.stance import fine_tune  # noqa: PLC0415 - takes seconds
    return partial(fine_tune, encoder)


@contextmanager
def _extra_train() -> Iterator[None]:
    """Says which extra brings what an import within finds missing: PyTorch and what goes with it."""
    try:
        importlib.import_module("torch")  # transformers would say in its own words that it is missing
        yield
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed: pip install 'quotestance[train]'") from error


@train_app.command(
    "attribution", epilog="Example: quotestance train attribution configs/attribution.toml -o models/mine"
)
def train_attribution(
    output: Annotated[Path, typer.Option("--output", "-o", help="The model's folder.")],
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG.toml", help="The training's configuration.")
    ] = None,
    release: FromOption = None,
    revision: RevisionOption = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="Keep what a teacher has learnt here, and go on from it.")
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            help="A trained model's folder, or default: take its weights, choose only bars and confidences."
        ),
    ] = None,
) -> None:
    """Train the model that finds quotations from annotated articles; needs quotestance[train]."""
    if weights and checkpoints:
        raise UsageError("--checkpoints keeps what is trained, and with --weights nothing is")
    with _extra_train():
        from builder.training.attribution import train, train_from  # noqa: PLC0415 - takes seconds
    if release:
        trained = train_from(release, revision, config, output, checkpoints, weights)
    elif config:
        trained = train(config, output, checkpoints, weights)
    else:
        raise UsageError("name a configuration, or a release with --from")
    say(f"{trained.name} written to {output}: joint F1 {trained.figures.joint_f1:.3f} on held-out articles")


@train_app.command(
    "speakers", epilog="Example: quotestance train speakers configs/speakers.toml -o models/mine"
)
def train_speakers(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="The training's configuration.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The model's folder.")],
) -> None:
    """Train the ranker that tells who a source is, from labelled sources; needs quotestance[train]."""
    with _extra_train():
        from builder.training.speakers import train  # noqa: PLC0415 - takes seconds
    trained = train(config, output)
    say(f"{trained.name} written to {output}: {trained.right:.1%} right on articles not seen")


@app.command(epilog="Example: quotestance inspect workspaces/demo q0c1f7ce0b2d4a8e6f91b")
def inspect(
    workspace: Annotated[Path, typer.Argument(help="A workspace that was built.")],
    wanted: Annotated[str, typer.Argument(metavar="ID", help="A document's or a quotation's id.")],
    model: Annotated[
        Path | None, typer.Option(help="The folder of the linear stance model, if it is not one that ships.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show one record: its text, where every field came from, and why it was routed as it was."""
    found = lookup.find(workspace, wanted)
    if as_json:
        say(json.dumps(lookup.as_row(found), ensure_ascii=False, indent=1))
        return
    for title, rows in lookup.described(found, lookup.Explainer(model)):
        show_table(title, ("field", "value"), rows)


@app.command(epilog="Example: quotestance rejects workspaces/demo")
def rejects(
    workspace: Annotated[Path, typer.Argument(help="A workspace that was built.")],
    as_json: JsonOption = False,
) -> None:
    """Show what a build left out: each input or record, where it was, and why."""
    found = lookup.left_out(workspace)
    if as_json:
        say(json.dumps([to_row(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        rows = [(one.stage, one.reason.value, one.uri, one.detail) for one in found]
        show_table("Left out", ("stage", "reason", "what", "detail"), rows)
    else:
        say("Nothing was left out.")


@app.command("doctor", epilog="Example: quotestance doctor")
def check_installation(as_json: JsonOption = False) -> int:
    """Say what is installed, what is missing for which command, and whether the models load."""
    checks = list(doctor.checks())
    if as_json:
        say(json.dumps([to_row(check) for check in checks], indent=1))
    else:
        rows = [("good" if one.good else "MISSING", one.name, one.found, one.needed_for) for one in checks]
        show_table(f"quotestance {__version__}", ("", "what", "found", "needed for"), rows)
    return FAILED if any(check.fatal for check in checks) else DONE


def _show_record(record: Published | Retracted, as_json: bool) -> None:
    if as_json:
        say(json.dumps(to_row(record), indent=1))
    else:
        say(record.told())


def _tell_terms(config: StanceConfig, base: Path) -> None:
    """Says under which terms the chosen stance model may be used, if it has any."""
    terms = terms_of(config, base)
    if terms:
        complain(f"stance model {config.model}: {terms}")


def _folders(dataset: pipeline.Dataset, workspace: Path | None, releases: Path | None) -> tuple[Path, Path]:
    root = workspace or Path("workspaces") / dataset.config.dataset.name
    return root, releases or root / "releases"


def _report(outcome: streams.Outcome, output: Path, strict: bool) -> int:
    for reject in outcome.rejects:
        complain(f"rejected: {reject.uri}: {reject.reason.value}: {reject.detail}")
    if outcome.calibration:
        complain(_accepting(outcome.calibration))
    complain(f"{outcome.written} written to {output}, {len(outcome.rejects)} rejected")
    return REJECTED if strict and outcome.rejects else DONE


def _accepting(calibration: Calibration) -> str:
    if calibration.threshold is None:
        return f"nothing is accepted: no confidence keeps the error on {calibration.labels} labels"
    return (
        f"accepted from a confidence of {calibration.threshold} on: of {calibration.labels} labels "
        f"{calibration.accepted} reach it and {calibration.wrong} of these are wrong, so the error is "
        f"at most {calibration.bound:.1%}"
    )


def _tell_unmet(requests: Sequence[Request]) -> None:
    for one in requests[:LOST_SHOWN]:
        told = f"{one.where}: {one.kind!r}"
        complain(f"removals: {told} matches nothing in the corpus; is it written as there?")
    if len(requests) > LOST_SHOWN:
        complain(f"{len(requests) - LOST_SHOWN} more requests for removal match nothing; --json names all")


def _show_release(
    summary: ReleaseSummary,
    counts: Sequence[pipeline.StageCount],
    rejects: Counter[tuple[str, str]],
    queues: Mapping[str, Loaded],
    as_json: bool,
) -> None:
    _tell_unmet(summary.unmet)
    for one in summary.rejects[:LOST_SHOWN]:
        complain(f"not applied: {one.uri}: {one.reason.value}: {one.detail}")
    if len(summary.rejects) > LOST_SHOWN:
        complain(f"{len(summary.rejects) - LOST_SHOWN} more decisions were not applied; --json names all")
    rejects = rejects + Counter((reject.stage, reject.reason.value) for reject in summary.rejects)
    if as_json:
        found = {
            "release": str(summary.path),
            "version": summary.version,
            "rows": summary.rows,
            "records": {one.stage: one.records for one in counts},
            "rejects": [{"stage": s, "reason": r, "count": n} for (s, r), n in sorted(rejects.items())],
            "not_applied": [to_row(one) for one in summary.rejects],
            "not_found": [{"where": one.where, "kind": one.kind} for one in summary.unmet],
            "review": {name: to_row(one) for name, one in queues.items()},
        }
        say(json.dumps(found, indent=1))
        return
    statistics = summary.statistics
    show_table(
        "Found",
        ("what", "count"),
        [
            ("documents", statistics.documents),
            ("of them distinct (clusters of near-duplicates)", statistics.clusters),
            *((f"{kind} quotations", count) for kind, count in statistics.kinds),
            ("different speakers", statistics.speakers),
            ("quotations without a named speaker", statistics.nameless),
        ],
    )
    if statistics.targets:
        labels = sorted({label for one in statistics.targets for label, _ in one.labels})
        most = of_most_rows(statistics.targets, TARGETS_SHOWN)
        show_table(
            "Stance",
            ("target", *labels, "undecided"),
            [
                (one.name, *(dict(one.labels).get(label, 0) for label in labels), one.unlabelled)
                for one in statistics.targets
                if one in most
            ],
        )
        if left := len(statistics.targets) - len(most):
            say(f"These are the targets of most rows; the release has {left:,} more.")
    show_table(
        "Rows",
        ("configuration", "split", "rows"),
        [(name, split, count) for name, splits in summary.rows.items() for split, count in splits.items()],
    )
    if rejects:
        show_table(
            "Left out", ("stage", "reason", "count"), [(*key, n) for key, n in sorted(rejects.items())]
        )
    for name, loaded in queues.items():
        say(loaded.told(name))
    say(f"Release {summary.version} lies in {summary.path}")
