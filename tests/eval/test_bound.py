import argparse
import json
import random
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.stance.accept import Judged
from eval import bound
from eval.bound import Population, judged, measure, plug_in, simulate


def test_the_error_and_the_coverage_of_a_population_by_hand() -> None:
    population = Population([Judged(0.9, True), Judged(0.9, False), Judged(0.7, True), Judged(0.4, False)])
    assert population.at(0.95) == (0.0, 0.0)
    assert population.at(0.9) == (1 / 2, 1 / 2)
    assert population.at(0.5) == (1 / 3, 3 / 4)
    assert population.at(0.0) == (1 / 2, 1.0)
    assert population.at(None) == (0.0, 0.0)


def test_the_plug_in_threshold_takes_labels_at_face_value() -> None:
    labels = [Judged(0.9, True)] * 9 + [Judged(0.8, False)] + [Judged(0.6, False)] * 5
    found = plug_in(labels, 0.1)
    assert found is not None and 0.6 < found <= 0.8  # 1 of 10 is wrong
    assert plug_in([Judged(0.9, False)], 0.1) is None


def test_a_calibrated_model_is_as_right_as_it_says() -> None:
    answers = simulate("calibrated", random.Random(3))  # noqa: S311 - nothing is kept secret
    some = [one for one in answers if 0.75 <= one.confidence < 0.85]
    assert sum(one.is_right for one in some) / len(some) == pytest.approx(0.8, abs=0.02)


def test_the_bound_is_kept_where_face_value_is_not() -> None:
    draw = random.Random(5)  # noqa: S311 - nothing is kept secret
    figures = measure(Population(simulate("good", draw)), 300, 150, draw)
    # 5 % of 150 draws, and three standard errors of 1.8 %.
    assert figures["bound"]["violations"] <= 0.104
    assert 0 < figures["bound"]["coverage"] < figures["best"]
    assert figures["plug_in"]["violations"] > 0.25


def test_predictions_are_held_against_labels_by_id() -> None:
    gold = [{"id": "a", "label": "favor"}, {"id": "b", "label": "against"}, {"id": "c", "label": "favor"}]
    predicted: list[dict[str, Any]] = [
        {"id": "b", "label": "against", "confidence": 0.8},
        {"id": "a", "label": "neutral", "confidence": 0.6},
        {"id": "c", "label": None, "confidence": 0.4},
        {"id": "of another corpus", "label": "favor", "confidence": 0.9},
    ]
    assert judged(gold, predicted) == [Judged(0.8, True), Judged(0.6, False)]


def test_a_violated_bound_is_a_missed_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "stance"
    folder.mkdir()
    rows = [{"id": f"r{number}", "label": "favor"} for number in range(60)]
    (folder / "quotes_dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    predictions = tmp_path / "answers.jsonl"
    answers = [row | {"confidence": 0.9} for row in rows]
    predictions.write_text("".join(json.dumps(row) + "\n" for row in answers))
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    monkeypatch.setattr(bound, "MODELS", {})
    parser = argparse.ArgumentParser()
    bound.add_arguments(parser)
    figures = bound.run(parser.parse_args(["--draws", "20", "--predictions", f"quotes={predictions}"]))
    ((row,), missed) = figures["rows"], figures["missed"]
    assert missed == []
    assert row == {
        "source": "quotes",
        "labels": 60,
        "bound": {"violations": 0.0, "coverage": 1.0},
        "plug_in": {"violations": 0.0, "coverage": 1.0},
        "best": 1.0,
    }
    assert "| quotes | 60 | 0.0% | 100.0% |" in bound.render(figures)
    with pytest.raises(UsageError, match="is not CORPUS=FILE"):
        bound.run(parser.parse_args(["--predictions", "quotes"]))
