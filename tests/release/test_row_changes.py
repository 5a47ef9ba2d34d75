"""Which rows differ between two releases, in what and why; what was removed on request stays nameless."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.release.compare import comparing
from builder.release.diff_tables import table_of_rows
from builder.release.manifest import read_manifest
from builder.release.removals import Removals
from builder.release.row_changes import Discretion, RowChange
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from tests.release.corpus import Configured, Corpus, confirmed, decision

Follow = Callable[..., ReleaseSummary]


@pytest.fixture
def follow(corpus: Corpus, configured: Configured, tmp_path: Path) -> Follow:
    """Releases the corpus as it is now, under a version and with decisions."""

    def make(version: str, decisions: Sequence[ImportedDecision] = (), **more: Any) -> ReleaseSummary:
        tables = replace(corpus.written(tmp_path / f"workspace-{version}", decisions), **more)
        return write_release(tables, configured(), version, tmp_path / "releases", {})

    return make


def differing(old: ReleaseSummary, new: ReleaseSummary, most: int | None = None) -> list[RowChange]:
    with comparing(str(old.path), str(new.path)) as found:
        return [row for row in found.rows(most) if row.config != "speakers"]


def named(rows: Sequence[RowChange], change: str) -> list[tuple[str, str]]:
    return [(row.config, row.id) for row in rows if row.change == change]


def without(corpus: Corpus, name: str) -> None:
    """Takes an article, with all that was found in it, out of the corpus."""
    gone = {one.id for one in corpus.quotations[0] if one.document == name}
    corpus.documents[0] = [one for one in corpus.documents[0] if one.id != name]
    corpus.quotations[0] = [one for one in corpus.quotations[0] if one.id not in gone]
    corpus.speakers[0] = [one for one in corpus.speakers[0] if one.quotation not in gone]
    corpus.stance[0] = [one for one in corpus.stance[0] if one.quotation not in gone]
    corpus.routes[0] = [one for one in corpus.routes[0] if one.item not in gone]


def test_rows_that_came_went_and_changed_are_named_with_values_and_reasons(
    corpus: Corpus, follow: Follow
) -> None:
    (kept, _), (gone, other) = corpus.article("d1"), corpus.article("d2")
    first = follow("1.0.0", confirmed(kept))
    without(corpus, "d2")
    (new, newer) = corpus.article("d3")
    lead = decision(kept, "stance:bridge", "neutral", "lead", "adjudicator")
    rows = differing(first, follow("1.1.0", [*confirmed(kept), lead]))
    quotes = [("quotes", one) for one in sorted([new.id, newer.id])]
    assert [one for one in named(rows, "added") if one[0] == "quotes"] == quotes
    assert [(row.before, row.after) for row in rows if row.change == "added"] == [(None, "unlabelled")] * 4
    quotes = [("quotes", one) for one in sorted([gone.id, other.id])]
    assert [one for one in named(rows, "removed") if one[0] == "quotes"] == quotes
    assert {row.reasons for row in rows if row.change == "removed"} == {
        ("its article is no longer in the dataset",)
    }
    (changed,) = [row for row in rows if row.change == "changed"]
    assert changed.config == "stance"
    assert changed.fields["label"] == {"before": "favor", "after": "neutral"}
    assert changed.fields["label_source"] == {"before": "reviewed", "after": "adjudicated"}
    assert changed.before == changed.after
    assert changed.reasons == ("decided by adjudication", "relabelled by people")


def test_a_row_that_got_its_first_label_is_told_with_both_splits(corpus: Corpus, follow: Follow) -> None:
    direct, _ = corpus.article("d1")
    rows = differing(follow("1.0.0"), follow("1.1.0", confirmed(direct)))
    (stance,) = [row for row in rows if row.config == "stance"]
    assert (stance.change, stance.before) == ("changed", "unlabelled")
    assert stance.after != "unlabelled"
    assert stance.fields["label"] == {"before": None, "after": "favor"}


def test_only_so_many_rows_of_each_kind_are_given(corpus: Corpus, follow: Follow) -> None:
    corpus.article("d1")
    first = follow("1.0.0")
    added = [one.id for name in ("d2", "d3") for one in corpus.article(name)]
    rows = differing(first, follow("1.1.0"), most=3)
    assert [one for one in named(rows, "added") if one[0] == "quotes"] == [
        ("quotes", one) for one in sorted(added)[:3]
    ]


def test_rows_that_may_have_been_removed_on_request_are_not_named_nor_their_words_told(
    corpus: Corpus, follow: Follow
) -> None:
    (direct, indirect), (other, _) = corpus.article("d1"), corpus.article("d2")
    first = follow("1.0.0", confirmed(other))
    gone = Removals(quotations=frozenset({indirect.id}))
    again = [*confirmed(other), decision(other, "stance:bridge", "neutral", "lead", "adjudicator")]
    second = follow("1.1.0", again, removals=gone)
    rows = differing(first, second)
    assert indirect.id not in [row.id for row in rows]
    assert named(rows, "removed") == []
    (context,) = [row for row in rows if row.id == direct.id and row.config == "quotes"]
    assert "before" not in context.fields["context"]  # the removed words stood in it
    assert "400 jobs d1ville" not in json.dumps([row.fields for row in rows])
    (label,) = [row.fields["label"] for row in rows if "label" in row.fields]
    assert label == {"before": "favor", "after": "neutral"}
    assert "(not told)" in {str(cell) for line in table_of_rows(rows).rows for cell in line}
    # The other way round what was removed would seem to be added.
    assert named(differing(second, first), "added") == []
    # A version later, nothing more is removed, and rows that go are named again.
    without(corpus, "d2")
    later = differing(second, follow("1.2.0", [], removals=gone))
    assert ("quotes", other.id) in named(later, "removed")
    assert named(differing(first, follow("1.3.0", [], removals=gone)), "removed") == []


def test_releases_that_know_nothing_of_each_other_name_nothing_that_one_lacks(
    corpus: Corpus, follow: Follow, tmp_path: Path
) -> None:
    corpus.article("d1")
    first = follow("1.0.0")
    corpus.article("d2")
    second = follow("1.1.0")
    manifest = second.path / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({name: one for name, one in told.items() if name != "history"}))
    assert read_manifest(second.path).history == ()
    with comparing(str(first.path), str(second.path)) as found:
        assert found.discretion == Discretion(before=True, after=True)
        assert [row for row in found.rows(None) if row.config != "speakers"] == []
