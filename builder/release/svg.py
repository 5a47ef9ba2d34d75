"""The pieces that charts are drawn with, as SVG: the same numbers, the same bytes."""

from collections.abc import Iterable
from html import escape

# Told apart by people with any colour vision: Okabe and Ito 2008, "Color Universal Design".
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")
QUIET, QUIETER = "#808080", "#cccccc"

FONT = 'font-family="sans-serif" font-size="12"'


def words(across: float, down: float, text: str, anchor: str) -> str:
    """A line of words; `anchor` says which of its ends stands there: start, middle or end."""
    return f'<text x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}" {FONT}>{escape(text)}</text>'


def line(left: float, top: float, right: float, bottom: float, colour: str = "#000000") -> str:
    """A straight line."""
    ends = f'x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}"'
    return f'<line {ends} stroke="{colour}"/>'


def drawing(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """A whole drawing on white."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        ]
    )
