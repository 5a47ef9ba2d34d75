"""What differs between two releases, and which version fits it: releases that follow each other."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.config import Config
from builder.engine.database import connected
from builder.errors import ReleaseError, UsageError
from builder.records import Probability
from builder.release.diff import Diff, Relabelled, diff
from builder.release.manifest import read_manifest
from builder.release.removals import Removals
from builder.release.schema_changes import SchemaChange, changes_of_columns
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from tests.release.corpus import (
    AUTO,
    Configured,
    Corpus,
    boundaries,
    cluster_in,
    confirmed,
    decision,
    files_of,
    rows_of,
)

Follow = Callable[..., ReleaseSummary]


@pytest.fixture
def follow(corpus: Corpus, configured: Configured, tmp_path: Path) -> Follow:
    """Releases the corpus as it is now, under a version and with decisions."""

    def make(
        version: str, decisions: Sequence[ImportedDecision] = (), config: Config | None = None, **more: Any
    ) -> ReleaseSummary:
        tables = replace(corpus.written(tmp_path / f"workspace-{version}", decisions), **more)
        return write_release(tables, config or configured(), version, tmp_path / "releases", {})

    return make


def diff_of(summary: ReleaseSummary) -> Diff:
    assert summary.diff is not None
    return summary.diff


def test_the_first_release_follows_none(corpus: Corpus, follow: Follow) -> None:
    corpus.article("d1")
    first = follow("1.0.0")
    assert (first.follows, first.diff) == (None, None)


def test_nothing_differs_where_nothing_changed(corpus: Corpus, follow: Follow) -> None:
    corpus.article("d1")
    first, second = follow("1.0.0"), follow("1.0.1")
    found = diff_of(second)
    assert second.follows == "1.0.0"
    assert (found.schema, found.moves) == ((), ())
    for one in found.configs.values():
        assert (one.added, one.removed, one.moved, one.changed, one.fields) == ({}, {}, {}, 0, {})
    assert found.needs()[0] == "patch"
    for name in ("quotes", "stance"):
        assert files_of(first.path / name) == files_of(second.path / name)


def test_a_folder_without_quotations_is_no_release(corpus: Corpus, follow: Follow, tmp_path: Path) -> None:
    corpus.article("d1")
    found, without = follow("1.0.0").path, tmp_path / "without"
    shutil.copytree(found, without)
    shutil.rmtree(without / "quotes")
    with connected(512, tmp_path / "spill") as database:
        for old, new in ((found, without), (without, found)):
            with pytest.raises(
                ReleaseError, match="without: has no configuration quotes, so it is no release"
            ):
                diff(database, old, new)


def test_a_new_article_is_added_and_changes_no_other_row(corpus: Corpus, follow: Follow) -> None:
    for name in ("d1", "d2"):
        corpus.article(name)
    before = rows_of(follow("1.0.0"), "quotes")
    corpus.article("d0")  # comes first, were rows in the order of articles
    second = follow("1.1.0")
    after = rows_of(second, "quotes")
    assert {name: after[name] for name in before} == before
    found = diff_of(second).configs
    assert found["quotes"].added == found["stance"].added == {"unlabelled": 2}
    assert (found["quotes"].changed, found["quotes"].rows) == (0, 6)


def test_rows_that_went_tell_why(corpus: Corpus, follow: Follow) -> None:
    (direct, _), (no_quotation, _), _ = [corpus.article(name) for name in ("d1", "d2", "d3")]
    follow("1.0.0")
    corpus.documents[-1] = [one for one in corpus.documents[-1] if one.id != "d3"]
    for name in ("quotations", "speakers", "stance", "routes"):
        of_d3 = {one.id for one in corpus.quotations[-1] if one.document == "d3"} | {direct.id}
        if name != "quotations":
            records = getattr(corpus, name)[-1]
            key = "item" if name == "routes" else "quotation"
            getattr(corpus, name)[-1] = [one for one in records if getattr(one, key) not in of_d3]
    corpus.quotations[-1] = [
        one for one in corpus.quotations[-1] if one.document != "d3" and one.id != direct.id
    ]
    found = diff_of(follow("1.1.0", [decision(no_quotation, "quotation", None)])).configs
    reasons = {
        "its article is no longer in the dataset": 2,
        "found to be no quotation by people": 1,
        "no longer found in its article": 1,
    }
    assert found["quotes"].removed == {"unlabelled": 4}
    assert found["quotes"].removed_because == reasons
    assert found["stance"].removed_because == reasons


def test_what_people_found_to_be_none_is_not_said_to_be_lost_where_only_the_releases_are_known(
    corpus: Corpus, follow: Follow, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    first, second = follow("1.0.0"), follow("1.1.0", [decision(direct, "quotation", None)])
    with connected(512, tmp_path / "spill") as database:
        found = diff(database, first.path, second.path).configs
    reason = "no longer found in its article, or found to be no quotation by people"
    assert found["quotes"].removed_because == found["stance"].removed_because == {reason: 1}


def test_rows_that_were_removed_on_request_are_only_counted(corpus: Corpus, follow: Follow) -> None:
    (_, indirect), (_, other) = corpus.article("d1"), corpus.article("d2")
    first = follow("1.0.0")
    second = follow("1.1.0", removals=Removals(quotations=frozenset({indirect.id})))
    found = diff_of(second).configs
    assert found["quotes"].removed_because == {"removed on request": 1}
    assert found["stance"].removed_because == {"removed on request": 1}
    assert indirect.id in rows_of(first, "quotes")
    texts = [(second.path / name).read_text() for name in ("CHANGES.md", "README.md", "manifest.json")]
    assert not any(indirect.id in text for text in texts)
    assert other.id in rows_of(second, "quotes")


def test_a_label_that_people_changed_is_a_patch(corpus: Corpus, follow: Follow) -> None:
    direct, _ = corpus.article("d1")
    follow("1.0.0", confirmed(direct))
    again = [*confirmed(direct), decision(direct, "stance:bridge", "neutral", "lead", "adjudicator")]
    found = diff_of(follow("1.0.1", again))
    stance = found.configs["stance"]
    assert stance.relabelled == (Relabelled("favor", "neutral", "adjudicated", 1),)
    assert stance.reasons == {"decided by adjudication": 1, "relabelled by people": 1}
    assert (stance.changed, found.needs()[0]) == (1, "patch")
    assert {"label", "label_source"} <= set(stance.fields)


def test_boundaries_and_speakers_that_people_changed_are_told_apart(corpus: Corpus, follow: Follow) -> None:
    direct, _ = corpus.article("d1")
    follow("1.0.0", confirmed(direct))
    (start, end) = boundaries(direct)["content"][0]
    shorter = boundaries(direct) | {"content": [[start, end - 1]]}
    again = [one for one in confirmed(direct) if one.decision.field != "quotation"]
    again += [
        decision(direct, "quotation", shorter),
        decision(direct, "speaker", {"name": "O. Brandt", "kind": "person"}, "lead", "adjudicator"),
    ]
    reasons = diff_of(follow("1.0.1", again)).configs["quotes"].reasons
    assert reasons["boundaries edited by people"] == 1
    assert reasons["speaker corrected by people"] == 1


def test_another_model_is_named_as_the_reason(corpus: Corpus, follow: Follow) -> None:
    corpus.article("d1")
    follow("1.0.0")
    surer = (Probability("favor", 0.1), Probability("against", 0.8), Probability("neutral", 0.1))
    corpus.stance = [[replace(one, model="tiny-2", probabilities=surer) for one in corpus.stance[0]]]
    found = diff_of(follow("1.0.1")).configs["stance"]
    assert found.reasons == {"another model": 2}
    assert found.fields == {"confidence": 2, "model": 2, "probabilities": 2}


def test_a_row_that_gets_its_first_label_enters_a_split(corpus: Corpus, follow: Follow) -> None:
    direct, _ = corpus.article("d1")
    follow("1.0.0")
    with pytest.raises(
        UsageError, match=r"1\.0\.1 would be a patch .* change is minor: .*; 1\.1\.0 would fit"
    ):
        follow("1.0.1", confirmed(direct))
    found = diff_of(follow("1.1.0", confirmed(direct)))
    assert sum(found.configs["stance"].moved.values()) == 1
    assert found.moves == ()  # it left no split that anybody trained on


def test_articles_that_join_clusters_of_two_splits_go_to_test_and_every_move_is_listed(
    corpus: Corpus, follow: Follow, configured: Configured
) -> None:
    config = configured()
    test, train = cluster_in("test", config), cluster_in("train", config)
    decisions = []
    for name, cluster in (("d1", test), ("d2", train)):
        decisions += confirmed(corpus.article(name, cluster=cluster)[0])
    before = follow("1.0.0", decisions)
    assert {row["split"] for row in rows_of(before, "quotes").values()} == {"test", "train", "unlabelled"}
    corpus.clusters = [replace(one, cluster=test) for one in corpus.clusters]
    corpus.article("d3", cluster=test)
    after = follow("1.1.0", decisions)
    rows = rows_of(after, "quotes")
    assert {row["split"] for row in rows.values() if row["label_source"]} == {"test"}
    assert {row["cluster"] for row in rows.values()} == {min(test, train)}
    assert {(one.config, one.before, one.after, one.rows) for one in diff_of(after).moves} == {
        ("quotes", "train", "test", 1),
        ("stance", "train", "test", 1),
    }
    assert "train → test" in (after.path / "CHANGES.md").read_text()


def test_a_cluster_keeps_its_id_when_a_smaller_one_joins_it(corpus: Corpus, follow: Follow) -> None:
    corpus.article("d5", cluster="c5", auto=AUTO)
    before = rows_of(follow("1.0.0"), "quotes")
    corpus.clusters = [replace(corpus.clusters[0], cluster="c1")]
    corpus.article("d1", cluster="c1")
    after = rows_of(follow("1.1.0"), "quotes")
    assert {name: after[name] for name in before} == before
    assert {row["cluster"] for row in after.values()} == {"c5"}


def test_another_label_scheme_is_major(
    corpus: Corpus, follow: Follow, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    follow("1.0.0")
    config = configured()
    labels = (*config.stance.labels, "mixed")
    wider = config.model_copy(update={"stance": config.stance.model_copy(update={"labels": labels})})
    with pytest.raises(UsageError, match=r"change is major: stance\.label: changed .*; 2\.0\.0 would fit"):
        follow("1.1.0", config=wider)
    found = diff_of(follow("2.0.0", config=wider))
    assert [one.column for one in found.schema if one.config == "stance"] == ["label", "probabilities"]
    assert found.configs["stance"].changed == 2  # the probabilities have one more


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"a": {"dtype": "string", "_type": "Value"}}, {}, "removed"),
        ({}, {"a": {"dtype": "string", "_type": "Value"}}, "added: string"),
        (
            {"a": {"dtype": "int32", "_type": "Value"}},
            {"a": {"names": ["x", "y"], "_type": "ClassLabel"}},
            "changed from int32 to one of x, y",
        ),
    ],
)
def test_a_column_can_come_go_or_be_of_another_type(
    before: dict[str, Any], after: dict[str, Any], change: str
) -> None:
    assert changes_of_columns("quotes", before, after) == [SchemaChange("quotes", "a", change, True)]


def test_classes_are_compared_by_their_names(
    corpus: Corpus, follow: Follow, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    first = follow("1.0.0", confirmed(direct))
    config = configured()
    turned = config.stance.labels[::-1]
    reversed_ = config.model_copy(update={"stance": config.stance.model_copy(update={"labels": turned})})
    second = follow("2.0.0", confirmed(direct), config=reversed_)
    with connected(512, tmp_path / "spill") as database:
        found = diff(database, first.path, second.path)
    assert found.configs["stance"].relabelled == ()
    assert "label" not in found.configs["stance"].fields


def test_a_release_can_follow_one_that_lies_elsewhere(
    corpus: Corpus, follow: Follow, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    first = follow("1.0.0")
    tables = replace(corpus.written(tmp_path / "w"), previous=first.path)
    second = write_release(tables, configured(), "1.0.1", tmp_path / "elsewhere", {})
    assert second.follows == "1.0.0"


def test_a_release_can_follow_one_that_was_made_before_there_was_a_history(
    corpus: Corpus, follow: Follow
) -> None:
    corpus.article("d1")
    manifest = follow("1.0.0").path / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(
        json.dumps({name: told[name] for name in told if name not in {"history", "previous"}})
    )
    second = follow("1.0.1").path
    (first, now) = read_manifest(second).history
    assert (first.version, first.rows) == ("1.0.0", {"quotes": 2, "stance": 2, "speakers": 2})
    assert (now.version, now.changed["quotes"]) == ("1.0.1", 0)
    assert "| 1.0.0   | quotes" in (second / "README.md").read_text()
