"""Growth measured on a corpus of a thousand quotations, and comparisons by hand."""

import argparse
from pathlib import Path
from typing import Any

from eval import growth


def test_bytes_of_files_that_were_there_before_are_not_counted(tmp_path: Path) -> None:
    for folder, files in (
        ("old", {"a": b"x" * 30, "b": b"y" * 70}),
        ("new", {"a": b"x" * 30, "c": b"z" * 20}),
    ):
        (tmp_path / folder).mkdir()
        for name, data in files.items():
            (tmp_path / folder / name).write_bytes(data)
    # 20 of 100 bytes are new; files this small are one chunk each.
    fresh = {"bytes": 20, "share": 0.2}
    assert growth.compared(tmp_path / "old", tmp_path / "new") == {
        "old_bytes": 100,
        "files": fresh,
        "chunks": fresh,
    }


def test_an_appended_month_makes_no_file_of_another_month_new() -> None:
    parser = argparse.ArgumentParser()
    growth.add_arguments(parser)
    figures: Any = growth.run(parser.parse_args(["--rows", "2000"]))
    appended, late = figures["ways"].values()
    assert appended["files"]["share"] < late["files"]["share"]
    assert "a month appended" in growth.render(figures)
