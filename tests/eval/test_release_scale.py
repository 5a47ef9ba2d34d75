"""A release measured in a process of its own."""

import argparse
from typing import Any

from eval import release_scale


def test_time_and_memory_are_measured() -> None:
    parser = argparse.ArgumentParser()
    release_scale.add_arguments(parser)
    figures: Any = release_scale.run(parser.parse_args(["--rows", "500"]))
    assert figures["rows"]["quotes"] == 500
    assert figures["peak_mb"] > 0
    assert figures["seconds"] > 0
