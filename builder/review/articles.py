"""What people who searched whole articles say of single quotations: which are none, which were missed.

An answer to a whole article says of each quotation that the machine had found whether it is one, and marks
those that it had missed. Marks that share at least half of their characters, on either side, are of
one quotation. What more than half of the annotators say holds, or a ruling alone. What comes out are
decisions on quotations, as people make them one by one: a missed quotation is decided by everybody who
searched the article, for who did not mark it says that it is none. That a quotation is one, which is all
that was asked of those found, decides neither its boundaries nor its speaker, so only a "no" is a decision.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from builder.ids import quotation_id
from builder.records import Span
from builder.review.boundaries import Boundaries
from builder.review.decisions import ARTICLE, ImportedDecision, canonical, spans_of, time_of, value_of
from builder.review.matching import DecidedItem

PARTS = ("content", "cue", "source")

Marks = dict[int, Any]
"""How one quotation was marked, by the number of the answer."""


@dataclass(frozen=True, slots=True)
class Added:
    """A quotation that people added, as it was first marked; its id is that of what was marked then."""

    item: DecidedItem
    boundaries: Boundaries


@dataclass(frozen=True, slots=True)
class Searched:
    """A whole article that people searched.

    `found` says of each quotation that the machine had found whether it is one; `decisions` are those on
    quotations that are none and on those that were added.
    """

    document: str
    found: Mapping[str, bool]
    added: tuple[Added, ...]
    decisions: tuple[ImportedDecision, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One person's answer to a whole article, or a ruling on it."""

    said: ImportedDecision
    found: Mapping[str, Any]
    missed: Sequence[Any]


def searched_articles(decisions: Iterable[ImportedDecision]) -> list[Searched]:
    """What became of every article that somebody searched, in the order of first answers.

    Answers that were given when the machine had found other quotations are a search of their own.
    """
    searches: dict[tuple[str, frozenset[str]], list[_Answer]] = {}
    for one in decisions:
        if one.decision.field == ARTICLE:
            value = value_of(one.decision.after)
            found = {quotation["item"]: quotation for quotation in value["found"]}
            answer = _Answer(one, found, value["missed"])
            searches.setdefault((one.document, frozenset(found)), []).append(answer)
    return [_searched(document, _holding(some)) for (document, _), some in searches.items()]


def on_quotations(
    decisions: Iterable[ImportedDecision], searches: Iterable[Searched]
) -> list[ImportedDecision]:
    """The decisions on single quotations, those that whole articles come to after the others."""
    single = [one for one in decisions if one.decision.field != ARTICLE]
    return single + [one for search in searches for one in search.decisions]


def about_the_same(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether two contents share at least half of the characters of either."""
    shared = sum(
        max(0, min(one.end, other.end) - max(one.start, other.start)) for one in ours for other in theirs
    )
    return 2 * shared >= max(_length(ours), _length(theirs))


def _holding(answers: Iterable[_Answer]) -> list[_Answer]:
    """Each annotator's latest answer in the order of time, and at the end the last ruling."""
    in_time = sorted(answers, key=lambda one: time_of(one.said))
    latest = {one.said.decision.annotator: one for one in in_time if one.said.role == "annotator"}
    rulings = [one for one in in_time if one.said.role == "adjudicator"]
    return [*sorted(latest.values(), key=lambda one: time_of(one.said)), *rulings[-1:]]


def _searched(document: str, answers: Sequence[_Answer]) -> Searched:
    is_ruled = answers[-1].said.role == "adjudicator"
    deciding = range(len(answers) - 1 if is_ruled else 0, len(answers))
    votes = Counter(key for at in deciding for key, one in answers[at].found.items() if one["is_one"])
    found = {key: 2 * votes[key] > len(deciding) for key in answers[0].found}
    rejected = {key for key in found if 2 * votes[key] < len(deciding)}
    groups = [marks for marks in _groups(answers) if 2 * len(marks.keys() & set(deciding)) > len(deciding)]
    added = [_added(document, marks) for marks in groups]
    decisions = list(_rejections(answers, rejected))
    for one, marks in zip(added, groups, strict=True):
        decisions += _marked(one.item, marks, answers)
    return Searched(document, found, tuple(added), tuple(decisions))


def _groups(answers: Sequence[_Answer]) -> list[Marks]:
    """The marks of each quotation; of several marks of one person on the same the first counts."""
    groups: list[Marks] = []
    for number, one in enumerate(answers):
        for mark in one.missed:
            content = spans_of(mark["content"])
            same = (some for some in groups if about_the_same(content, spans_of(_first(some)["content"])))
            marks = next(same, None)
            if marks is None:
                groups.append(marks := {})
            marks.setdefault(number, mark)
    return groups


def _first(marks: Marks) -> Any:
    return next(iter(marks.values()))


def _added(document: str, marks: Marks) -> Added:
    first = _first(marks)
    boundaries = {part: spans_of(first[part]) for part in PARTS}
    content = boundaries["content"]
    return Added(DecidedItem(quotation_id(document, content), document, content, first["text"]), boundaries)


def _marked(item: DecidedItem, marks: Marks, answers: Iterable[_Answer]) -> Iterator[ImportedDecision]:
    """What everybody who searched the article decides on a quotation that was added."""
    for number, one in enumerate(answers):
        mark = marks.get(number)
        yield _decision(one, item, "quotation", mark and {part: mark[part] for part in PARTS})
        if mark is not None:
            yield _decision(one, item, "speaker", mark["speaker"])


def _rejections(answers: Iterable[_Answer], rejected: Collection[str]) -> Iterator[ImportedDecision]:
    for one in answers:
        for key, said in one.found.items():
            if key in rejected and not said["is_one"]:
                item = DecidedItem(key, one.said.document, spans_of(said["content"]), said["text"])
                yield _decision(one, item, "quotation", None)


def _decision(one: _Answer, item: DecidedItem, field: str, after: Any) -> ImportedDecision:
    # The time that the whole article took is that of none of its quotations.
    made = replace(one.said.decision, item=item.id, field=field, after=canonical(after), seconds=None)
    return replace(one.said, decision=made, content=item.content, text=item.text)


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)
