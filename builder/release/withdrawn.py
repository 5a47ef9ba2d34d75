"""What of one document must not be published, by the requests for removal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.records import Span
from builder.release.items import Item
from builder.release.removals import Removals, overlaps, spans_found


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Quotations by id, stretches of the text, and patterns of what may stand in no published string."""

    items: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()

    def holds(self, item: Item) -> bool:
        """Whether a quotation cannot be published without it."""
        return (
            item.id in self.items
            or overlaps(item.extent(), self.spans)
            or (item.speaker is not None and self.cleared(item.speaker.name) is None)
        )

    def cleared(self, text: str | None) -> str | None:
        """A text, or None if something that must not be published stands in it."""
        return None if text and any(pattern.search(text) for pattern in self.patterns) else text


def withdrawn_from(items: Sequence[Item], removals: Removals) -> Withdrawn:
    """What must not be published of the document that some items are of, all of them."""
    if not removals:
        return Withdrawn()
    document = items[0].document
    gone = [item for item in items if _is_withdrawn(item, removals)]
    speakers = [item.speaker.name for item in gone if item.speaker is not None and _speaks(item, removals)]
    patterns = removals.within(document, speakers)
    words = [span for item in gone for span in item.quotation.content]
    spans = sorted([*words, *spans_found(patterns, document.text)])
    return Withdrawn(frozenset(item.id for item in gone), tuple(spans), patterns)


def _is_withdrawn(item: Item, removals: Removals) -> bool:
    return (
        not removals.quotations.isdisjoint({item.id, item.quotation.id})
        or removals.names_document(item.document)
        or _speaks(item, removals)
    )


def _speaks(item: Item, removals: Removals) -> bool:
    return item.speaker is not None and removals.names_speaker(item.speaker.name, item.speaker.entity)
