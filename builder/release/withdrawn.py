"""What of one document must not be published, by the requests for removal."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from builder.records import Span
from builder.release.items import Item
from builder.release.patterns import Pattern
from builder.release.removals import Removals, overlaps, spans_found
from builder.release.removed_words import repeats, short_runs, spans_repeated


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Quotations by id, stretches of the text, and what may stand in no published string.

    That is what `patterns` find, the words of removed quotations of any document (`long_runs`), and few of
    the words of those of this document (`short_runs`).
    """

    items: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    long_runs: frozenset[str] = frozenset()
    short_runs: frozenset[str] = frozenset()

    def holds(self, item: Item) -> bool:
        """Whether a quotation cannot be published without it."""
        return (
            item.id in self.items
            or overlaps(item.extent(), self.spans)
            or (item.speaker is not None and self.cleared(item.speaker.name) is None)
        )

    def __bool__(self) -> bool:
        return bool(self.patterns or self.long_runs or self.short_runs)

    def cleared(self, text: str | None) -> str | None:
        """A text, or None if something that must not be published stands in it."""
        found = text and (
            any(pattern.search(text) for pattern in self.patterns) or spans_repeated(text, self.long_runs)
        )
        return None if found else text

    def cleared_title(self, title: str | None) -> str | None:
        """A title, likewise, or None if it repeats a removed quotation of its article."""
        return None if title and repeats(title, self.short_runs) else self.cleared(title)

    def cleared_address(self, url: str | None) -> str | None:
        """An address, like the title that it often holds, in small letters and escaped."""
        # Nearly always there is nothing to look for, and an address in every row.
        forms = (url, unquote(url), unquote(url).upper()) if url and self else ()
        return None if any(self.cleared_title(form) is None for form in forms) else url


def withdrawn_from(items: Sequence[Item], removals: Removals) -> Withdrawn:
    """What must not be published of the document that some items are of, all of them."""
    if not removals:
        return Withdrawn()
    document = items[0].document
    gone = [item for item in items if _is_withdrawn(item, removals)]
    speakers = [
        item.speaker.name
        for item in gone
        if item.speaker is not None and item.speaker.kind == "person" and _speaks(item, removals)
    ]
    patterns = removals.within(document, speakers)
    words = [span for item in gone for span in item.quotation.content]
    repeated = spans_repeated(document.text, removals.words)
    spans = sorted([*words, *repeated, *spans_found(patterns, document.text)])
    said = short_runs(span.of(document.text) for span in words)
    return Withdrawn(frozenset(item.id for item in gone), tuple(spans), patterns, removals.words, said)


def is_asked_for(item: Item, removals: Removals) -> bool:
    """Whether a quotation is to be removed for itself or for its speaker, wherever it is printed."""
    return not removals.quotations.isdisjoint({item.id, item.quotation.id}) or _speaks(item, removals)


def _is_withdrawn(item: Item, removals: Removals) -> bool:
    return is_asked_for(item, removals) or removals.names_document(item.document)


def _speaks(item: Item, removals: Removals) -> bool:
    return item.speaker is not None and removals.names_speaker(item.speaker.name, item.speaker.entity)
