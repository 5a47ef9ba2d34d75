"""Annotated articles, invented for the tests, in the form that training reads."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Article = dict[str, Any]


def annotated(identifier: str, text: str, *attributions: tuple[str, str, str]) -> Article:
    """An article whose attributions are given as content, cue and source, each cut from the text.

    Pieces of one side are divided by " | "; each piece is looked for behind the one before it, and
    each attribution's first behind the last one's, so that words may occur again.
    """
    rows = []
    start = 0
    for content, cue, source in attributions:
        row = {
            role: found(text, part, start) for role, part in zip(ROLES, (content, cue, source), strict=True)
        }
        start = min(span[0] for spans in row.values() for span in spans)
        rows.append(row)
    return {"id": identifier, "text": text, "attributions": rows}


ROLES = ("content", "cue", "source")


def found(text: str, part: str, start: int) -> list[list[int]]:
    spans: list[list[int]] = []
    for piece in part.split(" | ") if part else []:
        place = text.index(piece, spans[-1][1] if spans else start)
        spans.append([place, place + len(piece)])
    return spans


def write_articles(path: Path, articles: Iterable[Article]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return path


ARTICLES: Sequence[Article] = [
    annotated(
        "harbour",
        "“We will rebuild the harbour,” said Mayor Lena Brandt. “It will take two years.”\n\n"
        "The council said that it was not asked.\n\n"
        "Rain fell on the town all day.",
        ("“We will rebuild the harbour,” | “It will take two years.”", "said", "Mayor Lena Brandt"),
        ("that it was not asked", "said", "The council"),
    ),
    annotated(
        "bridge",
        "The bridge is closed, according to the police. Weller told reporters that it “may fall”.\n\n"
        "Weller added:\n\n“Nobody should walk on it.”",
        ("The bridge is closed", "according to", "the police"),
        ("that it “may fall”", "told", "Weller"),
        ("“Nobody should walk on it.”", "added", "Weller"),
    ),
    annotated(
        "fair",
        "Brandt: We will go to the fair.\n\nThe fair begins on Monday, it was said. No one asked why.",
        ("We will go to the fair.", ":", "Brandt"),
        ("The fair begins on Monday", "was said", ""),
    ),
]
