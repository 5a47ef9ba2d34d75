import argparse
from pathlib import Path

import pytest

from builder.errors import UsageError
from eval import gate
from eval.data import data_folder

FIGURES = {"f1": 0.9, "kind": {"direct": {"recall": 80.0}}, "wrong": 3}


def test_what_reaches_its_floor_is_not_missed() -> None:
    floor = {"at_least": {"f1": 0.9, "kind.direct.recall": 79.5}, "at_most": {"wrong": 3}}
    assert gate.misses("demo", FIGURES, floor) == []


def test_what_falls_short_is_named_with_both_numbers() -> None:
    floor = {"at_least": {"kind.direct.recall": 80.5}, "at_most": {"wrong": 2}}
    assert gate.misses("demo", FIGURES, floor) == [
        "demo: kind.direct.recall is 80.0, at least 80.5 is pinned",
        "demo: wrong is 3.0, at most 2 is pinned",
    ]


def test_a_floor_of_a_figure_that_is_not_measured_is_an_error() -> None:
    with pytest.raises(KeyError):
        gate.misses("demo", FIGURES, {"at_least": {"none.such": 1}})


def run(floors: Path) -> dict[str, object]:
    parser = argparse.ArgumentParser()
    gate.add_arguments(parser)
    return gate.run(parser.parse_args(["--floors", str(floors)]))


@pytest.mark.corpus
@pytest.mark.skipif(data_folder() is None, reason="the corpora are not on this machine")
def test_a_floor_that_was_pinned_on_other_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "floors.toml").write_text('[seed]\ncommand = ["ingest", "--read", "seed"]\ndata = "00"\n')
    with pytest.raises(UsageError, match="seed was pinned on data 00, not "):
        run(tmp_path / "floors.toml")


@pytest.mark.corpus
@pytest.mark.skipif(data_folder() is None, reason="the corpora are not on this machine")
def test_every_pinned_floor_is_reached() -> None:
    assert run(gate.FLOORS)["missed"] == []
