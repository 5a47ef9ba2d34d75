"""Near-duplicate documents: one wire story on many sites becomes one cluster."""

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from builder.clusters.candidates import find_candidates
from builder.clusters.compare import are_near_duplicates
from builder.clusters.groups import Groups
from builder.clusters.minhash import hashes_of
from builder.clusters.store import GramStore
from builder.clusters.words import grams_of, words_of
from builder.config import ClusterConfig
from builder.engine.database import Database, connected
from builder.ids import cluster_id
from builder.records import Cluster, Document, from_table

ROWS_AT_ONCE = 10_000

# Thousands of pages that are alike, but not enough, would be compared each with hundreds. The
# likeliest pairs come first, so two texts that were both often wrong are not compared any more.
MOST_FAILURES = 16

DOCUMENTS = """
    select text.number, documents.*
    from read_parquet($file) as documents join text on text.document = documents.id
    semi join (select one as number from candidate union select other from candidate) using (number)
"""

# The canonical document is the earliest, then the longest, then the one with the smallest id; dates
# are ISO 8601, so their order is that of the text, and "~" comes after all of them.
CLUSTERS = """
    with grouped as (
        select
            member.document,
            coalesce(first.document, member.document) as smallest,
            (coalesce(published, '~'), -length, member.document) as rank
        from member
        left join text using (words_sha256)
        left join joined using (number)
        left join text as first on first.number = coalesce(joined.smallest, text.number)
    ), canonical as (
        select smallest, arg_min(document, rank) as canonical from grouped group by smallest
    )
    select document, smallest, canonical from grouped join canonical using (smallest) order by document
"""


def cluster(
    signature_files: Sequence[Path],
    document_files: Sequence[Path],
    config: ClusterConfig,
    memory_mb: int,
    temporary: Path,
) -> Iterator[Cluster]:
    """The cluster of every document, sorted by document; one of its own for most.

    Documents of the same words are in one cluster, and those that are near-duplicates by
    `config`; so are those that a chain of such pairs connects. A cluster's id is derived from the
    smallest id in it. Both kinds of files are Parquet shards, of `Signature` and of `Document`;
    `memory_mb` bounds the database, which spills into `temporary`.
    """
    if not signature_files:
        return
    with connected(memory_mb, temporary) as database, tempfile.TemporaryFile(dir=temporary) as stream:
        texts = find_candidates(database, signature_files, config)
        store = _stored_grams(database, document_files, GramStore(stream, texts))
        groups = _compared(database, store, config, texts)
        yield from _clusters(database, groups)


def _stored_grams(database: Database, document_files: Sequence[Path], store: GramStore) -> GramStore:
    """The 5-grams of every text that is to be compared; one shard of documents is held at a time."""
    for file in document_files:
        table = database.sql(DOCUMENTS, params={"file": str(file)}).to_arrow_table()
        grams = [grams_of(words_of(document)) for document in from_table(table.drop(["number"]), Document)]
        for number, hashes in zip(table.column("number").to_pylist(), hashes_of(grams), strict=True):
            store.add(number, hashes)
    return store


def _compared(database: Database, store: GramStore, config: ClusterConfig, texts: int) -> Groups:
    """The groups of texts that are near-duplicates; a pair already in one group is not compared."""
    groups = Groups()
    failures = array("Q", [0]) * texts
    found = database.execute("select one, other from candidate")
    while rows := found.fetchmany(ROWS_AT_ONCE):
        for one, other in rows:
            if groups.smallest(one) == groups.smallest(other):
                continue
            if min(failures[one], failures[other]) >= MOST_FAILURES:
                continue
            if are_near_duplicates(store.grams(one), store.grams(other), config):
                groups.join(one, other)
            else:
                failures[one] += 1
                failures[other] += 1
    return groups


def _clusters(database: Database, groups: Groups) -> Iterator[Cluster]:
    database.register("joined", groups.as_table())
    found = database.execute(CLUSTERS)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        for member, first, canonical in rows:
            yield Cluster(member, cluster_id(first), canonical)
