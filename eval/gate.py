"""Runs every measurement that has a pinned floor, and fails where a floor is missed.

The floors stand in `eval/floors.toml`, each with the fingerprint of the data it was measured on:
on other data a floor says nothing, so it is refused. Lowering one is a change with a reason.
"""

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from builder.errors import UsageError

from . import attribution, authority, ingest, stance

FLOORS = Path(__file__).with_name("floors.toml")
MEASURES: dict[str, ModuleType] = {
    "attribution": attribution,
    "authority": authority,
    "ingest": ingest,
    "stance": stance,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--floors", type=Path, default=FLOORS, help="the file of floors")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Measures everything that has a floor; `missed` lists what fell below one.

    Raises:
        UsageError: a floor was pinned on other data than there is now.
    """
    measured, missed = {}, []
    for name, floor in tomllib.loads(arguments.floors.read_text(encoding="utf-8")).items():
        figures = measure(floor["command"])
        if figures.get("data") != floor["data"]:
            raise UsageError(
                f"{arguments.floors}: {name} was pinned on data {floor['data']}, not {figures.get('data')}"
            )
        measured[name] = figures
        missed += misses(name, figures, floor)
    return {"measured": measured, "missed": missed}


def measure(command: list[str]) -> dict[str, Any]:
    """The figures of one command of the evaluation, such as ["attribution", "--split", "dev"]."""
    module = MEASURES[command[0]]
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    figures: dict[str, Any] = module.run(parser.parse_args(command[1:]))
    return figures


def misses(name: str, figures: Mapping[str, Any], floor: Mapping[str, Any]) -> list[str]:
    """What of one measurement lies below its `at_least` or above its `at_most`, in words."""
    missed = []
    for key, least in floor.get("at_least", {}).items():
        if value_at(figures, key) < least:
            missed.append(f"{name}: {key} is {value_at(figures, key)}, at least {least} is pinned")
    for key, most in floor.get("at_most", {}).items():
        if value_at(figures, key) > most:
            missed.append(f"{name}: {key} is {value_at(figures, key)}, at most {most} is pinned")
    return missed


def value_at(figures: Mapping[str, Any], key: str) -> float:
    """The number at a dotted key, such as "kind.direct.found_recall"."""
    value: Any = figures
    for part in key.split("."):
        value = value[part]
    return float(value)
