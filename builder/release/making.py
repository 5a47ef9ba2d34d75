"""Making the rows of a release: shard by shard from the records, then each into its split."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.config import Config
from builder.engine.database import Database
from builder.engine.workspace import Progress
from builder.errors import ReleaseError
from builder.release.added import is_added, with_added
from builder.release.continuity import keep_clusters
from builder.release.dataset import QUOTES, STANCE, columns
from builder.release.folder import data_files
from builder.release.inputs import ReleaseInputs
from builder.release.items import items_of
from builder.release.leaks import find_leaks, require_no_leaks
from builder.release.parts import Parts, require_unique_ids
from builder.release.plan import Plan
from builder.release.removals import Removals
from builder.release.removed_words import long_runs
from builder.release.rows import BESIDE, Terms, rows_of
from builder.release.shard import SHARDED, Shard, read_shard
from builder.release.splits import laid, place_rows
from builder.release.withdrawn import is_asked_for
from builder.review.adjudicate import Outcomes, outcomes_of
from builder.review.articles import Added, Searched, on_quotations, searched_articles
from builder.review.decisions import ImportedDecision
from builder.review.lost import LostDecision, unmatched, unplaced, without_unknown_stances
from builder.review.matching import DecidedItem, decided_items
from builder.stance.label import text_of

STAGE = "release"
NAMES_AT_ONCE = 10_000


@dataclass(slots=True)
class Made:
    """The rows of a release on their way, and what came up while they were made.

    `parts` are the rows by configuration of the dataset; `applied` the decisions that count, `lost`
    those that could not be applied; `removed` quotations were found to be none, `withdrawn` ones and whole
    `withdrawn_documents` are not published on request. `searched` are the whole articles that people
    searched; in `searched_before` others the program has found something else since.
    """

    parts: Mapping[str, Parts]
    applied: Sequence[ImportedDecision] = ()
    lost: list[LostDecision] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    withdrawn_documents: set[str] = field(default_factory=set)
    searched: list[Searched] = field(default_factory=list)
    searched_before: int = 0


def make_rows(
    tables: ReleaseInputs,
    config: Config,
    database: Database,
    folder: Path,
    previous: Path | None,
    progress: Progress,
) -> Made:
    """Makes the rows; they lie in `folder`, and as `placed_quotes` and `placed_stance` in the database.

    `previous` is the folder of the release before this one.

    Raises:
        ReleaseError: there is no row, two have the same id, or copies stand in different splits.
    """
    made = _lay_down(tables, config, database, folder, previous, progress)
    if not made.parts[QUOTES].rows:
        raise ReleaseError("no quotation was found in the inputs, so there is nothing to release")
    for name, parts in made.parts.items():
        parts.register(database, laid(name))
        require_unique_ids(database, laid(name))
    place_rows(database, config.release.splits, previous)
    require_no_leaks(find_leaks(database, config.release.splits.by == "speaker"))
    return made


def _lay_down(
    tables: ReleaseInputs,
    config: Config,
    database: Database,
    folder: Path,
    previous: Path | None,
    progress: Progress,
) -> Made:
    """Turns the shards into rows, one shard after the other, and applies the decisions to them."""
    features = columns(config.stance.labels)
    made = Made({name: Parts(folder / name, features[name], BESIDE[name]) for name in (QUOTES, STANCE)})
    targets = [target.id for target in config.targets]
    decisions, made.lost = without_unknown_stances(tables.decisions, targets, config.stance.labels)
    searches = searched_articles(decisions)
    decisions = on_quotations(decisions, searches)
    items, outcomes = decided_items(decisions), outcomes_of(decisions)
    matched: set[str] = set()
    misplaced: set[str] = set()
    removals = tables.removals.with_family_names(_names_of_people(tables, database))
    plan = Plan(database, tables.documents, tables.clusters, tables.quotations, tables.identities)
    if previous is not None:
        keep_clusters(database, data_files(previous)[QUOTES].values())
    shards = _Shards(tables, config, plan, items, [one for search in searches for one in search.added])
    removals = replace(removals, words=long_runs(_removed(shards, outcomes, removals)))
    terms = Terms(config, removals, tables.secret, {one.field: one for one in tables.calibrations})
    with ExitStack() as stack:
        add = {name: stack.enter_context(parts.adding()) for name, parts in made.parts.items()}
        for number in range(len(tables.documents)):
            progress(STAGE, number, len(tables.documents))
            shard, decided, repeated = shards.read(number)
            matched.update(item.id for item in decided.values())
            made.searched += _still_as_searched(searches, shard)
            made.withdrawn_documents.update(
                one.id for one in shard.documents.values() if removals.names_document(one)
            )
            for rows in rows_of(shard, decided, outcomes, terms, repeated):
                add[QUOTES]([rows.quote] if rows.quote is not None else [])
                add[STANCE](rows.stance)
                made.withdrawn.update([rows.item] if rows.withdrawn else [])
                made.removed.update([rows.item] if rows.quote is None and not rows.withdrawn else [])
                misplaced.update([rows.item] if rows.unplaced else [])
    progress(STAGE, len(tables.documents), len(tables.documents))
    made.lost += [*unmatched(decisions, matched), *unplaced(decisions, misplaced)]
    left_out = {one.lost for one in made.lost}
    _count_searched(made, searches)
    made.applied = [
        one for one in decisions if one not in left_out and one.decision.item not in made.withdrawn
    ]
    return made


def _names_of_people(tables: ReleaseInputs, database: Database) -> Iterator[str]:
    """The names of all people who speak, each once."""
    found = database.execute(
        "select distinct name from read_parquet($files) where kind = 'person' order by name",
        {"files": [str(path) for path in tables.speakers]},
    )
    while rows := found.fetchmany(NAMES_AT_ONCE):
        yield from (name for (name,) in rows)


@dataclass(frozen=True, slots=True)
class _Shards:
    """The shards, each with the decided items among its quotations, and those that earlier shards hold."""

    tables: ReleaseInputs
    config: Config
    plan: Plan
    items: Mapping[str, Sequence[DecidedItem]]
    added: Sequence[Added]
    first: dict[str, int] = field(default_factory=dict)

    def read(self, number: int) -> tuple[Shard, dict[str, DecidedItem], frozenset[str]]:
        files = {name: getattr(self.tables, name)[number] for name in SHARDED}
        targets = [target.id for target in self.config.targets]
        clusters, identities = self.plan.clusters(number), self.plan.identities(number)
        shard = read_shard(files, clusters, identities, targets, self.config.stance.labels)
        repeated = self.plan.repeated(number)
        here = [item for document in shard.documents for item in self.items.get(document, ())]
        # An article that stands in several shards has what people added to it in the first.
        added = [
            one
            for one in self.added
            if one.item.document in shard.documents
            and self.first.setdefault(one.item.document, number) == number
        ]
        return *with_added(shard, here, added, repeated), repeated


def _removed(shards: _Shards, outcomes: Outcomes, removals: Removals) -> Iterator[str]:
    """The quotations that are to be removed; what they say can stand in the articles of every shard."""
    for number in range(len(shards.tables.documents) if removals else 0):
        shard, decided, repeated = shards.read(number)
        for item in items_of(shard, decided, outcomes, repeated):
            if is_asked_for(item, removals):
                yield text_of(item.document, item.quotation)


def _still_as_searched(searches: Sequence[Searched], shard: Shard) -> Iterator[Searched]:
    """The searches of a shard's articles in which the program finds the same as it did then."""
    found = {(one.document, one.id) for one in shard.quotations if not is_added(one)}
    for one in searches:
        if one.document in shard.documents:
            there = {name for document, name in found if document == one.document}
            if there == one.found.keys():
                yield one


def _count_searched(made: Made, searches: Sequence[Searched]) -> None:
    """Keeps each searched article once, and none of which something is withdrawn."""
    by_document = {
        one.document: one
        for one in made.searched
        if one.document not in made.withdrawn_documents
        and made.withdrawn.isdisjoint([*one.found, *(added.item.id for added in one.added)])
    }
    gone = {one.document for one in made.searched} - by_document.keys() | made.withdrawn_documents
    made.searched = list(by_document.values())
    made.searched_before = len({one.document for one in searches} - by_document.keys() - gone)
