"""The demo from its articles to its release, against what its writer says is in the articles."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.records import Document, Quotation, Speaker, from_table

ROOT = Path(__file__).parent.parent
GOLD = [
    gold
    for line in (ROOT / "configs" / "demo" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    if not (gold := json.loads(line)).get("reject")
]
SPLITS = ["test", "train", "unlabelled", "validation"]
ADDED = "qe5f7c5417ada65ac2b88"  # what two people marked in the article on floods


class Demo:
    """A build of the demo: its records and its release."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "builder", "build", str(ROOT / "configs" / "demo.toml"), "--json"]
        done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
        self.summary = json.loads(done.stdout)
        self.release = root / self.summary["release"]
        self.workspace = root / "workspaces" / "veldoria-quotes"
        self.documents = {one.uri: one for one in self._read("documents", Document)}
        self.quotations = self._read("quotations", Quotation)
        self.speakers = {one.quotation: one for one in self._read("speakers", Speaker)}

    def rows(self, config: str) -> list[dict[str, Any]]:
        """The published rows of a configuration of the dataset, of all splits."""
        paths = sorted((self.release / config).rglob("*.parquet"))
        return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]

    def _read(self, folder: str, record: type[Any]) -> list[Any]:
        paths = sorted((self.workspace / folder).glob("*.parquet"))
        return [one for path in paths for one in from_table(pq.read_table(path), record)]

    def document(self, gold: dict[str, Any]) -> Document:
        record = gold.get("record")
        found: Document = self.documents[f"{gold['article']}#{record}" if record else gold["article"]]
        return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold.get("record") or gold["article"])
def test_title_date_agency_and_address_are_those_of_the_article(demo: Demo, gold: dict[str, Any]) -> None:
    document = demo.document(gold)
    for field in ("title", "published", "agency", "url"):
        assert getattr(document, field) == gold[field], field


@pytest.mark.parametrize("gold", GOLD, ids=lambda gold: gold.get("record") or gold["article"])
def test_the_body_is_the_article_and_nothing_around_it(demo: Demo, gold: dict[str, Any]) -> None:
    document = demo.document(gold)
    body = "\n".join(span.of(document.text) for span in document.body())
    assert body.startswith(gold["body"]["begins"])
    assert body.rstrip().endswith(gold["body"]["ends"])
    assert len([line for line in body.splitlines() if line.strip()]) == gold["body"]["paragraphs"]


def test_what_cannot_be_read_is_left_out_with_its_reason(demo: Demo) -> None:
    assert {(one["reason"], one["count"]) for one in demo.summary["rejects"]} == {
        ("empty", 1),
        ("truncated", 1),
    }


def test_the_two_versions_of_one_wire_story_are_one_cluster(demo: Demo) -> None:
    clusters = Counter(pq.read_table(demo.workspace / "clusters" / "all.parquet")["cluster"].to_pylist())
    assert sorted(clusters.values()) == [1] * 12 + [2]


def test_most_quoted_words_are_found_and_most_speakers_right(demo: Demo) -> None:
    gold_words, found_words, right_speakers, speakers = 0, 0, 0, 0
    for gold in GOLD:
        document = demo.document(gold)
        said = [one for one in demo.quotations if one.document == document.id]
        for quotation in gold["quotations"]:
            wanted = set(" ".join(quotation["content"]).casefold().split())
            best = max(said, key=lambda one: len(wanted & words(document, one)))
            overlap = len(wanted & words(document, best))
            gold_words, found_words = gold_words + len(wanted), found_words + overlap
            if overlap * 2 >= len(wanted):
                speakers += 1
                right_speakers += demo.speakers[best.id].name == quotation["speaker"]["name"]
    assert found_words / gold_words > 0.85
    assert right_speakers / speakers > 0.7


def words(document: Document, quotation: Quotation) -> set[str]:
    return set(" ".join(span.of(document.text) for span in quotation.content).casefold().split())


def test_every_split_and_every_label_source_of_people_occurs(demo: Demo) -> None:
    assert sorted(demo.summary["rows"]["quotes"]) == SPLITS
    assert sorted(demo.summary["rows"]["stance"]) == SPLITS
    code = (
        "import json, sys; from datasets import load_dataset\n"
        "stance = load_dataset(sys.argv[1], 'stance')\n"
        "names = stance['train'].features['label_source'].names\n"
        "found = {split: sorted({names[one] for one in rows['label_source']})\n"
        "         for split, rows in stance.items()}\n"
        "print(json.dumps(found))"
    )
    environment = {**os.environ, "HF_HOME": str(demo.workspace / "hf"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(demo.release)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert {source for sources in found.values() for source in sources} == {"none", "reviewed", "adjudicated"}
    assert found["unlabelled"] == ["none"]
    assert "none" not in found["test"]


def test_what_people_added_in_a_whole_article_is_theirs_and_its_stance_is_still_to_be_decided(
    demo: Demo,
) -> None:
    (quote,) = [one for one in demo.rows("quotes") if one["id"] == ADDED]
    (content,) = quote["content"]
    assert quote["context"][content["start"] : content["end"]] == "to name a date"
    assert (quote["speaker"]["name"], quote["label_source"], quote["n_annotators"]) == ("Peder Hallik", 2, 2)
    (stance,) = [one for one in demo.rows("stance") if one["quotation_id"] == ADDED]
    assert (stance["target_id"], stance["label"], stance["label_source"]) == ("carbon-levy", None, 0)
    assert sum(stance["probabilities"].values()) == pytest.approx(1, abs=0.001)
    command = [sys.executable, "-m", "builder", "inspect", str(demo.workspace), ADDED, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (found,) = json.loads(done.stdout)["quotations"]
    assert found["id"] == ADDED


def test_every_published_string_is_cut_from_its_article_by_its_offsets(demo: Demo) -> None:
    texts = {one.id: one.text for one in demo.documents.values()}
    hashes = {one.id: one.raw_sha256 for one in demo.documents.values()}

    def cut(row: dict[str, Any], part: str) -> list[str]:
        spans = row["document_spans"][part]
        return [texts[row["document_id"]][one["start"] : one["end"]] for one in spans]

    def within(row: dict[str, Any], part: str) -> list[str]:
        return [row["context"][one["start"] : one["end"]] for one in row[part]]

    quotes, stances = demo.rows("quotes"), demo.rows("stance")
    for row in quotes:
        assert cut(row, "context") == [row["context"]]
        for part in ("content", "cue", "source"):
            assert cut(row, part) == within(row, part)
    assert sum(bool(cut(row, "mention")) for row in quotes) > len(quotes) / 2
    for row in stances:
        assert cut(row, "context") == [row["context"]]
        assert " … ".join(within(row, "content")) == " … ".join(cut(row, "content")) == row["text"]
    assert all(row["raw_sha256"] == hashes[row["document_id"]] for row in [*quotes, *stances])


def test_the_manifest_names_the_models_that_the_rows_name(demo: Demo) -> None:
    models = json.loads((demo.release / "manifest.json").read_text())["fingerprints"]["models"]
    assert {kind: len(one["sha256"]) for kind, one in models.items()} == {
        "attribution": 64,
        "speakers": 64,
        "stance": 64,
    }
    quotes = demo.rows("quotes")
    speakers = [row["speaker"] for row in quotes]
    assert {one["model"] for one in speakers if one["method"]} == {models["speakers"]["name"]}
    assert {one["model"] for one in speakers if not one["method"]} <= {None}
    # The names that rows have may end with the arithmetic of the machine.
    found = {row["extractor"] for row in quotes} - {"people"}
    assert all(one.startswith(models["attribution"]["name"]) for one in found)
    labelled = {row["model"] for row in demo.rows("stance")} - {None}
    assert all(one.startswith(models["stance"]["name"]) for one in labelled)


def test_speakers_are_those_of_the_quotations(demo: Demo) -> None:
    named = [row["speaker"]["name"] for row in demo.rows("quotes") if row["speaker"]["kind"] != "unnamed"]
    speakers = demo.rows("speakers")
    assert {name for row in speakers for name in row["names"]} == {name for name in named if name}
    assert sum(row["quotations"] for row in speakers) == sum(bool(name) for name in named)


def test_building_again_elsewhere_gives_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    again = Demo(tmp_path)
    assert contents(again.release) == contents(demo.release)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
