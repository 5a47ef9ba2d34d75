"""What people see in a terminal: progress bars, tables and one-line errors."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from builder.engine.workspace import Progress as Report

SECONDS_A_LINE = 60  # between two lines about the progress where no bar can be drawn


@contextmanager
def progress_bars() -> Iterator[Report]:
    """A bar per stage on standard error; a line now and then when that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _progress_lines()
        return
    columns = TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console) as bars:

        def report(stage: str, finished: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=finished, total=total)

        yield report


def _progress_lines() -> Report:
    told = time.monotonic()

    def report(stage: str, finished: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= SECONDS_A_LINE:
            complain(f"{stage}: {finished:,} of {total:,}")
            told = time.monotonic()

    return report


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table; numbers are set to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[number], int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console().print(table)


def say(text: str) -> None:
    """Prints a line of plain text."""
    Console(highlight=False, markup=False, emoji=False, soft_wrap=True).print(text)


def complain(text: str) -> None:
    """Prints a line to standard error."""
    Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True).print(text)


def _cell(value: object) -> Text:
    # As Text: what articles say must not be read as markup.
    return Text(f"{value:,}" if isinstance(value, int) else str(value))
