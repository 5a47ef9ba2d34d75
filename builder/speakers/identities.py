"""Grouping the speakers of all documents: which bearers of one name are one person, and why.

A step over the whole corpus, in DuckDB. Bearers of a name are together until what their documents say
contradicts it; only the names for which it does are looked at one by one.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from builder.engine.database import Database, connected
from builder.ids import identity_id
from builder.records import Identity
from builder.speakers.contradictions import Profile, Verdict, verdicts

ROWS_AT_ONCE = 10_000
# So many people with whom only one of several namesakes is named show who is meant.
SHARED_COMPANY = 2

BEARERS = """
    create table bearer as
    select row_number() over (order by document, kind, name) as number, * exclude (published, words)
    from read_parquet($files)
"""
# Who is linked to an entry needs no grouping.
CONTESTED = """
    create table contested as
    select key from bearer where key <> '' and entity is null group by key
    having count(distinct nullif(middle, '')) > 1
        or count(distinct nullif(gender, '')) > 1
        or count(distinct fields) filter (len(fields) > 0) > 1
"""
UNLINKED = """
    create view unlinked as select * from bearer semi join contested using (key) where entity is null
"""
PROFILES = """
    select key, middle, gender, fields, count(distinct document) as documents
    from unlinked group by all order by key, middle, gender, fields
"""
ACQUAINTED = """
    with met as (
        select distinct key, field, companion
        from (select key, field, unnest(company) as companion
              from (select key, company, unnest(fields) as field from unlinked))
    )
    select one.key, one.field, other.field
    from met as one join met as other using (key, companion)
    where one.field < other.field group by all having count(*) >= $least order by all
"""
# Bearers who fit several groups are in the one whose company they share.
PLACED = """
    create table placed as
    select number, key, label, reason, company from unlinked join verdict using (key, middle, gender, fields)
"""
BY_COMPANY = """
    update placed set label = found.label, reason = reason || '; named with the same people'
    from (
        with met as (
            select distinct key, label, unnest(company) as companion from placed where label is not null
        ), shared as (
            select number, met.label
            from (select number, key, unnest(company) as companion from placed where label is null) as one
            join met using (key, companion)
            group by all having count(*) >= $least
        )
        select number, min(label) as label from shared group by number having count(*) = 1
    ) as found
    where placed.number = found.number
"""
# The parts of an id tell its group from all others. The fullest form has the most words, then letters.
IDENTITIES = """
    with parted as (
        select
            document, name, kind, entity, coalesce(reason, '') as reason,
            case
                when entity is not null then ['entry', entity]
                when bearer.key = '' or (placed.number is not null and label is null)
                    then ['alone', document, kind, name]
                else ['name', bearer.key, coalesce(label, '')]
            end as parts
        from bearer left join placed using (number)
    ), grouped as (
        select
            parts,
            count(distinct document) as documents,
            arg_min(name, (-len(string_split(name, ' ')), -len(name), name)) as full_name
        from parted group by parts
    )
    select document, name, kind, entity, reason, parts, documents, full_name
    from parted join grouped using (parts) order by document, kind, name
"""


def identities(bearer_files: Sequence[Path], memory_mb: int, temporary: Path) -> Iterator[Identity]:
    """The identity of every bearer, sorted by document, kind and name.

    `bearer_files` are Parquet shards of `Bearer`; `memory_mb` bounds the database, which spills into
    `temporary`. What is held besides are the profiles of names whose bearers contradict each other.
    """
    if not bearer_files:
        return
    with connected(memory_mb, temporary) as database:
        database.execute(BEARERS, {"files": [str(path) for path in bearer_files]})
        database.execute(CONTESTED)
        database.execute(UNLINKED)
        _place(database, _verdicts(database))
        found = database.execute(IDENTITIES)
        while rows := found.fetchmany(ROWS_AT_ONCE):
            yield from (_identity(*row) for row in rows)


def _verdicts(database: Database) -> list[dict[str, Any]]:
    """What is decided about each profile of the contested names."""
    acquainted: dict[str, set[tuple[str, str]]] = {}
    for key, one, other in database.execute(ACQUAINTED, {"least": SHARED_COMPANY}).fetchall():
        acquainted.setdefault(key, set()).add((one, other))
    rows = database.execute(PROFILES).fetchall()
    return [
        _row(key, verdict)
        for key, some in groupby(rows, key=lambda row: row[0])
        for verdict in verdicts(
            [Profile(middle, gender, tuple(fields), count) for _, middle, gender, fields, count in some],
            acquainted.get(key, ()),
        )
    ]


def _row(key: str, verdict: Verdict) -> dict[str, Any]:
    profile = verdict.profile
    return {
        "key": key,
        "middle": profile.middle,
        "gender": profile.gender,
        "fields": list(profile.fields),
        "label": verdict.label,
        "reason": verdict.reason,
    }


def _place(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    """Makes the table of the contested bearers with the labels of their groups."""
    columns = {name: pa.string() for name in ("key", "middle", "gender", "label", "reason")}
    columns["fields"] = pa.list_(pa.string())
    database.register("verdict", pa.Table.from_pylist(list(rows), schema=pa.schema(columns)))
    database.execute(PLACED)
    database.execute(BY_COMPANY, {"least": SHARED_COMPANY})


def _identity(
    document: str,
    name: str,
    kind: Any,
    entity: str | None,
    reason: str,
    parts: list[str],
    documents: int,
    full_name: str,
) -> Identity:
    evidence = _joined(parts[0], name, full_name, documents)
    return Identity(
        document=document,
        name=name,
        kind=kind,
        identity=identity_id(*parts),
        full_name=full_name,
        documents=documents,
        entity=entity,
        evidence=(evidence, reason) if reason else (evidence,),
    )


def _joined(how: str, name: str, full_name: str, documents: int) -> str:
    if how == "entry":
        return "linked to this entry of the authority table"
    if how == "alone":
        return "joined with no other document: the name alone does not say who it is"
    if documents == 1:
        return "in this document only"
    same = "the same name" if name == full_name else f"a form of “{full_name}”"
    return f"{same}, in {documents} documents"
