"""The demo built twice, on other paths, with other workers and with another seed of hashes."""

import argparse
from typing import Any

from eval import rebuild


def test_the_same_inputs_give_the_same_bytes() -> None:
    parser = argparse.ArgumentParser()
    rebuild.add_arguments(parser)
    figures: Any = rebuild.run(parser.parse_args(["--builds", "2"]))
    assert figures["missed"] == []
    assert figures["files"] > 10
