"""Articles whose sources are resolved, as questions with their answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import UsageError
from builder.quotes.assemble import kind_of
from builder.quotes.marks import pair_marks
from builder.records import Quotation, Span
from builder.speakers.accents import without_accents
from builder.speakers.candidates import KINDS
from builder.speakers.entities import entities_of
from builder.speakers.features import Question, questions
from builder.speakers.knowledge import Knowledge, Said, pooled, said_in
from builder.speakers.scene import scene_of
from builder.training.attribution_data import read_articles

UNSURE = "?"  # the label of a source that readers could not resolve


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document's questions, which choice of each is right, and the number of its kind; -1 is unknown.

    `article` is the document's number. A copy of it has other questions: some of its sources are hidden, and
    only those are to be learnt from.
    """

    article: int
    copy: bool
    text: str
    questions: Sequence[Question]
    right: Sequence[int]
    kinds: Sequence[int]


def read_labelled(
    articles: Path, speakers: Path, hidden: float, seed: int
) -> tuple[list[Labelled], Knowledge]:
    """The articles that have labels, and what all articles say of those named often.

    `speakers` has lines of document, attribution, speaker's name and kind, separated by tabs. `hidden` is
    the share of the sources that a copy of each article hides: annotators found every source, but an
    extractor does not, and then the quotation alone must do.

    Raises:
        UsageError: a file cannot be read, or a line of it is wrong.
    """
    labels = _labels(speakers)
    rows = read_articles(articles)
    labelled = [one for one in rows if one["id"] in labels]
    if not labelled:
        raise UsageError(f"{speakers}: has no labels for an article of {articles}")
    for one in labelled:
        if not all(isinstance(attribution.get("id"), str) for attribution in one["attributions"]):
            raise UsageError(f"{articles}: {one['id']}: an attribution has no id")
    said = {one["id"]: _said(one["text"]) for one in rows}
    pool = pooled(said.values())
    chance = np.random.default_rng(seed)
    read = []
    for number, one in enumerate(labelled):
        source = _Source(one, labels[one["id"]], pool.but_for(said[one["id"]]))
        read.append(source.labelled(number, frozenset()))
        some = frozenset(attribution["id"] for attribution in one["attributions"] if chance.random() < hidden)
        if some:
            read.append(source.labelled(number, some))
    return read, pool.known


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


def _said(text: str) -> Said:
    return said_in(text, entities_of(text, [Span(0, len(text))]))


class _Source:
    """An article, its labels and what is known without it."""

    def __init__(
        self, article: Mapping[str, Any], labels: Mapping[str, tuple[str, str]], knowledge: Knowledge
    ) -> None:
        text = article["text"]
        marked = [one.inner for one in pair_marks(text)]
        self._scene = scene_of(text, [Span(0, len(text))])
        self._labels, self._knowledge = labels, knowledge
        self._quotations = [
            _quotation(text, article["id"], one, marked) for one in article["attributions"] if one["content"]
        ]

    def labelled(self, number: int, hidden: frozenset[str]) -> Labelled:
        """The article with its answers, or a copy with the sources of these quotations hidden."""
        quotations = [replace(one, source=()) if one.id in hidden else one for one in self._quotations]
        asked = questions(self._scene, quotations, self._knowledge)
        answers = [
            self._labels.get(one.quotation.id, (UNSURE, ""))
            if not hidden or one.quotation.id in hidden
            else (UNSURE, "")
            for one in asked
        ]
        return Labelled(
            number,
            bool(hidden),
            self._scene.text,
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
    return re.findall(r"[^\W_]+", without_accents(name).casefold())
