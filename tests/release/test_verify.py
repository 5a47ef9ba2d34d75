"""A release is what its manifest and its card say, or the differences are named."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.errors import ReleaseError
from builder.release.verify import Difference, require_intact, verify
from tests.release.corpus import Corpus, Release

FILE = "quotes/unlabelled/2024-03-00000.parquet"


@pytest.fixture
def folder(corpus: Corpus, release: Release) -> Path:
    corpus.article("d1")
    return release().path


def problems(folder: Path) -> list[tuple[str, str]]:
    return [(one.file, one.problem) for one in verify(folder).differences]


def test_a_release_that_nobody_touched_is_what_it_says(folder: Path) -> None:
    found = verify(folder)
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert (found.version, found.files, found.differences) == ("1.0.0", len(paths), ())
    assert found.bytes == sum(path.stat().st_size for path in paths)
    require_intact(folder)


def test_what_belongs_to_a_repository_is_no_difference(folder: Path) -> None:
    (folder / ".gitattributes").write_text("*.parquet filter=lfs")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    assert problems(folder) == []


def test_a_missing_file_and_a_stray_one_are_named(folder: Path) -> None:
    (folder / "CHANGES.md").unlink()
    (folder / "notes.txt").write_text("stray")
    assert problems(folder) == [("CHANGES.md", "is missing"), ("notes.txt", "is not in the manifest")]
    with pytest.raises(
        ReleaseError, match=r"is not what it was when it was released: CHANGES\.md: is missing"
    ):
        require_intact(folder)


def test_what_is_no_file_is_named_too(folder: Path, tmp_path: Path) -> None:
    (folder / "void").symlink_to(tmp_path / "nothing")
    (folder / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "quotes" / "pipe")
    assert problems(folder) == [
        (name, "is neither a file nor a folder") for name in ("elsewhere", "quotes/pipe", "void")
    ]


def test_a_changed_byte_is_found(folder: Path) -> None:
    data = bytearray((folder / "CHANGES.md").read_bytes())
    data[-2] ^= 1
    (folder / "CHANGES.md").write_bytes(data)
    ((file, problem),) = problems(folder)
    assert file == "CHANGES.md"
    assert problem.startswith("has the SHA-256 ")


def test_a_damaged_data_file_is_no_traceback(folder: Path) -> None:
    path = folder / FILE
    path.write_bytes(path.read_bytes()[:-100])
    found = problems(folder)
    assert (FILE, "is missing") not in found
    assert {file for file, _ in found} == {FILE, "README.md"}
    assert any("cannot be read as Parquet" in problem for _, problem in found)


def test_the_card_is_held_to_the_data(folder: Path) -> None:
    table = pq.ParquetFile(folder / FILE).read()
    pq.write_table(table.slice(0, 1), folder / FILE)
    found = problems(folder)
    assert ("README.md", "declares 2 rows of quotes/unlabelled; the files have 1") in found
    pq.write_table(pa.table({"id": ["q1", "q2"]}), folder / FILE)
    assert any("does not say which columns it has" in problem for _, problem in problems(folder))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("num_examples: 2", "num_examples: 3", "declares 3 rows of quotes/unlabelled; the files have 2"),
        ("config_name: stance", "config_name: other", "does not declare stance, which has files"),
        ("dtype: float64", "dtype: nonsense", "dataset_info of the card cannot be read"),
        ("---\n", "", "does not begin with metadata"),
        ("dataset_info:", "dataset_info: [", "are no YAML"),
    ],
)
def test_a_card_that_does_not_fit_the_data_is_named(folder: Path, old: str, new: str, problem: str) -> None:
    card = folder / "README.md"
    card.write_text(card.read_text().replace(old, new))
    assert any(problem in told for file, told in problems(folder) if file == "README.md")


def test_without_a_manifest_it_is_no_release(folder: Path) -> None:
    for text in ("{}", "[" * 100_000):
        (folder / "manifest.json").write_text(text)
        with pytest.raises(ReleaseError, match="is not the manifest of a release"):
            verify(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(ReleaseError, match=r"cannot be read, so .* is no release"):
        verify(folder)


def test_a_manifest_that_names_files_elsewhere_finds_none(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    shutil.copy(folder / "CHANGES.md", folder.parent / "outside.md")
    manifest["files"]["../outside.md"] = manifest["files"]["CHANGES.md"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert verify(folder).differences == (Difference("../outside.md", "is missing"),)
