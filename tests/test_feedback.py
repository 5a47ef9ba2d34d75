"""What people decide comes back: as labels of a release, as a model, and as another order of the queue."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder import lookup, pipeline
from builder.engine.workspace import Workspace
from builder.records import AddedQuotation, Document, Quotation, Span
from builder.review.accounts import add_account
from builder.review.campaigns import campaign_by_name, close_campaign, create_campaign
from builder.review.entering import submit
from builder.review.items import (
    Actor,
    ArticleAnswer,
    Boundaries,
    Item,
    Label,
    MissedQuotation,
    QuotationAnswer,
    Scheme,
    SpeakerName,
)
from builder.review.learning import train_from_review
from builder.review.load import load, selection_of
from builder.review.order import of_many
from builder.review.queue import claim
from builder.review.rows import item_from, select_items
from builder.review.store import Store, create_store, database_url
from builder.review.tables import item
from tests.ferries import DATASET

LABELS = ("favor", "against", "neutral")
SCHEME = Scheme("1.0", tuple(Label(name, str(key), "") for key, name in enumerate(LABELS, 1)), "")
CONFIG = (
    DATASET
    + """
[stance]
model = "{model}"

[review]
random_share = 0.0
articles = {articles}
"""
)
SAID = {
    "favor": "The ferry of {place} is good for us and we welcome it",
    "against": "The ferry of {place} is a disgrace and we want it gone",
    "neutral": "The ferry of {place} leaves at noon and takes an hour",
}
MISSED = "The ferry a ruin of every fisherman between here and Solby"
BORO = SpeakerName("Boro Lind", "person")


def write_articles(folder: Path, count: int, after: str = "") -> None:
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            said = SAID[LABELS[number % 3]].format(place=f"Marby {number}")
            text = (
                f"The council of Marby met in room {number}.\n\n“{said},” said Ada Quill, the mayor.{after}"
            )
            file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")


def configured(folder: Path, model: str = "linear", articles: int = 0) -> pipeline.Dataset:
    path = folder / "ferries.toml"
    path.write_text(CONFIG.format(model=model, articles=articles), encoding="utf-8")
    return pipeline.load_dataset_config(path)


def build(workspace: Workspace, dataset: pipeline.Dataset) -> dict[str, Any]:
    """Runs the stages and brings the queue up to date, as `build` does; what was done to the queue."""
    shards = pipeline.run_stages(workspace, dataset)
    return dict(pipeline.renew_queues(workspace, dataset, shards))


def reviewing(workspace: Workspace, dataset: pipeline.Dataset) -> tuple[Store, Actor]:
    """A campaign of what the workspace sent to people, and somebody to work on it."""
    store = create_store(database_url(workspace.root, None))
    into = create_campaign(store, "main", SCHEME, 1, 15, 0.0)
    load(store, into, workspace, selection_of(dataset.config, dataset.base))
    return store, add_account(store, None, "mk", "annotator")


def queue(store: Store) -> list[Item]:
    """What waits for somebody, in the order in which it is handed out."""
    waiting = select_items().where(item.c.state == "open", item.c.places > 0).order_by(item.c.rank)
    with store.reading() as connection:
        return [item_from(row) for row in connection.execute(waiting)]


def answer(found: Item, label: str) -> QuotationAnswer:
    assert found.quotation is not None
    boundaries = Boundaries(found.quotation.content, found.quotation.cue, found.quotation.source)
    return QuotationAnswer(boundaries, BORO, {target.id: label for target in found.targets})


def rows_of(release: Path, config: str) -> list[dict[str, Any]]:
    paths = sorted((release / config).rglob("*.parquet"))
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of 75 quotations, of which somebody has answered 60 by their words."""
    made = tmp_path_factory.mktemp("feedback")
    write_articles(made, 75)
    dataset = configured(made)
    with Workspace(made / "w").locked() as workspace:
        build(workspace, dataset)
        store, mk = reviewing(workspace, dataset)
        for _ in range(60):
            held = claim(store, mk, "main")
            assert held is not None
            words = held.item.context.text
            label = "favor" if "good" in words else "against" if "disgrace" in words else "neutral"
            submit(store, mk, held.lease.token, answer(held.item, label))
        store.close()
    return made


def test_the_queue_follows_it_as_soon_as_the_workspace_is_built_again(reviewed: Path) -> None:
    with Workspace(reviewed / "w").locked() as workspace:
        assert build(workspace, configured(reviewed)) == {}  # nothing is new yet
        store = create_store(database_url(workspace.root, None))
        before = queue(store)
        url = database_url(workspace.root, None)
        described = train_from_review(url, "main", "votes", reviewed / "mine")
        (renewed,) = build(workspace, configured(reviewed, "mine")).values()
        after = queue(store)
        assert build(workspace, configured(reviewed, "mine")) == {}
        store.close()
    assert (renewed.added, renewed.replaced, renewed.kept, renewed.retired) == (0, 15, 60, 0)
    assert described.labels == LABELS
    assert {one.key for one in after} == {one.key for one in before}
    assert [one.key for one in after] != [one.key for one in before]

    def doubt(one: Item) -> float:
        (target,) = one.targets
        assert target.suggestion is not None
        return round(of_many(list(target.suggestion.probabilities.values())), 6)

    # All have the same speaker, target and extractor: what the model doubts most comes first.
    assert doubt(after[0]) == max(map(doubt, after))
    assert {doubt(one) for one in after} != {doubt(one) for one in before}


def test_campaigns_that_are_closed_or_of_other_labels_stay_as_they_are(reviewed: Path) -> None:
    with Workspace(reviewed / "w").locked() as workspace:
        store = create_store(database_url(workspace.root, None))
        root = add_account(store, None, "root", "administrator")
        create_campaign(store, "yes or no", replace(SCHEME, labels=SCHEME.labels[:2]), 1, 15, 0.0)
        close_campaign(store, root, "main")
        assert build(workspace, configured(reviewed)) == {}
        assert campaign_by_name(store, "yes or no").model == ""
        store.close()


@pytest.fixture
def searched(tmp_path: Path) -> Path:
    """A workspace of one article with a quotation that nothing finds; a campaign with that article."""
    write_articles(tmp_path, 1, after=f"\n\n{MISSED}: so Boro Lind sees it.")
    return tmp_path


def search(workspace: Workspace, store: Store, reader: Actor) -> str:
    """Marks the quotation in the article, and answers what else waits; the id of the article."""
    (document,) = workspace.read("documents", workspace.shards("documents")[0], Document)
    start = document.text.index(MISSED)
    content = Span(start, start + len(MISSED))
    while (held := claim(store, reader, "main")) is not None:
        if held.item.kind == "article":
            marked = MissedQuotation((content,), (), (), BORO)
            said = ArticleAnswer({one.key: True for one in held.item.found}, (marked,))
            submit(store, reader, held.lease.token, said)
        else:
            submit(store, reader, held.lease.token, answer(held.item, "favor"))
    (found,) = [
        one
        for shard in workspace.shards("quotations")
        for one in workspace.read("quotations", shard, Quotation)
    ]
    assert MISSED not in " ".join(span.of(document.text) for span in found.content)
    return document.id


def test_its_stance_is_asked_of_people_and_published_as_they_answer(searched: Path) -> None:
    dataset = configured(searched, articles=1)
    with Workspace(searched / "w").locked() as workspace:
        build(workspace, dataset)
        assert workspace.read("added", "all", AddedQuotation) == []
        store, mk = reviewing(workspace, dataset)
        document = search(workspace, store, mk)

        (renewed,) = build(workspace, dataset).values()
        assert (renewed.added, renewed.kept) == (1, 2)
        (added,) = workspace.read("added", "all", AddedQuotation)
        (stance,), (route,) = added.stances, added.routes
        assert (stance.target, route.field, route.decision) == ("ferry", "stance:ferry", "review")
        shards = pipeline.finished_shards(workspace, dataset)
        first = pipeline.release(workspace, dataset, shards, "1.0.0", searched / "releases").path

        held = claim(store, mk, "main")
        assert held is not None and held.item.key == added.quotation.id
        assert held.item.quotation is not None and held.item.quotation.confidence is None
        assert held.item.targets[0].suggestion is not None
        submit(store, mk, held.lease.token, answer(held.item, "against"))
        assert claim(store, mk, "main") is None
        store.close()
        shards = pipeline.finished_shards(workspace, dataset)
        second = pipeline.release(workspace, dataset, shards, "1.1.0", searched / "releases").path

    for release, source, label in ((first, 0, None), (second, 2, 1)):
        (quote,) = [one for one in rows_of(release, "quotes") if one["id"] == added.quotation.id]
        (row,) = [one for one in rows_of(release, "stance") if one["text"] == MISSED]
        assert (quote["extractor"], quote["speaker"]["name"]) == ("people", "Boro Lind")
        assert (row["quotation_id"], row["label_source"], row["label"]) == (quote["id"], source, label)
        assert (row["model"], row["target_named"]) == (stance.model, "quotation")
        assert row["probabilities"] == {one.label: one.probability for one in stance.probabilities}
    require_inspected(searched / "w", document, added)


def require_inspected(root: Path, document: str, added: AddedQuotation) -> None:
    """`inspect` knows it by its id, and among those of its article."""
    found = lookup.find(root, added.quotation.id)
    assert found.document.id == document
    assert (found.quotations, found.speakers) == ([added.quotation], [added.speaker])
    assert (found.stances, found.routes) == (list(added.stances), list(added.routes))
    ((_, of_document), (title, rows)) = lookup.described(found)
    assert title == f"quotation {added.quotation.id}"
    assert dict(rows)["extractor"] == "people"
    assert dict(rows)["route of stance:ferry"].endswith("which the program had missed")
    assert of_document
    whole = lookup.find(root, document)
    assert added.quotation in whole.quotations and len(whole.quotations) == 2
