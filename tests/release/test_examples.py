"""What a release teaches: only what people settled, never its test rows, in the forms of the trainings."""

from pathlib import Path

import pytest
from datasets import Dataset

from builder.errors import ReleaseError, UsageError
from builder.release.examples import find_source, passages, stance_labels, stance_rows, unlabelled_rows
from tests.release.corpus import (
    LABELS,
    Configured,
    Corpus,
    Release,
    boundaries,
    cluster_in,
    confirmed,
    decision,
)


@pytest.fixture
def folder(corpus: Corpus, release: Release, configured: Configured) -> Path:
    """A release with an article for each split; of another one in `train` half is open."""
    config = configured()
    decisions = []
    for number, split in enumerate(("train", "validation", "test")):
        for quotation in corpus.article(f"d{number}", cluster=cluster_in(split, config)):
            decisions += confirmed(quotation)
    direct, _ = corpus.article("d3", cluster=cluster_in("train", config))
    return release([*decisions, *confirmed(direct)]).path


def test_stances_are_those_that_people_labelled_outside_test(folder: Path) -> None:
    rows = list(stance_rows(folder))
    # Two quotations of d0 and two of d1; of d3 the one that was decided.
    assert [row["label"] for row in rows] == ["favor"] * 5
    assert {row["target"] for row in rows} == {"the bridge"}
    assert set(rows[0]) == {"id", "text", "context", "speaker", "target", "label"}
    assert stance_labels(folder) == list(LABELS)


def test_pairs_that_nobody_decided_have_no_label_to_give(folder: Path) -> None:
    (row,) = unlabelled_rows(folder)  # the other one of d3
    assert row["text"] in row["context"]
    assert "\n" not in row["context"]
    assert set(row) == {"id", "text", "context", "speaker", "target"}
    assert row["target"] == "the bridge"
    assert row["id"] not in {one["id"] for one in stance_rows(folder)}


def test_a_release_with_a_label_everywhere_has_no_unlabelled_pairs(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    decisions = []
    for quotation in corpus.article("d0", cluster=cluster_in("train", configured())):
        decisions += confirmed(quotation)
    with pytest.raises(ReleaseError, match="has no stance without a label"):
        list(unlabelled_rows(release(decisions).path))


@pytest.mark.parametrize(("split", "document"), [("train", "d0"), ("validation", "d1")])
def test_a_passage_is_the_text_with_all_its_quotations(
    folder: Path, corpus: Corpus, split: str, document: str
) -> None:
    (passage,) = [one for one in passages(folder, split) if one["id"].startswith(f"{document}:")]
    start = passage["id"].partition(":")[2]
    (text,) = [one.text for one in corpus.documents[0] if one.id == document]
    assert passage["text"] == text[int(start) :]
    cut = [
        {part: [passage["text"][one:other] for one, other in spans] for part, spans in row.items()}
        for row in passage["attributions"]
    ]
    quoted = [
        span.of(text) for one in corpus.quotations[0] if one.document == document for span in one.content
    ]
    assert sorted(cut, key=str) == [
        {"content": [quoted[1]], "cue": ["According to"], "source": ["the port authority"]},
        {"content": [quoted[0]], "cue": ["said"], "source": ["Brandt"]},
    ]


def test_lines_with_a_quotation_that_is_not_settled_are_left_out(folder: Path) -> None:
    assert [one["id"].partition(":")[0] for one in passages(folder, "train")] == ["d0", "d3"]
    *_, passage = passages(folder, "train")
    assert "According to" not in passage["text"]  # how the line of the open one begins
    assert passage["text"].splitlines()[2].startswith("“The harbour bridge will ruin this town")
    assert len(passage["attributions"]) == 1


def test_contexts_that_do_not_overlap_are_passages_of_their_own(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    config = configured(context=0)
    said = corpus.article("d0", cluster=cluster_in("train", config))
    folder = release([one for quotation in said for one in confirmed(quotation)], config).path
    texts = [passage["text"] for passage in passages(folder, "train")]
    assert [text.split()[0] for text in texts] == ["“The", "According"]
    assert all(len(passage["attributions"]) == 1 for passage in passages(folder, "train"))


def test_a_quotation_that_people_took_out_is_in_no_passage(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    config = configured()
    direct, indirect = corpus.article("d0", cluster=cluster_in("train", config))
    decisions = [*confirmed(direct), decision(indirect, "quotation", None)]
    (passage,) = passages(release(decisions, config).path, "train")
    assert [row["cue"] for row in passage["attributions"]] != []
    assert len(passage["attributions"]) == 1


def test_boundaries_that_people_moved_are_those_that_are_taught(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    config = configured()
    direct, indirect = corpus.article("d0", cluster=cluster_in("train", config))
    moved = boundaries(direct)
    moved["content"][0][1] -= 1
    decisions = [*confirmed(indirect), *confirmed(direct)[1:], decision(direct, "quotation", moved)]
    (passage,) = passages(release(decisions, config).path, "train")
    contents = [row["content"][0] for row in passage["attributions"]]
    assert [passage["text"][end] for start, end in contents] == ["”", "."]


def test_a_release_that_nobody_reviewed_teaches_nothing(corpus: Corpus, release: Release) -> None:
    corpus.article("d0", auto=("quotation", "speaker", "stance:bridge"))
    folder = release().path
    with pytest.raises(ReleaseError, match="no stance in train or validation was labelled by a person"):
        list(stance_rows(folder))
    assert list(passages(folder, "train")) == []


def test_a_release_of_other_columns_teaches_nothing(folder: Path) -> None:
    for path in folder.glob("stance/*/*.parquet"):
        Dataset.from_parquet(str(path)).remove_columns("target").to_parquet(path)
    with pytest.raises(ReleaseError, match="has no column target to learn from"):
        list(stance_rows(folder))


def test_a_source_is_told_by_its_version_and_the_hash_of_its_manifest(folder: Path) -> None:
    found = find_source(str(folder), "v1.0.0")
    assert found.folder == folder
    assert found.told.startswith("releases@v1.0.0 (manifest with SHA-256 ")
    assert find_source(str(folder.parent), "1.0.0").told == found.told
    with pytest.raises(ReleaseError, match=r"is v1\.0\.0, not v2\.0\.0"):
        find_source(str(folder), "v2.0.0")
    with pytest.raises(UsageError, match="neither a folder nor the name of a dataset"):
        find_source("none such", None)
    (folder / "README.md").write_text("changed")
    with pytest.raises(ReleaseError, match=r"README\.md"):
        find_source(str(folder), None)
