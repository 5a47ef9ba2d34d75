"""Texts: a dump of a whole page, of which every line is kept, and an article by itself."""

from builder.ingest.blocks import blocks
from builder.ingest.draft import Draft, Facts
from builder.ingest.metadata import agency_of_text, facts_of_dump
from builder.ingest.zones import zoned
from builder.records import Zone


def read_dump(text: str, title: str | None) -> Draft:
    """A text dump, whose lines end in line feeds; `title` is its headline where that is known."""
    page = blocks(text)
    found = zoned(page, title)
    zones = tuple(
        Zone(block.start, block.end, label) for block, label in zip(page, found.labels, strict=True)
    )
    return Draft(text, zones, facts_of_dump(page, found), "best run of prose")


def read_article(text: str) -> Draft:
    """An article and nothing else."""
    page = blocks(text)
    zones = tuple(Zone(block.start, block.end, "body") for block in page)
    facts = Facts(agency=agency_of_text([block.words for block in page]))
    return Draft(text, zones, facts, "whole text")
