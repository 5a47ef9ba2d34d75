"""Places that stand for their governments: "Beijing" is the government of China."""

import importlib.resources
from functools import cache


def government_of(phrase: str) -> str | None:
    """The government that the name of a country, a capital or a seat stands for; None for other words."""
    plain = phrase.lower().removeprefix("the ").removesuffix("'s").removesuffix("’s").strip(" ,.")
    return _table().get(plain)


@cache
def _table() -> dict[str, str]:
    lines = importlib.resources.files("builder.speakers").joinpath("metonyms.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in lines.splitlines() if line)
    return {name.lower(): government for government, *names in rows for name in names}
