"""What a reader of one format makes of a document, before its record is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from builder.records import RejectReason, Zone, ZoneLabel

BETWEEN_PARTS = "\n\n"


class Unusable(Exception):  # noqa: N818 - named for what the document is
    """A document of which no record can be made; `parse` makes a `Reject` of it."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself; `published` is an ISO 8601 date."""

    title: str | None = None
    published: str | None = None
    site: str | None = None
    author: str | None = None
    agency: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a document with its zones, its facts, and what found the body."""

    text: str
    zones: tuple[Zone, ...]
    facts: Facts
    extractor: str

    def paragraphs(self) -> list[str]:
        """The paragraphs of the article itself."""
        return [self.text[zone.start : zone.end] for zone in self.zones if zone.label == "body"]


def laid_out(parts: Iterable[tuple[ZoneLabel, str]]) -> tuple[str, tuple[Zone, ...]]:
    """A text of the parts, one paragraph each, and its zones."""
    texts: list[str] = []
    zones: list[Zone] = []
    at = 0
    for label, part in parts:
        texts.append(part)
        zones.append(Zone(at, at + len(part), label))
        at += len(part) + len(BETWEEN_PARTS)
    return BETWEEN_PARTS.join(texts), tuple(zones)
