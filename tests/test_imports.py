"""The rules of who may import whom, read off the syntax trees."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
BUILDER = ROOT / "builder"
EVAL = ROOT / "eval"
MODULES = sorted(BUILDER.rglob("*.py"))
EVALUATION = sorted(EVAL.rglob("*.py"))

# From the ground up: a room may import itself and what stands before it.
FLOORS = [
    {"records", "errors", "ids", "measure"},
    {"lines", "config"},
    {"engine", "inference"},
    {"ingest"},
    {"clusters"},
    {"quotes"},
    {"speakers"},
    {"stance"},
    {"review"},
    {"release"},
    {"training"},
    {"stages"},
    {"console", "doctor", "lookup", "pipeline", "streams"},
    {"cli"},
    {"__main__"},
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Where each library enters. Arrow is the form of all records on disk, so those who stream them use it.
DOORS = {
    "charset_normalizer": {"ingest/repair.py"},
    "datasets": {"ingest/hub.py", "release/dataset.py"},
    "duckdb": {"engine/database.py"},
    "fastwarc": {"ingest/archive.py", "ingest/warc.py"},
    "filelock": {"engine/workspace.py"},
    "ftfy": {"ingest/repair.py"},
    "htmldate": {"ingest/html.py"},
    "jinja2": {"release/card.py"},
    "jsonlines": {"lines.py"},
    "numpy": {"clusters/minhash.py", "stance/linear.py"},
    "packaging": {"doctor.py"},
    "py3langid": {"ingest/language.py"},
    "pydantic": {"config.py", "engine/fingerprint.py"},
    "rensa": {"clusters/minhash.py"},
    "resiliparse": {"ingest/html.py"},
    "rich": {"console.py"},
    "sklearn": {"stance/linear.py"},
    "skops": {"stance/linear.py"},
    "syntok": {"quotes/sentences.py"},
    "trafilatura": {"ingest/html.py"},
    "typer": {"cli.py"},
    "yaml": {"release/card.py"},
    "zstandard": {"ingest/compression.py"},
}
ANYWHERE = {"pyarrow", "builder"}
# What the evaluation needs besides; an optional library is imported where it is used.
DOORS_OF_EVAL = {
    "jinja2": {"errors_report.py"},
    "resiliparse": {"ingest.py"},
    "spacy": {"spacy_docs.py"},
    "trafilatura": {"ingest.py"},
}


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it; not those relative to itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 or path.is_relative_to(EVAL), f"{path}: relative import"
            if node.level:
                continue
            module = node.module or ""
            yield from ((f"builder.{name.name}" for name in node.names) if module == "builder" else [module])


def room_of(name: str) -> str:
    return name.split(".")[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(BUILDER).as_posix())
def test_a_module_imports_no_later_stage(path: Path) -> None:
    room = path.relative_to(BUILDER).parts[0].removesuffix(".py")
    for name in imported(path):
        if name.startswith("builder.") and room_of(name) != "__version__":
            assert room == room_of(name) or FLOOR_OF[room_of(name)] <= FLOOR_OF[room], name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(BUILDER).as_posix())
def test_a_library_enters_through_its_door(path: Path) -> None:
    for name in imported(path):
        library = name.split(".")[0]
        if library not in sys.stdlib_module_names and library not in ANYWHERE:
            assert path.relative_to(BUILDER).as_posix() in DOORS.get(library, set()), name


@pytest.mark.parametrize("path", EVALUATION, ids=lambda path: path.relative_to(EVAL).as_posix())
def test_a_library_enters_the_evaluation_through_its_door(path: Path) -> None:
    for name in imported(path):
        library = name.split(".")[0]
        if library not in sys.stdlib_module_names and library not in ANYWHERE:
            assert path.relative_to(EVAL).as_posix() in DOORS_OF_EVAL.get(library, set()), name


def test_every_library_that_is_imported_is_declared() -> None:
    # The names of distributions that differ from the name of what they install.
    named = {"sklearn": "scikit-learn", "yaml": "pyyaml"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {Requirement(one).name.replace("-", "_") for one in project["dependencies"]}
    assert {named.get(library, library).replace("-", "_") for library in DOORS} <= declared
    extras = project["optional-dependencies"].values()
    declared |= {Requirement(one).name.replace("-", "_") for extra in extras for one in extra}
    assert DOORS_OF_EVAL.keys() <= declared


def test_nothing_hides_the_builtin_eval() -> None:
    for path in [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *EVALUATION]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [(name.asname or name.name).split(".")[0] for name in node.names]
                assert "eval" not in names, f"{path}: write `from eval.x import y`"


def test_the_product_never_imports_its_evaluation() -> None:
    for path in MODULES:
        assert not any(name.split(".")[0] == "eval" for name in imported(path)), path


def test_annotations_are_data_only() -> None:
    # A package of that name would clash with `from __future__ import annotations`.
    assert list((ROOT / "annotations").rglob("*.py")) == []
