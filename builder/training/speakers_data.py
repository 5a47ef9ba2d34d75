"""Articles whose sources are resolved, as questions with their answers."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.quotes.assemble import kind_of
from builder.quotes.marks import pair_marks
from builder.records import Quotation, Span
from builder.speakers.features import KINDS, Question, questions
from builder.speakers.scene import scene_of
from builder.training.attribution_data import read_articles

UNSURE = "?"  # the label of a source that readers could not resolve


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document's questions, which choice of each is right, and the number of its kind; -1 is unknown."""

    text: str
    questions: Sequence[Question]
    right: Sequence[int]
    kinds: Sequence[int]


def read_labelled(articles: Path, speakers: Path) -> list[Labelled]:
    """The articles that have labels.

    `speakers` has lines of document, attribution, speaker's name and kind, separated by tabs.

    Raises:
        UsageError: a file cannot be read, or a line of it is wrong.
    """
    labels = _labels(speakers)
    labelled = [one for one in read_articles(articles) if one["id"] in labels]
    if not labelled:
        raise UsageError(f"{speakers}: has no labels for an article of {articles}")
    for one in labelled:
        if not all(isinstance(attribution.get("id"), str) for attribution in one["attributions"]):
            raise UsageError(f"{articles}: {one['id']}: an attribution has no id")
    return [_labelled(one, labels[one["id"]]) for one in labelled]


def _labels(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    labels: dict[str, dict[str, tuple[str, str]]] = {}
    for number, line in enumerate(lines, 1):
        parts = line.split("\t")
        if len(parts) != 4 or parts[3] not in KINDS:
            raise UsageError(
                f"{path}:{number}: must be document, attribution, speaker and kind, separated by tabs"
            )
        if parts[3] == "person" and not _words(parts[2]) and parts[2] != UNSURE:
            raise UsageError(
                f"{path}:{number}: a person needs a name, or {UNSURE} if nobody can tell who it is"
            )
        labels.setdefault(parts[0], {})[parts[1]] = (parts[2], parts[3])
    return labels


def _labelled(article: Mapping[str, Any], labels: Mapping[str, tuple[str, str]]) -> Labelled:
    text = article["text"]
    marked = [one.inner for one in pair_marks(text)]
    quotations = [
        _quotation(text, article["id"], one, marked) for one in article["attributions"] if one["content"]
    ]
    scene = scene_of(text, [Span(0, len(text))])
    asked = questions(scene, quotations)
    answers = [labels.get(one.quotation.id, (UNSURE, "")) for one in asked]
    return Labelled(
        text,
        asked,
        [_right(one, *answer) for one, answer in zip(asked, answers, strict=True)],
        [KINDS.index(kind) if name != UNSURE else -1 for name, kind in answers],
    )


def _quotation(text: str, document: str, attribution: Mapping[str, Any], marked: Sequence[Span]) -> Quotation:
    content, cue, source = (
        tuple(Span(start, end) for start, end in attribution[role]) for role in ("content", "cue", "source")
    )
    kind = kind_of(text, content, marked)
    return Quotation(attribution["id"], document, kind, content, cue, source, (), 0, None, 1.0, "annotated")


def _right(question: Question, name: str, kind: str) -> int:
    """The number of the choice that a label means, or -1."""
    if name == UNSURE:
        return -1
    if kind != "person":
        return next(
            at for at, choice in enumerate(question.choices) if choice.entity is None and choice.kind == kind
        )
    words = _words(name)
    forms = [(at, _words(choice.entity.name)) for at, choice in enumerate(question.choices) if choice.entity]
    same = [at for at, form in forms if form == words]
    alike = [at for at, form in forms if form and form[-1] == words[-1] and form[0] == words[0]]
    part = [at for at, form in forms if form[-1:] == words[-1:] and set(form) <= set(words)]
    return (same or alike or part or [-1])[0]


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"[^\W_]+", "".join(one for one in plain if not unicodedata.combining(one)))
