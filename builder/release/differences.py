"""The rows that differ between two releases, found by the database and kept there.

Rows are the same if they have the same id. Files of the same bytes are not looked into; in the others the
values of a row are compared by 64-bit hashes, one a column, so that no long text is held or sorted.
Values of classes are compared by their names: a class that got another number changes no row.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.engine.database import Database
from builder.release.dataset import QUOTES
from builder.release.folder import classes_of, columns_of
from builder.release.manifest import sha256_of
from builder.release.reasons import ARTICLE_GONE, NOT_FOUND, NOT_FOUND_OR_NONE

KEPT = ("cluster", "document_id", "label", "label_source", "quotation_id")
"""The columns whose values reasons are read from."""

BOUNDARIES = ("content", "cue", "source")
"""The parts of `document_spans` that make the boundaries of a quotation."""

Files = Mapping[str, Path]
"""The data files of a configuration by their path within the release."""

IN_BOTH = "before is not null and after is not null"
"""The condition on a row of `table_of` that both releases have it."""

REMOVAL = "removal"
"""The table of the quotations that were removed, each with the reason."""


def table_of(config: str) -> str:
    """The table of the rows of a configuration that differ, as SQL names it.

    Its columns are `id`; `before` and `after`, the splits, null where the row is in one release only;
    `was` and `now`, the values of `KEPT` and a hash of the `boundaries` of a quotation; and `fields`, the
    columns whose values differ.
    """
    return _quoted(f"difference of {config}")


def find_differences(database: Database, config: str, before: Files, after: Files) -> tuple[Any, Any]:
    """Makes `table_of(config)`.

    Returns:
        The columns before and after; those of the other release where one has no such configuration.

    Raises:
        ReleaseError: a file cannot be read or is of no release.
    """
    same = {name for name in before.keys() & after.keys() if _same_bytes(before[name], after[name])}
    anything = next(iter([*before.values(), *after.values()]))
    old, new = (columns_of(next(iter(files.values()), anything)) for files in (before, after))
    shared = [name for name in old if name in new]
    database.execute(
        f"""
        create or replace temp table {table_of(config)} as
        select
            id, old.split as before, new.split as after, old.kept as was, new.kept as now,
            list_filter($shared, lambda name, place: old.hashes[place] <> new.hashes[place]) as fields
        from ({_rows("old", old, shared)}) as old
        full join ({_rows("new", new, shared)}) as new using (id)
        where old.split is distinct from new.split or old.hashes is distinct from new.hashes
        """,  # noqa: S608 - names are quoted, values are parameters
        {"shared": shared, **_wanted("old", before, same, anything), **_wanted("new", after, same, anything)},
    )
    return old, new


def find_removals(database: Database, quotes: Files, removed_because: Mapping[str, str] | None) -> None:
    """Makes the table `REMOVAL`, when that of the configuration of quotations is made.

    `quotes` are the files after; `removed_because` holds reasons that rows cannot tell, by
    quotation, None where they are not known.
    """
    lost = NOT_FOUND_OR_NONE if removed_because is None else NOT_FOUND
    database.execute("create or replace temp table known (id varchar, reason varchar)")
    if removed_because:
        known = [{"id": name, "reason": reason} for name, reason in removed_because.items()]
        database.execute("insert into known select unnest($known, recursive := true)", {"known": known})
    database.execute(
        f"""
        create or replace temp table {REMOVAL} as
        select id, coalesce(reason, if(document is null, $gone, $lost)) as reason
        from {table_of(QUOTES)} as difference
        left join known using (id)
        left join (select distinct document_id as document from read_parquet($quotes))
            on document = was.document_id
        where after is null
        """,  # noqa: S608 - names of our own
        {"gone": ARTICLE_GONE, "lost": lost, "quotes": [str(path) for path in quotes.values()]},
    )


def _same_bytes(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and sha256_of(one) == sha256_of(other)


def _wanted(side: str, files: Files, same: Collection[str], anything: Path) -> dict[str, Any]:
    """The parameters of `_rows`; a query needs a file to know its columns even where no row is wanted."""
    wanted = [str(path) for name, path in files.items() if name not in same]
    return {f"{side}_files": wanted or [str(anything)], f"{side}_wanted": bool(wanted)}


def _rows(side: str, columns: Mapping[str, Any], shared: Sequence[str]) -> str:
    """A query for the rows of one side."""
    hashes = ", ".join(f"hash({value_in_sql(name, columns)})" for name in shared)
    kept = ", ".join(f"{name}: {value_in_sql(name, columns)}::varchar" for name in KEPT)
    edges = ", ".join(
        f"document_spans.{part}" for part in BOUNDARIES if part in columns.get("document_spans", ())
    )
    return (
        f"select id, parse_path(filename)[-2] as split, [{hashes}] as hashes, "  # noqa: S608
        f"{{{kept}, boundaries: hash([{edges}])}} as kept "
        f"from read_parquet(${side}_files, filename = true) where ${side}_wanted"
    )


def value_in_sql(name: str, columns: Mapping[str, Any]) -> str:
    """A column in SQL: a class by its name, and null where there is no such column."""
    if name not in columns:
        return "null"
    classes = classes_of(columns[name])
    if classes is None:
        return _quoted(name)
    return f"[{', '.join(map(literal, classes))}][{_quoted(name)} + 1]"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
