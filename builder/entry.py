"""Where the command `quotestance` begins, and how it ends: exit codes, and errors in one line.

`quotestance review` is run without the rest of the command line, which brings the models'
libraries with it: a server should not wait seconds for what it never uses, nor hold it in memory.
"""

import os
import sys

import typer

from builder.console import complain
from builder.engine.local import ONE_THREAD
from builder.errors import QuotestanceError, UsageError

DONE, MISUSED, FAILED = 0, UsageError.exit_code, QuotestanceError.exit_code


def main() -> None:
    """Runs the command line; every error that is meant for people is one line on standard error."""
    os.environ.update(ONE_THREAD)
    try:
        code = _command_line()(standalone_mode=False)
    except typer.TyperException as error:
        message = error.format_message()
        complain(message if message.startswith("Usage: ") else f"quotestance: {message}")
        code = MISUSED
    except QuotestanceError as error:
        complain(f"quotestance: {error}")
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain(
            "quotestance: interrupted; what is finished is kept, and the same command goes on from there"
        )
        code = FAILED
    except OSError as error:
        complain(f"quotestance: {error}")
        code = FAILED
    sys.exit(code or DONE)


def _command_line() -> typer.Typer:
    if sys.argv[1:2] == ["review"]:
        from builder.review_cli import review_app  # noqa: PLC0415 - one or the other, see above

        alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None)
        alone.callback()(lambda: None)
        alone.add_typer(review_app, name="review")
        return alone
    from builder.cli import app  # noqa: PLC0415 - likewise

    return app
