"""What the decisions of several people about one field come to.

Of each annotator the latest decision counts. What more than half of them answer is the outcome;
where no answer has that many, as in a tie, the field stays undecided. An adjudicator's answer
settles it whatever the others said, and is not counted among theirs. Whoever finds that it is no quotation
does not agree to what others answer about it: in its other fields that counts as "cannot tell". Which
answers are the same `builder/review/same.py` says; of several spellings of one answer the most frequent
stands for it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.records import rounded
from builder.review.decisions import ImportedDecision, time_of
from builder.review.same import same_answer

QUOTATION = "quotation"  # the field that says what the quotation is, or that it is none

Settled = Literal["none", "reviewed", "adjudicated"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people decided about one field of one item.

    `settled` is "none" where they came to no answer, and `after` (JSON, as in `Decision`) is then
    None. `annotators` counts them without the adjudicator; `agreement` is the share of them who
    gave the outcome's answer, or the most frequent one where there is no outcome, and None where
    only an adjudicator answered. `answers` are theirs, by annotator.
    """

    settled: Settled
    after: str | None
    annotators: int
    agreement: float | None
    answers: tuple[tuple[str, str | None], ...] = ()


Outcomes = dict[str, dict[str, Outcome]]
"""Outcomes by item and, within an item, by field."""


def outcomes_of(decisions: Iterable[ImportedDecision]) -> Outcomes:
    """The outcome of every field of every item that somebody decided on."""
    decided: defaultdict[str, defaultdict[str, list[ImportedDecision]]]
    decided = defaultdict(lambda: defaultdict(list))
    for one in decisions:
        decided[one.decision.item][one.decision.field].append(one)
    return {item: _of_item(fields) for item, fields in decided.items()}


def is_rejected(outcomes: Mapping[str, Outcome]) -> bool:
    """Whether people found an item, by the outcomes of its fields, to be no quotation."""
    outcome = outcomes.get(QUOTATION)
    return outcome is not None and outcome.settled != "none" and outcome.after is None


def _of_item(fields: Mapping[str, Sequence[ImportedDecision]]) -> dict[str, Outcome]:
    rejecting = [who for who, after in _latest(fields.get(QUOTATION, ())).items() if after is None]
    return {
        field: _outcome(field, some, () if field == QUOTATION else rejecting)
        for field, some in fields.items()
    }


def _latest(decisions: Iterable[ImportedDecision]) -> dict[str, str | None]:
    """The latest answer of each annotator to a field."""
    in_time = sorted(decisions, key=time_of)
    return {one.decision.annotator: one.decision.after for one in in_time if one.role == "annotator"}


def _outcome(field: str, decisions: Sequence[ImportedDecision], rejecting: Collection[str]) -> Outcome:
    """The outcome of a field; to those who are `rejecting` the quotation it has no answer."""
    in_time = sorted(decisions, key=time_of)
    own = {who: answer for who, answer in _latest(decisions).items() if who not in rejecting}
    latest = own | dict.fromkeys(rejecting)
    answers, told = list(latest.values()), tuple(sorted(latest.items()))
    rulings = [one.decision.after for one in in_time if one.role == "adjudicator"]
    counts = Counter(same_answer(field, answer) for answer in answers)
    most = max(counts.values(), default=0)
    if rulings:
        ruling, agreed = rulings[-1], counts[same_answer(field, rulings[-1])]
        return Outcome("adjudicated", ruling, len(answers), _share(agreed, len(answers)), told)
    if 2 * most > len(answers):
        ((winner, _),) = counts.most_common(1)
        spellings = Counter(answer for answer in own.values() if same_answer(field, answer) == winner)
        if spellings:
            ((answer, _),) = spellings.most_common(1)
            return Outcome("reviewed", answer, len(answers), _share(most, len(answers)), told)
    return Outcome("none", None, len(answers), _share(most, len(answers)), told)


def _share(part: int, whole: int) -> float | None:
    return rounded(part / whole) if whole else None
