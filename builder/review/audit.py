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
from builder.records import rounded
from builder.review.adjudicate import Outcome, is_rejected, outcomes_of
from builder.review.agreement import CERTAINTY
from builder.review.answers import found_by_machine
from builder.review.articles import Searched
from builder.review.decisions import ImportedDecision
from builder.review.items import Item
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


def audit_accepted(looked_at: Iterable[tuple[Item, Sequence[ImportedDecision]]]) -> dict[str, Share]:
    """The share of wrong values by field, of values that were accepted without a person.

    `looked_at` are items of the audit sample with what people decided on each. As in the calibration, a
    value is wrong where people changed it, could not tell, have not come to one answer, or found no
    quotation there. Stances of all targets are one field.
    """
    hits: Counter[str] = Counter()
    trials: Counter[str] = Counter()
    for item, decisions in looked_at:
        outcomes = outcomes_of(decisions).get(item.key, {})
        is_none = is_rejected(outcomes)
        for field, accepted in found_by_machine(item).items():
            outcome = outcomes.get(field)
            if field in item.accepted and accepted is not None and (outcome is not None or is_none):
                name = field.split(":")[0]
                trials[name] += 1
                hits[name] += is_none or not _is_confirmed(field, accepted, outcome)
    return {name: share(hits[name], trials[name]) for name in sorted(trials)}


def _is_confirmed(field: str, accepted: str, outcome: Outcome | None) -> bool:
    if outcome is None or outcome.settled == "none":
        return False
    return same_answer(field, accepted) == same_answer(field, outcome.after)
