"""`datasets` repositories: local folders, and the Hub by way of a real server on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from datasets import Dataset, DatasetDict

from builder.config import FieldNames, InputConfig
from builder.ingest.hub import is_repository, read_repository, repository_source
from builder.ingest.limits import Refused
from builder.ingest.sources import batches, discover
from builder.records import RawDocument, Reject, RejectReason
from eval.hub.repositories import File
from eval.hub.routes import Hub
from eval.hub.server import running

ROWS = [{"id": f"s{n}", "text": f"Story {n}: the river rose.", "label": n} for n in range(3)]
CARD = """---
license: cc0-1.0
configs:
- config_name: default
  data_files:
  - split: train
    path: data/*.jsonl
---
"""


def shown(found: list[RawDocument | Reject]) -> list[tuple[str, str]]:
    return [
        (one.uri, one.data.decode() if isinstance(one, RawDocument) else one.reason.value) for one in found
    ]


def stories(prefix: str) -> list[tuple[str, str]]:
    return [(f"{prefix}#{row['id']}", str(row["text"])) for row in ROWS]


@pytest.fixture
def card_folder(tmp_path: Path) -> Path:
    """A repository as one clones it from the Hub: a card that declares its data."""
    folder = tmp_path / "river-news"
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "data" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return folder


def local(folder: Path, **changes: Any) -> list[RawDocument | Reject]:
    asked = InputConfig(path=str(folder), **changes)
    return list(read_repository(repository_source(asked, folder), 10_000))


def test_a_folder_with_a_dataset_card_is_read(card_folder: Path) -> None:
    assert is_repository(card_folder)
    assert shown(local(card_folder)) == stories("river-news/train")


@pytest.mark.parametrize("name", ["one", "several"])
def test_what_save_to_disk_wrote_is_read(tmp_path: Path, name: str) -> None:
    data = Dataset.from_list(ROWS)
    (data if name == "one" else DatasetDict(train=data)).save_to_disk(str(tmp_path / name))
    assert is_repository(tmp_path / name)
    assert shown(local(tmp_path / name)) == stories(f"{name}/train")


def test_a_split_or_column_that_is_not_there_is_refused(tmp_path: Path, card_folder: Path) -> None:
    DatasetDict(train=Dataset.from_list(ROWS)).save_to_disk(str(tmp_path / "saved"))
    with pytest.raises(Refused, match=r"unreadable: .*no split 'test'; there are train"):
        local(tmp_path / "saved", split="test")
    with pytest.raises(Refused, match=r"unreadable: .*test"):
        local(card_folder, split="test")
    with pytest.raises(Refused, match="bad-record: no column 'body'; the columns are: 'id', 'text', 'label'"):
        local(tmp_path / "saved", fields=FieldNames(text="body"))


def test_damaged_data_are_refused_and_the_rows_before_are_kept(card_folder: Path) -> None:
    with (card_folder / "data" / "train.jsonl").open("a") as stream:
        stream.write("no JSON\n")
    reader = read_repository(repository_source(InputConfig(path="x"), card_folder), 10_000)
    with pytest.raises(Refused):
        list(reader)


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (CARD, True),
        ("---\ndataset_info:\n  features: []\n---\n", True),
        ("---\ntitle: notes\n---\nconfigs: none\n", False),
        ("# configs:\n", False),
        ("", False),
    ],
)
def test_a_folder_is_a_repository_if_its_card_declares_data(
    tmp_path: Path, card: str, expected: bool
) -> None:
    (tmp_path / "README.md").write_text(card)
    assert is_repository(tmp_path) is expected


def test_an_ordinary_folder_is_no_repository(tmp_path: Path) -> None:
    assert not is_repository(tmp_path)
    assert not is_repository(tmp_path / "absent")
    (tmp_path / "README.md").write_bytes(b"---\xff\n")
    assert not is_repository(tmp_path)


def test_a_pipe_in_the_place_of_the_card_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "README.md")
    assert not is_repository(tmp_path)


def test_a_folder_whose_path_is_nearly_too_long_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path
    while len(str(folder)) < 3800:
        folder /= "d" * 200
    folder /= "d" * (4090 - len(str(folder)))
    subprocess.run(["mkdir", "-p", folder], check=True)  # noqa: S607 - any
    assert not is_repository(folder)


def declaring(folder: Path, declaration: str) -> Path:
    """The repository with another declaration in its card."""
    (folder / "README.md").write_text(f"---\nconfigs:\n- config_name: default\n  {declaration}\n---\n")
    return folder


@pytest.mark.parametrize(
    "declaration",
    [
        "data_files: ../secret.jsonl",
        "data_files: data/../../secret.jsonl",
        "data_files: [data/*.jsonl, '{outside}/secret.jsonl']",
        "data_files: [{{split: train, path: data/*.jsonl}}, {{split: test, path: '{outside}/s*.jsonl'}}]",
        "data_files: [{{split: train, path: [data/*.jsonl, '../*.jsonl']}}]",
        "data_files: file://{outside}/secret.jsonl",
        "data_files: file:{outside}/secret.jsonl",
        "data_files: {server}/secret.jsonl",
        "data_files: zip://secret.jsonl::{server}/secret.zip",
        "data_dir: ..",
        "data_dir: '{outside}'",
        "data_files: linked.jsonl",
        "data_files: linked/*.jsonl",
    ],
)
def test_a_repository_that_declares_files_outside_its_folder_is_refused(
    card_folder: Path, declaration: str
) -> None:
    outside = card_folder.parent
    (outside / "secret.jsonl").write_text('{"text": "not yours"}\n')
    (card_folder / "linked.jsonl").symlink_to(outside / "secret.jsonl")
    (card_folder / "linked").symlink_to(outside)
    asked: list[str] = []
    with server_that_notes(asked) as server:
        declaring(card_folder, declaration.format(outside=outside, server=server))
        sources, (reject,) = discover([InputConfig(path="river-news")], outside)
    assert not sources
    assert (reject.uri, reject.reason) == ("river-news", RejectReason.OUTSIDE)
    assert not asked


@contextmanager
def server_that_notes(asked: list[str]) -> Iterator[str]:
    """The address of a server that notes what it is asked for."""

    class Noting(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_declaration_beside_the_card_is_refused(card_folder: Path) -> None:
    (card_folder / ".huggingface.yaml").write_text("configs: []\n")
    with pytest.raises(Refused, match=r"unknown-format: declared by \.huggingface\.yaml"):
        local(card_folder)


def test_the_files_that_are_read_are_known_by_their_real_names(card_folder: Path) -> None:
    (card_folder / "other.jsonl").write_text('{"text": "not declared"}\n')
    (card_folder / "newest").symlink_to("data")
    declaring(card_folder, "data_files: newest/*.jsonl")
    (card_folder.parent / "link").symlink_to(card_folder)
    for folder in (card_folder, card_folder.parent / "link"):
        source = repository_source(InputConfig(path="x"), folder)
        assert source.repository is not None
        assert source.repository.files == ("README.md", "data/train.jsonl")
        before = source.fingerprint()
        (card_folder / "other.jsonl").write_text("changed")
        assert source.fingerprint() == before
        with (card_folder / "data" / "train.jsonl").open("a") as stream:
            stream.write("\n")
        assert source.fingerprint() != before


def test_the_name_of_a_folder_need_not_be_unicode(card_folder: Path) -> None:
    folder = card_folder.rename(card_folder.parent / os.fsdecode(b"river\xff"))
    (folder / "state.json").write_text("{}")  # of a dataset without its other files
    sources, (reject,) = discover([InputConfig(path=os.fsdecode(b"river\xff"))], folder.parent)
    assert (sources, reject.uri) == ([], "river\\xff")
    Dataset.from_list(ROWS).save_to_disk(str(card_folder))
    odd = card_folder.rename(folder.parent / os.fsdecode(b"saved\xff"))
    assert repository_source(InputConfig(path="x"), odd).uri == "saved\\xff/train"


def test_discovery_takes_a_repository_for_one_container(card_folder: Path) -> None:
    sources, rejects = discover([InputConfig(path="river-news")], card_folder.parent)
    assert [(one.uri, one.kind) for one in sources] == [("river-news/train", "repository")]
    assert not rejects
    assert [len(batch.sources) for batch in batches(sources)] == [1]


@pytest.mark.parametrize("path", ["hf://", "hf://user", "hf://user/name/subset/more", "hf://us er/name"])
def test_a_malformed_name_on_the_hub_is_rejected(path: str, tmp_path: Path) -> None:
    sources, (reject,) = discover([InputConfig(path=path)], tmp_path)
    assert not sources
    assert (reject.reason.value, "hf://user/name" in reject.detail) == ("unreadable", True)


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub with one repository, ann/river-news."""
    rows = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    files = {"README.md": File(CARD.encode()), "data/train.jsonl": File(rows)}
    with running() as hub:
        hub.kept.create("ann/river-news", private=False).commit("main", None, "Stories", files)
        yield hub


PROGRAM = """
import json, sys
from pathlib import Path
from builder.config import IngestConfig, InputConfig
from builder.ingest.read import read
from builder.ingest.sources import batches, discover
sources, rejects = discover([InputConfig(path=path) for path in sys.argv[1:]], Path())
found = [one for batch in batches(sources) for one in read(batch, IngestConfig())]
print(json.dumps({
    "commits": [one.repository.commit for one in sources],
    "rejects": [[one.uri, one.reason, one.detail] for one in rejects],
    "documents": [[one.uri, one.data.decode()] for one in found],
}))
"""


def through(hub: Hub, home: Path, *paths: str) -> dict[str, Any]:
    """What a fresh process reads: the Hub's address is taken when its library is loaded."""
    environment = {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "no_proxy": "*",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *paths], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_repository_on_the_hub_is_streamed_at_a_pinned_commit(hub: Hub, tmp_path: Path) -> None:
    found = through(hub, tmp_path, "hf://ann/river-news", "hf://ann/absent")
    assert found["commits"] == [hub.kept.at("ann/river-news").at("main").id]
    assert found["documents"] == [list(one) for one in stories("hf://ann/river-news/train")]
    assert [(uri, reason) for uri, reason, _ in found["rejects"]] == [("hf://ann/absent", "unreadable")]
