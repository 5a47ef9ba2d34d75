"""Quotations that people added are rows like others, and stay one row when the program finds them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.ids import quotation_id
from builder.records import (
    AddedQuotation,
    Document,
    Probability,
    Quotation,
    Route,
    Span,
    Speaker,
    Stance,
    Zone,
    to_table,
)
from builder.release.examples import passages
from builder.release.removals import Removals
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from tests.release.corpus import (
    Configured,
    Corpus,
    Release,
    boundaries,
    cluster_in,
    confirmed,
    decision,
    rows_of,
    searched,
    span,
)

MISSED = "The hall was full"


@pytest.fixture
def article(corpus: Corpus, configured: Configured) -> tuple[Document, Quotation, Quotation]:
    direct, indirect = corpus.article("d1", cluster=cluster_in("train", configured()))
    return corpus.documents[0][0], direct, indirect


def name_of(document: Document) -> str:
    return quotation_id(document.id, [span(MISSED, document.text)])


def card_of(summary: ReleaseSummary) -> str:
    return (summary.path / "README.md").read_text(encoding="utf-8")


def quotes(summary: ReleaseSummary) -> dict[str, dict[str, Any]]:
    return rows_of(summary, "quotes")


def found_by_program(document: Document, content: Span) -> Quotation:
    """What another extractor finds in the article."""
    return Quotation(
        quotation_id(document.id, [content]),
        document.id,
        "indirect",
        (content,),
        (),
        (),
        (),
        2,
        None,
        0.6,
        "rules-2",
    )


def test_a_missed_quotation_is_a_row_that_people_labelled(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    row = quotes(release([searched(document, {direct: True, indirect: True}, MISSED)]))[name_of(document)]
    start, end = (row["content"][0][one] for one in ("start", "end"))
    assert row["context"][start:end] == MISSED
    assert (row["label_source"], row["split"], row["kind"]) == (2, "train", 2)
    assert (row["extractor"], row["confidence"], row["n_annotators"]) == ("people", None, 1)
    assert row["speaker"]["name"] == "Odile Brandt"


def test_what_the_program_makes_of_it_is_published_undecided_until_people_decide(
    article: tuple[Document, Quotation, Quotation],
    corpus: Corpus,
    configured: Configured,
    tmp_path: Path,
) -> None:
    document, direct, indirect = article
    made, name = searched(document, {direct: True, indirect: True}, MISSED), name_of(document)
    there = span(MISSED, document.text)
    shares = (Probability("favor", 0.3), Probability("against", 0.6), Probability("neutral", 0.1))
    told = AddedQuotation(
        Quotation(name, "d1", "indirect", (there,), (), (), (), 2, None, 1.0, "people"),
        Speaker(name, "Odile Brandt", "person", None, "a7", "rule", 0.4),
        (Stance(name, "bridge", "against", shares, 0.6, "tiny-1"),),
        (Route(name, "stance:bridge", "review", "added", 0.6),),
    )
    pq.write_table(to_table([told], AddedQuotation), tmp_path / "added.parquet")
    mine = replace(direct, id=name, content=(there,))
    favor = decision(mine, "stance:bridge", "favor")
    for version, decisions in (("1.0.0", [made]), ("1.1.0", [made, favor])):
        tables = replace(corpus.written(tmp_path / version, decisions), added=[tmp_path / "added.parquet"])
        summary = write_release(tables, configured(), version, tmp_path / "releases", {})
        quote = quotes(summary)[name]
        (row,) = [one for one in rows_of(summary, "stance").values() if one["quotation_id"] == name]
        assert (quote["label_source"], quote["confidence"], quote["extractor"]) == (2, None, "people")
        # Whom people named is linked, since the program means the same one.
        assert (quote["speaker"]["name"], quote["speaker"]["id"]) == ("Odile Brandt", "a7")
        assert row["probabilities"] == {"favor": 0.3, "against": 0.6, "neutral": 0.1}
        assert row["model"] == "tiny-1"
        expected = (0, None, "unlabelled") if version == "1.0.0" else (2, 0, "train")
        assert (row["label_source"], row["label"], row["split"]) == expected


def test_what_one_of_three_marked_is_no_row(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    yes = {direct: True, indirect: True}
    answers = [searched(document, yes, MISSED)] + [searched(document, yes, who=who) for who in ("jo", "li")]
    assert quotes(release(answers)).keys() == {direct.id, indirect.id}


def test_where_people_mark_different_words_the_row_is_undecided(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    yes = {direct: True, indirect: True}
    row = quotes(
        release([searched(document, yes, MISSED), searched(document, yes, "hall was full", who="jo")])
    )
    assert (row[name_of(document)]["label_source"], row[name_of(document)]["split"]) == (0, "unlabelled")


def test_what_most_found_to_be_no_quotation_is_taken_out(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    summary = release([searched(document, {direct: True, indirect: False})])
    assert quotes(summary).keys() == {direct.id}
    assert summary.removed == 1


def test_it_is_the_same_row_when_the_program_finds_it(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, release: Release
) -> None:
    document, direct, indirect = article
    wider = Span(span(MISSED, document.text).start, span(MISSED, document.text).end + 1)
    corpus.quotations[0].append(found_by_program(document, wider))
    rows = quotes(release([searched(document, {direct: True, indirect: True}, MISSED)]))
    assert rows.keys() == {direct.id, indirect.id, name_of(document)}
    row = rows[name_of(document)]
    assert (row["extractor"], row["confidence"], row["label_source"]) == ("rules-2", 0.6, 2)
    content = row["document_spans"]["content"][0]
    assert document.text[content["start"] : content["end"]] == MISSED  # people's boundaries, not its own


def test_it_follows_its_words_in_a_text_that_was_read_anew(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, release: Release
) -> None:
    document, *_ = article
    made = searched(document, {}, MISSED)
    text = document.text.replace("spoke on Monday", "spoke")
    corpus.documents[0][0] = replace(document, text=text, zones=(Zone(0, len(text), "body"),))
    corpus.quotations[0].clear()
    corpus.speakers[0].clear()
    corpus.stance[0].clear()
    corpus.routes[0].clear()
    (row,) = quotes(release([made])).values()
    content = row["document_spans"]["content"][0]
    assert corpus.documents[0][0].text[content["start"] : content["end"]] == MISSED
    assert row["id"] == name_of(document)


def test_one_whose_words_are_gone_is_reported(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, release: Release
) -> None:
    document, direct, indirect = article
    made = searched(document, {direct: True, indirect: True}, MISSED)
    corpus.documents[0][0] = replace(document, text=document.text.replace(MISSED, "Nobody came to it"))
    summary = release([made])
    assert quotes(summary).keys() == {direct.id, indirect.id}
    assert {reject.reason.value for reject in summary.rejects} == {"no-such-quotation"}


def test_words_that_stand_elsewhere_too_are_not_taken_for_those_that_were_marked(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    text = (
        "“Never again,” said Brandt.\n\nHe meant never again.\n\n"
        "According to the port authority, the bridge brings 400 jobs."
    )
    direct, indirect = corpus.article("d1", text=text)
    document = corpus.documents[0][0]
    made = searched(document, {direct: True, indirect: True}, "never again")
    rows = quotes(release([made]))
    assert len(rows) == 3
    assert rows[direct.id]["label_source"] == 0


def test_an_article_in_two_shards_has_it_once(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, release: Release
) -> None:
    document, direct, indirect = article
    corpus.next_shard()
    corpus.documents[1].append(document)
    assert len(quotes(release([searched(document, {direct: True, indirect: True}, MISSED)]))) == 3


def test_it_is_withdrawn_on_request(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, configured: Configured, tmp_path: Any
) -> None:
    document, direct, indirect = article
    tables = corpus.written(tmp_path / "w", [searched(document, {direct: True, indirect: True}, MISSED)])
    removals = Removals(quotations=frozenset({name_of(document)}))
    summary = write_release(replace(tables, removals=removals), configured(), "1.0.0", tmp_path / "r", {})
    assert quotes(summary).keys() == {direct.id, indirect.id}
    assert all(MISSED not in row["context"] for row in quotes(summary).values())
    assert "## Completeness" not in card_of(summary)


def test_a_model_learns_it_from_the_release(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    decisions = [
        *confirmed(direct),
        *confirmed(indirect),
        searched(document, {direct: True, indirect: True}, MISSED),
    ]
    (passage,) = passages(release(decisions).path, "train")
    contents = [
        passage["text"][start:end] for one in passage["attributions"] for start, end in one["content"]
    ]
    assert MISSED in contents
    assert len(contents) == 3


def test_the_card_gives_precision_and_recall_of_the_searched_articles(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    card = card_of(release([searched(document, {direct: True, indirect: False}, MISSED)]))
    assert "what it had missed: 1" in card
    # Clopper and Pearson of 1 in 2.
    assert "| precision: quotations that the program found are ones | 2 | 50.0 % | 1.3 to 98.7 % |" in card
    assert (
        "| recall: quotations that people saw were found by the program | 2 | 50.0 % | 1.3 to 98.7 % |"
        in card
    )
    assert "how many was not measured" not in card
    assert "indirect" in card
    assert "people (1)" in card


def test_an_article_in_which_the_program_found_something_else_does_not_count(
    article: tuple[Document, Quotation, Quotation], corpus: Corpus, release: Release
) -> None:
    document, direct, _ = article
    again, more = corpus.article("d2")
    made = [
        searched(document, {direct: True}, MISSED),
        searched(corpus.documents[0][1], {again: True, more: True}, MISSED),
    ]
    card = card_of(release(made))
    assert "what it had missed: 1" in card
    assert "in which the program has found something else since: 1." in card
    assert "| 3 | 66.7 % |" in card  # two found and one missed


def test_without_searched_articles_the_card_says_that_nothing_is_known(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    card = card_of(release([decision(article[1], "quotation", boundaries(article[1]))]))
    assert "## Completeness" not in card
    assert "how many was not measured on these articles" in card


def test_single_decisions_count_beside_those_of_whole_articles(
    article: tuple[Document, Quotation, Quotation], release: Release
) -> None:
    document, direct, indirect = article
    made: list[ImportedDecision] = [
        *confirmed(indirect, "jo"),
        searched(document, {direct: True, indirect: False}, who="mk"),
    ]
    # One says that it is a quotation, the other that it is none: nobody knows.
    assert quotes(release(made))[indirect.id]["label_source"] == 0
