"""Decisions follow their quotation to another extractor's version of it, or are reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ids import quotation_id
from builder.records import Decision, Quotation, RejectReason, Span
from builder.review.decisions import ImportedDecision
from builder.review.matching import DecidedItem, decided_items, match_decisions, unmatched

#       0    5    10   15   20   25   30   35
TEXT = "aaaa bbbb cccc dddd eeee ffff gggg hhhh"


def spans(*pairs: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def quotation(*pairs: tuple[int, int], document: str = "d1") -> Quotation:
    content = spans(*pairs)
    return Quotation(
        quotation_id(document, content), document, "direct", content, (), (), (), 0, None, 0.9, "rules"
    )


def item(*pairs: tuple[int, int], name: str = "old", document: str = "d1") -> DecidedItem:
    return DecidedItem(name, document, spans(*pairs))


@pytest.mark.parametrize(
    ("decided", "found", "matches"),
    [
        # Decided: cccc dddd eeee ffff. Half on both sides is two of them and at most two others.
        (item((10, 29)), [quotation((10, 29))], True),
        (item((10, 29)), [quotation((11, 28))], True),  # begins within a word: three words of four
        (item((10, 29)), [quotation((10, 19))], True),  # two of four, and two of two
        (item((10, 29)), [quotation((10, 14))], False),  # one of four
        (item((10, 29)), [quotation((0, 39))], True),  # four of four, and four of eight
        (item((15, 29)), [quotation((0, 39))], False),  # three of three, but three of eight
        (item((10, 29)), [quotation((0, 9), (10, 19))], True),  # discontinuous: two of four, two of four
        (item((10, 29)), [quotation((0, 19)), quotation((20, 39))], False),  # two answer: none is guessed
        (item((10, 29)), [quotation((10, 19)), quotation((30, 39))], True),
        (item((10, 29)), [quotation((10, 29), document="d2")], False),
        (item((10, 29)), [], False),
        (item((100, 200)), [quotation((10, 29))], False),  # outside of the text
        (item((4, 5)), [quotation((4, 5))], False),  # no word to share
    ],
)
def test_an_item_is_the_one_quotation_that_shares_half_of_the_words_on_both_sides(
    decided: DecidedItem, found: list[Quotation], matches: bool
) -> None:
    assert match_decisions([decided], {"d1": TEXT, "d2": TEXT}, found) == (
        {found[0].id: "old"} if matches else {}
    )


def test_the_same_id_comes_before_shared_words() -> None:
    same, other = quotation((10, 29)), quotation((10, 24))
    exact = DecidedItem(same.id, "d1", spans((10, 29)))
    assert match_decisions([exact], {"d1": TEXT}, [same, other]) == {same.id: same.id}


def test_a_quotation_found_by_its_id_answers_to_no_other_item() -> None:
    same = quotation((10, 29))
    exact = DecidedItem(same.id, "d1", spans((10, 29)))
    assert match_decisions([exact, item((10, 24))], {"d1": TEXT}, [same]) == {same.id: same.id}


def test_one_quotation_that_answers_to_two_items_is_neither() -> None:
    decided = [item((10, 19), name="first"), item((20, 29), name="second")]
    assert match_decisions(decided, {"d1": TEXT}, [quotation((10, 29))]) == {}


@given(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 12)), max_size=6), st.data())
def test_no_item_is_given_to_two_quotations(places: list[tuple[int, int]], data: st.DataObject) -> None:
    found = list({one.id: one for one in (quotation((at, at + length)) for at, length in places)}.values())
    decided = [
        item((at, at + length), name=f"old{number}")
        for number, (at, length) in enumerate(
            data.draw(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 12)), max_size=6))
        )
    ]
    matched = match_decisions(decided, {"d1": TEXT}, found)
    assert len(set(matched.values())) == len(matched)
    assert set(matched) <= {one.id for one in found}


def test_every_decision_about_an_unmatched_item_is_reported() -> None:
    decisions = [
        ImportedDecision(
            Decision(name, field, None, None, "mk", "2024-05-02T09:31:00Z", None, None, None),
            "d1",
            spans((10, 29)),
            "annotator",
            f"decisions.jsonl:{line}",
        )
        for line, (name, field) in enumerate([("q1", "quotation"), ("q2", "speaker"), ("q2", "quotation")], 1)
    ]
    assert [one.id for one in decided_items(decisions)] == ["q1", "q2"]
    rejects = unmatched(decisions, ["q1"])
    assert [(one.uri, one.reason) for one in rejects] == [
        ("decisions.jsonl:2", RejectReason.NO_SUCH_QUOTATION),
        ("decisions.jsonl:3", RejectReason.NO_SUCH_QUOTATION),
    ]
    assert "speaker of q2" in rejects[0].detail
