import tomllib
from pathlib import Path

import pytest

from builder.config import StanceConfig
from builder.stance import linear
from builder.stance.classifier import SHIPPED, load_classifier
from builder.stance.description import read_description
from builder.stance.examples import content_hash, read_labelled
from builder.stance.label import label_rows
from builder.stance.train import train

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
LABELS_FILE = ANNOTATIONS / "stance" / "seed-labels.jsonl"
LABELS = StanceConfig().labels
LINEAR = SHIPPED["linear"]


def test_the_linear_model_is_made_from_the_shipped_labels_and_notes(tmp_path: Path) -> None:
    shipped = read_description(LINEAR)
    labelled = read_labelled(LABELS_FILE, LABELS)
    assert shipped.data == content_hash(labelled)
    notes = (ANNOTATIONS / "stance" / "card-notes.md").read_text(encoding="utf-8")
    train(LABELS_FILE, tmp_path / "again", LABELS, shipped.seed, notes)
    # Another machine's arithmetic may differ in the last digits of a weight, and so in the fingerprint.
    questions = [one.example for one in labelled[::7]]
    ours = load_classifier(StanceConfig(), LINEAR).probabilities(questions)
    again = linear.load(tmp_path / "again").probabilities(questions)
    assert [value for row in ours for value in row] == pytest.approx(
        [value for row in again for value in row], abs=1e-3
    )
    assert notes.strip() in (LINEAR / "README.md").read_text(encoding="utf-8")


def test_the_linear_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in LINEAR.iterdir()) < 1_000_000


def test_the_shipped_labels_are_balanced_and_each_quotation_stands_in_its_context() -> None:
    labelled = read_labelled(LABELS_FILE, LABELS)
    counts = [sum(one.label == label for one in labelled) for label in LABELS]
    assert sum(counts) == len(labelled) >= 250
    assert max(counts) <= 1.1 * min(counts)
    for one in labelled:
        assert one.example.text in one.example.context
        assert one.example.speaker
    pairs = [(one.example.text, one.example.target) for one in labelled]
    assert len(set(pairs)) == len(pairs)


def test_the_scheme_names_the_default_labels_and_the_version_of_the_guidelines() -> None:
    scheme = tomllib.loads((ANNOTATIONS / "scheme.toml").read_text(encoding="utf-8"))
    guidelines = (ANNOTATIONS / scheme["guidelines"]).read_text(encoding="utf-8")
    assert tuple(label["name"] for label in scheme["labels"]) == LABELS
    assert f"version {scheme['version']}" in guidelines
    for label in scheme["labels"]:
        assert label["definition"]
        assert f"| **{label['name']}** |" in guidelines


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("“The reservoir is a wonderful gift to this valley, and I support it,”", "the reservoir", "favor"),
        (
            "“The reservoir is a disgrace, a waste of money and a threat to us all,”",
            "the reservoir",
            "against",
        ),
        ("that the reservoir would be filled on Friday, the ministry said", "the reservoir", "neutral"),
    ],
)
def test_the_linear_model_tells_plain_cases_apart(text: str, target: str, expected: str) -> None:
    classifier = load_classifier(StanceConfig(), LINEAR)
    row = {"id": "1", "text": text, "target": target}
    (answer,) = label_rows([row], classifier, StanceConfig())
    assert answer["label"] == expected


ENCODERS = [SHIPPED["default"], SHIPPED["research"]]


@pytest.mark.parametrize("folder", ENCODERS, ids=lambda folder: folder.name)
def test_an_encoder_is_small_and_holds_no_pickle(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30_000_000
    assert {path.suffix for path in folder.iterdir()} == {".json", ".md", ".onnx"}


@pytest.mark.parametrize("folder", ENCODERS, ids=lambda folder: folder.name)
def test_an_encoder_tells_plain_cases_apart(folder: Path) -> None:
    rows = [
        {"id": str(number), "text": text, "target": "the reservoir", "speaker": "Ada Moss"}
        for number, text in enumerate(
            [
                "“The reservoir is a wonderful gift to this valley, and I support it,”",
                "“The reservoir is a disgrace, a waste of money and a threat to us all,”",
                "that the reservoir would be filled on Friday",
            ]
        )
    ]
    answers = list(label_rows(rows, load_classifier(StanceConfig(), folder), StanceConfig()))
    assert [answer["label"] for answer in answers] == ["favor", "against", "neutral"]


def test_the_research_model_says_its_terms_and_the_default_one_has_none() -> None:
    assert read_description(SHIPPED["default"]).terms == ""
    assert "CC BY-NC-SA 4.0" in read_description(SHIPPED["research"]).terms
    for folder in ENCODERS:
        card = (folder / "README.md").read_text(encoding="utf-8")
        assert ("seesaw" in card) == (folder == SHIPPED["research"])
        assert read_description(folder).name in card
