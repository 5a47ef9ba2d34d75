"""Files by folder, glob and name."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.engine.workspace import MARK, Workspace
from builder.ingest.paths import expand, is_missing, shown
from builder.records import Reject, RejectReason
from builder.release.manifest import write_manifest

EMPTY = RejectReason.EMPTY


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with files in sub-folders, and hidden ones."""
    for name in ["b.txt", "a.txt", "2023/b.html", "2023/11/c.html", ".hidden.txt", ".git/config", "Z.txt"]:
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("news", ["2023/11/c.html", "2023/b.html", "Z.txt", "a.txt", "b.txt"]),
        ("news/", ["2023/11/c.html", "2023/b.html", "Z.txt", "a.txt", "b.txt"]),
        ("./news/2023", ["11/c.html", "b.html"]),
        ("news/a.txt", ["a.txt"]),
        ("news/*.txt", ["Z.txt", "a.txt", "b.txt"]),
        ("news/**/*.html", ["2023/11/c.html", "2023/b.html"]),
        ("news/202?", ["2023/11/c.html", "2023/b.html"]),  # folders that match are searched
        ("new*/2023/*.html", ["news/2023/b.html"]),
        ("news/**", ["2023/11/c.html", "2023/b.html", "Z.txt", "a.txt", "b.txt"]),  # each once
    ],
)
def test_a_path_stands_for_files_sorted_by_their_relative_names(
    news: Path, given: str, names: list[str]
) -> None:
    found, rejects = expand(given, news)
    assert [one.name for one in found] == names
    assert not rejects
    assert all(one.path.is_file() for one in found)


def test_an_absolute_path_gives_the_same_names(news: Path) -> None:
    found, _ = expand(str(news / "news"), Path("/elsewhere"))
    assert [one.name for one in found] == [one.name for one in expand("news", news)[0]]


def test_a_name_with_a_wildcard_character_that_exists_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "story[1].txt").write_text("x")
    (tmp_path / "story1.txt").write_text("y")
    assert [one.name for one in expand("story[1].txt", tmp_path)[0]] == ["story[1].txt"]


@pytest.mark.parametrize(
    ("given", "reason", "uri"),
    [
        ("absent.txt", RejectReason.UNREADABLE, "absent.txt"),
        ("news/absent/deep.txt", RejectReason.UNREADABLE, "deep.txt"),
        ("news/*.pdf", RejectReason.EMPTY, "news/*.pdf"),
        ("empty", RejectReason.EMPTY, "empty"),
        ("news/a.txt/b", RejectReason.UNREADABLE, "b"),
        ("x" * 300, RejectReason.UNREADABLE, "x" * 300),
        ("nul\0", RejectReason.UNREADABLE, "nul\0"),
        ("absent/*.txt", RejectReason.UNREADABLE, "absent"),
        ("~nobody-of-this-name/x", RejectReason.UNREADABLE, "x"),
    ],
)
def test_a_path_that_finds_nothing_is_rejected(
    news: Path, given: str, reason: RejectReason, uri: str
) -> None:
    (news / "empty").mkdir()
    found, (reject,) = expand(given, news)
    assert not found
    assert (reject.stage, reject.reason, reject.uri) == ("inputs", reason, uri)


def test_what_is_no_regular_file_is_rejected_and_never_opened(news: Path) -> None:
    os.mkfifo(news / "news" / "pipe.txt")  # opening it would wait for ever
    (news / "news" / "dangling.txt").symlink_to("nowhere")
    found, rejects = expand("news", news)
    assert len(found) == 5
    assert [(one.uri, one.reason.value) for one in rejects] == [
        ("dangling.txt", "unreadable"),
        ("pipe.txt", "unreadable"),
    ]


def test_links_are_followed_but_not_round_in_circles(news: Path) -> None:
    (news / "news" / "2024").symlink_to(news / "news" / "2023", target_is_directory=True)
    (news / "news" / "2023" / "up").symlink_to(news / "news", target_is_directory=True)
    found, rejects = expand("news/2024", news)
    assert [one.name for one in found][:2] == ["11/c.html", "b.html"]
    assert rejects
    assert all("link" in one.detail for one in rejects)


def test_a_name_that_is_no_unicode_can_still_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    (found,), _ = expand(".", tmp_path)
    assert found.name == "caf\\xe9.txt"
    assert found.path.read_text() == "x"


def test_names_that_differ_in_bytes_stay_apart(tmp_path: Path) -> None:
    for name in (b"a\xff.txt", b"a\\xff.txt"):
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    found, _ = expand(".", tmp_path)
    assert [(one.name, one.path.read_bytes()) for one in found] == [
        ("a\\\\xff.txt", b"a\\xff.txt"),
        ("a\\xff.txt", b"a\xff.txt"),
    ]


@pytest.mark.parametrize("given", ["arts/*.txt", "a[1]/arts/*.txt", "*/arts/*.txt"])
def test_only_what_was_written_is_a_pattern_and_of_that_only_what_does_not_exist(
    tmp_path: Path, given: str
) -> None:
    base = tmp_path / "b[2]"
    for folder in (base / "arts", base / "a[1]" / "arts"):
        folder.mkdir(parents=True)
        (folder / "x.txt").write_text("x")
    found, rejects = expand(given, base)
    assert [one.name for one in found] == ["a[1]/arts/x.txt" if given.startswith("*") else "x.txt"]
    assert not rejects


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Articles beside a workspace, one that an older version made, and a release."""
    for name in ("new", "old"):
        workspace = Workspace(tmp_path / "workspaces" / name)
        with workspace.locked():
            workspace.write("documents", "a", Reject, [], [], {}, {})
    (tmp_path / "workspaces" / "old" / MARK).unlink()
    release = tmp_path / "out" / "v1.0.0"
    (release / "quotes" / "train").mkdir(parents=True)
    (release / "quotes" / "train" / "2024-03-00000.parquet").write_bytes(b"PAR1")
    write_manifest(release, "1.0.0", {})
    for name in ("a.txt", "workspaces/notes.txt", "out/b.txt", "shop/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "shop" / "manifest.json").write_text('{"version": 3, "files": []}')
    return tmp_path


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (".", ["a.txt", "out/b.txt", "shop/c.txt", "shop/manifest.json", "workspaces/notes.txt"]),
        ("**/*.parquet", []),
        ("out", ["b.txt"]),
        ("out/v1.0.0/quotes", ["train/2024-03-00000.parquet"]),
        ("out/v1.0.0/quotes/*/*.parquet", ["train/2024-03-00000.parquet"]),
    ],
)
def test_workspaces_and_releases_are_read_only_where_they_are_named(
    project: Path, given: str, names: list[str]
) -> None:
    found, _ = expand(given, project)
    assert [one.name for one in found] == names


def test_a_workspace_among_the_articles_gives_none_of_what_it_wrote(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace.locked():
        workspace.write("documents", "a", Reject, [], [Reject("documents", "b.txt", EMPTY, "")], {}, {})
    for name in ("a.txt", "2023/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found, _ = expand(".", tmp_path)
    assert [one.name for one in found] == ["2023/b.txt", "a.txt"]


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder that is nested deeper than a path can name."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(2500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    yield tmp_path
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # noqa: S607 - shutil's stops at a thousand


@pytest.mark.parametrize("given", [".", "**/*.txt"])
def test_folders_may_be_nested_as_deep_as_the_system_lets_them(deep: Path, given: str) -> None:
    path = deep.joinpath(*["d"] * 1100, "x.txt")
    path.write_text("x")
    found, rejects = expand(given, deep)
    assert [one.path for one in found] == [path]
    assert [(one.reason.value, one.detail) for one in rejects] == [("unreadable", "File name too long")]


@pytest.mark.parametrize("given", ["a", "a/**/*.txt", "a/**"])
def test_links_to_a_folder_itself_end(tmp_path: Path, given: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("x")
    for name in ("l1", "l2"):
        (tmp_path / "a" / name).symlink_to(".")
    found, rejects = expand(given, tmp_path)
    assert [one.name for one in found] == ["x.txt"]
    assert [(one.uri, one.detail) for one in rejects] == [
        (name, "a folder that links lead to more than once; read as '.'") for name in ("l1", "l2")
    ]


@pytest.mark.parametrize("given", ["f0", "f0/**/*.txt"])
def test_a_fan_of_links_is_searched_once_by_every_link(tmp_path: Path, given: str) -> None:
    for number in range(22):  # 2^21 paths
        (tmp_path / f"f{number}").mkdir()
        for name in ("l1", "l2"):
            if number < 21:
                (tmp_path / f"f{number}" / name).symlink_to(tmp_path / f"f{number + 1}")
    (tmp_path / "f21" / "x.txt").write_text("x")
    found, rejects = expand(given, tmp_path)
    assert [one.name for one in found] == ["l1/" * 21 + "x.txt"]
    assert [one.uri for one in rejects] == sorted("l1/" * number + "l2" for number in range(21))


def test_files_are_known_by_the_folder_that_they_are_in_rather_than_by_links_to_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.txt").write_text("x")
    (tmp_path / "a").symlink_to("b")
    found, (reject,) = expand(".", tmp_path)
    assert [one.name for one in found] == ["b/x.txt"]
    assert (reject.uri, "read as 'b'" in reject.detail) == ("a", True)


def test_a_link_to_nowhere_that_does_not_match_is_none_of_a_globs_business(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    for name in ("other", "dangling.txt"):
        (tmp_path / name).symlink_to("nowhere")
    found, rejects = expand("**/*.txt", tmp_path)
    assert [one.name for one in found] == ["x.txt"]
    assert [one.uri for one in rejects] == ["dangling.txt"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("news/a.txt", "news/a.txt"), ("/home/ann/news", "news"), ("~/news", "news"), ("./news", "news")],
)
def test_no_folder_of_the_machine_is_shown(given: str, expected: str) -> None:
    assert shown(given) == expected


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("news", False),
        ("news/a.txt", False),
        ("none", True),
        ("news/a.txt/b.txt", True),  # a file is no folder
        ("news/none*.txt", False),  # a glob may find nothing
        ("nul\0", False),  # cannot be looked at
        ("hf://ann/news", False),  # is looked at when it is read
    ],
)
def test_only_a_plain_path_that_names_nothing_is_missing(news: Path, given: str, missing: bool) -> None:
    assert is_missing(given, news) == missing
