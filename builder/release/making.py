"""Making the rows of a release: shard by shard from the records, then each into its split."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.config import Config
from builder.engine.database import Database
from builder.engine.local import Job, worker_count
from builder.engine.workspace import Progress
from builder.errors import ReleaseError
from builder.records import AddedQuotation
from builder.release.continuity import keep_clusters
from builder.release.dataset import QUOTES, STANCE, columns
from builder.release.folder import data_files
from builder.release.inputs import ReleaseInputs
from builder.release.laying import STAGE, Laid, ShardJob, lay_down, removed_words
from builder.release.leaks import find_leaks, require_no_leaks
from builder.release.parts import Parts, require_unique_ids
from builder.release.plan import Plan
from builder.release.removals import KnownSpeaker, Removals
from builder.release.removed_words import long_runs
from builder.release.rows import BESIDE, Terms
from builder.release.shard import SHARDED
from builder.release.splits import laid, place_rows
from builder.review.added import read_added
from builder.review.adjudicate import Outcomes, outcomes_of
from builder.review.articles import Added, Searched, on_quotations, searched_articles
from builder.review.decisions import ImportedDecision
from builder.review.lost import LostDecision, unmatched, unnamed, unplaced, without_unknown_stances
from builder.review.matching import DecidedItem, decided_items
from builder.stance.auto_targets import id_of

NAMES_AT_ONCE = 10_000
REASONS_TOLD = 3  # why inputs were left out, where nothing else is
SHARDS_A_WORKER = 4  # fewer are done before a worker has started


@dataclass(slots=True)
class Made:
    """The rows of a release on their way, and what came up while they were made.

    `parts` are the rows by configuration of the dataset, of which there are so many `rows`; `applied` the
    decisions that count, `lost` those that could not be applied; `removed` quotations were found to be
    none, `withdrawn` ones and whole `withdrawn_documents` are not published on request. `workers` is the
    number of processes that are worth starting for a corpus of this size, `removals` all that must not be
    published. `searched` are the whole articles that people searched; in `searched_before` others the
    program has found something else since. `audited_none` counts the stances, accepted from the model, whose
    quotation people who looked at it for the audit found to be none.
    """

    parts: Mapping[str, Parts]
    workers: int
    rows: dict[str, int] = field(default_factory=dict)
    applied: Sequence[ImportedDecision] = ()
    lost: list[LostDecision] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    withdrawn_documents: set[str] = field(default_factory=set)
    removals: Removals = field(default_factory=Removals)
    searched: list[Searched] = field(default_factory=list)
    searched_before: int = 0
    audited_none: int = 0


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
    made.rows = {name: parts.register(database, laid(name)) for name, parts in made.parts.items()}
    if not made.rows[QUOTES]:
        found = _found_but_not_published(made) or "no quotation was found in the inputs"
        left_out = _left_out(database, tables.rejects)
        raise ReleaseError(f"{found}, so there is nothing to release{left_out}")
    for name in made.parts:
        require_unique_ids(database, laid(name))
    place_rows(database, config.release.splits, previous)
    require_no_leaks(find_leaks(database, config.release.splits.by == "speaker"))
    return made


def _found_but_not_published(made: Made) -> str:
    """How many quotations were found of which none may be published; nothing if none was found."""
    count = len(made.withdrawn | made.removed)
    if not count:
        return ""
    return (
        f"{count:,} quotations were found; {len(made.withdrawn):,} are withdrawn on request, "
        f"{len(made.removed):,} were found to be none"
    )


def _left_out(database: Database, files: Sequence[Path]) -> str:
    """What was left out, by the most frequent reasons, with an example of each; nothing if nothing was."""
    if not files:
        return ""
    found = database.execute(
        "select reason, count(*) as n, arg_min(uri, uri), arg_min(detail, uri) from read_parquet($files) "
        "group by reason order by n desc, reason limit $most",
        {"files": [str(path) for path in files], "most": REASONS_TOLD},
    ).fetchall()
    told = "; ".join(f"{reason} ({count:,}), such as {uri}: {why}" for reason, count, uri, why in found)
    return f"; left out were: {told}" if told else ""


def _lay_down(
    tables: ReleaseInputs,
    config: Config,
    database: Database,
    folder: Path,
    previous: Path | None,
    progress: Progress,
) -> Made:
    """Turns the shards into rows, and applies the decisions to them."""
    features, shards = columns(config.stance.labels), len(tables.documents)
    made = Made(
        {name: Parts(folder / name, features[name], BESIDE[name]) for name in (QUOTES, STANCE)},
        workers=min(worker_count(config.run.workers), shards // SHARDS_A_WORKER),
    )
    targets = [target.id for target in config.targets]
    decisions, made.lost = without_unknown_stances(tables.decisions, targets, config.stance.labels)
    searches = searched_articles(decisions)
    decisions = on_quotations(decisions, searches)
    plan = Plan(database, tables.documents, tables.clusters, tables.quotations, tables.identities)
    if previous is not None:
        keep_clusters(database, data_files(previous)[QUOTES].values())
    jobs = _Jobs(tables, plan, decided_items(decisions), outcomes_of(decisions), searches)
    terms = _terms(tables, config, database, jobs, made.workers)
    made.removals = terms.removals
    found = Laid()
    progress(STAGE, 0, shards)
    for done, one in enumerate(lay_down(made.parts, terms, jobs, made.workers), 1):
        found.add(one)
        progress(STAGE, done, shards)
    made.removed, made.withdrawn = found.removed, found.withdrawn
    made.withdrawn_documents, made.audited_none = found.withdrawn_documents, found.audited
    made.lost += [
        *unmatched(decisions, found.matched),
        *unplaced(decisions, found.misplaced),
        *unnamed(decisions, found.unnamed),
    ]
    left_out = {one.lost for one in made.lost}
    _count_searched(made, found.searched, searches)
    made.applied = [
        one for one in decisions if one not in left_out and one.decision.item not in made.withdrawn
    ]
    return made


def _terms(
    tables: ReleaseInputs, config: Config, database: Database, jobs: Iterable[Job], workers: int
) -> Terms:
    """What the rows are published by; for the words of removed quotations the corpus is read once more."""
    removals = tables.removals.with_entities(_speakers(tables, database, list(tables.removals.names)))
    removals = removals.with_family_names(_speakers(tables, database))
    terms = Terms(
        config,
        removals,
        tables.secret,
        tables.ranker,
        {one.field: one for one in tables.calibrations},
        frozenset(id_of(one.id) for one in tables.entries),
    )
    if not removals:
        return terms
    words = long_runs(removed_words(terms, jobs, workers))
    return replace(terms, removals=replace(removals, words=words))


def _speakers(
    tables: ReleaseInputs, database: Database, entities: Sequence[str] | None = None
) -> Iterator[KnownSpeaker]:
    """All who speak under a name, each once; only those of some `entities`, if they are given."""
    if entities == []:
        return
    found = database.execute(
        "select distinct name, kind, entity from read_parquet($files) "
        "where name <> '' and ($entities is null or list_contains($entities, entity)) order by all",
        {"files": [str(path) for path in tables.speakers], "entities": entities},
    )
    while rows := found.fetchmany(NAMES_AT_ONCE):
        yield from (KnownSpeaker(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Jobs:
    """The shards to be laid down, each asked for as it is needed."""

    tables: ReleaseInputs
    plan: Plan
    items: Mapping[str, Sequence[DecidedItem]]
    outcomes: Outcomes
    searches: Sequence[Searched]

    def __iter__(self) -> Iterator[Job]:
        # An article that stands in several shards has what people added to it in the first.
        told = read_added(self.tables.added)
        to_add: dict[str, list[Added]] = {}
        for one in (added for search in self.searches for added in search.added):
            to_add.setdefault(one.item.document, []).append(one)
        for number, path in enumerate(self.tables.documents):
            yield path.stem, self._job(number, to_add, told)

    def _job(
        self, number: int, to_add: dict[str, list[Added]], told: Mapping[str, Sequence[AddedQuotation]]
    ) -> ShardJob:
        clusters = self.plan.clusters(number)
        items = {document: self.items[document] for document in clusters if document in self.items}
        decided = [item.id for some in items.values() for item in some]
        return ShardJob(
            number=number,
            files={name: getattr(self.tables, name)[number] for name in SHARDED},
            clusters=clusters,
            identities=self.plan.identities(number),
            repeated=self.plan.repeated(number),
            items=items,
            outcomes={one: self.outcomes[one] for one in decided if one in self.outcomes},
            searches=[one for one in self.searches if one.document in clusters],
            added=[one for document in clusters for one in to_add.pop(document, ())],
            told=[one for document in clusters for one in told.get(document, ())],
        )


def _count_searched(made: Made, still: Sequence[Searched], searches: Sequence[Searched]) -> None:
    """Keeps each searched article once, and none of which something is withdrawn.

    `still` are those of the `searches` in which the program finds the same as it did then.
    """
    by_document = {
        one.document: one
        for one in sorted(still, key=lambda one: one.document)
        if one.document not in made.withdrawn_documents
        and made.withdrawn.isdisjoint([*one.found, *(added.item.id for added in one.added)])
    }
    gone = {one.document for one in still} - by_document.keys() | made.withdrawn_documents
    made.searched = list(by_document.values())
    made.searched_before = len({one.document for one in searches} - by_document.keys() - gone)
