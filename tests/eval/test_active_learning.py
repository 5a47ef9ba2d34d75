import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.errors import UsageError
from eval import active_learning
from eval.active_learning import ORDERS, Pool, labels_needed, simulate
from eval.learners import LinearLearner
from tests.encoders import one_thread, write_encoder


def run(*options: str) -> Any:
    parser = argparse.ArgumentParser()
    active_learning.add_arguments(parser)
    return active_learning.run(parser.parse_args(options))


def test_labels_that_are_needed_lie_between_two_numbers_of_labels() -> None:
    # 0.6 lies half way from 0.5 to 0.7, so half way from 100 to 200 labels.
    assert labels_needed([50, 100, 200], [0.4, 0.5, 0.7], 0.6) == pytest.approx(150)
    assert labels_needed([50, 100, 200], [0.4, 0.5, 0.7], 0.3) == 50
    # All of them reach it by definition, whatever rounding does.
    assert labels_needed([50, 100, 200], [0.4, 0.5, 0.7], 0.71) == 200


def test_what_was_first_is_not_counted_twice_where_a_curve_falls_again() -> None:
    assert labels_needed([50, 100, 200], [0.4, 0.6, 0.5], 0.6) == 100


def pool() -> Pool:
    """Twenty examples on a line: the class changes in the middle, and so does everything else."""
    across = np.linspace(-1, 1, 20)[:, None]
    labels = (across[:, 0] > 0).astype(np.int64)
    groups = [(f"target {at % 2}",) for at in range(20)]
    both = np.vstack([across, across])
    return Pool(partial(LinearLearner, both, labels), labels, labels, groups, np.arange(20) // 10)


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_ranks_all_that_are_hidden_once(name: str) -> None:
    some = pool()
    hidden = np.array([3, 5, 9, 12, 19])
    sure = np.abs(np.linspace(-1, 1, 20)[hidden]) / 2 + 0.5
    ranked = ORDERS[name](some, hidden, np.stack([sure, 1 - sure], axis=1), np.random.default_rng(0))
    assert sorted(ranked) == hidden.tolist()
    if name == "doubt":
        assert ranked[0] == 9  # the nearest to the middle


def test_a_simulation_is_scored_at_every_size_and_ends_where_all_labels_do() -> None:
    some = pool()
    scores = [simulate(some, ORDERS[name], [8, 12, 20], 3) for name in ("random", "doubt")]
    assert [len(one) for one in scores] == [3, 3]
    assert scores[0][0] == scores[1][0]  # the first labels are the same
    assert scores[0][-1] == scores[1][-1]  # and so are all of them


WORDS = {"favor": "admire", "against": "detest", "neutral": "measured"}


def write_corpus(folder: Path) -> None:
    """A corpus `quotes` of 60 and 6 invented examples."""
    (folder / "stance").mkdir()
    for split, number in (("train", 60), ("dev", 6)):
        rows = [
            {
                "id": f"{at}",
                "text": f"We {WORDS[label]} the tunnel of {at}",
                "target": "the tunnel",
                "label": label,
            }
            for at in range(number)
            for label in [list(WORDS)[at % 3]]
        ]
        path = folder / "stance" / f"quotes_{split}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_corpus_gives_curves_a_table_and_a_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path)
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    orders = ("random", "doubt, spread over clusters")
    figures = run("--corpus", "quotes", "--seeds", "2", "--orders", *orders, "--svg", str(tmp_path / "svg"))
    found = figures["corpora"]["quotes"]
    assert found["labels"] == [50, 60]
    assert found["goal"] == pytest.approx(0.95 * found["final"], abs=1e-4)
    assert list(found["orders"]) == list(orders)
    assert all(len(one["needed_by_seed"]) == 2 for one in found["orders"].values())
    assert "quotes: all 60 labels give" in active_learning.render(figures)
    assert "random" in (tmp_path / "svg" / "active-learning-quotes-tfidf.svg").read_text(encoding="utf-8")


def test_an_encoder_is_trained_anew_after_each_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path)
    encoder = tmp_path / "encoder"
    write_encoder(encoder, " ".join(WORDS.values()))
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    for name, value in (
        ("LEAST_LESSONS", 450),
        ("BATCH_TOKENS", 96),
        ("ENCODER_RATE", 3e-3),
        ("HEAD_RATE", 3e-3),
    ):
        monkeypatch.setattr(f"eval.encoder_learner.{name}", value)
    options = ("--features", "encoder", "--encoder", str(encoder), "--sizes", "10", "30", "--seeds", "1")
    with one_thread():
        figures = run("--corpus", "quotes", "--orders", "half by chance", *options)
    found = figures["corpora"]["quotes"]
    assert found["labels"] == [10, 30, 60]
    assert found["final"] > 0.9  # one word tells the label
    assert "Encoder, trained anew after each step; means of 1 seeds." in active_learning.render(figures)


def test_numbers_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="--pool over 50"):
        run("--pool", "50")
    with pytest.raises(UsageError, match="--seeds and --sizes must be at least 1"):
        run("--seeds", "0")
