"""Finding quotations that are the same words of somebody, wherever they were printed.

Two quotations are the same if they have the same words, or nearly, or if one is a part of the other.
Those that may be the same share a run of words, and each such pair is compared. Few words can be the
same by chance ("no comment"), so they count only if the same speaker says them.
"""

from collections.abc import Iterator

from builder.clusters.groups import Groups
from builder.engine.database import Database
from builder.release.shared_runs import CONTAINMENT, RUN, SIMILARITY, find_likely

FEW_WORDS = RUN - 1  # so few that the speaker must be the same
LEAST_CONTAINED = 3  # runs, so six words: fewer are a turn of phrase that many use

PAIRS_AT_ONCE = 10_000

TEXTS = f"""
    create table said as
    with text as (
        select distinct words, if(array_length(string_split(words, ' ')) <= {FEW_WORDS}, voice, '') as voice
        from {{quotes}} where words <> ''
    )
    select
        row_number() over (order by words, voice) - 1 as number, words, voice,
        len(string_split(words, ' ')) as length
    from text where voice is not null order by number
"""  # noqa: S608 - names and constants of this program

ALIKE = f"""
    with split as (
        select number, string_split(words, ' ') as words
        from said semi join (select one as number from likely union select other from likely) using (number)
    ), told as (
        select number, list_distinct(words) as bag, list_distinct(list_transform(
            range(1, len(words) - {RUN - 2}), lambda start: hash(words[start:start + {RUN - 1}])
        )) as runs
        from split
    ), compared as (
        select one, other, len(a.bag) + len(b.bag) as words, len(list_intersect(a.bag, b.bag)) as same_words,
            least(len(a.runs), len(b.runs)) as runs, len(list_intersect(a.runs, b.runs)) as same_runs
        from likely join told as a on a.number = one join told as b on b.number = other
    )
    select one, other from compared
    where same_words >= {SIMILARITY} * (words - same_words)
        or (runs >= {LEAST_CONTAINED} and same_runs >= {CONTAINMENT} * runs)
    order by one, other
"""  # noqa: S608 - constants of this program

SAME = """
    create table same as
    select quotes.id, quotes.unit, coalesce(joined.smallest, said.number) as quotation
    from {quotes} as quotes
    join said on said.words = quotes.words and said.voice in ('', quotes.voice)
    left join joined using (number)
"""


def find_same(database: Database, quotes: str) -> None:
    """Makes the table `same`: of each row its `id`, `unit` and the number of the `quotation` that it is.

    `quotes` is a relation with the columns `id`, `unit`, `words` and `voice`. Rows without words, and
    those with few words whose speaker nobody knows, are left out: they are the same as no other.
    """
    database.execute(TEXTS.format(quotes=quotes))
    find_likely(database)
    groups = Groups()
    for one, other in _rows(database, ALIKE):
        groups.join(one, other)
    database.register("joined", groups.as_table())
    database.execute(SAME.format(quotes=quotes))
    database.execute("drop table said; drop table likely")
    database.unregister("joined")


def _rows(database: Database, query: str) -> Iterator[tuple[int, int]]:
    found = database.execute(query)
    while rows := found.fetchmany(PAIRS_AT_ONCE):
        yield from rows
