"""The command line of what was decided: `quotestance review export|import|adjudicate|agreement`; no logic."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from builder.console import complain, say, show_table
from builder.errors import UsageError
from builder.records import SpeakerKind, to_row
from builder.review.accounts import actor_named
from builder.review.agreement import Coefficient
from builder.review.assess import Assessment, all_disagreements, assess
from builder.review.audit import Share
from builder.review.campaigns import campaign_by_name
from builder.review.entering import rule
from builder.review.exchange.exchanged import Unsaid
from builder.review.exchange.forms import FORMS, FormName
from builder.review.exchange.labelstudio import labelling_config
from builder.review.exporting import export, targets_of
from builder.review.history import current, entries_on
from builder.review.importing import Fate, enter, finder
from builder.review.quality import FieldQuality
from builder.review.store import database_url, open_store

decided_app = typer.Typer(rich_markup_mode=None)

WorkspaceArgument = Annotated[
    Path, typer.Argument(metavar="WORKSPACE", help="A workspace that was built; review.sqlite lies in it.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(help="Another database than the workspace's own, such as postgresql://host/name."),
]
CampaignOption = Annotated[str, typer.Option(help="The campaign's name.")]
FormatOption = Annotated[FormName, typer.Option("--format", help="The file's form.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@decided_app.command(
    "export", epilog="Example: quotestance review export workspaces/mine -o tasks.json --format labelstudio"
)
def export_decisions(
    workspace: WorkspaceArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    form: FormatOption = "own",
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="Write the items, too, that nobody has answered.")
    ] = False,
    interface: Annotated[
        Path | None, typer.Option(help="Write Label Studio's labelling interface (XML) to this file.")
    ] = None,
    database: DatabaseOption = None,
    campaign: CampaignOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Write decisions, for a build or another annotation tool, and say what its form cannot hold."""
    store = open_store(database_url(workspace, database))
    if interface is not None:
        scheme = campaign_by_name(store, campaign).scheme
        config = labelling_config(scheme, targets_of(store, campaign), get_args(SpeakerKind))
        interface.write_text(config, encoding="utf-8")
    written = export(store, campaign, FORMS[form], output, unanswered)
    if as_json:
        say(json.dumps(to_row(written), indent=1))
        return
    say(f"{written.items} items with {written.answers} answers written to {output}")
    for what, count in sorted(written.left_out.items()):
        say(f"not held by the form {form}: {what} ({count})")


@decided_app.command(
    "import", epilog="Example: quotestance review import workspaces/mine done.jsonl --format prodigy"
)
def import_decisions(
    workspace: WorkspaceArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What another tool exported.")],
    form: FormatOption = "own",
    annotator: Annotated[
        str | None, typer.Option(help="Whose answers these are, whatever the file says.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if any input was rejected.")] = False,
    database: DatabaseOption = None,
    campaign: CampaignOption = "main",
    as_json: JsonOption = False,
) -> int:
    """Enter answers that were given in another tool; the same file can be imported again."""
    store = open_store(database_url(workspace, database))
    unsaid = Unsaid(datetime.now(UTC).isoformat(timespec="seconds"), annotator)
    imported = enter(store, campaign, FORMS[form].read(file, finder(store, campaign), unsaid))
    for reject in imported.rejects:
        complain(f"rejected: {reject.uri}: {reject.reason.value}: {reject.detail}")
    counts = {fate: imported.fates[fate] for fate in get_args(Fate)}
    if as_json:
        say(json.dumps(counts | {"rejected": len(imported.rejects)}, indent=1))
    else:
        say(
            f"{counts['entered']} answers entered, {counts['known']} known already, {counts['late']} kept "
            f"as late (the item has all its answers), {counts['withdrawn']} withdrawn by their authors "
            f"since, {len(imported.rejects)} rejected"
        )
    return 1 if strict and imported.rejects else 0


@decided_app.command(
    epilog="Example: quotestance review adjudicate workspaces/mine --item 17 --take mk --by lead "
    "--reason 'the praise is ironic'"
)
def adjudicate(
    workspace: WorkspaceArgument,
    every: Annotated[
        bool, typer.Option("--all", help="Show what is outvoted or settled, too, and not only what is open.")
    ] = False,
    item: Annotated[int | None, typer.Option(help="Settle the item of this number.")] = None,
    take: Annotated[str | None, typer.Option(help="Whose answer is the right one.")] = None,
    by: Annotated[str | None, typer.Option(help="The adjudicator's account.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it stays in the item's history.")] = "",
    database: DatabaseOption = None,
    campaign: CampaignOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Show what people answered differently, or settle an item with somebody's answer."""
    store = open_store(database_url(workspace, database))
    if item is not None:
        if take is None or by is None:
            raise UsageError("--item needs --take and --by")
        _, entries = entries_on(store, item)
        answers = [one for one in current(entries) if one.annotator == take and one.content is not None]
        if not answers or answers[-1].content is None:
            raise UsageError(f"--take: {take} has no answer to item {item} that holds")
        receipt = rule(store, actor_named(store, by), item, answers[-1].content, reason)
        say(
            json.dumps(to_row(receipt), indent=1) if as_json else f"item {item} is settled as {take} answered"
        )
        return
    found = [
        (one, disagreement)
        for one, some in all_disagreements(store, campaign)
        for disagreement in some
        if every or disagreement.state == "open"
    ]
    if as_json:
        rows = [{"item": one.id, "key": one.key} | to_row(disagreement) for one, disagreement in found]
        say(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    show_table(
        "Answered differently",
        ("item", "field", "state", "answers"),
        [
            (one.id, some.field, some.state, "; ".join(f"{a.annotator}: {a.value}" for a in some.answers))
            for one, some in found
        ],
    )


@decided_app.command(epilog="Example: quotestance review agreement workspaces/mine")
def agreement(
    workspace: WorkspaceArgument,
    database: DatabaseOption = None,
    campaign: CampaignOption = "main",
    as_json: JsonOption = False,
) -> None:
    """Say how far people agree with each other, with gold, and with what the model suggests."""
    assessment = assess(open_store(database_url(workspace, database)), campaign)
    if as_json:
        say(json.dumps(to_row(assessment), ensure_ascii=False, indent=1))
        return
    _show_agreement(assessment)


def _show_agreement(assessment: Assessment) -> None:
    fields = assessment.quality.fields
    show_table(
        "Krippendorff's alpha, with 95 % intervals",
        ("field", "nominal", "on the scale", "items", "people", "cannot tell"),
        [
            (
                one.field,
                _coefficient(one.nominal),
                _coefficient(one.ordinal) if one.ordinal else "",
                one.nominal.items,
                one.nominal.annotators,
                one.unsure,
            )
            for one in fields
        ],
    )
    _show("Alpha of single labels", "label", fields, lambda one: one.labels)
    _show("Cohen's kappa of two", "who", fields, lambda one: one.pairs)
    gold = [
        (one.field, who, f"{score.right} of {score.items}", _coefficient(score.kappa))
        for one in fields
        for who, score in one.gold.items()
    ]
    if gold:
        show_table("Gold items", ("field", "who", "right", "kappa"), gold)
    show_table(
        "Anchoring: answers that are the model's",
        ("field", "suggestion seen", "hidden", "difference"),
        [
            (
                one.field,
                f"{one.seen_alike} of {one.seen}",
                f"{one.unseen_alike} of {one.unseen}",
                _interval(one.difference, one.low, one.high),
            )
            for one in assessment.quality.anchoring
        ],
    )
    audited = [
        (f"precision over {assessment.articles.articles} whole articles", assessment.articles.precision),
        (f"recall over {assessment.articles.articles} whole articles", assessment.articles.recall),
        *((f"error of accepted values: {field}", found) for field, found in assessment.accepted.items()),
    ]
    show_table("Audit", ("what", "share", "of"), [(what, _share(one), one.trials) for what, one in audited])


def _show(
    title: str,
    what: str,
    fields: Iterable[FieldQuality],
    part: Callable[[FieldQuality], Mapping[str, Coefficient]],
) -> None:
    """Shows those coefficients of a part of each field that are defined."""
    rows = [
        (one.field, name, _coefficient(found), found.items)
        for one in fields
        for name, found in part(one).items()
        if found.value is not None
    ]
    if rows:
        show_table(title, ("field", what, "", "items"), rows)


def _coefficient(one: Coefficient) -> str:
    return _interval(one.value, one.low, one.high) if one.value is not None else one.undefined


def _share(one: Share) -> str:
    return _interval(one.value, one.low, one.high) if one.value is not None else "nothing was audited"


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "not known"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} ({low:.3f} to {high:.3f})"
