"""What the audit found: how many quotations the machine misses and invents, and how often it is wrong
where nobody was asked.

Whole articles are drawn at random and searched by people: what they confirm and what they add give
precision and recall. Of the values that were accepted without a person a random sample is decided on all the
same; what people change there is the error. All intervals are exact (Clopper and Pearson), under the
assumption that quotations are right or wrong independently of each other; those of one article are
not quite, so the true uncertainty is somewhat larger.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.measure import exact_interval
from builder.records import Span, rounded
from builder.review.adjudicate import outcomes_of
from builder.review.agreement import CERTAINTY
from builder.review.decisions import ImportedDecision
from builder.review.history import current
from builder.review.items import ArticleAnswer, Entry, Item, MissedQuotation
from builder.review.same import same_answer


@dataclass(frozen=True, slots=True)
class Share:
    """A share that was counted, with its interval; None of nothing."""

    hits: int
    trials: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ArticleAudit:
    """Precision and recall of the quotations found, over `articles` that people searched."""

    articles: int
    precision: Share
    recall: Share


def share(hits: int, trials: int) -> Share:
    """So many hits of so many trials."""
    if not trials:
        return Share(0, 0, None, None, None)
    low, high = exact_interval(hits, trials, CERTAINTY)
    return Share(hits, trials, rounded(hits / trials), rounded(low), rounded(high))


def audit_articles(reviewed: Iterable[tuple[Item, Sequence[Entry]]]) -> ArticleAudit:
    """Precision and recall over the whole articles among some items, each with all its entries in order.

    A ruling on an article holds alone. Otherwise a quotation that was found is right, and one that was
    missed is one, where more than half of the annotators say so.
    """
    articles = right = wrong = missed = 0
    for item, entries in reviewed:
        answers = _answers(entries) if item.kind == "article" else []
        if answers:
            articles += 1
            confirmed = sum(_by_most([answer.found[one.key] for answer in answers]) for one in item.found)
            right += confirmed
            wrong += len(item.found) - confirmed
            missed += _count_missed(answers)
    return ArticleAudit(articles, share(right, right + wrong), share(right, right + missed))


def audit_accepted(decisions: Iterable[ImportedDecision]) -> dict[str, Share]:
    """The share of wrong values by field, of values that were accepted without a person.

    `decisions` are those on the audit sample; `before` is what was accepted. A field without an
    outcome, or on which the machine said nothing, is not counted. Stances of all targets are one field.
    """
    known = list(decisions)
    before = {(one.decision.item, one.decision.field): one.decision.before for one in known}
    hits: Counter[str] = Counter()
    trials: Counter[str] = Counter()
    for item, fields in outcomes_of(known).items():
        for field, outcome in fields.items():
            accepted = before[item, field]
            if accepted is not None and outcome.settled != "none":
                name = field.split(":")[0]
                trials[name] += 1
                hits[name] += same_answer(field, accepted) != same_answer(field, outcome.after)
    return {name: share(hits[name], trials[name]) for name in sorted(trials)}


def _answers(entries: Sequence[Entry]) -> list[ArticleAnswer]:
    holding = [one for one in current(list(entries)) if isinstance(one.content, ArticleAnswer)]
    rulings = [one for one in holding if one.kind == "ruling"][-1:]
    return [one.content for one in rulings or holding if isinstance(one.content, ArticleAnswer)]


def _by_most(votes: Sequence[bool]) -> bool:
    return 2 * sum(votes) > len(votes)


def _count_missed(answers: Sequence[ArticleAnswer]) -> int:
    """How many quotations more than half of the annotators marked, each in about the same place."""
    groups: list[list[tuple[int, MissedQuotation]]] = []
    for annotator, answer in enumerate(answers):
        for one in answer.missed:
            group = next((some for some in groups if _about_the_same(one.content, some[0][1].content)), None)
            if group is None:
                groups.append(group := [])
            group.append((annotator, one))
    marked = [{annotator for annotator, _ in group} for group in groups]
    return sum(2 * len(some) > len(answers) for some in marked)


def _about_the_same(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether two contents share at least half of the characters of either."""
    shared = sum(
        max(0, min(one.end, other.end) - max(one.start, other.start)) for one in ours for other in theirs
    )
    return 2 * shared >= max(_length(ours), _length(theirs))


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)
