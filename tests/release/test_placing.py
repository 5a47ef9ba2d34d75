"""Rows keep their split from release to release, and what is joined goes where the test is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.release.write import write_release
from builder.review.decisions import ImportedDecision
from tests.release.corpus import TEXT, Configured, Corpus, Release, cluster_in, confirmed, rows_of


def splits_of(rows: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """The splits in which each document has rows."""
    found: dict[str, set[str]] = {}
    for row in rows.values():
        found.setdefault(row["document_id"], set()).add(row["split"])
    return found


def decided(corpus: Corpus, *articles: tuple[str, str], text: str | None = None) -> list[ImportedDecision]:
    """Decisions on both quotations of articles of given names and clusters."""
    return [
        one
        for name, cluster in articles
        for quotation in corpus.article(name, cluster=cluster, text=text)
        for one in confirmed(quotation)
    ]


def test_the_same_quotation_draws_two_clusters_together(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    train, test = (cluster_in(split, configured()) for split in ("train", "test"))
    assert splits_of(rows_of(release(decided(corpus, ("d1", train), ("d2", test))), "quotes")) == {
        "d1": {"train"},
        "d2": {"test"},
    }


def test_what_is_joined_later_goes_to_the_test(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    train, test = (cluster_in(split, configured()) for split in ("train", "test"))
    decisions = decided(corpus, ("d1", train), ("d2", test))
    tables = corpus.written(tmp_path / "one", decisions)
    write_release(tables, configured(), "1.0.0", tmp_path / "releases", {})
    # An article that has the words of both: no cluster of theirs, but the same quotations.
    for name in ("d1", "d2"):
        (text,) = [one.text for one in corpus.documents[0] if one.id == name]
        decisions += decided(corpus, (f"{name}-again", "c-other"), text=text)
    # Decisions carry the words of their own article.
    decisions = [replace(one, text=words_at(corpus, one)) for one in decisions]
    tables = corpus.written(tmp_path / "two", decisions)
    later = write_release(tables, configured(), "1.1.0", tmp_path / "releases", {})
    found = splits_of(rows_of(later, "quotes"))
    assert list(found.values()) == [{"test"}] * 4


def words_at(corpus: Corpus, decision: ImportedDecision) -> str:
    (text,) = [one.text for one in corpus.documents[0] if one.id == decision.document]
    return " … ".join(span.of(text) for span in decision.content)


def test_a_changed_seed_moves_nothing_that_was_published(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    decisions = decided(corpus, *((f"d{number}", f"c{number}") for number in range(8)))
    tables = corpus.written(tmp_path / "w", decisions)
    first = write_release(tables, configured(), "1.0.0", tmp_path / "releases", {})
    before = splits_of(rows_of(first, "quotes"))
    seeded = configured(splits={"seed": 7})
    elsewhere = write_release(tables, seeded, "1.0.0", tmp_path / "elsewhere", {})
    assert splits_of(rows_of(elsewhere, "quotes")) != before
    second = write_release(tables, seeded, "1.0.1", tmp_path / "releases", {})
    assert splits_of(rows_of(second, "quotes")) == before


def test_by_speaker_nobody_stands_in_two_splits(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    people = [f"Ada {letter}eller" for letter in "BDFGHKLMNPRSTVWZ"]
    decisions = []
    for number in range(48):
        for quotation in corpus.article(f"d{number}"):
            decisions += confirmed(quotation)
    corpus.speakers = [
        [
            replace(one, name=people[place % len(people)], entity=None, kind="person")
            for place, one in enumerate(corpus.speakers[0])
        ]
    ]
    kept = [one for one in decisions if one.decision.field != "speaker"]
    auto = [replace(one, decision="auto") for one in corpus.routes[0]]
    corpus.routes = [auto]
    rows = rows_of(release(kept, configured(splits={"by": "speaker"})), "stance").values()
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row["speaker"], set()).add(row["split"])
    assert all(len(found) == 1 for found in splits.values())
    assert {"train", "test"} <= {split for found in splits.values() for split in found}


@pytest.mark.parametrize(
    ("published", "split"),
    [
        ("2023-12-31", "train"),
        ("2024-01-01", "validation"),
        ("2024-06-01T08:00:00Z", "test"),
        (None, "train"),
    ],
)
def test_by_time_the_date_decides(
    corpus: Corpus, release: Release, configured: Configured, published: str | None, split: str
) -> None:
    direct, _ = corpus.article("d1", published=published)
    dates = {"by": "time", "validation_from": "2024-01-01", "test_from": "2024-06-01"}
    rows = rows_of(release(confirmed(direct), configured(splits=dates)), "quotes")
    assert rows[direct.id]["split"] == split


def test_by_time_a_cluster_goes_with_its_last_article(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    early, _ = corpus.article("d1", published="2024-01-01", cluster="c1")
    corpus.article("d2", published="2024-06-02", cluster="c1", text=TEXT)
    dates = {"by": "time", "test_from": "2024-06-01"}
    rows = rows_of(release(confirmed(early), configured(splits=dates)), "quotes")
    assert rows[early.id]["split"] == "test"
