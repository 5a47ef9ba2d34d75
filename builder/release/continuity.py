"""What later releases keep of earlier ones: the cluster that an article was published in.

A cluster's id is made of the smallest id in it, so that one more article could change it, and with it a
column of every row of the others. Therefore articles that were published keep their cluster, and what is
clustered with them joins it. Where articles of several published clusters turn out to be near-duplicates,
the cluster with the smallest id takes the others in; which split wins is said in `builder.release.splits`.
"""

from collections.abc import Iterable
from pathlib import Path

from builder.engine.database import Database


def keep_clusters(database: Database, published: Iterable[Path]) -> None:
    """Makes the table `membership` (see `builder.release.plan`) anew, with the clusters of before.

    `published` are the files of the configuration of quotations of the release before.
    """
    database.execute(
        """
        create temp table renamed as
        select coalesce(member.cluster, document) as cluster, min(earlier.cluster) as kept
        from membership as member
        join (select distinct document_id as document, cluster from read_parquet($published)) as earlier
            using (document)
        group by all
        """,
        {"published": [str(path) for path in published]},
    )
    database.execute(
        """
        create or replace table membership as
        select shard, document, coalesce(kept, membership.cluster) as cluster
        from membership left join renamed on renamed.cluster = coalesce(membership.cluster, document)
        order by shard, document
        """
    )
