"""Items of a campaign follow the workspace: added, replaced, kept as people saw them, retired."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from builder.config import Target
from builder.engine.corpus import ALL
from builder.engine.workspace import Workspace, silent
from builder.errors import UsageError
from builder.records import (
    Cluster,
    Decision,
    Document,
    Probability,
    Quotation,
    Route,
    Span,
    Speaker,
    Stance,
    Zone,
)
from builder.review.accounts import add_account
from builder.review.answers import decisions_of
from builder.review.campaigns import create_campaign
from builder.review.decisions import ImportedDecision
from builder.review.entering import submit
from builder.review.history import current, gold_of, reviewed
from builder.review.items import Campaign, Item
from builder.review.load import Loaded, load
from builder.review.queue import claim
from builder.review.rows import item_from, select_items
from builder.review.store import Store
from builder.review.tables import item
from builder.review.workspace_items import Selection
from builder.stance.sample import draw, place_in_sample
from eval.queue_items import CAMPAIGN, SCHEME, answer

TARGET = Target(id="ferry", name="the ferry", description="The ferry of Marsh End.")
SAYING = "“The ferry must stay,” said Ada Quill."
WORDS = "“The ferry must stay,”"


def document(name: str, headline: str = "The ferry") -> Document:
    text = f"{headline}\n\nIt rained.\n{SAYING}\nThe council went home."
    return Document(
        name, text, f"{name}.txt", f"https://news.example/{name}", headline, "2024-05-02", "news.example",
        None, None, "en", "", "test", (Zone(0, len(text), "body"),),
    )  # fmt: skip


def quotation(one: Document, confidence: float = 0.6, words: str = WORDS) -> Quotation:
    start = one.text.index(words)
    return Quotation(
        f"q-{one.id}",
        one.id,
        "direct",
        (Span(start, start + len(words)),),
        (),
        (),
        (),
        2,
        None,
        confidence,
        "x",
    )


def build(
    folder: Path,
    documents: Sequence[Document],
    routes: str = "review",
    clusters: dict[str, str] | None = None,
    confidence: float = 0.6,
    words: Mapping[str, str] | None = None,
    confidences: Mapping[str, float] | None = None,
) -> Workspace:
    """A workspace in which each document has one quotation with one target."""
    workspace = Workspace(folder)
    found = [
        quotation(one, (confidences or {}).get(one.id, confidence), (words or {}).get(one.id, WORDS))
        for one in documents
    ]
    probabilities = (Probability("favor", 0.5), Probability("against", 0.5))
    records = {
        "documents": (Document, documents),
        "quotations": (Quotation, found),
        "speakers": (
            Speaker,
            [Speaker(one.id, "Ada Quill", "person", None, None, "x", 0.9) for one in found],
        ),
        "stance": (Stance, [Stance(one.id, "ferry", "favor", probabilities, 0.5, "m") for one in found]),
        "routes": (Route, [Route(one.id, "quotation", routes, "", 0.5) for one in found]),  # type: ignore[arg-type]
    }
    for name, (kind, rows) in records.items():
        workspace.write(name, "s0", kind, rows, [], {}, {})
    groups = clusters or {}
    first = {group: member for member, group in reversed(groups.items())}
    rows = [
        Cluster(one.id, groups.get(one.id, one.id), first.get(groups.get(one.id, ""), one.id))
        for one in documents
    ]
    workspace.write("clusters", ALL, Cluster, rows, [], {}, {})
    return workspace


def campaign(store: Store, overlap: int = 1) -> Campaign:
    return create_campaign(store, CAMPAIGN, SCHEME, overlap, 15, 0)


def loaded(store: Store, workspace: Workspace, articles: int = 0, **more: object) -> Loaded:
    progress = more.pop("progress", silent)
    selection = Selection([TARGET], articles=articles, **more)  # type: ignore[arg-type]
    return load(store, campaign(store), workspace, selection, progress)  # type: ignore[arg-type]


def items(store: Store) -> dict[str, Item]:
    with store.reading() as connection:
        rows = connection.execute(select_items().where(item.c.state == "open"))
        return {one.key: one for one in map(item_from, rows)}


def test_an_item_shows_the_quotation_in_its_article_with_what_the_machine_thinks(
    store: Store, tmp_path: Path
) -> None:
    one = document("d1")
    loaded(store, build(tmp_path / "w", [one]))
    (found,) = items(store).values()
    assert found.quotation is not None and found.speaker is not None
    shown = found.context.text
    assert one.text[found.context.start : found.context.start + len(shown)] == shown
    assert found.quotation.content[0].of(one.text) == WORDS
    assert found.paragraph.of(one.text) == SAYING
    assert (found.headline, found.published, found.url) == ("The ferry", "2024-05-02", one.url)
    assert (found.speaker.name, [one.name for one in found.candidates]) == ("Ada Quill", ["Ada Quill"])
    (target,) = found.targets
    assert (target.name, target.description) == ("the ferry", "The ferry of Marsh End.")
    assert target.suggestion is not None and target.suggestion.probabilities == {"favor": 0.5, "against": 0.5}


def test_a_long_article_is_cut_around_the_quotation_at_whole_lines(new_store: Store, tmp_path: Path) -> None:
    line = "Nothing happened that day in Marsh End. " * 5
    long = "\n".join([line] * 100 + [SAYING] + [line] * 100)
    loaded(new_store, build(tmp_path / "w", [replace(document("d1"), text=long)]))
    (found,) = items(new_store).values()
    assert SAYING in found.context.text
    assert len(found.context.text) < 3_500
    assert all(one in (line, SAYING) for one in found.context.text.split("\n"))


def test_a_line_of_a_megabyte_with_null_bytes_is_cut_too(store: Store, tmp_path: Path) -> None:
    text = "\0" * 500_000 + SAYING + "\0" * 500_000
    loaded(store, build(tmp_path / "w", [replace(document("d1"), text=text)]))
    (found,) = items(store).values()
    assert found.quotation is not None
    assert SAYING in found.context.text and len(found.context.text) < 15_000
    assert found.quotation.content[0].of(text) == WORDS


def test_loading_again_changes_nothing_that_people_saw(new_store: Store, tmp_path: Path) -> None:
    documents = [document(f"d{number}") for number in range(3)]
    first = loaded(new_store, build(tmp_path / "w", documents))
    assert (first.added, first.replaced, first.kept, first.retired) == (3, 0, 0, 0)
    ada = add_account(new_store, None, "ada", "annotator")
    held = claim(new_store, ada, CAMPAIGN)
    assert held is not None
    before = items(new_store)

    changed = build(tmp_path / "w", documents, confidence=0.8)
    again = loaded(new_store, changed)
    assert (again.added, again.replaced, again.kept, again.retired) == (0, 2, 1, 0)
    after = items(new_store)
    assert after[held.item.key] == before[held.item.key]
    others = [one.quotation for key, one in after.items() if key != held.item.key]
    assert {one.confidence for one in others if one} == {0.8}


def test_an_item_that_is_taken_while_items_are_loaded_stays_as_it_was_shown(
    store: Store, tmp_path: Path
) -> None:
    documents = [document("d1")]
    workspace = build(tmp_path / "w", documents)
    loaded(store, workspace)
    people = [add_account(store, None, name, "annotator") for name in ("ada", "ben")]
    shown: list[Item] = []

    def claim_in_between(*_: object) -> None:
        if not shown and (held := claim(store, people[0], CAMPAIGN)):
            shown.append(held.item)

    changed = build(tmp_path / "w", documents, confidence=0.8)
    assert loaded(store, changed, progress=claim_in_between).kept == 1
    assert list(items(store).values()) == shown
    assert claim(store, people[1], CAMPAIGN) is None


def test_what_the_workspace_no_longer_has_is_retired_and_comes_back_with_it(
    new_store: Store, tmp_path: Path
) -> None:
    both = [document("d1"), document("d2")]
    loaded(new_store, build(tmp_path / "w", both))
    assert loaded(new_store, build(tmp_path / "w", both[:1])).retired == 1
    assert set(items(new_store)) == {"q-d1"}
    loaded(new_store, build(tmp_path / "w", both))
    assert set(items(new_store)) == {"q-d1", "q-d2"}


def test_the_same_words_in_a_cluster_are_one_item_and_decided_together(
    new_store: Store, tmp_path: Path
) -> None:
    documents = [document("d1"), document("d2", "A longer headline"), document("d3")]
    workspace = build(tmp_path / "w", documents, clusters={"d1": "c1", "d2": "c1"})
    assert loaded(new_store, workspace).duplicates == 1
    assert set(items(new_store)) == {"q-d1", "q-d3"}
    ada = add_account(new_store, None, "ada", "annotator")
    while (held := claim(new_store, ada, CAMPAIGN)) is not None:
        submit(new_store, ada, held.lease.token, answer(held.item))
    decided = [
        one
        for found, entered in reviewed(new_store, CAMPAIGN)
        for entry in current(entered)
        for one in decisions_of(found, entry)
    ]
    fields = {(one.decision.item, one.decision.field) for one in decided}
    assert {field for key, field in fields if key == "q-d1"} == {"quotation", "speaker", "stance:ferry"}
    # Boundaries stay where they were set.
    assert {field for key, field in fields if key == "q-d2"} == {"speaker", "stance:ferry"}


@pytest.mark.parametrize("canonical", ["d1", "d2"])
def test_a_duplicate_that_comes_later_is_decided_with_what_people_worked_on(
    new_store: Store, tmp_path: Path, canonical: str
) -> None:
    both = [document("d1"), document("d2", "Another headline")]
    loaded(new_store, build(tmp_path / "w", both[:1]))
    ada = add_account(new_store, None, "ada", "annotator")
    held = claim(new_store, ada, CAMPAIGN)
    assert held is not None and held.item.duplicates == ()
    submit(new_store, ada, held.lease.token, answer(held.item))

    clusters = dict.fromkeys(sorted(["d1", "d2"], key=lambda one: one != canonical), "c")
    again = loaded(new_store, build(tmp_path / "w", both, clusters=clusters))
    assert (again.kept, again.added, again.duplicates) == (1, 0, 1)
    ((found, entered),) = reviewed(new_store, CAMPAIGN)
    assert {one.decision.item for one in decisions_of(found, current(entered)[0])} == {"q-d1", "q-d2"}


def test_what_one_decided_of_a_cluster_nobody_is_asked_again_after_another_build(
    new_store: Store, tmp_path: Path
) -> None:
    documents = [document(f"d{number}", f"Headline {number}") for number in range(3)]
    two = build(tmp_path / "w", documents[:2], clusters=dict.fromkeys(["d0", "d1"], "c"))
    loaded(new_store, two)
    ada, ben = (add_account(new_store, None, name, "annotator") for name in ("ada", "ben"))
    held = claim(new_store, ada, CAMPAIGN)
    assert held is not None
    submit(new_store, ada, held.lease.token, answer(held.item))
    # Another model, another copy of the story, and another copy stands for all of them.
    clusters = dict.fromkeys(["d2", "d1", "d0"], "c")
    loaded(new_store, build(tmp_path / "w", documents, clusters=clusters, confidence=0.9))
    assert [claim(new_store, one, CAMPAIGN) for one in (ada, ben)] == [None, None]
    ((found, entered),) = reviewed(new_store, CAMPAIGN)
    decided = {one.decision.item for one in decisions_of(found, current(entered)[0])}
    assert decided == {"q-d0", "q-d1", "q-d2"}


def test_doubt_and_chance_take_turns_and_a_new_model_makes_a_new_order(
    new_store: Store, tmp_path: Path
) -> None:
    documents = [document(f"d{number}") for number in range(4)]
    ada = add_account(new_store, None, "ada", "annotator")

    def queue() -> list[str]:
        with new_store.reading() as connection:
            rows = select(item.c.key).where(item.c.places > 0).order_by(item.c.rank)
            return list(connection.scalars(rows))

    def turns(doubtful: Sequence[str]) -> list[str]:
        by_chance = sorted(doubtful, key=lambda key: draw("turn", key))
        return list(dict.fromkeys(one for pair in zip(doubtful, by_chance, strict=True) for one in pair))

    before = {"d0": 0.99, "d1": 0.97, "d2": 0.9, "d3": 0.6}
    loaded(new_store, build(tmp_path / "w", documents, confidences=before))
    assert queue() == turns(["q-d3", "q-d2", "q-d1", "q-d0"])
    held = claim(new_store, ada, CAMPAIGN)
    assert held is not None
    submit(new_store, ada, held.lease.token, answer(held.item))
    after = {"d0": 0.6, "d1": 0.9, "d2": 0.97, "d3": 0.99}
    loaded(new_store, build(tmp_path / "w", documents, confidences=after))
    assert queue() == turns(["q-d0", "q-d1", "q-d2"])
    held = claim(new_store, ada, CAMPAIGN)
    assert held is not None and held.item.quotation is not None
    assert (held.item.key, held.item.quotation.confidence) == ("q-d0", 0.6)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1.0, 20)])
def test_of_what_was_accepted_a_share_is_audited(
    new_store: Store, tmp_path: Path, share: float, expected: int
) -> None:
    documents = [document(f"d{number}") for number in range(20)]
    workspace = build(tmp_path / "w", documents, routes="auto")
    assert loaded(new_store, workspace, audit_share=share).added == expected


def test_sampled_articles_are_whole_and_list_what_was_found(new_store: Store, tmp_path: Path) -> None:
    documents = [document(f"d{number}") for number in range(5)]
    workspace = build(tmp_path / "w", documents, routes="auto", clusters={"d0": "c", "d1": "c"})
    loaded(new_store, workspace, articles=10)
    articles = items(new_store)
    assert set(articles) == {"d0", "d2", "d3", "d4"}  # one of a cluster
    assert articles["d2"].context.text == documents[2].text
    assert [one.key for one in articles["d2"].found] == ["q-d2"]


def test_gold_decisions_make_gold_items(new_store: Store, tmp_path: Path) -> None:
    documents = [document("d1"), document("d2")]
    known = quotation(documents[0])
    decision = Decision(
        known.id, "stance:ferry", None, '"against"', "lead", "2024-05-02T09:31:00Z", None, None, None
    )
    gold = [ImportedDecision(decision, "d1", known.content, WORDS, "annotator", "gold.jsonl:1")]
    loaded(new_store, build(tmp_path / "w", documents, routes="auto"), gold=gold)
    (found,) = items(new_store).values()
    assert (found.key, gold_of(new_store, CAMPAIGN)[found.id]) == (
        "q-d1",
        '{"stance:ferry": "\\"against\\""}',
    )


def test_a_disputed_item_moves_to_the_front_when_items_are_loaded_again(
    new_store: Store, tmp_path: Path
) -> None:
    workspace = build(tmp_path / "w", [document(f"d{number}") for number in range(6)])
    into = campaign(new_store, overlap=3)
    load(new_store, into, workspace, Selection([TARGET]))
    ada, ben = (add_account(new_store, None, name, "annotator") for name in ("ada", "ben"))
    last = None
    for actor, label in ((ada, "favor"), (ben, "against")):
        while (held := claim(new_store, actor, CAMPAIGN)) is not None:
            said = answer(held.item)
            # They differ on the last of the queue alone.
            is_last = held.item.key == last if last else False
            submit(
                new_store,
                actor,
                held.lease.token,
                replace(said, stances={"ferry": label}) if is_last else said,
            )
            if actor is ada:
                newest = held.item.key
        last = newest
    load(new_store, into, workspace, Selection([TARGET]))
    cy = add_account(new_store, None, "cy", "annotator")
    first = claim(new_store, cy, CAMPAIGN)
    assert first is not None and first.item.key == last


def test_a_workspace_that_was_not_built_is_refused(new_store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished build here"):
        loaded(new_store, Workspace(tmp_path / "empty"))


def test_ranks_are_an_order_of_all_open_items(new_store: Store, tmp_path: Path) -> None:
    documents = [document(f"d{number}") for number in range(8)]
    loaded(new_store, build(tmp_path / "w", documents), articles=2)
    with new_store.reading() as connection:
        ranks = sorted(connection.scalars(select(item.c.rank)))
    assert ranks == list(range(10))


def test_the_random_sample_takes_every_other_place_in_the_order_of_its_chances(
    new_store: Store, tmp_path: Path
) -> None:
    documents = [
        replace(one, text=one.text.replace("must stay", f"must stay for {number} years"))
        for number in range(40)
        for one in [document(f"d{number}")]
    ]
    words = {one.id: f"“The ferry must stay for {one.id[1:]} years,”" for one in documents}
    workspace = build(tmp_path / "w", documents, words=words)
    loaded(new_store, workspace, random_share=0.3)
    with new_store.reading() as connection:
        rows = connection.execute(select(item.c.key, item.c.origin).order_by(item.c.rank)).all()
    chance = {f"q-{name}": place_in_sample(said) for name, said in words.items()}
    sampled = [row.key for row in rows if row.origin == "random"]
    assert sampled == sorted((key for key in chance if chance[key] < 0.3), key=chance.__getitem__)
    assert 3 < len(sampled) < 20
    places = [number for number, row in enumerate(rows) if row.origin == "random"]
    assert places == list(range(1, 2 * len(sampled), 2))


def test_what_was_accepted_of_a_quotation_is_audited_and_no_annotator_is_told(
    new_store: Store, tmp_path: Path
) -> None:
    workspace = build(tmp_path / "w", [document("d1")])
    routes = [Route("q-d1", "quotation", "review", "", 0.5), Route("q-d1", "stance:ferry", "auto", "", 0.9)]
    workspace.write("routes", "s0", Route, routes, [], {}, {})
    loaded(new_store, workspace, audit_share=1.0)
    with new_store.reading() as connection:
        (row,) = connection.execute(select(item.c.origin, item.c.payload)).all()
    assert row.origin == "audit"
    assert '"accepted":["stance:ferry"]' in row.payload
    actor = add_account(new_store, None, "mk", "annotator", "a long password")
    claimed = claim(new_store, actor, CAMPAIGN)
    assert claimed is not None and claimed.item.accepted == ()
    loaded(new_store, workspace, audit_share=0.0)
    assert set(items(new_store)) == {"q-d1"}  # its other values still go to people
