"""Glob patterns, one name at a time."""

import glob
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.patterns import after, before_any, is_matched


def matches(pattern: str, path: str) -> bool:
    parts = pattern.split("/")
    places = before_any(parts)
    *folders, file = path.split("/")
    for name in folders:
        places = after(parts, places, name)
    return is_matched(parts, places, file)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "a.TXT", False),
        ("*.txt", ".a.txt", False),
        (".*", ".a.txt", True),
        ("*.txt", "b/a.txt", False),
        ("*/*.txt", "b/a.txt", True),
        ("[ab].txt", "a.txt", True),
        ("[!ab].txt", "a.txt", False),
        ("[[]a].txt", "[a].txt", True),
        ("a?.txt", "a\n.txt", True),
        ("**", "a", True),
        ("**", "a/b/c", True),
        ("**", "a/.b/c", False),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "a/b/c.txt", True),
        ("**/*.txt", "a/.b/c.txt", False),
        ("**/.b/*.txt", "a/.b/c.txt", True),
        ("a/**/b/*", "a/b/c", True),
        ("a/**/b/*", "a/x/b/y/b/c", True),
        ("a/**/**/b", "a/b", True),
        ("*/**", "a", False),
        ("*/**", "a/b", True),
        ("**/**", "a", True),
        ("**.txt", "a.txt", True),
        ("**.txt", "b/a.txt", False),
        ("*", "a/b/c", True),  # what lies in a folder that matches
        ("*", "a/.b", False),
        ("a", "b", False),
    ],
)
def test_what_a_pattern_matches(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_nothing_is_left_to_reach_where_nothing_below_can_match() -> None:
    parts = ["a", "*.txt"]
    assert not after(parts, before_any(parts), "b")
    assert after(parts, before_any(parts), "a")


FILES = ["a.txt", "b/a.txt", "b/b/a.html", "b/b/b/a.txt", "ab/b.txt", ".h/a.txt", "b/.h/b.txt", "b/.a.txt"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


PARTS = st.sampled_from(["**", "*", "b", "a*", "?", "*.txt", "[ab]*", ".*", ".h", "a.txt", "**.html"])


@given(parts=st.lists(PARTS, min_size=1, max_size=4))
def test_matches_are_those_of_the_standard_librarys_glob(tree: Path, parts: list[str]) -> None:
    found = glob.glob("/".join(parts), root_dir=tree, recursive=True)  # noqa: PTH207 - Path's finds hidden names
    below = {
        name for name in FILES for one in found if (tree / one).is_dir() and _is_open(name, one.rstrip("/"))
    }
    # A name that ends in a slash is a file's that was taken for a folder.
    expected = {one for one in found if (tree / one).is_file() and not one.endswith("/")} | below
    assert {name for name in FILES if matches("/".join(parts), name)} == expected


def _is_open(name: str, folder: str) -> bool:
    """Whether a file lies in a folder and nothing from there on is hidden."""
    prefix = f"{folder}/" if folder else ""
    return name.startswith(prefix) and not any(
        part.startswith(".") for part in name.removeprefix(prefix).split("/")
    )
