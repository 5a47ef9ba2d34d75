"""What must not be published: requests for removal, read from a file that is never published itself.

JSON Lines; each line names one thing by one of these keys, and may hold a `note`:

    {"document": "d07…"}       a document by its id
    {"url": "https://…"}       a document by its address
    {"quotation": "q1f…"}      a quotation by its id
    {"speaker": "Ada Example"} a speaker by name, or by id in the authority table, which means all names of
                               the entry
    {"pattern": "Ex(a|e)mple"} whatever a regular expression finds, in whatever is published; one that
                               takes seconds on one text ends the release

The words of a removed quotation, a removed name and what a pattern finds are published nowhere: not as
another quotation, not in a context, a title or an address.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder.config import Config
from builder.errors import UsageError
from builder.lines import read_objects
from builder.records import Document, Span, SpeakerKind
from builder.release.addresses import address_of
from builder.release.patterns import GivenPattern, Pattern, compiled
from builder.release.removed_names import FullName, NamePatterns, Sought, of_entry, parts_of, singly, sought
from builder.speakers.authority_table import Entry
from builder.speakers.given_names import is_given_name
from builder.speakers.person_names import PersonName, agreement, key_of_words, parse_name
from builder.stance.auto_targets import id_of

KINDS = ("document", "url", "quotation", "speaker", "pattern")
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Request:
    """A line of the file of removals: where it stands, and what it names."""

    where: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """A speaker of the corpus, by name, kind and id in the authority table."""

    name: str
    kind: SpeakerKind
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Removals:
    """What must not be published; empty, it removes nothing.

    `urls` are the pages with the queries that were asked for; `entities` are ids of the authority table,
    `targets` those of the automatic targets that these are. `names` are all that are looked for, by the
    request that asks for them, `people` those of them that are full names of persons. `patterns` find the
    names and whatever was given as a pattern. `words` are runs of words of the removed quotations, which are
    known only once the corpus is read.
    """

    documents: frozenset[str] = frozenset()
    urls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    quotations: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    names: Mapping[str, tuple[Sought, ...]] = field(default_factory=dict)
    people: frozenset[FullName] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    words: frozenset[str] = frozenset()
    requests: tuple[Request, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.urls or self.quotations or self.entities or self.patterns)

    def names_document(self, document: Document) -> bool:
        """Whether a document is to be removed as a whole."""
        return document.id in self.documents or (
            document.url is not None and self.names_address(document.url)
        )

    def names_address(self, url: str) -> bool:
        """Whether an address is of a page that is to be removed.

        An address without a query is that of the page with any, where its path says which page it is.
        """
        if not self.urls:
            return False
        address = address_of(url)
        queries = self.urls.get(address.page)
        if queries is None:
            return False
        return address.query in queries or (address.has_path and (not address.query or "" in queries))

    def names_speaker(self, name: str, entity: str | None) -> bool:
        """Whether somebody is to be removed, by name or by id."""
        return entity in self.entities or self.find_in(name)

    def names_target(self, target: str, name: str) -> bool:
        """Whether an automatic target is somebody who is to be removed, by its id or its name."""
        return target in self.targets or self.find_in(name)

    def find_in(self, text: str | None) -> bool:
        """Whether a text holds anything that must not be published."""
        return text is not None and any(pattern.search(text) for pattern in self.patterns)

    def with_entities(self, speakers: Iterable[KnownSpeaker]) -> "Removals":
        """The same requests, those by the id of an authority table with the names that speakers have there.

        A single name, or a description, means others as well, and is left to the articles that have the
        full name.
        """
        names, entities = dict(self.names), set(self.entities)
        for one in speakers:
            if one.entity is None or one.entity not in names:
                continue
            if one.entity not in entities:
                entities.add(one.entity)
                names[one.entity] = _full(names[one.entity])
            found = sought(one.name, one.kind)
            found = _full(found) if one.kind == "person" else found
            names[one.entity] = tuple(dict.fromkeys([*names[one.entity], *found]))
        return _with_names(self, names, frozenset(entities))

    def with_family_names(self, speakers: Iterable[KnownSpeaker]) -> "Removals":
        """The same requests, and the family names of the removed where they can mean nobody else.

        `speakers` are all of the corpus: a family name that another person has means either, and the words
        of what only bodies are called mean nobody.
        """
        if not self.people:
            return self
        asked = {key_of_words(one.text) for one in self.people}
        families: dict[str, list[PersonName]] = {one.person.family: [] for one in self.people}
        kinds: dict[str, set[str]] = {}
        for speaker in speakers:
            key = key_of_words(speaker.name)
            if key in asked:
                kinds.setdefault(key, set()).add(speaker.kind)
            parsed = parse_name(speaker.name) if speaker.kind == "person" else None
            if parsed is not None and parsed.is_full and parsed.family in families:
                families[parsed.family] += [] if self.find_in(speaker.name) else [parsed]
        people = frozenset(one for one in self.people if _may_be_person(one, kinds))
        asked_of: dict[str, list[PersonName]] = {}
        for one in people:
            asked_of.setdefault(one.person.family, []).append(one.person)
        alone = [
            family
            for family, removed in asked_of.items()
            if all(any(agreement(one, other) for one in removed) for other in families[family])
        ]
        found = (singly(alone),) if alone else ()
        return replace(self, people=people, patterns=(*self.patterns, *found))

    def within(self, document: Document, speakers: Iterable[str]) -> tuple[Pattern, ...]:
        """The patterns for one document: where somebody is named in full, single names mean them too.

        `speakers` are the names of the people who are removed as speakers of the document.
        """
        parts = {part for name in self._people_in(document.text) for part in name.parts}
        parts |= {part for name in speakers for part in parts_of(name)}
        return (*self.patterns, singly(parts)) if parts else self.patterns

    def _people_in(self, text: str) -> set[FullName]:
        """Whose full names stand in a text."""
        patterns = [one for one in self.patterns if isinstance(one, NamePatterns) and one.holds_full_names]
        found = {one.name for pattern in patterns for one in pattern.finditer(text)}
        return {name for name in found if isinstance(name, FullName) and name in self.people}


def require_unnamed(config: Config, removals: Removals) -> None:
    """Refuses a configuration whose own words would publish what must not be.

    Raises:
        UsageError: names the key.
    """
    named = next((key for key, text in _published_words(config) if removals.find_in(text)), None)
    if named is not None:
        raise UsageError(
            f"{named}: holds what must not be published by release.removals; change one of the two"
        )


def read_removals(path: Path, entries: Iterable[Entry] = ()) -> Removals:
    """Reads what must not be published; `entries` are those of the authority table, if there is one.

    Raises:
        UsageError: the file cannot be read, or a line names nothing, several things, or a pattern that
            is no regular expression; the message names file and line.
    """
    requests, names = [], {}
    patterns: list[GivenPattern] = []
    known = {one.id: one for one in entries}
    for number, line in read_objects(path):
        one = _request(line, f"{path}:{number}")
        requests.append(one)
        if one.kind == "pattern":
            patterns.append(compiled(one.value, one.where))
        elif one.kind == "speaker":
            names[one.value] = _names_of(one, known.get(one.value))
    removals = Removals(
        documents=frozenset(one.value for one in requests if one.kind == "document"),
        urls=urls_of(one.value for one in requests if one.kind == "url"),
        quotations=frozenset(one.value for one in requests if one.kind == "quotation"),
        patterns=tuple(patterns),
        requests=tuple(requests),
    )
    return _with_names(removals, names, frozenset(names.keys() & known.keys()))


def urls_of(addresses: Iterable[str]) -> dict[str, frozenset[str]]:
    """The pages of some addresses, with the queries that are asked for."""
    pages: dict[str, set[str]] = {}
    for page, query in map(address_of, addresses):
        pages.setdefault(page, set()).add(query)
    return {page: frozenset(queries) for page, queries in pages.items()}


def spans_found(patterns: Collection[Pattern], text: str) -> list[Span]:
    """The stretches of a text that some patterns find."""
    found = (match.span() for pattern in patterns for match in pattern.finditer(text))
    return sorted(Span(start, end) for start, end in found if start < end)


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of some others."""
    return any(one.start < span.end and span.start < one.end for one in others)


def _with_names(
    removals: Removals, names: Mapping[str, tuple[Sought, ...]], entities: frozenset[str]
) -> Removals:
    """The same requests with other names that are looked for."""
    all_of_them = tuple(dict.fromkeys(name for some in names.values() for name in some))
    others = tuple(one for one in removals.patterns if not isinstance(one, NamePatterns))
    return replace(
        removals,
        names=names,
        entities=entities,
        targets=frozenset(map(id_of, entities)),
        people=frozenset(one for one in all_of_them if isinstance(one, FullName)),
        patterns=(NamePatterns(all_of_them), *others) if all_of_them else others,
    )


def _full(names: Iterable[Sought]) -> tuple[Sought, ...]:
    """The full names of people among some names."""
    return tuple(name for name in names if isinstance(name, FullName))


def _may_be_person(name: FullName, kinds: Mapping[str, Collection[str]]) -> bool:
    """Whether a name can be a person's, by the kinds that its bearers in the corpus are of."""
    known = kinds.get(key_of_words(name.text), ("person",))
    return "person" in known or is_given_name(name.text.split()[0])


def _names_of(request: Request, entry: Entry | None) -> tuple[Sought, ...]:
    """What finds the names that a request means: those of an entry, or the one that it gives."""
    if entry is not None:
        return of_entry((entry.name, *entry.aliases), entry.kind)
    found = sought(request.value)
    if not found:
        raise UsageError(
            f"{request.where}: 'speaker' has neither a letter nor a digit (got {request.value!r})"
        )
    return found


def _request(line: dict[str, Any], where: str) -> Request:
    named = [key for key in line if key != NOTE]
    if len(named) != 1 or named[0] not in KINDS:
        raise UsageError(f"{where}: name one of {', '.join(KINDS)} (got {', '.join(named) or 'nothing'})")
    kind, value = named[0], line[named[0]]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {kind!r} must be text (got {value!r})")
    return Request(where, kind, value.strip() if kind != "pattern" else value)


def _published_words(config: Config) -> Iterator[tuple[str, str]]:
    """What of a configuration is printed in a release, by its keys."""
    dataset = config.dataset
    for key in ("name", "title", "description", "citation", "homepage", "contact"):
        yield f"dataset.{key}", getattr(dataset, key)
    for key in ("license", "license_name", "license_link"):
        yield f"dataset.{key}", getattr(dataset, key)
    yield from (("dataset.authors", one) for one in dataset.authors)
    yield from (("stance.labels", one) for one in config.stance.labels)
    for target in config.targets:
        yield f"targets: {target.id}: id", target.id
        yield f"targets: {target.id}: name", target.name
