"""What has to be known of the whole corpus before its shards can be turned into rows.

Three things: the duplicate cluster of every document and who its speakers are in other documents, which
lie in tables of their own, and which quotations stand in more than one shard, so that each is published
once. All stay in the database, which is bounded in memory, and are asked for shard by shard.
"""

from collections.abc import Sequence
from pathlib import Path

from builder.engine.database import Database


class Plan:
    """Answers, for each shard, what the other shards know about it."""

    def __init__(
        self,
        database: Database,
        documents: Sequence[Path],
        clusters: Sequence[Path],
        quotations: Sequence[Path],
        identities: Sequence[Path] = (),
    ) -> None:
        self._database = database
        files = {"documents": documents, "clusters": clusters, "quotations": quotations}
        paths = {name: [str(path) for path in some] for name, some in files.items()}
        # Sorted by shard, so that a shard's rows are found without reading the others'.
        database.execute(
            """
            create table membership as
            select shard, document, any_value(cluster) as cluster
            from (select file_index as shard, id as document from read_parquet($documents))
            left join (select member as document, cluster from read_parquet($clusters)) using (document)
            group by shard, document
            order by shard, document
            """,
            {name: paths[name] for name in ("documents", "clusters")},
        )
        database.execute(
            """
            create table repeated as
            select unnest(shards[2:]) as shard, id
            from (
                select id, list_sort(list(distinct file_index)) as shards
                from read_parquet($quotations) group by id having count(distinct file_index) > 1
            )
            """,
            {"quotations": paths["quotations"]},
        )
        database.execute(
            "create table identified "
            "(shard bigint, document varchar, name varchar, kind varchar, identity varchar)"
        )
        if identities:
            database.execute(
                """
                insert into identified
                select shard, document, name, kind, identity
                from read_parquet($identities) join membership using (document)
                order by shard, document, name, kind
                """,
                {"identities": [str(path) for path in identities]},
            )

    def clusters(self, shard: int) -> dict[str, str]:
        """The cluster of each document of a shard; a document in no cluster is one of its own."""
        query = "select document, coalesce(cluster, document) from membership where shard = $shard"
        return dict(self._database.execute(query, {"shard": shard}).fetchall())

    def identities(self, shard: int) -> dict[tuple[str, str, str], str]:
        """Who the speakers of a shard are in all documents, by document, name and kind."""
        query = "select document, name, kind, identity from identified where shard = $shard"
        found = self._database.execute(query, {"shard": shard}).fetchall()
        return {(document, name, kind): identity for document, name, kind, identity in found}

    def repeated(self, shard: int) -> frozenset[str]:
        """The quotations of a shard that an earlier one holds too."""
        query = "select id from repeated where shard = $shard"
        return frozenset(
            quotation for (quotation,) in self._database.execute(query, {"shard": shard}).fetchall()
        )
