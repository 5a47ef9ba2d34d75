"""What a row publishes, and what people's decisions make of it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from builder.ids import quotation_id, stance_id
from builder.records import Quotation, RejectReason, Span, TargetMention, Zone
from builder.release.removals import Removals
from builder.release.write import write_release
from builder.speakers.authority_table import Entry
from tests.release.corpus import (
    AUTO,
    LABELS,
    SOURCES,
    Configured,
    Corpus,
    Release,
    boundaries,
    cluster_in,
    confirmed,
    decision,
    rows_of,
    text_of_article,
)


def test_an_undecided_row_keeps_its_probabilities_and_has_no_label(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    summary = release()
    quote = rows_of(summary, "quotes")[direct.id]
    stance = rows_of(summary, "stance")[stance_id(direct.id, "bridge")]
    assert (quote["split"], SOURCES[quote["label_source"]]) == ("unlabelled", "none")
    assert (stance["split"], SOURCES[stance["label_source"]]) == ("unlabelled", "none")
    assert (stance["label"], stance["n_annotators"], stance["agreement"]) == (None, 0, None)
    assert stance["probabilities"] == {"favor": 0.2, "against": 0.7, "neutral": 0.1}


def test_a_quotes_row_holds_what_is_known_of_the_quotation(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1", agency="Coast Wire")
    row = rows_of(release(), "quotes")[direct.id]
    text = corpus.documents[0][0].text
    for part, spans in (("content", direct.content), ("cue", direct.cue), ("source", direct.source)):
        assert [Span(**one) for one in row["document_spans"][part]] == list(spans)
        assert [Span(**one).of(row["context"]) for one in row[part]] == [one.of(text) for one in spans]
    assert row["speaker"] == {
        "name": "Odile Brandt",
        "kind": "person",
        "id": "a7",
        "confidence": 0.8,
        "method": "rule",
        "model": "ranker-1",
    }
    assert (row["url"], row["raw_sha256"]) == ("https://coast-courier.example/d1", "0" * 64)
    assert (row["document_extractor"], row["n_annotators"], row["agreement"]) == ("article", 0, None)
    assert (row["document_id"], row["cluster"], row["extractor"]) == ("d1", "d1", "rules-1")
    assert (row["site"], row["agency"], row["published"]) == ("Coast Courier", "Coast Wire", "2024-03-18")


def test_a_stance_row_holds_what_a_classifier_takes(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    row = rows_of(release(), "stance")[stance_id(direct.id, "bridge")]
    assert row["text"] == "“The harbour bridge will ruin this town d1ville d1shire d1land,”"
    assert row["text"] in row["context"]
    assert (row["speaker"], row["target_id"], row["target"]) == ("Odile Brandt", "bridge", "the bridge")
    assert (row["quotation_id"], row["confidence"], row["model"]) == (direct.id, 0.7, "tiny-1")


def test_the_label_sources_are_none_model_reviewed_and_adjudicated(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    train = cluster_in("train", configured())
    undecided, _ = corpus.article("d1", cluster=train)
    accepted, _ = corpus.article("d2", cluster=train, auto=AUTO)
    reviewed, _ = corpus.article("d3", cluster=train)
    disputed, _ = corpus.article("d4", cluster=train)
    tied, _ = corpus.article("d5", cluster=train, auto=AUTO)
    decisions = [
        *confirmed(reviewed),
        decision(disputed, "stance:bridge", "favor", "a"),
        decision(disputed, "stance:bridge", "against", "b"),
        decision(disputed, "stance:bridge", "neutral", "c", "adjudicator"),
        decision(tied, "stance:bridge", "favor", "a"),
        decision(tied, "stance:bridge", "against", "b"),
    ]
    rows = rows_of(release(decisions), "stance")

    def told(quotation: Quotation) -> tuple[str, str | None, str, int, float | None]:
        row = rows[stance_id(quotation.id, "bridge")]
        label = None if row["label"] is None else LABELS[row["label"]]
        return SOURCES[row["label_source"]], label, row["split"], row["n_annotators"], row["agreement"]

    assert told(undecided) == ("none", None, "unlabelled", 0, None)
    assert told(accepted) == ("model", "against", "train", 0, None)
    assert told(reviewed) == ("reviewed", "favor", "train", 1, 1.0)
    assert told(disputed) == ("adjudicated", "neutral", "train", 2, 0.0)
    assert told(tied) == ("none", None, "unlabelled", 2, 0.5)


@pytest.mark.parametrize(
    ("auto", "decided", "source"),
    [
        ((), (), "none"),
        (("quotation",), (), "none"),
        (("quotation", "speaker"), (), "model"),
        ((), ("quotation",), "none"),
        (("speaker",), ("quotation",), "model"),
        ((), ("quotation", "speaker"), "reviewed"),
    ],
)
def test_a_quotation_is_decided_when_its_boundaries_and_its_speaker_are(
    corpus: Corpus,
    release: Release,
    configured: Configured,
    auto: tuple[str, ...],
    decided: tuple[str, ...],
    source: str,
) -> None:
    direct, _ = corpus.article("d1", cluster=cluster_in("train", configured()), auto=auto)
    decisions = [one for one in confirmed(direct) if one.decision.field in decided]
    row = rows_of(release(decisions), "quotes")[direct.id]
    assert SOURCES[row["label_source"]] == source
    assert row["split"] == ("unlabelled" if source == "none" else "train")


def test_the_test_split_holds_human_labels_and_no_cluster_stands_on_two_sides(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    test = cluster_in("test", configured())
    human, _ = corpus.article("d1", cluster=test)
    model, _ = corpus.article("d2", cluster=test, auto=AUTO)
    summary = release(confirmed(human))
    for config, human_id, model_id in (
        ("quotes", human.id, model.id),
        ("stance", stance_id(human.id, "bridge"), stance_id(model.id, "bridge")),
    ):
        rows = rows_of(summary, config)
        assert (rows[human_id]["split"], SOURCES[rows[human_id]["label_source"]]) == ("test", "reviewed")
        assert (rows[model_id]["split"], SOURCES[rows[model_id]["label_source"]]) == ("unlabelled", "none")
        assert rows[model_id].get("label") is None
        assert summary.statistics.withheld[config] == 2  # both quotations of d2
    assert "2 rows of `stance` that only the model labelled" in (summary.path / "README.md").read_text()


def test_what_people_found_to_be_no_quotation_is_not_published(corpus: Corpus, release: Release) -> None:
    direct, indirect = corpus.article("d1")
    summary = release([decision(direct, "quotation", None)])
    assert sorted(rows_of(summary, "quotes")) == [indirect.id]
    assert sorted(rows_of(summary, "stance")) == [stance_id(indirect.id, "bridge")]
    assert summary.removed == 1


def test_edited_boundaries_are_published_under_the_same_id(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    (content,) = direct.content
    after = boundaries(direct) | {"content": [[content.start + 1, content.end - 2]]}
    summary = release([decision(direct, "quotation", after)])
    row = rows_of(summary, "quotes")[direct.id]
    without_marks = "The harbour bridge will ruin this town d1ville d1shire d1land"
    assert [Span(**one).of(row["context"]) for one in row["content"]] == [without_marks]
    stance = rows_of(summary, "stance")[stance_id(direct.id, "bridge")]
    assert stance["text"] == without_marks


def test_boundaries_outside_of_the_text_are_rejected_and_not_applied(
    corpus: Corpus, release: Release
) -> None:
    direct, _ = corpus.article("d1")
    after = boundaries(direct) | {"source": [[10_000, 10_005]]}
    summary = release([decision(direct, "quotation", after)])
    assert [one.reason for one in summary.rejects] == [RejectReason.BAD_RECORD]
    assert f"quotation of {direct.id}: the boundaries lie outside" in summary.rejects[0].detail
    row = rows_of(summary, "quotes")[direct.id]
    assert [Span(**one) for one in row["document_spans"]["content"]] == list(direct.content)


def test_a_decided_speaker_replaces_what_was_found(corpus: Corpus, release: Release) -> None:
    direct, indirect = corpus.article("d1")
    decisions = [
        decision(direct, "speaker", {"name": "Odile Brandt", "kind": "person"}),
        decision(indirect, "speaker", {"name": "", "kind": "unnamed"}),
    ]
    rows = rows_of(release(decisions), "quotes")
    assert rows[direct.id]["speaker"] == {
        "name": "Odile Brandt",
        "kind": "person",
        "id": "a7",
        "confidence": 0.8,
        "method": "rule",
        "model": "ranker-1",
    }
    unnamed = {**dict.fromkeys(rows[direct.id]["speaker"]), "name": "", "kind": "unnamed"}
    assert rows[indirect.id]["speaker"] == unnamed


def test_names_outside_of_the_authority_table_can_be_withheld(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    direct, indirect = corpus.article("d1")
    summary = release(config=configured(publish_names="authority"))
    rows = rows_of(summary, "quotes")
    assert (rows[direct.id]["speaker"]["name"], rows[indirect.id]["speaker"]["name"]) == (
        "Odile Brandt",
        None,
    )
    assert rows_of(summary, "stance")[stance_id(indirect.id, "bridge")]["speaker"] is None


def test_automatic_targets_outside_of_the_table_are_withheld_where_they_may_be_people(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    first = corpus.stance[0][0]
    for target, name in (("q7", "Ada Quill"), ("bo-quill", "Bo Quill"), ("quill-bank", "Quill Bank")):
        corpus.stance[0].append(replace(first, target=f"auto-{target}", name=name))
    tables = replace(corpus.written(tmp_path / "w"), entries=[Entry("q7", "Ada Quill")])
    config = configured(publish_names="authority")
    stance = config.stance.model_copy(update={"auto_targets": ("person",)})
    config = config.model_copy(update={"stance": stance})
    rows = rows_of(write_release(tables, config, "1.0.0", tmp_path / "out", {}), "stance").values()
    assert {one["target_id"] for one in rows} == {"bridge", "auto-q7", "auto-quill-bank"}


def test_a_stance_that_only_people_saw_is_published_without_a_model(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    config = configured(targets=["bridge", "tunnel"])
    direct, _ = corpus.article("d1", cluster=cluster_in("train", config))
    row = rows_of(release([decision(direct, "stance:tunnel", "favor")], config), "stance")[
        stance_id(direct.id, "tunnel")
    ]
    assert (row["label"], row["split"], row["target"]) == (0, "train", "the tunnel")
    assert (row["probabilities"], row["confidence"], row["model"]) == (None, None, None)


def test_an_answer_that_leaves_the_label_open_decides_nothing(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1", auto=AUTO)
    row = rows_of(release([decision(direct, "stance:bridge", None)]), "stance")[
        stance_id(direct.id, "bridge")
    ]
    assert (row["split"], row["label"], SOURCES[row["label_source"]]) == ("unlabelled", None, "none")
    assert row["n_annotators"] == 1


def test_decisions_follow_a_quotation_that_was_extracted_anew(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    direct, _ = corpus.article("d1", cluster=cluster_in("train", configured()))
    (content,) = direct.content
    before = replace(direct, id="q-before", content=(Span(content.start + 1, content.end - 6),))
    summary = release(confirmed(before))
    assert direct.id not in rows_of(summary, "quotes")
    row = rows_of(summary, "quotes")["q-before"]
    assert (row["split"], SOURCES[row["label_source"]]) == ("train", "reviewed")
    assert rows_of(summary, "stance")[stance_id("q-before", "bridge")]["label"] == 0
    assert summary.rejects == ()


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("d9", "“The harbour bridge will ruin this town d1ville d1shire d1land,”"),
        ("d1", "“We shall build it whatever they say,”"),
    ],
    ids=["of another document", "of other words"],
)
def test_a_lost_decision_does_not_act_by_its_id(
    corpus: Corpus, release: Release, configured: Configured, document: str, text: str
) -> None:
    direct, _ = corpus.article("d1", cluster=cluster_in("train", configured()))
    lost = [decision(direct, "quotation", None), decision(direct, "stance:bridge", "favor")]
    summary = release([replace(one, document=document, text=text) for one in lost])
    assert [one.reason for one in summary.rejects] == [RejectReason.NO_SUCH_QUOTATION] * 2
    assert summary.removed == 0
    assert rows_of(summary, "quotes")[direct.id]["label_source"] == SOURCES.index("none")
    row = rows_of(summary, "stance")[stance_id(direct.id, "bridge")]
    assert (row["split"], row["label"], row["n_annotators"]) == ("unlabelled", None, 0)


def extracted_anew(corpus: Corpus, quotation: Quotation, text: str) -> Quotation:
    """Gives the only document another text, where nothing but `quotation` is found, at its new place."""
    (document,) = corpus.documents[0]
    shift = text.index(quotation.content[0].of(document.text)) - quotation.content[0].start

    def moved(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span(one.start + shift, one.end + shift) for one in spans)

    content = moved(quotation.content)
    found = replace(
        quotation,
        id=quotation_id(document.id, content),
        content=content,
        cue=moved(quotation.cue),
        source=moved(quotation.source),
    )
    corpus.documents = [[replace(document, text=text, zones=(Zone(0, len(text), "body"),))]]
    corpus.quotations, corpus.speakers, corpus.stance, corpus.routes = [[found]], [[]], [[]], [[]]
    return found


def test_decisions_follow_their_words_into_a_text_that_was_extracted_anew(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    direct, _ = corpus.article("d1", cluster=cluster_in("train", configured()))
    decisions = confirmed(direct)
    moved = extracted_anew(corpus, direct, "Bridge divides the harbour\n\n" + text_of_article("d1"))
    # What now stands at the decided offsets is a quotation too, and has the id that was decided on.
    corpus.quotations[0].append(direct)
    summary = release(decisions)
    assert summary.rejects == ()
    row = rows_of(summary, "quotes")[direct.id]
    for part in ("content", "cue", "source"):
        assert [Span(**one) for one in row["document_spans"][part]] == list(getattr(moved, part))
    assert SOURCES[row["label_source"]] == "reviewed"
    assert rows_of(summary, "stance")[stance_id(direct.id, "bridge")]["label"] == 0
    ((other, left),) = [one for one in rows_of(summary, "quotes").items() if one[0] != direct.id]
    assert other != moved.id
    assert [Span(**one) for one in left["document_spans"]["content"]] == list(direct.content)
    assert SOURCES[left["label_source"]] == "none"


def test_boundaries_are_not_put_into_a_text_that_changed_where_they_were_set(
    corpus: Corpus, release: Release
) -> None:
    direct, _ = corpus.article("d1")
    decisions = confirmed(direct)
    changed = (
        text_of_article("d1")
        .replace("Mayor Odile", "The mayor, Odile")
        .replace("harbour bridge", "harbour's new bridge")
    )
    (content,) = direct.content
    (document,) = corpus.documents[0]
    found = Span(content.start + 5, content.end + 11)
    corpus.documents = [[replace(document, text=changed)]]
    corpus.quotations = [[replace(direct, id="q-new", content=(found,))]]
    corpus.speakers, corpus.stance, corpus.routes = [[]], [[]], [[]]
    summary = release(decisions)
    row = rows_of(summary, "quotes")[direct.id]
    assert [Span(**one) for one in row["document_spans"]["content"]] == [found]
    assert [one.reason for one in summary.rejects] == [RejectReason.BAD_RECORD]
    assert row["speaker"]["name"] == "Odile Brandt"  # the other decisions hold


def test_a_decision_that_finds_no_quotation_is_rejected_by_name(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    elsewhere = replace(direct, id="q-x", document="d9")
    gone = replace(direct, id="q-y", content=(Span(0, 5),))
    summary = release([decision(one, "stance:bridge", "favor") for one in (elsewhere, gone)])
    assert [one.reason for one in summary.rejects] == [RejectReason.NO_SUCH_QUOTATION] * 2
    assert "Decisions that could not be applied: 2." in (summary.path / "README.md").read_text()


def test_a_decision_about_an_unknown_target_is_rejected_by_name(corpus: Corpus, release: Release) -> None:
    direct, _ = corpus.article("d1")
    summary = release([decision(direct, "stance:tunnel", "favor")])
    assert [one.reason for one in summary.rejects] == [RejectReason.NO_SUCH_TARGET]


def test_a_decision_about_an_automatic_target_that_is_not_named_is_rejected_by_name(
    corpus: Corpus, release: Release
) -> None:
    direct, _ = corpus.article("d1")
    summary = release([decision(direct, "stance:auto-ada-quill", "favor")])
    assert [one.reason for one in summary.rejects] == [RejectReason.NO_SUCH_TARGET]
    assert "does not name this automatic target" in summary.rejects[0].detail
    assert "Decisions that could not be applied: 1." in (summary.path / "README.md").read_text()


def test_a_target_that_nobody_configured_has_its_row_unless_its_name_was_removed(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    direct, _ = corpus.article("d1")
    first = corpus.stance[0][0]
    mention = TargetMention(Span(38, 56), "harbour bridge")
    corpus.stance[0][0] = replace(first, name="the bridge", where="quotation", mentions=(mention,))
    corpus.stance[0].append(replace(first, target="auto-ada-quill", name="Ada Quill", where="quotation"))
    decided = [decision(direct, "stance:auto-ada-quill", "favor")]
    tables = corpus.written(tmp_path / "w", decided)
    summary = write_release(tables, configured(), "1.0.0", tmp_path / "out", {})
    rows = {
        one["target_id"]: one
        for one in rows_of(summary, "stance").values()
        if one["quotation_id"] == direct.id
    }
    assert rows["auto-ada-quill"]["target"] == "Ada Quill"
    assert (rows["auto-ada-quill"]["label"], rows["auto-ada-quill"]["n_annotators"]) == (0, 1)
    assert rows["bridge"]["target_names"] == ["harbour bridge"]
    assert rows["bridge"]["target_named"] == "quotation"
    assert rows["bridge"]["document_spans"]["target"] == [{"start": 38, "end": 56}]
    withdrawn = replace(tables, removals=Removals(patterns=(re.compile("Ada Quill"),)))
    summary = write_release(withdrawn, configured(), "1.0.0", tmp_path / "removed", {})
    assert "auto-ada-quill" not in {one["target_id"] for one in rows_of(summary, "stance").values()}
