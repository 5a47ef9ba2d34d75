"""Annotated articles, invented for the tests, in the form that training reads."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Article = dict[str, Any]
ROLES = {"c": "content", "v": "cue", "s": "source"}
_MARKED = re.compile(r"\{((?:[cvs]\d)+) ([^{}]*)\}")


def annotated(identifier: str, marked: str) -> Article:
    """An article from a text that says what is what: {c1 content}, {v1 cue} and {s1 source} of attribution 1.

    What is of several attributions says so: {s1s2 source}.
    """
    text = ""
    rows: dict[str, dict[str, list[list[int]]]] = {}
    last = 0
    for match in _MARKED.finditer(marked):
        text += marked[last : match.start()]
        span = [len(text), len(text) + len(match[2])]
        for role, number in re.findall(r"([cvs])(\d)", match[1]):
            row = rows.setdefault(number, {name: [] for name in ROLES.values()})
            row[ROLES[role]].append(span)
        text += match[2]
        last = match.end()
    return {
        "id": identifier,
        "text": text + marked[last:],
        "attributions": [rows[key] for key in sorted(rows)],
    }


def write_articles(path: Path, articles: Iterable[Article]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return path


ARTICLES: Sequence[Article] = [
    annotated(
        "harbour",
        "{c1 “We will rebuild the harbour,”} {v1 said} {s1 Mayor Lena Brandt}. "
        "{c1 “It will take two years.”}\n\n"
        "{s2 The council} {v2 said} {c2 that it was not asked}.\n\n"
        "Rain fell on the town all day.",
    ),
    annotated(
        "bridge",
        "{c1 The bridge is closed}, {v1 according to} {s1 the police}. "
        "{s2 Weller} {v2 told} reporters {c2 that it “may fall”}.\n\n"
        "{s3 Weller} {v3 added}:\n\n{c3 “Nobody should walk on it.”}",
    ),
    annotated(
        "fair",
        "{s1 Brandt}{v1 :} {c1 We will go to the fair.}\n\n"
        "{c2 The fair begins on Monday}, it {v2 was said}. No one asked why.",
    ),
]
