"""Articles whose sources are resolved, invented for the tests."""

import json
import re
from pathlib import Path
from typing import Any

_MARKED = re.compile(r"\{([cvs])(\d) ([^{}]*)\}")
ROLES = {"c": "content", "v": "cue", "s": "source"}
TEXTS = {
    "harbour": (
        "{c1 “We will rebuild the harbour,”} {v1 said} {s1 Mayor Lena Brandt}. "
        "{c2 “It will take two years,”} {s2 she} {v2 added}.\n\n"
        "{s3 The council} {v3 said} {c3 that it was not asked}. {s4 Critics} {v4 said} {c4 that it rained}.",
        ("Lena Brandt", "person"), ("Lena Brandt", "person"), ("The council", "organisation"),
        ("Critics", "group"),
    ),
    "bridge": (
        "{c1 The bridge is closed}, {v1 according to} {s1 Jan Weller}, who works there. "
        "{s2 He} {v2 said} {c2 that it may fall}.\n\n"
        "{s3 A driver} {v3 said} {c3 that he was late}. {s4 I} {v4 think} {c4 that it rained}.",
        ("Jan Weller", "person"), ("Jan Weller", "person"), ("", "unnamed"), ("", "author"),
    ),
    "fair": (
        "Odile Okoro opened the fair in the rain. {c1 “Come in,”} {s1 Okoro} {v1 said}. "
        "{s2 She} {v2 said} {c2 that it was dry inside}. {s3 The ministry} {v3 said} {c3 that it was open}. "
        "{s4 Somebody} {v4 said} {c4 that it was not}.",
        ("Odile Okoro", "person"), ("Odile Okoro", "person"), ("Ministry of Trade", "government"),
        ("?", "unnamed"),
    ),
}  # fmt: skip


def write_labelled(folder: Path) -> tuple[Path, Path]:
    """Writes the articles, each twice under two names, and their labels."""
    articles, labels = [], []
    for copy in ("a", "b"):
        for name, (marked, *speakers) in TEXTS.items():
            identifier = f"{name}-{copy}"
            articles.append(json.dumps(_annotated(identifier, marked)))
            labels += [
                "\t".join((identifier, f"{identifier}-{number}", *speaker))
                for number, speaker in enumerate(speakers, 1)
            ]
    written = folder / "articles.jsonl", folder / "speakers.tsv"
    written[0].write_text("\n".join(articles) + "\n", encoding="utf-8")
    written[1].write_text("\n".join(labels) + "\n", encoding="utf-8")
    return written


def _annotated(identifier: str, marked: str) -> dict[str, Any]:
    text, last = "", 0
    rows: dict[str, dict[str, Any]] = {}
    for match in _MARKED.finditer(marked):
        text += marked[last : match.start()]
        row = rows.setdefault(
            match[2], {"id": f"{identifier}-{match[2]}", "content": [], "cue": [], "source": []}
        )
        row[ROLES[match[1]]].append([len(text), len(text) + len(match[3])])
        text += match[3]
        last = match.end()
    return {
        "id": identifier,
        "text": text + marked[last:],
        "attributions": [rows[key] for key in sorted(rows)],
    }
