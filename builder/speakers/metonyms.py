"""Places that stand for their governments: "Beijing" is the government of China."""

import importlib.resources
import re
from functools import cache


def government_of(phrase: str) -> str | None:
    """The government that the name of a country, a capital or a seat stands for; None for other words."""
    plain = _plain(phrase)
    if plain in _table():
        return _table()[plain]
    owned = _OWNED.fullmatch(plain)
    return _table().get(_plain(owned[1] or owned[2])) if owned else None


_OWNED = re.compile(r"(.+?)(?:['’]s?)? government|government of (.+)")


@cache
def _table() -> dict[str, str]:
    lines = importlib.resources.files("builder.speakers").joinpath("metonyms.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in lines.splitlines() if line)
    return {_plain(name): government for government, *names in rows for name in names}


def _plain(phrase: str) -> str:
    return phrase.lower().removeprefix("the ").removesuffix("'s").removesuffix("’s").strip(" ,.")
