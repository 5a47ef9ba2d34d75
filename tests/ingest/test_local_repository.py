"""Which files of a local repository are read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasets import Dataset, DatasetDict

from builder.ingest.limits import Refused
from builder.ingest.local_repository import check_declared, inside, saved_files
from builder.records import RejectReason

ROWS = [{"text": f"Story {n}: the river rose."} for n in range(3)]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """What `save_to_disk` wrote: two splits."""
    data = Dataset.from_list(ROWS)
    DatasetDict(train=data, test=data).save_to_disk(str(tmp_path / "saved"))
    return tmp_path / "saved"


def rewritten(path: Path, change: Callable[[Any], object]) -> None:
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def reason_of(folder: Path) -> RejectReason:
    with pytest.raises(Refused) as refused:
        saved_files(folder)
    return refused.value.reason


def test_the_files_of_a_saved_dataset_are_those_that_it_lists(saved: Path) -> None:
    (saved / "notes.txt").write_text("not of it")
    of_split = ["data-00000-of-00001.arrow", "dataset_info.json", "state.json"]
    assert saved_files(saved / "test") == tuple(of_split)
    assert saved_files(saved) == (
        "dataset_dict.json",
        *(f"{split}/{name}" for split in ("test", "train") for name in of_split),
    )


@pytest.mark.parametrize(
    "name", ["../test/data-00000-of-00001.arrow", "{saved}/test/data-00000-of-00001.arrow"]
)
def test_a_split_may_lie_in_another_of_the_same_folder_but_not_outside(saved: Path, name: str) -> None:
    def change(state: Any) -> None:
        state["_data_files"][0]["filename"] = name.format(saved=saved)

    rewritten(saved / "train" / "state.json", change)
    assert saved_files(saved).count("test/data-00000-of-00001.arrow") == 1
    assert "train/data-00000-of-00001.arrow" not in saved_files(saved)
    assert reason_of(saved / "train") == RejectReason.OUTSIDE


def test_a_split_that_lies_outside_is_refused_before_it_is_opened(saved: Path) -> None:
    (saved / "test").rename(saved.parent / "test")
    (saved.parent / "test" / "state.json").write_text("no JSON")
    rewritten(saved / "dataset_dict.json", lambda found: found["splits"].append("../test"))
    rewritten(saved / "dataset_dict.json", lambda found: found["splits"].remove("test"))
    assert reason_of(saved) == RejectReason.OUTSIDE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no JSON", RejectReason.CORRUPT),
        ("[" * 100_000, RejectReason.CORRUPT),
        ("[]", RejectReason.CORRUPT),
        ("{}", RejectReason.CORRUPT),
        ('{"_data_files": 5}', RejectReason.CORRUPT),
        ('{"_data_files": [{"filename": 5}]}', RejectReason.CORRUPT),
        ('{"_data_files": [{"filename": "absent.arrow"}]}', RejectReason.UNREADABLE),
        ('{"_data_files": [{"filename": "."}]}', RejectReason.UNREADABLE),
        ('{"_data_files": [{"filename": "a\\u0000"}]}', RejectReason.OUTSIDE),
        ('{"_data_files": [{"filename": "a\\ud800"}]}', RejectReason.OUTSIDE),
        ('{"_data_files": [{"filename": "//["}]}', RejectReason.OUTSIDE),
    ],
)
def test_a_list_of_files_that_names_none_is_refused(saved: Path, text: str, reason: RejectReason) -> None:
    (saved / "train" / "state.json").write_text(text)
    assert reason_of(saved / "train") == reason


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../a.jsonl",
        "data/../../a.jsonl",
        "https://paper.example/a.jsonl",
        "FILE:a.jsonl",
        "zip://a.jsonl::a.zip",
        "a.zip::b",
        "//[",
    ],
)
def test_what_is_declared_outside_is_refused_by_its_name_alone(path: str) -> None:
    for files in (path, ["a.jsonl", path], [{"split": "train", "path": path}], [{"path": ["a", path]}]):
        with pytest.raises(Refused, match="outside"):
            check_declared([{"data_files": "a.jsonl"}, {"data_files": files}])
    with pytest.raises(Refused, match="outside"):
        check_declared([{"data_dir": path}])


@pytest.mark.parametrize(
    "configs",
    [None, [], 5, [5], [{}], [{"data_files": 5}], [{"data_files": ["a/**", "2024-01:*.jsonl", "a..b"]}]],
)
def test_other_declarations_are_left_to_the_library(configs: object) -> None:
    check_declared(configs)


def test_no_link_leads_out(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("a")
    (folder / "b").symlink_to("a")
    (folder / "round").symlink_to("round")
    assert inside(folder, ["b", str(folder / "a"), "./a"]) == ("a",)
    with pytest.raises(Refused, match="unreadable"):
        inside(folder, ["round"])
    (tmp_path / "folder-of-others").write_text("x")
    for name in ("../folder-of-others", str(tmp_path / "folder-of-others"), "https://paper.example/a"):
        with pytest.raises(Refused, match="outside"):
            inside(folder, [name])
