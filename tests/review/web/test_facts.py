"""What people answered, in words."""

from dataclasses import replace

from builder.records import Span
from builder.review.items import ArticleAnswer, FoundQuotation, MissedQuotation, QuotationAnswer, SpeakerName
from builder.review.web.facts import differing, excerpt_of, facts_of, summary_of
from tests.review.invented import CONTENT, ITEM, entry, span
from tests.review.web import sample

QUOTATION = sample.quotation(sample.PASSAGES[0])


def test_a_quotation_is_told_by_its_words() -> None:
    assert ITEM.quotation is not None
    item = replace(ITEM, quotation=replace(ITEM.quotation, content=CONTENT))
    assert excerpt_of(item) == "“The bridge 🌉 is safe,” … “and cheap.”"


def test_an_answer_is_told_field_by_field() -> None:
    answer = sample.answer(QUOTATION, {"bridge": "favor", "council": None})
    assert facts_of(QUOTATION, answer) == {
        "quotation": sample.PASSAGES[0].content,
        "cue": "said",
        "source": "Councillor Ada Quill, who chairs the transport committee",
        "speaker": "Ada Quill (person)",
        "the second bridge": "favor",
        "Marsh End town council": "cannot tell",
    }


def test_what_is_no_quotation_has_nothing_else() -> None:
    assert facts_of(QUOTATION, QuotationAnswer(None)) == {"quotation": "not a quotation"}


def test_an_article_is_told_by_what_was_found_and_missed() -> None:
    item = replace(ITEM, kind="article", quotation=None)
    missed = MissedQuotation(CONTENT[:1], (), (span("Ada Quill"),), SpeakerName("", "unnamed"))
    assert facts_of(item, ArticleAnswer({}, (missed,))) == {
        "missed": "“The bridge 🌉 is safe,” (nobody can tell)"
    }


def test_quotations_of_the_same_words_are_told_apart() -> None:
    twice = [FoundQuotation(key, CONTENT[:1], (), (), None) for key in ("q1", "q2")]
    item = replace(ITEM, kind="article", quotation=None, found=tuple(twice))
    words = "“The bridge 🌉 is safe,”"
    told = {words: "a quotation", f"{words} (2)": "not a quotation", "missed": "nothing"}
    assert facts_of(item, ArticleAnswer({"q1": True, "q2": False}, ())) == told


def test_a_line_about_an_answer_tells_the_boundaries_only_where_they_were_edited() -> None:
    answer = sample.answer(QUOTATION, {"bridge": "favor", "council": None})
    told = "Ada Quill (person); the second bridge: favor; Marsh End town council: cannot tell"
    assert summary_of(QUOTATION, entry(answer)) == told
    assert answer.quotation is not None
    (content,) = answer.quotation.content
    shorter = replace(answer.quotation, content=(Span(content.start, content.start + len("“This bridge")),))
    assert (
        summary_of(QUOTATION, entry(replace(answer, quotation=shorter))) == f"quotation: “This bridge; {told}"
    )
    assert summary_of(QUOTATION, entry(QuotationAnswer(None))) == "not a quotation"
    assert summary_of(QUOTATION, entry(None, "skip")) == ""


def test_answers_differ_in_the_fields_that_not_all_have_alike() -> None:
    same = {"speaker": "Ada Quill (person)", "the bridge": "favor"}
    assert differing([same, same]) == []
    assert differing([same, {**same, "the bridge": "against"}]) == ["the bridge"]
    assert differing([same, {"quotation": "not a quotation"}]) == ["speaker", "the bridge", "quotation"]
