"""One row per speaker: how much is quoted, and what people found the speaker's stances to be.

Shares of labels say what they rest on (see `builder.release.shares`): never on a model's answers alone, for
its errors do not cancel out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from builder.engine.database import Database
from builder.release.dataset import QUOTES, Features, to_table
from builder.release.shares import shares_by
from builder.release.splits import placed

ROWS_AT_ONCE = 2_000

# The fullest form of the name stands for all of them.
SPEAKERS = f"""
    with form as (
        select
            voice, speaker.name as name, speaker.kind as kind, speaker.id as entity, count(*) as quotations,
            list_distinct(list(document_id)) as documents, min(day) as first, max(day) as last
        from {placed(QUOTES)} where voice is not null and speaker.name <> '' group by all
    )
    select
        voice, arg_max(name, (length(name), quotations, name)), list_sort(list_distinct(list(name))),
        arg_max(kind, (quotations, kind)), max(entity),
        sum(quotations), len(list_distinct(flatten(list(documents)))), min(first), max(last)
    from form group by voice order by voice
"""  # noqa: S608 - names of this program's own relations


def speaker_tables(database: Database, features: Features, labels: Sequence[str]) -> Iterator[pa.Table]:
    """The rows of all speakers with a name in the order of their ids, in groups."""
    answers = _answers(database, labels)
    found = database.execute(SPEAKERS)
    while rows := found.fetchmany(ROWS_AT_ONCE):
        made = [_row(row, answers.get(row[0], [])) for row in rows]
        yield to_table(made, features, features.arrow_schema)


def _row(found: tuple[Any, ...], stance: list[dict[str, Any]]) -> dict[str, Any]:
    voice, name, names, kind, entity, quotations, documents, first, last = found
    return {
        "id": voice,
        "name": name,
        "names": names,
        "kind": kind,
        "entity": entity,
        "quotations": quotations,
        "documents": documents,
        "first": first,
        "last": last,
        "stance": stance,
    }


def _answers(database: Database, labels: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Of each speaker the targets that people labelled, with the shares of all labels."""
    answers: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for (voice, target, name), found in shares_by(database, labels, by_speaker=True).items():
        counts = {"rows": found.rows, "sampled": found.sampled, "reviewed": found.reviewed}
        shares = [asdict(one) for one in found.labels]
        answers[voice].append({"target_id": target, "target": name, **counts, "shares": shares})
    return answers
