"""Decisions that cannot be applied, and why: each is reported, none is dropped silently."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from builder.config import AUTO_TARGET
from builder.records import Reject, RejectReason
from builder.review.decisions import STAGE, STANCE, ImportedDecision, value_of


@dataclass(frozen=True, slots=True)
class LostDecision:
    """A decision that cannot be applied, and why."""

    lost: ImportedDecision
    reason: RejectReason
    detail: str

    def reject(self) -> Reject:
        """The reject that reports it."""
        one = self.lost.decision
        return Reject(STAGE, self.lost.place, self.reason, f"{one.field} of {one.item}: {self.detail}")


def without_unknown_stances(
    decisions: Iterable[ImportedDecision], targets: Iterable[str], labels: Sequence[str]
) -> tuple[list[ImportedDecision], list[LostDecision]]:
    """The decisions that fit the configured targets and labels, and the others."""
    known = set(targets)
    kept, lost = [], []
    for one in decisions:
        target = one.decision.field.removeprefix(STANCE)
        label = value_of(one.decision.after)
        if not one.decision.field.startswith(STANCE):
            kept.append(one)
        elif target not in known and not target.startswith(AUTO_TARGET):
            detail = f"the configuration has no target {target!r}"
            lost.append(LostDecision(one, RejectReason.NO_SUCH_TARGET, detail))
        elif label is not None and label not in labels:
            detail = f"label {label!r} is none of {', '.join(labels)}"
            lost.append(LostDecision(one, RejectReason.BAD_RECORD, detail))
        else:
            kept.append(one)
    return kept, lost


def unmatched(decisions: Iterable[ImportedDecision], matched: Collection[str]) -> list[LostDecision]:
    """Every decision about an item that is not among the ids in `matched`."""
    detail = "no quotation of the document has these words, and not exactly one shares at least half of them"
    return [
        LostDecision(one, RejectReason.NO_SUCH_QUOTATION, detail)
        for one in decisions
        if one.decision.item not in matched
    ]


def unplaced(decisions: Iterable[ImportedDecision], items: Collection[str]) -> list[LostDecision]:
    """The decisions on the boundaries of the items in `items`, which have no place in the text."""
    detail = "the boundaries lie outside of the document's text, or it changed where they were set"
    return [
        LostDecision(one, RejectReason.BAD_RECORD, detail)
        for one in decisions
        if one.decision.field == "quotation" and one.decision.item in items
    ]


def unnamed(decisions: Iterable[ImportedDecision], fields: Collection[tuple[str, str]]) -> list[LostDecision]:
    """The decisions on automatic targets that the item does not name; `fields` are items with a field."""
    detail = "the quotation does not name this automatic target, or no longer"
    return [
        LostDecision(one, RejectReason.NO_SUCH_TARGET, detail)
        for one in decisions
        if (one.decision.item, one.decision.field) in fields
    ]
