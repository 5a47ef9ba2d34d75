"""What the audit found: how many quotations the machine misses and invents, and how often it is wrong
where nobody was asked.

Whole articles are drawn at random and searched by people: what they confirm and what they add give
precision and recall. Of the values that were accepted without a person a random sample is decided on all the
same; what people change there is the error. All intervals are exact (Clopper and Pearson), under the
assumption that quotations are right or wrong independently of each other; those of one article are
not quite, so the true uncertainty is somewhat larger.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from builder.measure import exact_interval
from builder.records import rounded
from builder.review.adjudicate import outcomes_of
from builder.review.agreement import CERTAINTY
from builder.review.articles import Searched
from builder.review.decisions import ImportedDecision
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


def audit_articles(searches: Iterable[Searched]) -> ArticleAudit:
    """Precision and recall over the whole articles that people searched."""
    articles = right = wrong = missed = 0
    for one in searches:
        confirmed = sum(one.found.values())
        articles += 1
        right += confirmed
        wrong += len(one.found) - confirmed
        missed += len(one.added)
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
