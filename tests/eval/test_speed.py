import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from eval import speed
from eval.peers import variants

TEXT = "“The bridge is closed,” said Ilse Brandt."  # seven words


def test_each_of_our_extractors_has_a_speed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polnear").mkdir()
    row = {"id": "one", "text": TEXT, "attributions": []}
    (tmp_path / "polnear" / "dev.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setenv("QUOTESTANCE_DATA", str(tmp_path))
    parser = argparse.ArgumentParser()
    speed.add_arguments(parser)

    figures: Any = speed.run(parser.parse_args(["--processes", "2", "--repeats", "3"]))

    assert figures["words"] == 7 * 2 * 3
    assert list(figures["words_per_second"]) == [name for name, _ in variants()]
    assert all(value > 0 for value in figures["words_per_second"].values())
    assert "quotestance fast" in speed.render(figures)
