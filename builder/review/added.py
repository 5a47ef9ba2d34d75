"""Quotations that people added, which the program had missed: what they are, and where they stand now.

Where the program finds one since, which shares at least half of the characters with it, that is the
quotation that people added. Otherwise it is a quotation beside those found.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

from builder.engine.corpus import ALL
from builder.engine.workspace import Workspace
from builder.ids import quotation_id, sha256
from builder.quotes.assemble import Draft, assemble
from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.records import AddedQuotation, Document, Quotation, from_table
from builder.review.articles import Added, about_the_same, on_quotations, searched_articles
from builder.review.boundaries import Boundaries, placed_alone
from builder.review.decisions import ImportedDecision
from builder.review.matching import DecidedItem, decided_items, match_decisions, unclaimed

FOLDER = "added"
"""Where a workspace keeps the records of them."""

PEOPLE = "people"
"""What a quotation has for its extractor that people added."""

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Additions:
    """What people added to some documents, and all decided items of these, both by document."""

    added: Mapping[str, Sequence[Added]]
    items: Mapping[str, Sequence[DecidedItem]]

    def hash(self) -> str:
        """The SHA-256 of what decides what is added, and where; empty for nothing."""
        if not self.added:
            return ""
        told = {
            name: [[asdict(one) for one in some], [asdict(one) for one in self.items[name]]]
            for name, some in self.added.items()
        }
        return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True, slots=True)
class Placed:
    """A document, the quotations that the program found in it, and those that people added."""

    document: Document
    found: Sequence[Quotation]
    added: Sequence[Quotation]


def additions_of(decisions: Sequence[ImportedDecision]) -> Additions:
    """What people added, by all that they decided."""
    searches = searched_articles(decisions)
    added: defaultdict[str, list[Added]] = defaultdict(list)
    for one in (one for search in searches for one in search.added):
        added[one.item.document].append(one)
    return Additions(
        added, decided_items(one for one in on_quotations(decisions, searches) if one.document in added)
    )


def place(
    documents: Mapping[str, Document],
    quotations: Sequence[Quotation],
    items: Sequence[DecidedItem],
    added: Iterable[Added],
) -> tuple[dict[str, DecidedItem], dict[str, tuple[DecidedItem, Quotation]]]:
    """Which decided item each quotation is, for those that are one; and what is `added` beside them.

    `quotations` are those that the program found in the documents, `items` all decided items of these.
    Both answers are by the quotation's id.
    """
    places = {
        one.item: spans
        for one in added
        if (spans := placed_alone(one.boundaries, one.item, documents[one.item.document]))
    }
    # What has its place is known by it: its words may stand elsewhere, too, where they are another's.
    known = {item.id for item in places}
    decided = match_decisions([one for one in items if one.id not in known], documents, quotations)
    decided |= _found_since(places, [one for one in quotations if one.id not in decided])
    made = {}
    ids = {one.id for one in quotations}
    for item, spans in places.items():
        if item not in decided.values():
            name = item.id if item.id not in ids else quotation_id(item.id, spans["content"])
            made[name] = item, _quotation(name, documents[item.document], spans)
    return decided, made


def placed_in(files: Mapping[str, Sequence[Path]], additions: Additions) -> Iterator[Placed]:
    """The documents to which something is added, each once, with what is in them; others are not read.

    `files` are those of `documents` and `quotations`, in the order of the shards.
    """
    left = dict(additions.added)
    for documents, quotations in zip(files["documents"], files["quotations"], strict=True):
        ids = pq.read_table(documents, columns=["id"])["id"].to_pylist() if left else []
        here = [one for one in ids if one in left]
        if not here:
            continue
        by_id = {one.id: one for one in _read(documents, Document, "id", here)}
        found = _read(quotations, Quotation, "document", here)
        for name, document in by_id.items():
            theirs = [one for one in found if one.document == name]
            _, made = place({name: document}, theirs, additions.items[name], left.pop(name))
            if made:
                yield Placed(document, theirs, [one for _, one in made.values()])


def added_in(workspace: Workspace) -> dict[str, list[AddedQuotation]]:
    """What people added to the documents of a workspace, by document; nothing in one of an older version.

    Raises:
        WorkspaceError: the file is damaged.
    """
    has_some = workspace.marker(FOLDER, ALL) is not None
    return _by_document(workspace.read(FOLDER, ALL, AddedQuotation) if has_some else ())


def read_added(files: Iterable[Path]) -> dict[str, list[AddedQuotation]]:
    """The same from the files of a release's inputs."""
    return _by_document(one for path in files for one in from_table(pq.read_table(path), AddedQuotation))


def is_added(quotation: Quotation) -> bool:
    """Whether people added it."""
    return quotation.extractor == PEOPLE


def _by_document(some: Iterable[AddedQuotation]) -> dict[str, list[AddedQuotation]]:
    added: defaultdict[str, list[AddedQuotation]] = defaultdict(list)
    for one in some:
        added[one.quotation.document].append(one)
    return dict(added)


def _found_since(
    places: Mapping[DecidedItem, Boundaries], quotations: Sequence[Quotation]
) -> dict[str, DecidedItem]:
    """The added item that each quotation is, of those that are one and no other's."""
    by_id = {item.id: item for item in places}
    candidates = {
        item.id: [
            one.id
            for one in quotations
            if one.document == item.document and about_the_same(one.content, spans["content"])
        ]
        for item, spans in places.items()
    }
    return {quotation: by_id[item] for quotation, item in unclaimed(candidates).items()}


def _quotation(name: str, document: Document, spans: Boundaries) -> Quotation:
    lines = paragraphs(document.text)
    marked = pair_marks(document.text, lines)
    draft = Draft(spans["content"], spans["cue"], spans["source"], confidence=1.0)
    (made,) = assemble(document, lines, marked, [draft], PEOPLE)
    return replace(made, id=name, content=spans["content"], cue=spans["cue"], source=spans["source"])


def _read(path: Path, record: type[Record], column: str, among: Sequence[str]) -> list[Record]:
    return from_table(pq.read_table(path, filters=[(column, "in", among)]), record)
