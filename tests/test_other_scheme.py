"""A label scheme of one's own, an ordinal scale of five steps, from configuration to review and release."""

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builder import pipeline
from builder.config import load_config
from builder.engine.workspace import Workspace
from builder.errors import ConfigError, ModelError
from builder.records import Stance
from builder.release.dataset import STANCE, columns
from builder.review.accounts import add_account
from builder.review.assess import assess
from builder.review.campaigns import create_campaign
from builder.review.entering import submit
from builder.review.items import Boundaries, QuotationAnswer, SpeakerName
from builder.review.load import load
from builder.review.queue import claim
from builder.review.scheme import read_scheme
from builder.review.store import Store, create_store, database_url
from builder.review.workspace_items import Selection
from builder.stance.classifier import load_classifier
from builder.stance.train import train

SCALE = ("strongly-against", "against", "neutral", "favor", "strongly-favor")
WORDS = {
    "strongly-against": "it is a disgrace and must be torn down",
    "against": "it is a bad idea",
    "neutral": "it opens on monday",
    "favor": "it is a good idea",
    "strongly-favor": "it is a triumph and must be built at once",
}
CONFIG = f"""
stance.labels = {json.dumps(list(SCALE))}
stance.model = "model"
review.scheme = "scheme.toml"
review.random_share = 0.0

[dataset]
name = "dams"
license = "cc0-1.0"

[[inputs]]
path = "articles.jsonl"

[[targets]]
id = "dam"
name = "the dam"

[quotes]
extractor = "fast"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration, its scheme, a model for it, and four articles."""
    made = tmp_path_factory.mktemp("scheme")
    (made / "dams.toml").write_text(CONFIG, encoding="utf-8")
    labels = "".join(
        f'[[labels]]\nname = "{name}"\nkey = "{number}"\n' for number, name in enumerate(SCALE, 1)
    )
    scheme = f'version = "2.0"\nscale = {json.dumps(list(SCALE))}\n{labels}'
    (made / "scheme.toml").write_text(scheme, encoding="utf-8")
    with (made / "labels.jsonl").open("w", encoding="utf-8") as file:
        for label, words in WORDS.items():
            for number in range(12):
                own = " ".join(f"{chr(97 + number)}{letter}{letter}" for letter in "qwertzuiop")
                row = {"id": f"{label}{number}", "text": f"the dam, {words} {own}", "target": "the dam"}
                file.write(json.dumps(row | {"label": label}) + "\n")
    with (made / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number, words in enumerate(list(WORDS.values())[:4]):
            text = f"The council met in room {number}.\n\n“On the dam, {words},” said Ada Quill, the mayor."
            file.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")
    train(made / "labels.jsonl", made / "model", SCALE)
    return made


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Workspace:
    opened = Workspace(folder / "w")
    with opened.locked():
        pipeline.run_stages(opened, pipeline.load_dataset_config(folder / "dams.toml"))
    return opened


def review(folder: Path, workspace: Workspace) -> Store:
    """A campaign in which two people answer everything, a step apart on the scale."""
    config = load_config(folder / "dams.toml")
    store = create_store(database_url(workspace.root, None))
    scheme = read_scheme(folder / "scheme.toml", config.stance.labels)
    campaign = create_campaign(store, "main", scheme, 2, 15, 0.0)
    load(store, campaign, workspace, Selection(config.targets))
    for number, name in enumerate(("mk", "jo")):
        actor = add_account(store, None, name, "annotator", "a long password")
        place = 0
        while (claimed := claim(store, actor, "main")) is not None:
            found = claimed.item.quotation
            assert found is not None
            label = SCALE[min(place + number * (place % 2), 4)]
            boundaries = Boundaries(found.content, found.cue, found.source)
            answer = QuotationAnswer(boundaries, SpeakerName("Ada Quill", "person"), {"dam": label})
            submit(store, actor, claimed.lease.token, answer)
            place += 1
    return store


def test_the_model_speaks_the_scheme_and_no_other_is_taken(folder: Path, workspace: Workspace) -> None:
    stances = [one for shard in workspace.shards("stance") for one in workspace.read("stance", shard, Stance)]
    assert len(stances) == 4
    for one in stances:
        assert tuple(share.label for share in one.probabilities) == SCALE
        assert one.label in SCALE
    config = load_config(folder / "dams.toml")
    other = config.stance.model_copy(update={"labels": ("favor", "against")})
    with pytest.raises(ModelError, match="was made for the labels strongly-against"):
        load_classifier(other, folder / "model")
    with pytest.raises(ConfigError, match=r"must be those of stance\.labels: favor, against"):
        read_scheme(folder / "scheme.toml", other.labels)


def test_people_answer_on_the_scale_and_what_they_say_is_published(
    folder: Path, workspace: Workspace
) -> None:
    store = review(folder, workspace)
    (agreement,) = [one for one in assess(store, "main").quality.fields if one.field == "stance:dam"]
    # Two of four answers are one step apart: hardly a difference on the scale.
    assert agreement.ordinal is not None
    assert agreement.ordinal.value is not None and agreement.nominal.value is not None
    assert agreement.ordinal.value > agreement.nominal.value
    store.close()

    dataset = pipeline.load_dataset_config(folder / "dams.toml")
    with workspace.locked():
        shards = pipeline.finished_shards(workspace, dataset)
        summary = pipeline.release(workspace, dataset, shards, "1.0.0", folder / "releases")
    rows = [
        row
        for path in (summary.path / "stance").rglob("*.parquet")
        for row in pq.ParquetFile(path).read().to_pylist()
    ]
    assert columns(SCALE)[STANCE]["label"].names == list(SCALE)
    assert all(set(row["probabilities"]) == set(SCALE) for row in rows)
    published = Counter(SCALE[row["label"]] for row in rows if row["label"] is not None)
    assert published == {"strongly-against": 1, "neutral": 1}  # where both gave the same
    assert sum(row["label"] is None for row in rows) == 2  # where they differ, an adjudicator is needed
    card = (summary.path / "README.md").read_text(encoding="utf-8")
    assert all(label in card for label in SCALE)
