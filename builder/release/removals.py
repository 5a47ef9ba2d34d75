"""What must not be published: requests for removal, read from a file that is never published itself.

JSON Lines; each line names one thing by one of these keys, and may hold a `note`:

    {"document": "d07…"}       a document by its id
    {"url": "https://…"}       a document by its address
    {"quotation": "q1f…"}      a quotation by its id
    {"speaker": "Ada Example"} a speaker by name, or by id in the authority table
    {"pattern": "Ex(a|e)mple"} whatever a regular expression finds, in whatever is published; one that
                               takes seconds on one text ends the release

The words of a removed quotation, a removed name and what a pattern finds are published nowhere: not as
another quotation, not in a context, a title or an address.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from builder.config import Config
from builder.errors import UsageError
from builder.lines import read_objects
from builder.records import Document, Span
from builder.release.patterns import GivenPattern, Pattern, compiled
from builder.speakers.person_names import PersonName, parse_name

KINDS = ("document", "url", "quotation", "speaker", "pattern")
NOTE = "note"

# What may stand between the parts of a name, in a text and in an address.
BETWEEN = r"(?:[\W_]|%[0-9A-Fa-f]{2})*"
ACCENTS = "[\u0300-\u036f]*"
ADDRESS = re.compile(r"^[a-z]+://(?:www\.)?|[#?].*$|/$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Removals:
    """What must not be published; empty, it removes nothing.

    `urls` are without what two addresses of one page may differ in; `speakers` are names and ids as
    they were given, `patterns` find the names and whatever was given as a pattern. `words` are runs of
    words of the removed quotations, which are known only once the corpus is read.
    """

    documents: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    quotations: frozenset[str] = frozenset()
    speakers: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    words: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.documents or self.urls or self.quotations or self.patterns)

    def names_document(self, document: Document) -> bool:
        """Whether a document is to be removed as a whole."""
        return document.id in self.documents or (
            document.url is not None and _address(document.url) in self.urls
        )

    def names_speaker(self, name: str, entity: str | None) -> bool:
        """Whether somebody is to be removed, by name or by id."""
        return entity in self.speakers or self.find_in(name)

    def find_in(self, text: str | None) -> bool:
        """Whether a text holds anything that must not be published."""
        return text is not None and any(pattern.search(text) for pattern in self.patterns)

    def with_family_names(self, names: Iterable[str]) -> "Removals":
        """The same requests, and the family names of the removed where they can mean nobody else.

        `names` are those of all speakers: a family name that another of them has means either.
        """
        asked = [(name, parsed) for name in self.speakers if (parsed := _full_name(name)) is not None]
        if not asked:
            return self
        others = (_full_name(name) for name in names if not self.find_in(name))
        borne = {one.family for one in others if one is not None}
        alone = [name.split()[-1] for name, parsed in asked if parsed.family not in borne]
        return replace(self, patterns=(*self.patterns, *(_name_pattern(one, exact=True) for one in alone)))

    def within(self, document: Document, speakers: Iterable[str]) -> tuple[Pattern, ...]:
        """The patterns for one document: where somebody is named in full, single names mean them too.

        `speakers` are the names of those who are removed as speakers of the document.
        """
        named = [name for name in self.speakers if _name_pattern(name).search(document.text)]
        parts = {part for name in [*named, *speakers] for part in name.split() if part[:1].isupper()}
        return (*self.patterns, *(_name_pattern(part, exact=True) for part in sorted(parts) if len(part) > 1))


def require_unnamed(config: Config, removals: Removals) -> None:
    """Refuses a configuration whose own words would publish what must not be.

    Raises:
        UsageError: names the key.
    """
    dataset = config.dataset
    words = {
        "dataset.title": dataset.title,
        "dataset.description": dataset.description,
        "dataset.citation": dataset.citation,
        **{f"targets: {target.id}: name": target.name for target in config.targets},
    }
    named = next((key for key, text in words.items() if removals.find_in(text)), None)
    if named is not None:
        raise UsageError(
            f"{named}: holds what must not be published by release.removals; change one of the two"
        )


def read_removals(path: Path) -> Removals:
    """Reads what must not be published.

    Raises:
        UsageError: the file cannot be read, or a line names nothing, several things, or a pattern that
            is no regular expression; the message names file and line.
    """
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    patterns: list[GivenPattern] = []
    for number, line in read_objects(path):
        kind, value = _request(line, f"{path}:{number}")
        found[kind].append(value)
        if kind == "pattern":
            patterns.append(compiled(value, f"{path}:{number}"))
    return Removals(
        documents=frozenset(found["document"]),
        urls=frozenset(map(_address, found["url"])),
        quotations=frozenset(found["quotation"]),
        speakers=tuple(found["speaker"]),
        patterns=(*map(_name_pattern, found["speaker"]), *patterns),
    )


def spans_found(patterns: Collection[Pattern], text: str) -> list[Span]:
    """The stretches of a text that some patterns find."""
    found = (match.span() for pattern in patterns for match in pattern.finditer(text))
    return sorted(Span(start, end) for start, end in found if start < end)


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of some others."""
    return any(one.start < span.end and span.start < one.end for one in others)


def _full_name(name: str) -> PersonName | None:
    """The parts of a name of several words."""
    parsed = parse_name(name)
    return parsed if parsed is not None and parsed.is_full else None


def _request(line: dict[str, Any], where: str) -> tuple[str, str]:
    named = [key for key in line if key != NOTE]
    if len(named) != 1 or named[0] not in KINDS:
        raise UsageError(f"{where}: name one of {', '.join(KINDS)} (got {', '.join(named) or 'nothing'})")
    kind, value = named[0], line[named[0]]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {kind!r} must be text (got {value!r})")
    return kind, value.strip() if kind != "pattern" else value


@cache
def _name_pattern(name: str, exact: bool = False) -> re.Pattern[str]:
    """Finds a name as whole words, with or without its accents; in any case, or `exact`: as it is
    written and in capitals.
    """
    forms = dict.fromkeys([name, name.upper()] if exact else [name])
    wanted = "|".join(map(_letters, forms))
    return re.compile(rf"(?<!\w)(?:{wanted})(?!\w)", 0 if exact else re.IGNORECASE)


def _letters(name: str) -> str:
    parts = ("".join(map(_letter, unicodedata.normalize("NFC", part))) for part in name.split())
    return BETWEEN.join(parts)


def _letter(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) == 1:
        return re.escape(character)
    return f"(?:{re.escape(character)}|{re.escape(decomposed[0])}{ACCENTS})"


def _address(url: str) -> str:
    return ADDRESS.sub("", url.strip()).rstrip("/")
