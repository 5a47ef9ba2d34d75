"""Given names and how often women bear them, as weak evidence: what a text says always outweighs it.

The table joins the given names of the census of the United States of 1990 (public domain), with the
share of women among the bearers, and names frequent in world news.
"""

import importlib.resources
from functools import cache


def is_given_name(word: str) -> bool:
    """Whether somebody may be called this by their given name."""
    return word.lower() in _table()


def share_of_women(word: str) -> float | None:
    """The share of women among those who bear a given name; None for a word that is none."""
    return _table().get(word.lower())


@cache
def _table() -> dict[str, float]:
    lines = importlib.resources.files("builder.speakers").joinpath("given_names.tsv").read_text("utf-8")
    return {name: float(share) for name, share in (line.split("\t") for line in lines.splitlines())}
