"""Where people answered differently, field by field."""

import json
from dataclasses import replace

import pytest

from builder.records import SpeakerKind
from builder.review.disagreement import disagreements
from builder.review.items import (
    ArticleAnswer,
    Boundaries,
    Entry,
    MissedQuotation,
    QuotationAnswer,
    SpeakerName,
)
from builder.review.same import same_answer
from tests.review.invented import ANSWER, ARTICLE, BOUNDARIES, CONTENT, ITEM, entry

AGAINST = replace(ANSWER, stances={"bridge": "against", "ferry": None})
NEUTRAL = replace(ANSWER, stances={"bridge": "neutral", "ferry": None})
CUT = replace(ANSWER, quotation=Boundaries(CONTENT[:1], BOUNDARIES.cue, BOUNDARIES.source))
NONE = QuotationAnswer(None)


def numbered(*entries: Entry) -> list[Entry]:
    return [replace(one, id=number, revision=number) for number, one in enumerate(entries, 1)]


def found(*entries: Entry) -> list[tuple[str, str]]:
    return [(one.field, one.state) for one in disagreements(ITEM, numbered(*entries))]


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry()], []),
        ([entry(), entry(annotator="jo")], []),
        ([entry(), entry(AGAINST, annotator="jo")], [("stance:bridge", "open")]),
        ([entry(), entry(annotator="jo"), entry(AGAINST, annotator="li")], [("stance:bridge", "outvoted")]),
        (
            [entry(), entry(NEUTRAL, annotator="jo"), entry(AGAINST, annotator="li")],
            [("stance:bridge", "open")],
        ),
        ([entry(), entry(CUT, annotator="jo")], [("quotation", "open")]),
        # Who says that it is none says nothing of speaker and stance.
        ([entry(), entry(NONE, annotator="jo")], [("quotation", "open")]),
        # An answer that was changed holds as it is now, a withdrawn and a late one not at all.
        ([entry(), entry(AGAINST, annotator="jo"), entry(annotator="jo")], []),
        ([entry(), entry(AGAINST, annotator="jo"), entry(None, "withdrawal", "jo")], []),
        ([entry(), entry(AGAINST, "late", "jo")], []),
        # A ruling settles the whole item, whatever it says.
        (
            [entry(), entry(AGAINST, annotator="jo"), entry(NEUTRAL, "ruling", "lead", reason="irony")],
            [("stance:bridge", "settled")],
        ),
        (
            [entry(), entry(AGAINST, annotator="jo"), entry(NONE, "ruling", "lead", reason="a title")],
            [("stance:bridge", "settled")],
        ),
    ],
)
def test_fields_on_which_people_disagree(entries: list[Entry], told: list[tuple[str, str]]) -> None:
    assert found(*entries) == told


def test_the_order_in_which_missed_quotations_were_marked_makes_no_disagreement() -> None:
    speaker = SpeakerName("Ada Quill", "person")
    marks = [MissedQuotation((part,), (), (), speaker) for part in CONTENT]
    small = [replace(one, speaker=SpeakerName("ada quill", "person")) for one in reversed(marks)]
    answers = [ArticleAnswer({}, tuple(some)) for some in (marks, small, marks[:1])]
    alike = numbered(entry(answers[0]), entry(answers[1], annotator="jo"))
    assert disagreements(ARTICLE, alike) == []
    apart = numbered(entry(answers[0]), entry(answers[2], annotator="jo"))
    assert [one.field for one in disagreements(ARTICLE, apart)] == ["missed"]


def test_everybodys_answer_and_the_ruling_are_told_with_notes_and_reason() -> None:
    (one,) = disagreements(
        ITEM,
        numbered(
            entry(note="she means it"),
            entry(AGAINST, annotator="jo"),
            entry(AGAINST, "ruling", "lead", reason="irony"),
        ),
    )
    told = [(given.annotator, json.loads(given.value or "null"), given.note) for given in one.answers]
    assert told == [("mk", "favor", "she means it"), ("jo", "against", None)]
    (ruling,) = one.rulings
    assert (ruling.annotator, ruling.reason, ruling.value) == ("lead", "irony", '"against"')


def test_of_an_article_each_quotation_is_a_field_and_what_was_missed_is_one() -> None:
    missed = MissedQuotation(CONTENT, (), (), SpeakerName("Ada Quill", "person"))
    entries = numbered(
        entry(ArticleAnswer({"q1": True, "q2": True}, ())),
        entry(ArticleAnswer({"q1": False, "q2": True}, (missed,)), annotator="jo"),
    )
    assert [(one.field, one.state) for one in disagreements(ARTICLE, entries)] == [
        ("found:q1", "open"),
        ("missed", "open"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (("Ada Quill", "person"), ("ada  QUILL", "person"), True),
        (("Ada Quill", "person"), ("Ada Quill.", "person"), True),
        (("Ada Quill", "person"), ("Quill", "person"), False),
        (("the council", "group"), ("the council", "government"), False),
        (("", "unnamed"), ("", "unnamed"), True),
    ],
)
def test_speakers_are_the_same_by_their_words_and_kind(
    ours: tuple[str, SpeakerKind], theirs: tuple[str, SpeakerKind], same: bool
) -> None:
    first, second = (json.dumps({"name": name, "kind": kind}) for name, kind in (ours, theirs))
    assert (same_answer("speaker", first) == same_answer("speaker", second)) is same


def test_cannot_tell_is_an_answer_of_its_own() -> None:
    assert same_answer("stance:bridge", None) != same_answer("stance:bridge", '"neutral"')
    assert found(
        entry(), entry(replace(ANSWER, stances={"bridge": None, "ferry": None}), annotator="jo")
    ) == [("stance:bridge", "open")]
