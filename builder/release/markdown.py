"""Text of the data within Markdown, and tables of it: nothing in it that Markdown would read."""

import re
from collections.abc import Iterable, Sequence

NOTHING = "-"
"""What a cell of a table says where there is nothing to be said."""

SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")


def escaped(text: str) -> str:
    """A text as Markdown shows it verbatim."""
    return SPECIAL.sub(r"\\\1", on_one_line(text))


def unescaped(cell: str) -> str:
    """The text that a cell of a table shows."""
    return re.sub(r"\\(.)", r"\1", cell.strip())


def on_one_line(text: str) -> str:
    """A text with every stretch of blanks and line breaks as one blank."""
    return " ".join(text.split())


def table(header: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table whose first columns are `texts` and whose others are numbers, with a line break at its end.

    The columns are filled up with blanks, so that it can be read as it is.
    """
    lines = [[escaped(cell) for cell in row] for row in (header, *rows)]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(*lines, strict=True)]
    rule = ["-" * width if place < texts else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "".join(
        f"| {' | '.join(_filled(line, widths, texts))} |\n" for line in (lines[0], rule, *lines[1:])
    )


def _filled(cells: Sequence[str], widths: Sequence[int], texts: int) -> list[str]:
    return [
        cell.ljust(width) if place < texts else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
