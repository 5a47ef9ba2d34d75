"""Whole articles: what more than half say holds, and comes to decisions on single quotations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from builder.ids import quotation_id
from builder.review.adjudicate import outcomes_of
from builder.review.answers import decisions_of
from builder.review.articles import Searched, about_the_same, on_quotations, searched_articles
from builder.review.decisions import ImportedDecision, value_of
from builder.review.items import ArticleAnswer
from tests.review.invented import BOUNDARIES, SEARCHED, added, entry, search, span

CHEAP = "“and cheap.”"
NEARLY = "and cheap.”"
FLAG = "flew 🇳🇴 at noon"


def said(
    content: ArticleAnswer, who: str = "mk", at: str = "2024-05-02T09:00:00Z", ruling: bool = False
) -> list[ImportedDecision]:
    return decisions_of(
        SEARCHED, entry(content, annotator=who, at=at), "adjudicator" if ruling else "annotator"
    )


def searched(*answers: Sequence[ImportedDecision]) -> Searched:
    (found,) = searched_articles([one for some in answers for one in some])
    return found


def fields(search: Searched) -> list[tuple[str, str, str, Any]]:
    return [
        (one.decision.item, one.decision.field, one.decision.annotator, value_of(one.decision.after))
        for one in search.decisions
    ]


def test_an_answer_to_an_article_is_one_decision_that_holds_all_of_it() -> None:
    (one,) = said(search(CHEAP))
    assert (one.decision.item, one.decision.field, one.document) == ("d1", "article", "d1")
    assert one.text == "Bridge reopens"
    value = value_of(one.decision.after)
    assert [(found["item"], found["text"], found["is_one"]) for found in value["found"]] == [
        ("q1", "“The bridge 🌉 is safe,”", True)
    ]
    assert [(missed["text"], missed["speaker"]["name"]) for missed in value["missed"]] == [
        (CHEAP, "Ada Quill")
    ]


def test_what_was_missed_becomes_a_decided_quotation_with_the_id_of_what_was_marked() -> None:
    found = searched(said(search(CHEAP)))
    name = quotation_id("d1", [span(CHEAP)])
    marked = {"content": span(CHEAP), "cue": BOUNDARIES.cue[0], "source": BOUNDARIES.source[0]}
    boundaries = {part: [[one.start, one.end]] for part, one in marked.items()}
    assert fields(found) == [
        (name, "quotation", "mk", boundaries),
        (name, "speaker", "mk", {"name": "Ada Quill", "kind": "person"}),
    ]
    assert {(one.text, one.content) for one in found.decisions} == {(CHEAP, (span(CHEAP),))}
    outcomes = outcomes_of(found.decisions)[name]
    assert {field: one.settled for field, one in outcomes.items()} == {
        "quotation": "reviewed",
        "speaker": "reviewed",
    }


def test_whoever_did_not_mark_it_says_that_it_is_none() -> None:
    found = searched(said(search(CHEAP)), said(search(), "jo"), said(search(CHEAP), "li"))
    outcome = outcomes_of(found.decisions)[quotation_id("d1", [span(CHEAP)])]["quotation"]
    assert (outcome.settled, outcome.annotators, outcome.agreement) == ("reviewed", 3, 0.6667)


def test_marks_of_about_the_same_words_are_one_quotation_whose_boundaries_are_open() -> None:
    later = "2024-05-02T10:00:00Z"
    found = searched(said(search(NEARLY), "jo", later), said(search(CHEAP)))
    (one,) = found.added
    assert one.item.content == (span(CHEAP),)  # marked first
    outcomes = outcomes_of(found.decisions)[one.item.id]
    assert outcomes["quotation"].settled == "none"
    assert outcomes["speaker"].settled == "reviewed"


@pytest.mark.parametrize(
    ("answers", "is_one", "missed"),
    [
        # Two who differ: one of two is not more than half.
        ([said(search(CHEAP)), said(search(found=False), "jo")], False, []),
        # Both marked, but different words.
        ([said(search(CHEAP)), said(search(FLAG), "jo")], True, []),
        # One person who marks the same twice is one person.
        ([said(search(CHEAP, NEARLY)), said(search(), "jo")], True, []),
        # Of each person the latest answer holds.
        ([said(search(CHEAP)), said(search(FLAG), at="2024-05-03T09:00:00Z")], True, [FLAG]),
        # A ruling holds alone.
        (
            [said(search()), said(search(), "jo"), said(search(CHEAP, found=False), "lead", ruling=True)],
            False,
            [CHEAP],
        ),
    ],
)
def test_of_several_more_than_half_decide(
    answers: list[list[ImportedDecision]], is_one: bool, missed: list[str]
) -> None:
    found = searched(*answers)
    assert found.found == {"q1": is_one}
    assert [one.item.text for one in found.added] == missed


def test_a_ruling_on_what_was_missed_settles_it() -> None:
    found = searched(said(search()), said(search(CHEAP), "lead", ruling=True))
    outcomes = outcomes_of(found.decisions)[quotation_id("d1", [span(CHEAP)])]
    assert {one.settled for one in outcomes.values()} == {"adjudicated"}


def test_that_one_is_none_is_a_decision_and_that_it_is_one_is_none() -> None:
    no = searched(said(search(found=False)), said(search(), "jo"), said(search(found=False), "li"))
    assert fields(no) == [("q1", "quotation", "mk", None), ("q1", "quotation", "li", None)]
    assert searched(said(search())).decisions == ()


def test_answers_given_when_the_machine_had_found_something_else_are_a_search_of_their_own() -> None:
    before, now = said(search(CHEAP)), said(search(), "jo")
    anew = replace(SEARCHED, found=(replace(SEARCHED.found[0], key="q7"),))
    (other,) = decisions_of(anew, entry(ArticleAnswer({"q7": True}), annotator="jo"))
    assert [one.found for one in searched_articles([*before, other])] == [{"q1": True}, {"q7": True}]
    assert len(searched_articles([*before, *now])) == 1


def test_decisions_on_single_quotations_come_first_and_whole_answers_are_none() -> None:
    single = decisions_of(SEARCHED, entry(search(CHEAP)))
    found = on_quotations(single, searched_articles(single))
    assert [one.decision.field for one in found] == ["quotation", "speaker"]


def test_two_contents_are_about_the_same_that_share_half_of_either() -> None:
    def content(start: int, end: int) -> Any:
        return added(start, end).item.content

    assert about_the_same(content(0, 10), content(2, 11))
    assert not about_the_same(content(0, 10), content(9, 30))
    assert not about_the_same(content(0, 10), content(0, 30))
