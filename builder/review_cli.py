"""The command line of review: `quotestance review …`; what each command is called with, and no logic.

What reads a workspace is imported where it is used: it brings the models' libraries, which take
seconds to load, and the server needs none of them.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from builder.config import load_config
from builder.console import progress_bars, say, show_table
from builder.decided_cli import decided_app
from builder.engine.workspace import Workspace
from builder.records import to_row
from builder.review import accounts as people
from builder.review.campaigns import campaigns, create_campaign, spread_overlap
from builder.review.items import AccountRole
from builder.review.progress import progress
from builder.review.scheme import plain_scheme, read_scheme
from builder.review.store import create_store, database_url, open_store
from builder.review.tokens import add_token

review_app = typer.Typer(
    help="Hands out quotations to people and keeps what they decide.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
users_app = typer.Typer(help="Who takes part.", no_args_is_help=True, rich_markup_mode=None)
review_app.add_typer(users_app, name="users")
review_app.add_typer(decided_app)

WorkspaceArgument = Annotated[
    Path, typer.Argument(metavar="WORKSPACE", help="A workspace that was built; review.sqlite lies in it.")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(help="Another database than the workspace's own, such as postgresql://host/name."),
]
CampaignOption = Annotated[str, typer.Option(help="The campaign's name.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
RoleOption = Annotated[AccountRole, typer.Option(help="What the account may do.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@review_app.command(epilog="Example: quotestance review init my-dataset.toml -w workspaces/my-quotations")
def init(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The dataset's configuration (TOML).")],
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="Where the run keeps its work; workspaces/NAME if not given."),
    ] = None,
    database: DatabaseOption = None,
    campaign: CampaignOption = "main",
) -> None:
    """Make a campaign of what was routed to people, or bring one up to date with a new build."""
    from builder.review.load import load, selection_of  # noqa: PLC0415 - the models' libraries, see above

    read, base = load_config(config), config.resolve().parent
    root = workspace or Path("workspaces") / read.dataset.name
    review, labels = read.review, read.stance.labels
    scheme = read_scheme(base / review.scheme, labels) if review.scheme else plain_scheme(labels)
    selection = selection_of(read, base)
    with Workspace(root).locked() as opened, progress_bars() as bars:
        store = create_store(database_url(root, database))
        made = create_campaign(
            store, campaign, scheme, review.overlap, review.lease_minutes, review.hidden_share
        )
        wider = spread_overlap(store, made)
        loaded = load(store, made, opened, selection, bars)
    say(loaded.told(campaign))
    if wider:
        say(f"{wider} items have more than {review.overlap} annotators already, and keep them")
    if not people.accounts(store):
        say(f"Next, an administrator: quotestance review users add {root} NAME --role administrator")


@review_app.command(epilog="Example: quotestance review serve workspaces/my-quotations")
def serve(
    workspace: WorkspaceArgument,
    database: DatabaseOption = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; beyond this machine, put HTTPS before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Server processes.")] = 1,
    proxy: Annotated[
        str | None,
        typer.Option(help="The name under which a web server on this machine offers it to others."),
    ] = None,
) -> None:
    """Serve the review to browsers and scripts, until it is interrupted."""
    from builder.review.web import serve as server  # noqa: PLC0415 - no other command needs the web's libraries

    url = database_url(workspace, database)
    server.serve(url, host, port, processes, lambda address: say(f"Review at {address}"), proxy)


@review_app.command(epilog="Example: quotestance review status workspaces/my-quotations")
def status(
    workspace: WorkspaceArgument, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Say how far each campaign is, and who did what."""
    store = open_store(database_url(workspace, database))
    found = {one.name: (one, progress(store, one.name)) for one in campaigns(store)}
    if as_json:
        rows = {name: {"state": one.state, **to_row(far)} for name, (one, far) in found.items()}
        say(json.dumps(rows, indent=1))
        return
    for name, (one, far) in found.items():
        show_table(
            f"Campaign {name} ({one.state})",
            ("items", "finished", "answers", "wanted", "held now"),
            [(far.items, far.finished, far.answers, far.wanted, far.leased)],
        )
        show_table(
            "People",
            ("who", "answers", "skips", "flags", "late", "in the last hour", "median seconds"),
            [
                (one.annotator, one.answers, one.skips, one.flags, one.late, one.last_hour, one.seconds or "")
                for one in far.people
            ],
        )


@users_app.command("list", epilog="Example: quotestance review users list workspaces/my-quotations")
def list_users(
    workspace: WorkspaceArgument, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Show who takes part."""
    found = people.accounts(open_store(database_url(workspace, database)))
    if as_json:
        say(json.dumps([to_row(one) for one in found], indent=1))
        return
    rows = [(one.name, one.role, "active" if one.active else "deactivated", one.created_at) for one in found]
    show_table("People", ("name", "role", "", "since"), rows)


@users_app.command(
    "add", epilog="Example: quotestance review users add workspaces/mine ada --role administrator"
)
def add_user(
    workspace: WorkspaceArgument,
    name: NameArgument,
    role: RoleOption = "annotator",
    database: DatabaseOption = None,
) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    store = open_store(database_url(workspace, database))
    people.add_account(store, None, name, role, _password())
    say(f"{name} can log in as {role}")


@users_app.command("password", epilog="Example: quotestance review users password workspaces/mine ada")
def change_password(
    workspace: WorkspaceArgument, name: NameArgument, database: DatabaseOption = None
) -> None:
    """Give an account another password, and end its sessions."""
    store = open_store(database_url(workspace, database))
    people.set_password(store, None, name, _password())
    say(f"{name} has another password")


@users_app.command("invite", epilog="Example: quotestance review users invite workspaces/mine --hours 48")
def invite(
    workspace: WorkspaceArgument,
    role: RoleOption = "annotator",
    hours: Annotated[float, typer.Option(help="How long the invitation holds.")] = 72,
    database: DatabaseOption = None,
) -> None:
    """Make an invitation, with which somebody makes their own account."""
    made = people.invite(open_store(database_url(workspace, database)), None, role, hours)
    say(f"Until {made.expires_at}, at the server's address: /invitation?token={made.token}")


@users_app.command("token", epilog="Example: quotestance review users token workspaces/mine robot --days 30")
def make_token(
    workspace: WorkspaceArgument,
    name: NameArgument,
    days: Annotated[float, typer.Option(help="How long the token holds.")] = 90,
    database: DatabaseOption = None,
) -> None:
    """Make a token with which scripts act as an account."""
    store = open_store(database_url(workspace, database))
    say(str(add_token(store, people.actor_named(store, name), "command line", days).token))


@users_app.command("deactivate", epilog="Example: quotestance review users deactivate workspaces/mine ada")
def deactivate(workspace: WorkspaceArgument, name: NameArgument, database: DatabaseOption = None) -> None:
    """End an account's sessions, tokens and leases; what it entered stays."""
    people.deactivate(open_store(database_url(workspace, database)), None, name)
    say(f"{name} is deactivated")


@users_app.command("reactivate", epilog="Example: quotestance review users reactivate workspaces/mine ada")
def reactivate(workspace: WorkspaceArgument, name: NameArgument, database: DatabaseOption = None) -> None:
    """Let an account log in again that was deactivated, by the password that it had."""
    people.reactivate(open_store(database_url(workspace, database)), None, name)
    say(f"{name} can log in again")


@users_app.command("role", epilog="Example: quotestance review users role workspaces/mine ada adjudicator")
def change_role(
    workspace: WorkspaceArgument,
    name: NameArgument,
    role: Annotated[AccountRole, typer.Argument(metavar="ROLE", help="What the account may do from now on.")],
    database: DatabaseOption = None,
) -> None:
    """Give an account another role; what it entered stays."""
    people.set_role(open_store(database_url(workspace, database)), None, name, role)
    say(f"{name} is an {role} now")


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
