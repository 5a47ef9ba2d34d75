import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import StanceConfig
from builder.errors import UsageError
from builder.stance.classifier import SHIPPED, load_classifier
from builder.stance.label import label_rows
from eval import stance
from eval.data import data_folder
from eval.metrics.stance import Prediction, by_label, confusion, risk_coverage, score
from eval.stance_corpora import corpus_path, predictions_of, read_rows

LABELS = ("favor", "against", "neutral")

DATA = data_folder()
SCORER = DATA.parent / "score" / "stance.py" if DATA is not None else Path("none")

needs_corpora = pytest.mark.skipif(DATA is None, reason="the corpora are not on this machine")


def arguments(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    stance.add_arguments(parser)
    return parser.parse_args(options)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_figures_by_hand() -> None:
    gold = {"a": "favor", "b": "favor", "c": "against", "d": "against", "e": "against"}
    predictions = {
        "a": Prediction("favor", 0.9, "auto"),
        "b": Prediction("against", 0.8, "auto"),
        "c": Prediction("against", 0.6, "review"),
        "d": Prediction(None, 0.4, "review"),
        # e was not answered
    }
    assert score(gold, predictions) == {
        "n": 5,
        "missing": 1,
        # favor: tp 1, fp 0, fn 1: 2/3; against: tp 1, fp 1, fn 2: 2/5; mean 8/15
        "macro_f1": 0.5333,
        "f1": {"against": 0.4, "favor": 0.6667},
        "accuracy": 0.4,  # a and c of 5
        # each in a bin of its own: |0.9 - 1| + |0.8 - 0| + |0.6 - 1| + |0.4 - 0| + |0 - 0| = 1.7, over 5
        "ece": 0.34,
        "acc80": 0.5,  # a, b, c, d
        "acc60": 0.6667,  # a, b, c
        # errors among the first k: 0/1, 1/2, 1/3, 2/4, 3/5; their mean 1.9333 / 5
        "aurc": 0.3867,
        "auto": 0.4,  # a and b of 5
        "auto_error": 0.5,  # b of a and b
    }


def test_nothing_routed_auto_has_no_error() -> None:
    figures = score({"a": "favor"}, {"a": Prediction("favor", 1.0, "review")})
    assert (figures["auto"], figures["auto_error"]) == (0.0, None)


def test_without_confidence_the_highest_probability_is_taken() -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "label": "favor", "probabilities": {"favor": 0.7, "against": 0.3}},
        {"id": "2", "label": "favor", "confidence": 0.2, "probabilities": {"favor": 0.7}, "route": "auto"},
        {"id": "3", "label": None},
    ]
    assert predictions_of(rows) == {
        "1": Prediction("favor", 0.7, None),
        "2": Prediction("favor", 0.2, "auto"),
        "3": Prediction(None, 0.0, None),
    }


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"label": "favor"}'])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1, "label": "favor"}\n' + line)
    with pytest.raises(UsageError, match=r"rows\.jsonl:2: "):
        read_rows(path)


def test_corpora_that_are_not_there_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    with pytest.raises(UsageError, match=r"vast_dev\.jsonl is not there; set QUOTESTANCE_DATA"):
        stance.run(arguments("--corpus", "vast"))


def tunnels(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Two corpora of two rows each, where `eval` looks for them; the rows of both."""
    rows = [
        {"id": "1", "text": "The tunnel is a disgrace", "target": "the tunnel", "label": "against"},
        {"id": "2", "text": "I admire the tunnel", "target": "the tunnel", "label": "favor"},
    ]
    others = [row | {"id": f"gwsd {row['id']}", "label": "neutral"} for row in rows]
    (folder / "stance").mkdir()
    write(folder / "stance" / "seesaw_train.jsonl", rows)
    write(folder / "stance" / "gwsd_train.jsonl", others)
    monkeypatch.setenv("QUOTESTANCE_DATA", str(folder))
    return [*rows, *others]


def test_a_model_is_run_on_a_corpus_and_its_answers_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tunnels(tmp_path, monkeypatch)
    options = ("--corpus", "seesaw", "gwsd", "--split", "train")
    kept = tmp_path / "answers.jsonl"
    figures: Any = stance.run(arguments(*options, "--model", "linear", "--write-predictions", str(kept)))
    assert str(figures["model"]).startswith("stance-linear-")
    assert {name: (one["n"], one["missing"]) for name, one in figures["corpora"].items()} == {
        "seesaw": (2, 0),
        "gwsd": (2, 0),
    }
    again: Any = stance.run(arguments(*options, "--predictions", str(kept)))
    assert again["corpora"] == figures["corpora"]
    assert again["data"] == figures["data"]
    with pytest.raises(UsageError, match="--predictions goes with none of"):
        stance.run(arguments(*options, "--predictions", str(kept), "--labels", "favor,against"))


def test_a_corpus_of_two_labels_is_asked_for_these_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tunnels(tmp_path, monkeypatch)
    kept = tmp_path / "answers.jsonl"
    options = ("--corpus", "all", "--split", "train", "--model", "linear", "--write-predictions", str(kept))
    with pytest.raises(UsageError, match=r"quotes_train\.jsonl is not there"):
        stance.run(arguments(*options))
    stance.run(arguments("--corpus", "seesaw", "gwsd", *options[2:]))
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [sorted(row["probabilities"]) for row in rows] == [sorted(LABELS[:2])] * 2 + [sorted(LABELS)] * 2


def test_precision_and_recall_by_hand() -> None:
    gold, answers = ["favor", "favor", "against", "neutral"], ["favor", "against", "against", None]
    assert by_label(gold, answers) == {
        # one of two answers "against" is right, and the only one labelled so is found
        "against": {"gold": 1, "answered": 2, "precision": 0.5, "recall": 1.0, "f1": 0.6667},
        "favor": {"gold": 2, "answered": 1, "precision": 1.0, "recall": 0.5, "f1": 0.6667},
        "neutral": {"gold": 1, "answered": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0},
    }
    assert confusion(gold, answers) == {
        "against": {"against": 1, "favor": 0, "neutral": 0, "none": 0},
        "favor": {"against": 1, "favor": 1, "neutral": 0, "none": 0},
        "neutral": {"against": 0, "favor": 0, "neutral": 0, "none": 1},
    }


def test_the_surest_answers_are_counted_first() -> None:
    points = risk_coverage([0.5, 0.9, 0.7, 0.6], [False, True, False, True])
    # of four answers, 20 steps of 5 %: none is counted up to the second step, one from there, …
    assert points[0] == {"coverage": 0.15, "risk": 0.0, "confidence": 0.9}
    assert points[-1] == {"coverage": 1.0, "risk": 0.5, "confidence": 0.5}
    assert {"coverage": 0.5, "risk": 0.5, "confidence": 0.7} in points
    assert risk_coverage([], []) == []


@given(st.data())
def test_the_figures_of_any_answers_are_shares(data: st.DataObject) -> None:
    gold = data.draw(st.dictionaries(st.text(max_size=2), st.sampled_from(LABELS), min_size=1))
    prediction = st.builds(
        Prediction, st.sampled_from(LABELS) | st.none(), st.floats(0, 1), st.sampled_from(["auto", "review"])
    )
    predictions = data.draw(st.dictionaries(st.text(max_size=2), prediction))
    figures = score(gold, predictions)
    for name in ("macro_f1", "accuracy", "ece", "acc80", "acc60", "aurc", "auto"):
        assert 0 <= figures[name] <= 1  # type: ignore[operator] # figures are numbers, or tables of them


def scorer(gold: Path, predictions: Path) -> dict[str, Any]:
    """The figures of the scorer that lies with the corpora."""
    answer = subprocess.run(
        [sys.executable, SCORER, gold, predictions, "--json"], capture_output=True, check=True, text=True
    )
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


@pytest.mark.corpus
@needs_corpora
@pytest.mark.skipif(not SCORER.is_file(), reason="the scorer of the corpora is not on this machine")
@pytest.mark.parametrize(
    ("corpus", "labels"), [("quotes", None), ("seesaw", ["favor", "against"]), ("gwsd", None)]
)
def test_the_figures_are_those_of_the_scorer(corpus: str, labels: list[str] | None, tmp_path: Path) -> None:
    gold = corpus_path(corpus, "dev")
    rows = read_rows(gold)
    # A threshold, missing rows and routes, so that every figure has something to count.
    config = StanceConfig(abstain_below=0.4)
    answers = list(label_rows(rows, load_classifier(config, SHIPPED["linear"]), config, labels))[7:]
    for answer in answers[::3]:
        answer["route"] = "auto"
    for answer in answers[::5]:
        del answer["confidence"]
    predictions = write(tmp_path / "predictions.jsonl", answers)
    figures: Any = stance.run(arguments("--corpus", corpus, "--predictions", str(predictions)))
    ours = figures["corpora"][corpus]
    theirs = scorer(gold, predictions)
    assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.corpus
@needs_corpora
def test_the_linear_model_beats_the_majority_class_and_its_card_says_by_how_much() -> None:
    run: Any = stance.run(arguments("--corpus", "quotes", "--model", "linear"))
    figures = run["corpora"]["quotes"]
    rows = read_rows(corpus_path("quotes", "dev"))
    gold = {str(row["id"]): str(row["label"]) for row in rows}
    majority = score(gold, dict.fromkeys(gold, Prediction("neutral", 1.0, "review")))
    assert figures["macro_f1"] > majority["macro_f1"]
    card = (SHIPPED["linear"] / "README.md").read_text(encoding="utf-8")
    for name in ("macro_f1", "accuracy", "ece"):
        assert f"{figures[name]:.3f}" in card
