"""Writing releases from the files of a workspace, and what they promise."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builder.config import Config
from builder.errors import ReleaseError, UsageError
from builder.records import Probability, Reject, RejectReason, Span
from builder.release.partial import LOCK, making
from builder.release.removals import Removals
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision, hash_of_decisions
from tests.release.corpus import (
    Configured,
    Corpus,
    Release,
    boundaries,
    confirmed,
    decision,
    files_of,
    rows_of,
    text_of_article,
)


def releases_in(folder: Path) -> list[str]:
    """All that lies in a folder of releases, its lock excepted."""
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def test_a_release_holds_data_card_changes_and_manifest(corpus: Corpus, release: Release) -> None:
    corpus.article("d1")
    summary = release()
    assert sorted(files_of(summary.path)) == [
        "CHANGES.md",
        "README.md",
        "charts/labels.svg",
        "manifest.json",
        "quotes/unlabelled/2024-03-00000.parquet",
        "speakers/train/all-00000.parquet",
        "stance/unlabelled/2024-03-00000.parquet",
    ]
    assert summary.path.name == "v1.0.0"
    assert summary.rows == {
        "quotes": {"unlabelled": 2},
        "stance": {"unlabelled": 2},
        "speakers": {"train": 2},
    }
    assert releases_in(summary.path.parent) == ["v1.0.0"]
    assert "The first release" in (summary.path / "CHANGES.md").read_text()


def test_adding_documents_moves_nobody(
    corpus: Corpus, configured: Configured, release: Release, tmp_path: Path
) -> None:
    decisions = []
    for number in range(12):
        decisions += confirmed(corpus.article(f"d{number}")[0])
    before = {name: row["split"] for name, row in rows_of(release(decisions), "stance").items()}
    corpus.next_shard()
    for number in range(20, 30):
        decisions += confirmed(corpus.article(f"d{number}")[0])
    tables = corpus.written(tmp_path / "larger", decisions)
    later = write_release(tables, configured(), "1.1.0", tmp_path / "releases", {})
    after = {name: row["split"] for name, row in rows_of(later, "stance").items()}
    assert {name: after[name] for name in before} == before
    assert {"train", "test"} <= set(before.values())
    assert "Follows v1.0.0" in (later.path / "CHANGES.md").read_text()


def test_rows_are_sharded_by_month_and_sorted_by_id(corpus: Corpus, release: Release) -> None:
    dates = ["2024-03-18", "2023-12-01T08:00:00Z", None, "last spring", "2024-03", "2024-13-01", "2024-03-02"]
    for number, published in enumerate(dates):
        corpus.article(f"d{number}", published=published)
        corpus.next_shard()
    summary = release()
    periods = {
        path.stem.removesuffix("-00000"): path for path in (summary.path / "quotes" / "unlabelled").iterdir()
    }
    found = {stem: pq.ParquetFile(path).read(columns=["id", "document_id"]) for stem, path in periods.items()}
    assert {stem: sorted(set(table["document_id"].to_pylist())) for stem, table in found.items()} == {
        "2023-12": ["d1"],
        "2024-03": ["d0", "d4", "d6"],
        "undated": ["d2", "d3", "d5"],
    }
    for table in found.values():
        assert table["id"].to_pylist() == sorted(table["id"].to_pylist())


def test_a_quotation_that_stands_in_two_shards_is_published_once(corpus: Corpus, release: Release) -> None:
    (direct, indirect) = corpus.article("d1")
    corpus.next_shard()
    corpus.article("d1")
    corpus.quotations[-1] += corpus.quotations[-1]
    summary = release(confirmed(direct))
    assert sorted(rows_of(summary, "quotes")) == sorted([direct.id, indirect.id])
    assert summary.rejects == ()


def test_annotators_are_named_nowhere(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    summary = release(confirmed(direct, who="marguerite-kowalczyk"))
    for path in summary.path.rglob("*"):
        assert path.is_dir() or b"marguerite" not in path.read_bytes()


def test_a_configuration_without_rows_is_neither_written_nor_declared(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    corpus.article("d1")
    corpus.stance = [[]]
    summary = release(config=configured(targets=[]))
    assert set(summary.rows) == {"quotes", "speakers"}
    assert not (summary.path / "stance").exists()
    assert "stance`" not in (summary.path / "README.md").read_text()


def test_the_manifest_names_every_file_with_its_hash(corpus: Corpus, release: Release) -> None:
    corpus.article("d1")
    summary = release()
    manifest = json.loads((summary.path / "manifest.json").read_text())
    files = files_of(summary.path)
    del files["manifest.json"]
    assert {name: one["sha256"] for name, one in manifest["files"].items()} == files
    assert all((summary.path / name).stat().st_size == one["size"] for name, one in manifest["files"].items())
    assert manifest["fingerprints"] == {"config": "f00", "decisions": hash_of_decisions([])}
    assert {"python", "quotestance", "datasets", "pyarrow"} <= set(manifest["libraries"])


def test_the_same_inputs_give_the_same_bytes_wherever_and_however(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    decisions = []
    for number in range(30):
        decisions += confirmed(corpus.article(f"d{number}", published=f"2024-{1 + number % 3:02}-01")[1])
        if number % 3 == 2:
            corpus.next_shard()
    config = configured()
    many, few = (
        config.model_copy(update={"run": config.run.model_copy(update=run)})
        for run in ({"workers": 2}, {"memory_mb": 128, "workers": 1})
    )
    gone = Removals(quotations=frozenset({corpus.quotations[0][0].id}))

    def written(name: str, config: Config, version: str) -> ReleaseSummary:
        tables = replace(corpus.written(tmp_path / name, decisions), removals=gone)
        return write_release(tables, config, version, tmp_path / "releases" / name, {})

    one, two = written("a", many, "1.0.0"), written("b/c", few, "v1.0.0")
    assert files_of(one.path) == files_of(two.path)
    assert one.rejects == two.rejects


def test_the_way_documents_are_cut_into_shards_changes_no_data(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    for number in range(6):
        corpus.article(f"d{number}")
    whole = write_release(corpus.written(tmp_path / "a"), configured(), "1.0.0", tmp_path / "one", {})
    for name in ("documents", "quotations", "speakers", "stance", "routes"):
        (records,) = getattr(corpus, name)
        half = len(records) // 2
        setattr(corpus, name, [records[half:], records[:half]])
    halves = write_release(corpus.written(tmp_path / "b"), configured(), "1.0.0", tmp_path / "two", {})
    assert files_of(whole.path) == files_of(halves.path)


@pytest.mark.parametrize("version", ["1.0", "latest", "1.0.0/../.."])
def test_a_version_that_is_not_semantic_is_wrong_use(
    corpus: Corpus, configured: Configured, tmp_path: Path, version: str
) -> None:
    corpus.article("d1")
    with pytest.raises(UsageError):
        write_release(corpus.written(tmp_path / "w"), configured(), version, tmp_path / "releases", {})
    assert not (tmp_path / "releases").exists()


def test_an_existing_version_is_refused_and_left_as_it_is(corpus: Corpus, release: Release) -> None:
    corpus.article("d1")
    summary = release()
    before = files_of(summary.path)
    corpus.article("d2")
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 exists"):
        release()
    assert files_of(summary.path) == before


def test_a_failed_release_leaves_nothing_behind(corpus: Corpus, release: Release, tmp_path: Path) -> None:
    corpus.article("d1")
    corpus.documents = [[]]
    with pytest.raises(ReleaseError, match="is of document d1, which its shard does not hold"):
        release()
    assert releases_in(tmp_path / "releases") == []


def test_what_a_killed_release_left_is_cleared(corpus: Corpus, release: Release, tmp_path: Path) -> None:
    left = tmp_path / "releases" / ".v1.0.0.partial" / "release"
    left.mkdir(parents=True)
    (left / "stray.parquet").write_bytes(b"half")
    corpus.article("d1")
    assert "stray.parquet" not in files_of(release().path)
    assert releases_in(tmp_path / "releases") == ["v1.0.0"]


def test_two_runs_never_make_a_release_in_one_folder(
    corpus: Corpus, release: Release, tmp_path: Path
) -> None:
    corpus.article("d1")
    output = tmp_path / "releases"
    with making(output, output / "v1.1.0") as partial:
        (partial / "release" / "half.parquet").touch()
        with pytest.raises(ReleaseError, match=r"releases: another run is making v1\.1\.0 there"):
            release()
        assert (partial / "release" / "half.parquet").exists()
    assert release().version == "1.0.0"


def test_a_release_that_another_run_finished_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "v1.0.0").mkdir()
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 exists"), making(tmp_path, tmp_path / "v1.0.0"):
        pass


def test_what_a_killed_release_of_another_version_left_is_cleared_and_what_is_published_there_is_not(
    corpus: Corpus, release: Release, tmp_path: Path
) -> None:
    (tmp_path / "releases" / ".v0.9.0.partial" / "release").mkdir(parents=True)
    (tmp_path / "releases" / ".v0.8.0.partial" / "quotes").mkdir(parents=True)  # of `publish --to`
    corpus.article("d1")
    release()
    assert releases_in(tmp_path / "releases") == [".v0.8.0.partial", "v1.0.0"]


def test_another_dataset_in_the_same_folder_is_no_version_before(
    corpus: Corpus, configured: Configured, release: Release, tmp_path: Path
) -> None:
    corpus.article("d1")
    first = release()
    corpus.article("d2")
    tables, other = corpus.written(tmp_path / "w"), configured(dataset={"name": "lighthouse"})
    with pytest.raises(UsageError, match=r"v1\.0\.0 is of the dataset 'harbour', which"):
        write_release(tables, other, "1.1.0", first.path.parent, {})
    assert releases_in(first.path.parent) == ["v1.0.0"]
    named = write_release(replace(tables, previous=first.path), other, "1.1.0", first.path.parent, {})
    assert named.follows == "1.0.0"


def test_a_release_of_before_manifests_named_their_dataset_can_be_followed(
    corpus: Corpus, configured: Configured, release: Release, tmp_path: Path
) -> None:
    corpus.article("d1")
    first = release()
    manifest = json.loads((first.path / "manifest.json").read_text())
    assert manifest.pop("dataset") == "harbour"
    (first.path / "manifest.json").write_text(json.dumps(manifest))
    corpus.article("d2")
    other = configured(dataset={"name": "lighthouse"})
    tables = corpus.written(tmp_path / "w")
    assert write_release(tables, other, "1.1.0", first.path.parent, {}).follows == "1.0.0"


def test_records_of_a_target_that_is_not_configured_are_refused(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    corpus.article("d1")
    with pytest.raises(ReleaseError, match="toward 'bridge' is of an unknown quotation or target"):
        release(config=configured(targets=["tunnel"]))


def test_records_of_a_label_outside_of_the_scheme_are_refused(
    corpus: Corpus, release: Release, tmp_path: Path
) -> None:
    corpus.article("d1")
    whole = corpus.stance
    probability = Probability("delighted", 1.0)
    for change in ({"label": "delighted"}, {"probabilities": (probability,)}):
        corpus.stance = [[replace(one, **change) for one in whole[0]]]
        with pytest.raises(ReleaseError, match=r"label 'delighted', which is none of favor.*run the build"):
            release()
    corpus.stance = [[replace(one, label=None) for one in whole[0]]]
    assert release().rows["stance"] == {"unlabelled": 2}


def test_what_people_decided_is_in_the_manifest(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    decisions = confirmed(direct)

    def fingerprint(name: str, some: list[ImportedDecision]) -> str:
        tables = corpus.written(tmp_path / "w", some)
        summary = write_release(tables, configured(), "1.0.0", tmp_path / name, {})
        found = json.loads((summary.path / "manifest.json").read_text())["fingerprints"]["decisions"]
        return str(found)

    one = fingerprint("one", decisions)
    moved = [replace(decision, place=f"elsewhere.jsonl:{n}") for n, decision in enumerate(decisions)]
    assert fingerprint("two", moved[::-1]) == one
    assert fingerprint("three", decisions[1:]) != one


def test_decisions_that_were_lost_are_named_in_the_changes(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    corpus.article("d9")
    after = boundaries(direct) | {"source": [[10_000, 10_005]]}
    elsewhere = replace(direct, id="q_x", document="d9", content=(Span(0, 5),))
    decisions = [
        decision(direct, "quotation", after, "marguerite"),
        decision(direct, "stance:tunnel", "favor", "marguerite"),
        decision(direct, "speaker", {"name": "", "kind": "unnamed"}, "marguerite"),
        decision(elsewhere, "speaker", {"name": "", "kind": "unnamed"}, "marguerite"),
        decision(elsewhere, "speaker", {"name": "Ida", "kind": "person"}, "henk"),
    ]
    summary = release(decisions)
    text = (summary.path / "CHANGES.md").read_text()
    told = text[text.index("### Decisions that could not be applied") :]
    lines = [line for line in told.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    assert [(*row[:3], row[3].split(":")[0], row[4]) for row in rows] == [
        (direct.id, "quotation", "d1", "bad-record", "1"),
        (direct.id, "stance:tunnel", "d1", "no-such-target", "1"),
        ("q\\_x", "speaker", "d9", "no-such-quotation", "2"),
    ]
    assert "marguerite" not in text
    assert "jsonl" not in text
    assert "Decisions that could not be applied: 4." in (summary.path / "README.md").read_text()
    assert "Decisions by people: 1;" in (summary.path / "README.md").read_text()


def test_lost_decisions_on_what_is_not_in_the_dataset_are_counted_and_not_named(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    first, second, third = (corpus.article(name)[0] for name in ("d1", "d2", "d3"))
    never = replace(first, id="q-never", document="d9")
    decisions = [decision(one, "stance:tunnel", "favor") for one in (first, second, third, never)]
    lost = decision(
        replace(third, id="q-lost", content=(Span(0, 5),)), "speaker", {"name": "Ida", "kind": "person"}
    )

    def told(version: str, *given: ImportedDecision, removals: Removals) -> str:
        tables = replace(corpus.written(tmp_path / version, given), removals=removals)
        path = write_release(tables, configured(), version, tmp_path / "releases", {}).path
        return (path / "CHANGES.md").read_text()

    text = told("1.0.0", *decisions, removals=Removals(documents=frozenset({"d1"})))
    assert "| -  " in text
    assert "| 2 |" in " ".join(text.split())  # of d1, which was removed, and of d9, which never was there
    assert (first.id in text, second.id in text, third.id in text) == (False, True, True)
    assert not {"d1", "d9", "q-never"} & set(text.replace("|", " ").split())

    # What the first version said of another document is forgotten with it.
    gone = Removals(documents=frozenset({"d2"}), patterns=(re.compile("Ida"),))
    text = told("1.1.0", *decisions, lost, removals=gone)
    named = {cell for cell in text.replace("|", " ").split() if cell.startswith(("q", "d"))}
    assert {first.id, third.id, "d1", "d3"} <= named  # nobody asks for the removal of the first any more
    assert not {second.id, "d2", "q-lost", "q\\_lost"} & named  # the last says that "Ida" spoke
    # Each version tells of all, by name or not. The second: of two, and of two others together; the first: of
    # two, one of which is forgotten, and of two others together.
    assert text.count("no-such-target") == 6


def test_whole_articles_are_published_where_the_configuration_says_so(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    names = ("d1", "d2")
    both = [corpus.article(name)[0].id for name in names]
    summary = release(config=configured(bodies=True))
    contexts = [rows_of(summary, "quotes")[one]["context"] for one in both]
    assert contexts == [text_of_article(name) for name in names]


def test_inputs_without_a_quotation_make_no_release(corpus: Corpus, release: Release) -> None:
    with pytest.raises(ReleaseError, match="no quotation was found in the inputs, so there is nothing to"):
        release()


def test_where_nothing_of_what_was_found_may_be_published_its_number_is_told(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, indirect = corpus.article("d1")
    corpus.article("d2")
    none = [decision(direct, "quotation", None), decision(indirect, "quotation", None)]
    tables = replace(corpus.written(tmp_path / "w", none), removals=Removals(documents=frozenset({"d2"})))
    told = (
        "4 quotations were found; 2 are withdrawn on request, 2 were found to be none, so there is nothing to"
    )
    with pytest.raises(ReleaseError, match=told):
        write_release(tables, configured(), "1.0.0", tmp_path / "releases", {})


def test_stages_with_different_numbers_of_shards_are_refused(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    tables = replace(corpus.written(tmp_path / "w"), routes=[])
    with pytest.raises(ReleaseError, match="different numbers of shards"):
        write_release(tables, configured(), "1.0.0", tmp_path / "releases", {})


def test_a_damaged_shard_is_named(corpus: Corpus, configured: Configured, tmp_path: Path) -> None:
    corpus.article("d1")
    tables = corpus.written(tmp_path / "w")
    tables.speakers[0].write_bytes(b"PAR1")
    with pytest.raises(ReleaseError, match=r"speakers/0\.parquet: cannot be read; run the build again"):
        write_release(tables, configured(), "1.0.0", tmp_path / "releases", {})


def test_progress_is_told_by_shard(corpus: Corpus, configured: Configured, tmp_path: Path) -> None:
    corpus.article("d1")
    corpus.next_shard()
    corpus.article("d2")
    told: list[tuple[str, int, int]] = []
    write_release(
        corpus.written(tmp_path / "w"),
        configured(),
        "1.0.0",
        tmp_path / "releases",
        {},
        lambda *step: told.append(step),
    )
    assert told == [("release", 0, 2), ("release", 1, 2), ("release", 2, 2)]


def test_rejects_are_counted_by_reason(corpus: Corpus, release: Release) -> None:
    corpus.article("d1")
    corpus.rejects = [
        Reject("documents", f"{number}.html", reason, "")
        for number, reason in enumerate([RejectReason.NO_BODY, RejectReason.NO_BODY, RejectReason.EMPTY])
    ]
    summary = release()
    assert summary.statistics.rejects == [("no-body", 2), ("empty", 1)]
    assert "Left out, by reason: no-body (2), empty (1)." in (summary.path / "README.md").read_text()


def test_two_rows_of_one_id_are_refused(corpus: Corpus, release: Release) -> None:
    here, _ = corpus.article("d1")
    there, _ = corpus.article("d2")
    (content,) = there.content
    misplaced = replace(there, id=here.id, content=(Span(content.start, content.end - 3),))
    with pytest.raises(ReleaseError, match=f"two rows would have the id {here.id}"):
        release([decision(misplaced, "stance:bridge", "favor")])
