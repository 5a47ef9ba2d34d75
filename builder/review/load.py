"""Bringing a campaign's items up to date with a workspace, and its order with the model.

An item that nobody has worked on is replaced by what the workspace has now; another stays as it
was shown, but for the duplicates that are decided with it. What the workspace no longer has is
retired, and comes back with it. Each transaction is short, so that people can work meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, union, update

from builder.config import Config
from builder.engine.corpus import ALL, hash_of_shards
from builder.engine.workspace import Progress, Workspace, batched, silent
from builder.errors import UsageError
from builder.ids import sha256
from builder.review.added import FOLDER as ADDED
from builder.review.added import added_in
from builder.review.decisions import read_decisions
from builder.review.drafts import Draft
from builder.review.history import current, reviewed
from builder.review.items import Campaign, Duplicate, Item, Origin, as_json, from_json
from builder.review.log import record
from builder.review.order import Worth, in_order, in_turn, mixed
from builder.review.store import Store
from builder.review.tables import answer, assignment, campaign, item
from builder.review.workspace_items import Clusters, Selection, Wanted, drafts, find_duplicates
from builder.stance.sample import draw

FOR_EVERYBODY = 1_000_000  # places of a gold item, which every annotator gets
UNRANKED = 2**31 - 1
SHARDED = ("documents", "quotations", "speakers", "stance", "routes")  # that items are made of
ROWS_AT_ONCE = 5_000  # that one transaction changes
DISAGREEMENT = 1.0  # what it adds to an item's doubt: as much as the most doubtful model

Key = tuple[str, str]
"""An item's kind and key, by which it is known again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did to the items of a campaign; `kept` are those that people had worked on."""

    added: int
    replaced: int
    kept: int
    retired: int
    duplicates: int

    def told(self, campaign: str) -> str:
        """The same in words."""
        return (
            f"campaign {campaign}: {self.added} items added, {self.replaced} replaced, {self.kept} kept as "
            f"people saw them, {self.retired} retired; {self.duplicates} duplicates are decided with them"
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """What is remembered of a draft until all are there and can be ranked."""

    key: Key
    origin: Origin
    doubt: float
    groups: tuple[str, ...]
    chance: float


def selection_of(config: Config, base: Path) -> Selection:
    """What a configuration wants people to look at; its relative paths start at `base`.

    Raises:
        UsageError: a file of gold decisions is malformed.
    """
    review = config.review
    gold = read_decisions([base / path for path in review.gold])
    return Selection(config.targets, review.random_share, review.audit_share, review.articles, gold)


def load(
    store: Store, into: Campaign, workspace: Workspace, selection: Selection, progress: Progress = silent
) -> Loaded:
    """Makes the items of a campaign those of a workspace, and ranks them.

    Raises:
        UsageError: the workspace has no finished build.
        WorkspaceError: a shard of it is damaged.
    """
    shards = workspace.shards("routes")
    if not shards:
        raise UsageError(f"{workspace.root}: no finished build here; run: quotestance build")
    clusters = Clusters(workspace)
    duplicates = find_duplicates(workspace, shards, clusters, _handed_out(store, into))
    wanted = Wanted(selection, clusters, duplicates, added_in(workspace))

    def found() -> Iterator[Draft]:
        for number, shard in enumerate(shards):
            progress("items", number, len(shards))
            yield from drafts(workspace, shard, wanted)
        progress("items", len(shards), len(shards))

    loaded = add_items(store, into, found())
    with store.writing() as connection:
        model = hash_of_records(workspace, shards)
        connection.execute(update(campaign).where(campaign.c.id == into.id).values(model=model))
        record(connection, None, "load", into.name, added=loaded.added, replaced=loaded.replaced, model=model)
    return replace(loaded, duplicates=len(duplicates.repeated))


def hash_of_records(workspace: Workspace, shards: Sequence[str]) -> str:
    """One hash over all that items are made of: another model, other articles or other routes change it.

    Raises:
        WorkspaceError: a shard of the workspace is not finished.
    """
    whole = [workspace.marker(folder, ALL) for folder in ("clusters", ADDED)]
    hashes = [marker.sha256 if marker is not None else "" for marker in whole]
    return sha256("\n".join([*hashes, *(hash_of_shards(workspace, one, shards) for one in SHARDED)]).encode())


def add_items(store: Store, into: Campaign, found: Iterable[Draft]) -> Loaded:
    """Makes the items of a campaign those of some drafts, and ranks them."""
    with store.reading() as connection:
        known = _numbers(connection, into)
    places: list[_Place] = []
    kept = 0
    for some in batched(found, ROWS_AT_ONCE):
        rows = [(_row(into, draft), draft.item.duplicates) for draft in some]
        places += [
            _Place((draft.item.kind, draft.item.key), draft.origin, draft.doubt, draft.groups, draft.chance)
            for draft in some
        ]
        new = [row for row, _ in rows if _key(row) not in known]
        again = {known[_key(row)]: (row, duplicates) for row, duplicates in rows if _key(row) in known}
        with store.writing() as connection:
            # People work meanwhile: what somebody holds is only known in the transaction that replaces.
            worked_on = _worked_on(connection, list(again))
            free = [row | {"number": number} for number, (row, _) in again.items() if number not in worked_on]
            if new:
                connection.execute(insert(item), new)
            if free:
                connection.execute(update(item).where(item.c.id == bindparam("number")), free)
            _renew_duplicates(connection, {number: again[number][1] for number in worked_on})
        kept += len(worked_on)
    retired = _retire(store, [known[key] for key in known.keys() - {one.key for one in places}])
    _rank(store, into, places)
    added = len({one.key for one in places} - known.keys())
    return Loaded(added, len(places) - added - kept, kept, retired, 0)


def _handed_out(store: Store, into: Campaign) -> set[str]:
    """The keys of the items that somebody has, or had."""
    keys = select(item.c.key).join(assignment, assignment.c.item_id == item.c.id)
    with store.reading() as connection:
        return set(connection.scalars(keys.where(assignment.c.campaign_id == into.id)))


def _numbers(connection: Connection, into: Campaign) -> dict[Key, int]:
    columns = item.c.kind, item.c.key, item.c.id
    rows = connection.execute(select(*columns).where(item.c.campaign_id == into.id))
    return {(row.kind, row.key): row.id for row in rows}


def _worked_on(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Those of some items that somebody holds or entered something on; nobody takes the others meanwhile."""
    if not numbers:
        return []
    locked = select(item.c.id).where(item.c.id.in_(numbers)).order_by(item.c.id).with_for_update()
    connection.execute(locked).all()
    held = select(assignment.c.item_id).where(assignment.c.item_id.in_(numbers))
    entered = select(answer.c.item_id).where(answer.c.item_id.in_(numbers))
    return sorted(connection.scalars(union(held, entered)))


def _renew_duplicates(connection: Connection, duplicates: Mapping[int, tuple[Duplicate, ...]]) -> None:
    """Tells items that people worked on, and that stay as they were shown, who is decided with them now."""
    for row in connection.execute(select(item.c.id, item.c.payload).where(item.c.id.in_(duplicates))).all():
        shown = from_json(row.payload, Item)
        if shown.duplicates != duplicates[row.id]:
            renewed = as_json(replace(shown, duplicates=duplicates[row.id]))
            connection.execute(update(item).where(item.c.id == row.id).values(payload=renewed))


def _row(into: Campaign, draft: Draft) -> dict[str, Any]:
    places = FOR_EVERYBODY if draft.origin == "gold" else into.overlap
    return {
        "campaign_id": into.id,
        "kind": draft.item.kind,
        "key": draft.item.key,
        "origin": draft.origin,
        "state": "open",
        "rank": UNRANKED,
        "score": draft.doubt,
        "overlap": places,
        "places": places,
        "answered": 0,
        "cluster": draft.cluster,
        "payload": as_json(draft.item),
        "gold": draft.gold,
    }


def _key(row: dict[str, Any]) -> Key:
    return row["kind"], row["key"]


def _retire(store: Store, numbers: Sequence[int]) -> int:
    for some in batched(numbers, ROWS_AT_ONCE):
        with store.writing() as connection:
            connection.execute(
                update(item).where(item.c.id == bindparam("number")).values(state="retired"),
                [{"number": number} for number in some],
            )
    return len(numbers)


def _rank(store: Store, into: Campaign, places: Sequence[_Place]) -> None:
    """Gives every item its place in the queue: routed ones by worth and by chance in turn, the others evenly.

    What goes by chance begins with the random sample, in the order of its chances: what can be accepted is
    only known by it, and what of it was decided so far must not depend on any model. Behind it come the
    routed ones by a hash of their ids: labels taken by doubt alone teach less than mixed ones.
    """
    with store.reading() as connection:
        numbers = _numbers(connection, into)
    doubted = _disagreed_on(store, into) if into.overlap > 1 else set()
    worth = [
        Worth(number, one.doubt + DISAGREEMENT * (number in doubted), one.groups)
        for one in places
        for number in [numbers[one.key]]
        if one.origin == "route"
    ]
    ordered = in_order(worth)
    scores = dict(ordered)
    sampled = sorted((one.chance, numbers[one.key]) for one in places if one.origin == "random")
    routed = sorted((draw("turn", one.key[1]), numbers[one.key]) for one in places if one.origin == "route")
    turns = in_turn([one for one, _ in ordered], [one for _, one in [*sampled, *routed]])
    others = [numbers[one.key] for one in places if one.origin not in ("route", "random")]
    ranks = [
        {"number": number, "new_rank": rank, "new_score": scores.get(number, 0.0)}
        for rank, number in enumerate(mixed(turns, others))
    ]
    ranked = update(item).where(item.c.id == bindparam("number"))
    ranked = ranked.values(rank=bindparam("new_rank"), score=bindparam("new_score"), state="open")
    for some in batched(ranks, ROWS_AT_ONCE):
        with store.writing() as connection:
            connection.execute(ranked, some)


def _disagreed_on(store: Store, into: Campaign) -> set[int]:
    """The items that people answered differently."""
    return {
        found.id
        for found, entered in reviewed(store, into.name)
        if len({as_json(one.content) for one in current(entered)}) > 1
    }
