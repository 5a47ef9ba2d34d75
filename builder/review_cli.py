"""The command line of review: `quotestance review …`; what each command is called with, and no logic."""

import typer

review_app = typer.Typer(
    help="Hands out quotations to people and keeps what they decide.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
