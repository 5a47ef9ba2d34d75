"""The rules of who may import whom, read off the syntax trees."""

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
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
    {"engine", "inference", "tokenization"},
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
    {"decided_cli"},
    {"review_cli"},
    {"cli"},
    {"entry"},
    {"__main__"},
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Where each library enters; a room's name ends in a slash. Arrow is the form of all records on disk, so
# those who stream them use it.
DOORS = {
    "alembic": {"review/migrations/", "review/schema.py"},
    "argon2": {"review/passwords.py"},
    "charset_normalizer": {"ingest/repair.py"},
    "datasets": {"ingest/hub.py", "release/dataset.py"},
    "duckdb": {"engine/database.py"},
    "fastapi": {"review/web/"},
    "fastwarc": {"ingest/archive.py"},
    "filelock": {"engine/workspace.py"},
    "ftfy": {"ingest/repair.py"},
    "htmldate": {"ingest/html.py"},
    "huggingface_hub": {"release/hub.py"},
    "jinja2": {"release/datasheet.py", "review/web/rendering.py"},
    "jsonlines": {"lines.py"},
    "markdown_it": {"review/web/rendering.py"},
    "numpy": {
        "inference.py",
        "quotes/attributions.py",
        "quotes/chain.py",
        "quotes/encoding.py",
        "quotes/model.py",
        "quotes/states.py",
        "release/shared_runs.py",
        "review/aggregate.py",
        "review/agreement.py",
        "speakers/features.py",
        "speakers/ranker.py",
        "speakers/readings.py",
        "speakers/resolve.py",
        "stance/encoder.py",
        "stance/encoding.py",
        "stance/linear.py",
        "stance/scoring.py",
        "tokenization.py",
        "training/",
    },
    "nncf": {"training/quantization.py"},
    "onnx": {"training/"},
    "openvino": {"inference.py"},
    "packaging": {"doctor.py"},
    "py3langid": {"ingest/language.py"},
    "pydantic": {
        "config.py",
        "engine/fingerprint.py",
        "review/items.py",
        "review/scheme.py",
        "review/web/",
        "training/config.py",
    },
    "regex": {"release/patterns.py"},
    "rensa": {"clusters/minhash.py"},
    "resiliparse": {"ingest/html.py"},
    "rich": {"console.py"},
    "safetensors": {"training/"},
    "scipy": {"measure.py", "training/"},
    "sklearn": {"stance/linear.py", "training/"},
    "skops": {"stance/linear.py"},
    "sqlalchemy": {"review/"},
    "syntok": {"quotes/sentences.py"},
    "tokenizers": {"tokenization.py"},
    "torch": {"training/"},
    "trafilatura": {"ingest/html.py"},
    "transformers": {"training/"},
    "typer": {"cli.py", "decided_cli.py", "entry.py", "review_cli.py"},
    "uvicorn": {"review/web/serve.py"},
    "yaml": {"release/front_matter.py"},
    "zstandard": {"ingest/compression.py"},
}
ANYWHERE = {"pyarrow", "builder"}
# Rooms that need an extra: nothing else may import them when it is loaded itself.
EXTRAS = {"training": "train"}
# What the evaluation needs besides; an optional library is imported where it is used.
DOORS_OF_EVAL = {
    "jinja2": {"report_pages.py"},
    "numpy": {"active_learning.py", "chunks.py", "embeddings.py", "learners.py", "metrics/calibration.py"},
    "psutil": {"queue_server.py", "release_scale.py"},
    "resiliparse": {"ingest.py"},
    "sklearn": {"active_learning.py"},
    "spacy": {"spacy_docs.py"},
    "sqlalchemy": {"queue.py", "queue_lists.py"},
    "trafilatura": {"ingest.py"},
}


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it; not those relative to itself."""
    return imported_by(parsed(path), path)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_by(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
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


def doors_of(library: str, path: Path) -> set[str]:
    """The doors of the library that the module is: itself or a folder that it is in."""
    inside = path.relative_to(BUILDER)
    return DOORS.get(library, set()) & {inside.as_posix(), *(f"{one.as_posix()}/" for one in inside.parents)}


def on_loading(tree: ast.Module) -> ast.Module:
    """The module without the bodies of its functions: what is left is run when it is imported."""

    class _Emptied(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            return None

    emptied = _Emptied().visit(tree)
    assert isinstance(emptied, ast.Module)
    return emptied


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
            assert doors_of(library, path), name


def test_every_door_is_in_use() -> None:
    used = {
        (library, door)
        for path in MODULES
        for library in {name.split(".")[0] for name in imported(path)}
        for door in doors_of(library, path)
    }
    assert used == {(library, door) for library, doors in DOORS.items() for door in doors}


def test_what_needs_an_extra_is_loaded_only_when_it_is_used() -> None:
    for path in MODULES:
        if path.relative_to(BUILDER).parts[0] not in EXTRAS:
            names = imported_by(on_loading(parsed(path)), path)
            assert not any(name.startswith("builder.") and room_of(name) in EXTRAS for name in names), path


@pytest.mark.parametrize("path", EVALUATION, ids=lambda path: path.relative_to(EVAL).as_posix())
def test_a_library_enters_the_evaluation_through_its_door(path: Path) -> None:
    for name in imported(path):
        library = name.split(".")[0]
        if library not in sys.stdlib_module_names and library not in ANYWHERE:
            assert path.relative_to(EVAL).as_posix() in DOORS_OF_EVAL.get(library, set()), name


def test_every_library_that_is_imported_is_declared() -> None:
    # The names of distributions that differ from the name of what they install.
    named = {
        "argon2": "argon2-cffi",
        "markdown_it": "markdown-it-py",
        "sklearn": "scikit-learn",
        "yaml": "pyyaml",
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = names_of(project["dependencies"])
    extras = {name: names_of(some) for name, some in project["optional-dependencies"].items()}
    for library, doors in DOORS.items():
        rooms = {door.split("/")[0] for door in doors}
        optional = extras[EXTRAS[rooms.pop()]] if len(rooms) == 1 and rooms <= EXTRAS.keys() else set()
        assert named.get(library, library).replace("-", "_") in declared | optional
    named_in_eval = {named.get(one, one).replace("-", "_") for one in DOORS_OF_EVAL}
    assert named_in_eval <= declared.union(*extras.values())


def names_of(requirements: Iterable[str]) -> set[str]:
    return {Requirement(one).name.replace("-", "_") for one in requirements}


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
