"""Given names and how often women bear them, as weak evidence: what a text says always outweighs it.

The table joins the given names of the census of the United States of 1990 (public domain), with the
share of women among the bearers, and names frequent in world news.
"""

import importlib.resources
from functools import cache

from builder.speakers.accents import without_accents
from builder.speakers.words import PARTICLES


def is_given_name(word: str) -> bool:
    """Whether somebody may be called this by their given name."""
    return share_of_women(word) is not None


def share_of_women(word: str) -> float | None:
    """The share of women among those who bear a given name; None for a word that is none.

    Accents do not matter. A name with a hyphen is one if what stands before the hyphen is; what stands behind
    it may be of the other gender: "Jean-Luc".
    """
    table, name = _table(), without_accents(word.lower())
    first, hyphen, second = name.partition("-")
    if name in table or not hyphen:
        return table.get(name)
    if first in PARTICLES or not word.partition("-")[2][:1].isupper():
        return None
    return (table[first] + table.get(second, 1 - table[first])) / 2 if first in table else None


@cache
def _table() -> dict[str, float]:
    lines = importlib.resources.files("builder.speakers").joinpath("given_names.tsv").read_text("utf-8")
    return {name: float(share) for name, share in (line.split("\t") for line in lines.splitlines())}
