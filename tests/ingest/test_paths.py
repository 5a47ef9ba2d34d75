"""Files by folder, glob and name."""

import os
from pathlib import Path

import pytest

from builder.ingest.paths import expand, shown
from builder.records import RejectReason


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [("news/a.txt", "news/a.txt"), ("/home/ann/news", "news"), ("~/news", "news"), ("./news", "news")],
)
def test_no_folder_of_the_machine_is_shown(given: str, expected: str) -> None:
    assert shown(given) == expected
