"""From people's decisions to rows that no person looked at: builds of one workspace before and after."""

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builder import lookup, pipeline
from builder.engine.workspace import Workspace
from builder.quotes.wording import wording
from builder.records import Calibration, Document, Quotation, Route, Stance
from builder.stance.sample import place_in_sample
from tests.ferries import DATASET

CONFIG = (
    DATASET
    + """
[stance]
model = "linear"

[routes]
target_labels = 1000

[review]
random_share = 0.5
audit_share = 0.5
{decisions}
"""
)
PLACES = [f"{first}{last}" for first in ("Mar", "Sol", "Ten", "Var", "Wes") for last in ("by", "ford", "ham")]
ARTICLES = 120


def articles(folder: Path) -> None:
    """Articles that differ in their words, each with a quotation about the ferry."""
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            place, pier = PLACES[number % len(PLACES)], 100 + number
            said = f"The ferry of {place} at pier {pier} is good for the town and we support it"
            where = f"The council of {place} met about pier {pier}."
            text = f"{where}\n\n“{said},” said Ada Quill, the mayor of {place}."
            file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")


def configured(folder: Path, decisions: str = "") -> pipeline.Dataset:
    path = folder / "ferries.toml"
    path.write_text(CONFIG.format(decisions=decisions), encoding="utf-8")
    return pipeline.load_dataset_config(path)


def decide(workspace: Workspace, shards: list[str], path: Path) -> int:
    """Writes decisions on the random sample, in which people find every stance of the model right."""
    lines = []
    for shard in shards:
        texts = {one.id: one.text for one in workspace.read("documents", shard, Document)}
        label = {one.quotation: one.label for one in workspace.read("stance", shard, Stance)}
        for one in workspace.read("quotations", shard, Quotation):
            words = wording(texts[one.document], one.content)
            if one.id in label and place_in_sample(words) < 0.5:
                content = [[span.start, span.end] for span in one.content]
                lines.append(
                    {
                        "item": one.id,
                        "document": one.document,
                        "content": content,
                        "text": words,
                        "field": "stance:ferry",
                        "after": label[one.id],
                        "annotator": "mk",
                        "at": "2024-05-02T09:31:00Z",
                    }
                )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def routes(workspace: Workspace, shards: list[str]) -> list[Route]:
    return [one for shard in shards for one in workspace.read("routes", shard, Route)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("routing")
    articles(made)
    return made


def test_what_people_decided_on_a_sample_opens_the_way_for_the_rest(folder: Path) -> None:
    with Workspace(folder / "w").locked() as workspace:
        shards = pipeline.run_stages(workspace, configured(folder))
        before = routes(workspace, shards)
        assert {one.decision for one in before} == {"review"}
        stances = {shard: workspace.finished("stance", shard).sha256 for shard in shards}

        decided = decide(workspace, shards, folder / "decisions.jsonl")
        assert 40 < decided < 80
        dataset = configured(folder, 'decisions = ["decisions.jsonl"]')
        pipeline.run_stages(workspace, dataset)
        assert {shard: workspace.finished("stance", shard).sha256 for shard in shards} == stances

        (stance,) = [
            one for one in workspace.read("calibration", "all", Calibration) if one.field == "stance"
        ]
        assert (stance.labels, stance.wrong) == (decided, 0)
        assert stance.threshold is not None and stance.bound is not None and stance.bound <= 0.1
        after = [one for one in routes(workspace, shards) if one.field == "stance:ferry"]
        by_decision = Counter(one.decision for one in after)
        assert by_decision["auto"] > 20
        assert by_decision["review"] >= decided  # the sample itself still goes to people

        summary = pipeline.release(workspace, dataset, shards, "1.0.0", folder / "releases")
    sources = Counter(
        row["label_source"]
        for path in (summary.path / "stance").rglob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    )
    names = ("none", "model", "reviewed", "adjudicated")
    told = {names[number]: count for number, count in sources.items()}
    assert told["reviewed"] == decided
    assert told["model"] + told.get("none", 0) == len(after) - decided
    assert told["model"] > 0
    card = (summary.path / "README.md").read_text(encoding="utf-8")
    assert f"| stance, all targets without a row | {decided} | {stance.threshold} |" in card

    accepted = next(one for one in after if one.decision == "auto")
    rows = dict(list(lookup.described(lookup.find(folder / "w", accepted.item), lookup.Explainer()))[1][1])
    assert rows["route of stance:ferry"].startswith("auto")
    assert rows["ferry is named"].endswith("as the ferry)")
    assert any(name.endswith(" spoke") for name in rows)
    assert f"{stance.threshold}; of {decided} labels of stance" in rows["threshold of stance:ferry"]


def test_a_release_after_more_decisions_routes_by_them_without_a_build(folder: Path) -> None:
    with Workspace(folder / "w").locked() as workspace:
        dataset = configured(folder)  # the decisions are taken back
        shards = pipeline.finished_shards(workspace, dataset)
        assert {one.decision for one in routes(workspace, shards)} == {"review"}
