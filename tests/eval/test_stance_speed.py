import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import UsageError
from eval import stance_speed
from eval.stance_speed import made_up


def run(*options: str) -> Any:
    parser = argparse.ArgumentParser()
    stance_speed.add_arguments(parser)
    return stance_speed.run(parser.parse_args(options))


def test_pairs_are_made_up_of_the_words_of_a_corpus() -> None:
    pairs = made_up(["It rained, she said", "I admire it"], 20, 12)
    assert len(pairs) == 20
    assert len({one.text for one in pairs}) == 20
    for one in pairs:
        assert len(one.text.split()) == 12
        assert one.text.count("Harbour") == 1
    assert pairs == made_up(["It rained, she said", "I admire it"], 20, 12)


def test_a_model_has_a_speed_for_each_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stance").mkdir()
    row = {"id": "1", "text": "I admire the tunnel", "target": "the tunnel", "label": "favor"}
    (tmp_path / "stance" / "quotes_dev.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    figures = run("--model", "linear", "--pairs", "300", "--processes", "1")
    assert list(figures["pairs_per_second"]) == ["1"]
    assert figures["pairs_per_second"]["1"] > 0
    assert figures["pairs_per_second_of_processor"] > 0
    assert "stance-linear-" in stance_speed.render(figures)


@pytest.mark.parametrize("options", [("--pairs", "0"), ("--processes", "0"), ("--words", "1")])
def test_numbers_that_make_no_sense_are_refused(options: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="must be at least"):
        run(*options)
