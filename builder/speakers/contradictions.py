"""Whether the bearers of one name can be one person, by what their documents say about them.

Three things tell two people apart: the initial of a second given name, the gender, and the field of work.
A bearer of whom a document says nothing of the kind belongs to a group only if nearly all others do.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

# A value that so many of the documents agree on is that of the bearers of whom nothing is said, and the rest
# are rare namesakes or errors. One of twenty is also about how often titles and roles are misread.
DOMINATES = 0.95


@dataclass(frozen=True, slots=True)
class Profile:
    """What some documents say about the bearers of one name; empty where they say nothing."""

    middle: str
    gender: str
    fields: tuple[str, ...]
    documents: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which group the bearers of a profile are in, and why.

    `label` tells the groups of one name apart; it is empty for the main one, and None where the profile
    fits several.
    """

    profile: Profile
    label: str | None
    reason: str


def verdicts(profiles: Sequence[Profile], acquainted: Collection[tuple[str, str]]) -> list[Verdict]:
    """The group of each profile of one name, in order.

    `acquainted` are pairs of fields of work whose bearers are named together with the same people.
    """
    found = [Verdict(one, "", "") for one in profiles]
    found = _split(found, "second given name", lambda one: one.middle)
    found = _split(found, "called", lambda one: one.gender)
    connected = _connected([one.fields for one in profiles], acquainted)
    return _split(found, "work in", lambda one: connected[one.fields[0]] if one.fields else "")


def _split(found: Iterable[Verdict], what: str, value_of: Callable[[Profile], str]) -> list[Verdict]:
    """Splits each group whose profiles have different values."""
    found = list(found)
    counts: dict[str | None, Counter[str]] = {}
    for one in found:
        if value := value_of(one.profile):
            counts.setdefault(one.label, Counter())[value] += one.profile.documents
    return [_placed(one, what, value_of(one.profile), counts.get(one.label, Counter())) for one in found]


def _placed(verdict: Verdict, what: str, value: str, counts: Counter[str]) -> Verdict:
    if len(counts) < 2 or verdict.label is None:
        return verdict
    main = max(sorted(counts), key=lambda one: counts[one])
    dominates = counts[main] >= DOMINATES * counts.total()
    others = ", ".join(sorted(one for one in counts if one != value))
    label: str | None = verdict.label
    if value:
        label = verdict.label if dominates and value == main else f"{verdict.label}{what} {value};"
        reason = f"{what}: {value}, others {others}"
    elif dominates:
        reason = f"{what}: not said, nearly all others {main}"
    else:
        label, reason = None, f"{what}: not said, others {others}"
    return Verdict(verdict.profile, label, "; ".join(one for one in (verdict.reason, reason) if one))


def _connected(fields: Iterable[tuple[str, ...]], acquainted: Collection[tuple[str, str]]) -> dict[str, str]:
    """For each field, the first of those that it is connected with: by one bearer, or by acquaintance."""
    first = {field: field for some in fields for field in some}
    pairs = [*acquainted, *((some[0], other) for some in fields for other in some[1:])]
    for _ in first:  # as many rounds as there are fields connect any chain of them
        for one, other in pairs:
            first[one] = first[other] = min(first[one], first[other])
    return first
