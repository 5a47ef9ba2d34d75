"""What the inputs stand for, and how it is divided into batches."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import FieldNames, InputConfig
from builder.ids import sha256
from builder.ingest.source import Repository, Source
from builder.ingest.sources import FILES_ON_AVERAGE, MOST_FILES, batches, discover
from builder.records import RejectReason


def files(*uris: str) -> list[Source]:
    return [Source(uri, Path("/news") / uri, "document", "dump") for uri in uris]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "b.html").write_text("<html>b</html>")
    (tmp_path / "pages" / "a.txt").write_text("a")
    (tmp_path / "pages" / "a.csv").write_text("a,b")
    (tmp_path / "rows.jsonl").write_text('{"text": "x"}\n')
    return tmp_path


def test_inputs_are_found_in_the_order_of_the_configuration_and_sorted_within_each(news: Path) -> None:
    sources, rejects = discover([InputConfig(path="rows.jsonl"), InputConfig(path="pages")], news)
    assert [(one.uri, one.kind, one.content) for one in sources] == [
        ("rows.jsonl", "jsonl", "article"),
        ("a.txt", "document", "dump"),
        ("b.html", "document", "html"),
    ]
    assert [(one.stage, one.uri, one.reason) for one in rejects] == [
        ("inputs", "a.csv", RejectReason.UNKNOWN_FORMAT)
    ]


def test_what_cannot_be_found_is_rejected_and_the_rest_is_found(news: Path) -> None:
    sources, rejects = discover([InputConfig(path="absent"), InputConfig(path="rows.jsonl")], news)
    assert [one.uri for one in sources] == ["rows.jsonl"]
    assert [(one.uri, one.reason) for one in rejects] == [("absent", RejectReason.UNREADABLE)]


def test_a_damaged_compressed_file_of_unknown_type_is_rejected_for_its_damage(tmp_path: Path) -> None:
    (tmp_path / "page.gz").write_bytes(gzip.compress(b"<html>")[:12])
    _, (reject,) = discover([InputConfig(path="page.gz")], tmp_path)
    assert reject.reason == RejectReason.TRUNCATED


def test_a_container_is_a_batch_of_its_own_and_files_share_one() -> None:
    rows = Source("b.jsonl", Path("/news/b.jsonl"), "jsonl", "article")
    a, c = files("a.txt", "c.txt")
    assert [batch.sources for batch in batches([a, rows, c])] == [(a, c), (rows,)]
    assert [batch.sources for batch in batches([rows, a, c])] == [(rows,), (a, c)]
    assert batches([]) == []


def test_names_of_batches_are_short_safe_and_differ_even_where_files_have_the_same_name() -> None:
    rows = [Source("rows.jsonl", Path(f"/{n}/rows.jsonl"), "jsonl", "article") for n in range(3)]
    names = [batch.name for batch in batches([*rows, *files("a.txt"), *files("a.txt")])]
    assert len(set(names)) == 4
    assert all(len(name) == 16 and name.isalnum() for name in names)


NAMES = [f"{number:04}.txt" for number in range(1500)]


@given(absent=st.integers(0, len(NAMES) - 1))
def test_a_file_more_changes_one_batch_or_divides_one(absent: int) -> None:
    whole = {batch.name: batch.sources for batch in batches(files(*NAMES))}
    less = {batch.name: batch.sources for batch in batches(files(*(NAMES[:absent] + NAMES[absent + 1 :])))}
    assert len(whole) >= 5
    assert sum(whole[name] != less.get(name) for name in whole) <= 2
    assert sum(less[name] != whole.get(name) for name in less) == 1


def test_no_batch_is_larger_than_the_largest_even_where_no_name_begins_one() -> None:
    some = [name for name in (f"{n}.txt" for n in range(6000)) if not _begins(name)][: 3 * MOST_FILES]
    found = batches(files(*some))
    assert max(len(batch.sources) for batch in found) <= MOST_FILES
    assert [one.uri for batch in found for one in batch.sources] == some
    assert len({batch.name for batch in found}) == len(found)
    changed = {batch.sources for batch in batches(files(*some[:2000], *some[2001:]))}
    assert len({batch.sources for batch in found} - changed) == 1


def _begins(name: str) -> bool:
    return int(sha256(name.encode())[:16], 16) % FILES_ON_AVERAGE == 0


def fingerprint_of(source: Source) -> str:
    (batch,) = batches([source])
    return batch.fingerprint()


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda s: Source(s.uri, s.path, s.kind, s.content, s.compression, s.fields), False),
        (lambda s: Source("b.jsonl", s.path, s.kind, s.content, s.compression, s.fields), True),
        (lambda s: Source(s.uri, s.path, s.kind, "html", s.compression, s.fields), True),
        (lambda s: Source(s.uri, s.path, s.kind, s.content, "gzip", s.fields), True),
        (lambda s: Source(s.uri, s.path, s.kind, s.content, s.compression, FieldNames(text="body")), True),
    ],
)
def test_the_fingerprint_covers_what_decides_the_reading(
    tmp_path: Path, change: Callable[[Source], Source], differs: bool
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n')
    source = Source("a.jsonl", path, "jsonl", "article")
    assert (fingerprint_of(change(source)) != fingerprint_of(source)) is differs


def test_the_fingerprint_covers_the_contents_and_not_the_place(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("same")
    two.write_text("same")
    sources = [Source("a.txt", path, "document", "dump") for path in (one, two)]
    assert fingerprint_of(sources[0]) == fingerprint_of(sources[1])
    two.write_text("other")
    assert fingerprint_of(sources[0]) != fingerprint_of(sources[1])
    two.unlink()  # a file that goes away after it was found
    assert len(fingerprint_of(sources[1])) == 64


def test_the_fingerprint_of_a_repository_on_the_hub_is_its_commit() -> None:
    def at(commit: str) -> Source:
        repository = Repository("train", "ann/news", None, commit)
        return Source("hf://ann/news/train", None, "repository", "article", repository=repository)

    assert fingerprint_of(at("c0ffee")) == fingerprint_of(at("c0ffee"))
    assert fingerprint_of(at("c0ffee")) != fingerprint_of(at("decade"))


def test_the_fingerprint_of_a_local_repository_covers_every_file_it_reads(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.parquet").write_bytes(b"PAR1")
    repository = Repository("train", files=("data/train.parquet",))
    source = Source("set/train", tmp_path, "repository", "article", repository=repository)
    before = fingerprint_of(source)
    (tmp_path / "notes.txt").write_text("not read")
    assert fingerprint_of(source) == before
    (tmp_path / "data" / "train.parquet").write_bytes(b"PAR2")
    assert fingerprint_of(source) != before
