import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from builder.stance.examples import LabelledExample, StanceExample
from eval import cross_corpus
from eval.cross_corpus import sampled

GOOD, BAD, PLAIN = "I admire the tunnel", "The tunnel is a disgrace", "The tunnel is long"
SENTENCES = {"favor": GOOD, "against": BAD, "neutral": PLAIN}


def run(*options: str) -> Any:
    parser = argparse.ArgumentParser()
    cross_corpus.add_arguments(parser)
    return cross_corpus.run(parser.parse_args(options))


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two corpora with the same sentences, of which one has no neutral ones."""
    (tmp_path / "stance").mkdir()
    for corpus, labels in (("seesaw", ("favor", "against")), ("gwsd", ("favor", "against", "neutral"))):
        for split in ("train", "dev"):
            rows = [
                {"id": f"{number} {label}", "text": SENTENCES[label], "target": "the tunnel", "label": label}
                for label in labels
                for number in range(4)
            ]
            path = tmp_path / "stance" / f"{corpus}_{split}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))


@pytest.mark.usefixtures("corpora")
def test_each_corpus_is_scored_by_what_was_trained_without_it() -> None:
    found = run("--corpus", "seesaw", "gwsd")["corpora"]
    assert found["seesaw"] == {
        "train": 8,
        "dev": 8,
        # "favor" always: precision 1/2, recall 1, F1 2/3, and 0 for "against"
        "majority": 0.3333,
        # the other corpus knows a label more, which is not asked for here
        "without": 1.0,
        "with": 1.0,
        "alone": 1.0,
    }
    # Without its own neutral ones nobody answers so: F1 is 0 there, and below 1 for what is answered instead.
    assert found["gwsd"]["without"] < 0.67
    assert found["gwsd"]["with"] == 1.0


@pytest.mark.usefixtures("corpora")
def test_the_table_has_a_line_for_each_corpus() -> None:
    shown = cross_corpus.render(run("--corpus", "seesaw", "gwsd", "--most", "6"))
    assert "at most 6 examples of each train part" in shown
    assert "| seesaw " in shown


def test_one_corpus_has_no_others() -> None:
    with pytest.raises(UsageError, match="two corpora or more"):
        run("--corpus", "seesaw")


def test_a_sample_keeps_the_order_and_depends_on_the_seed() -> None:
    examples = [LabelledExample(StanceExample(str(number), "a"), "favor") for number in range(100)]
    drawn = sampled(examples, 10, 0)
    assert len(drawn) == 10
    assert drawn == [one for one in examples if one in drawn]
    assert drawn == sampled(examples, 10, 0) != sampled(examples, 10, 1)
    assert sampled(examples, 100, 0) == examples
