"""Pairs of texts that may be near-duplicates, found in DuckDB without comparing all with all."""

from collections.abc import Sequence
from pathlib import Path

from builder.clusters.compare import LEAST_CONTAINED
from builder.clusters.minhash import BANDS, HASHES
from builder.config import ClusterConfig
from builder.engine.database import Database

# Among the texts that share a band, each is paired with this many that follow it in an order by
# the next band: with all of them where they are few, and never quadratically where they are many.
NEIGHBOURS = 8

# As many bands are looked at together as have this many rows, so that memory hardly grows with the
# corpus, and few documents take few queries.
ROWS_AT_ONCE = 200_000

# A pair of texts just similar enough has a share of equal hashes that is binomial around their
# similarity; one with fewer, by this many standard deviations, is not compared.
DEVIATIONS = 4

# A band holds two hashes of 32 bits.
EQUAL_HASHES = f"""
    list_sum(list_transform(
        range(1, {BANDS} + 1),
        lambda band: (xor(a.bands[band], b.bands[band]) >> 32 = 0)::int
            + (xor(a.bands[band], b.bands[band]) & {2**32 - 1} = 0)::int
    ))
"""

MEMBERS = """
    create table member as
    select document, published, length, words_sha256, grams from read_parquet($files)
"""

# Documents of the same words are one text, numbered in the order of the smallest of them.
TEXTS = """
    create table text as
    select row_number() over (order by min(document)) - 1 as number, min(document) as document, words_sha256
    from member where words_sha256 is not null group by words_sha256
"""
BANDED = """
    create table banded as
    select number, grams, bands from text join read_parquet($files) using (document)
"""

FOLLOWING = ", ".join(f"lead(number, {step}) over near" for step in range(1, NEIGHBOURS + 1))

# A few bands after the others, so that no more is held than they need. A text contained in a longer
# one is less similar to it than two texts of the same length must be.
CANDIDATES = f"""
    insert into found
    with slot as (
        select
            number,
            unnest(range($first, $end)) as band,
            unnest(bands[$first:$end - 1]) as value,
            unnest(list_concat(bands, bands[:1])[$first + 1:$end]) as following
        from banded
    ), bucket as (
        select band, value from slot group by band, value having count(*) > 1
    ), neighbours as (
        select number, unnest([{FOLLOWING}]) as neighbour
        from slot semi join bucket using (band, value)
        window near as (partition by band, value order by following, number)
    ), pair as (
        select distinct least(number, neighbour) as one, greatest(number, neighbour) as other
        from neighbours where neighbour is not null
    ), compared as (
        select
            one,
            other,
            {EQUAL_HASHES} as equal,
            least(a.grams, b.grams) as shorter,
            greatest(a.grams, b.grams) as longer
        from pair join banded as a on a.number = one join banded as b on b.number = other
    ), least_similar as (
        select one, other, equal, least(
            $similarity,
            case when shorter >= {LEAST_CONTAINED}
                then $containment * shorter / (shorter + longer - $containment * shorter) else 1 end
        ) as s
        from compared
    )
    select one, other, equal - {HASHES} * s as margin from least_similar
    where equal >= {HASHES} * s - {DEVIATIONS} * sqrt({HASHES} * s * (1 - s))
"""  # noqa: S608 - only constants of this program are put in
DISTINCT = """
    create table candidate as
    select one, other from found group by one, other order by any_value(margin) desc, one, other
"""


def find_candidates(database: Database, signature_files: Sequence[Path], config: ClusterConfig) -> int:
    """Makes the tables that the comparison works with.

    `member` has a row for each document; `text` one for each distinct text, with its number and
    its smallest document; `candidate` the numbers of two texts, `one` < `other`, the most likely
    near-duplicates first.

    Returns:
        The number of texts.
    """
    files = {"files": [str(path) for path in signature_files]}
    database.execute(MEMBERS, files)
    database.execute(TEXTS)
    database.execute(BANDED, files)
    database.execute("create table found (one bigint, other bigint, margin double)")
    asked = {"similarity": config.similarity, "containment": config.containment}
    ((texts,),) = database.execute("select count(*) from text").fetchall()
    together = min(max(ROWS_AT_ONCE // max(texts, 1), 1), BANDS)
    for first in range(1, BANDS + 1, together):  # DuckDB counts the elements of a list from 1
        database.execute(CANDIDATES, {"first": first, "end": min(first + together, BANDS + 1), **asked})
    database.execute("drop table banded")
    database.execute(DISTINCT)
    database.execute("drop table found")
    return int(texts)
