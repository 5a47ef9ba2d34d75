"""Tables in Markdown, whose cells may hold any text."""

from collections.abc import Iterable, Sequence

from builder.release.markdown import escaped


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are numbers, with a line break at its end.

    The columns are filled up with blanks, so that it can be read as it is.
    """
    lines = [[escaped(cell) for cell in row] for row in (header, *rows)]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(f"| {' | '.join(_filled(line, widths))} |\n" for line in (lines[0], rule, *lines[1:]))


def _filled(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    first = cells[0].ljust(widths[0])
    return [first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
