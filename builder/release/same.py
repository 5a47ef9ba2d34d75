"""Finding quotations that are the same words of somebody, wherever they were printed.

Two quotations are the same if they have the same words, or nearly, or if one is a part of the other.
Those that may be the same share a run of words, and each such pair is compared. Few words can be the
same by chance ("no comment"), so they count only if the same speaker says them.
"""

from collections.abc import Iterator

from builder.clusters.groups import Groups
from builder.engine.database import Database

RUN = 4  # words
FEW_WORDS = RUN - 1  # so few that the speaker must be the same
SIMILARITY = 0.7  # of the sets of words (Jaccard): as between near-duplicate articles by default
CONTAINMENT = 0.9  # share of the shorter one's runs that the longer one has
LEAST_CONTAINED = 3  # runs, so six words: fewer are a turn of phrase that many use

# Among the texts that share a run each is paired with this many that follow it: with all of them where they
# are few, and never quadratically where they are many.
NEIGHBOURS = 2

# Texts that are the same share several runs, but of a short one a changed word can leave only one, and of a
# very short one only a shorter run.
LEAST_SHARED = 2
SHORT = 10  # words
SHORT_RUN = 3

ROWS_AT_ONCE = 4_000_000  # runs that are sorted together: their memory does not grow with the corpus
PAIRS_AT_ONCE = 10_000


def _runs(words: int) -> str:
    """The hashes of the runs of so many words in the list `split`."""
    return (
        f"list_distinct(list_transform(range(1, len(split) - {words - 2}), "
        f"lambda start: hash(split[start:start + {words - 1}])))"
    )


TEXTS = f"""
    create table said as
    with text as (
        select distinct words, if(array_length(string_split(words, ' ')) <= {FEW_WORDS}, voice, '') as voice
        from {{quotes}} where words <> ''
    ), numbered as (
        select row_number() over (order by words, voice) - 1 as number, words, voice,
            string_split(words, ' ') as split
        from text where voice is not null
    )
    select number, words, voice, len(split) as length, list_distinct(split) as bag,
        {_runs(RUN)} as runs, if(len(split) <= {SHORT}, {_runs(SHORT_RUN)}, []) as short_runs
    from numbered
"""  # noqa: S608 - names and constants of this program

FOLLOWING = ", ".join(f"lead(number, {step}) over sharing" for step in range(1, NEIGHBOURS + 1))

# A part of the runs after the other, so that no more is sorted at a time than memory holds.
PAIRS = f"""
    insert into pair
    with slot as (
        select number, unnest(list_filter(runs || short_runs, lambda run: run % $parts = $part)) as run
        from said
    ), shared as (
        select run from slot group by run having count(*) > 1
    ), neighbours as (
        select number, unnest([{FOLLOWING}]) as neighbour
        from slot semi join shared using (run) window sharing as (partition by run order by number)
    )
    select number, neighbour, count(*) from neighbours where neighbour is not null group by all
"""  # noqa: S608 - constants of this program

ALIKE = f"""
    with likely as (
        select one, other from pair group by one, other having sum(shared) >= {LEAST_SHARED}
        union
        select one, other from pair
        semi join (select number as one from said where length <= {SHORT}) using (one)
        union
        select one, other from pair
        semi join (select number as other from said where length <= {SHORT}) using (other)
    ), compared as (
        select one, other, len(a.bag) + len(b.bag) as words, len(list_intersect(a.bag, b.bag)) as same_words,
            least(len(a.runs), len(b.runs)) as runs, len(list_intersect(a.runs, b.runs)) as same_runs
        from likely join said as a on a.number = one join said as b on b.number = other
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
    database.execute("create table pair (one bigint, other bigint, shared bigint)")
    ((runs,),) = database.execute("select coalesce(sum(len(runs) + len(short_runs)), 0) from said").fetchall()
    parts = int(runs) // ROWS_AT_ONCE + 1
    for part in range(parts):
        database.execute(PAIRS, {"parts": parts, "part": part})
    groups = Groups()
    for one, other in _rows(database, ALIKE):
        groups.join(one, other)
    database.register("joined", groups.as_table())
    database.execute(SAME.format(quotes=quotes))
    database.execute("drop table said; drop table pair")
    database.unregister("joined")


def _rows(database: Database, query: str) -> Iterator[tuple[int, int]]:
    found = database.execute(query)
    while rows := found.fetchmany(PAIRS_AT_ONCE):
        yield from rows
