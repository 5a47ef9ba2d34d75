"""Decisions follow the words of their quotation, or are reported."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ids import quotation_id
from builder.records import Decision, Document, Quotation, RejectReason, Span
from builder.review.decisions import ImportedDecision
from builder.review.lost import unmatched
from builder.review.matching import DecidedItem, decided_items, match_decisions

#       0    5    10   15   20   25   30   35
TEXT = "aaaa bbbb cccc dddd eeee ffff gggg hhhh"


def spans(*pairs: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def document(text: str = TEXT, name: str = "d1") -> Document:
    return Document(
        name, text, "d.txt", None, None, None, None, None, None, None, "0" * 64, "article", zones=()
    )


def quotation(*pairs: tuple[int, int], document: str = "d1") -> Quotation:
    content = spans(*pairs)
    return Quotation(
        quotation_id(document, content), document, "direct", content, (), (), (), 0, None, 0.9, "rules"
    )


def item(*pairs: tuple[int, int], text: str | None = None, name: str = "old") -> DecidedItem:
    words = " … ".join(TEXT[start:end] for start, end in pairs)
    return DecidedItem(name, "d1", spans(*pairs), words if text is None else text)


def matched(
    items: Sequence[DecidedItem], quotations: Sequence[Quotation], text: str = TEXT
) -> dict[str, str]:
    """The matched items' ids by the quotations'."""
    documents = {"d1": document(text), "d2": document(text, "d2")}
    return {quotation: one.id for quotation, one in match_decisions(items, documents, quotations).items()}


@pytest.mark.parametrize(
    ("decided", "found", "matches"),
    [
        # Decided: cccc dddd eeee ffff. Half on both sides is two of them and at most two others.
        (item((10, 29)), [quotation((10, 29))], True),
        (item((10, 29)), [quotation((11, 28))], True),  # cut within two words: dddd and eeee are whole
        (item((10, 29)), [quotation((10, 19))], True),  # two of four, and two of two
        (item((10, 29)), [quotation((10, 14))], False),  # one of four
        (item((10, 29)), [quotation((0, 39))], True),  # four of four, and four of eight
        (item((15, 29)), [quotation((0, 39))], False),  # three of three, but three of eight
        (item((10, 29)), [quotation((0, 9), (10, 19))], True),  # discontinuous: two of four, two of four
        (item((10, 29)), [quotation((0, 19)), quotation((20, 39))], False),  # two answer: none is guessed
        (item((10, 29)), [quotation((10, 19)), quotation((30, 39))], True),
        (item((10, 29), text="CCCC, dddd: Eeee ffff!"), [quotation((10, 29))], True),  # the same words
        (item((10, 29), text="iiii jjjj kkkk llll"), [quotation((10, 29))], False),  # other words, same place
        (item((0, 9), text="cccc dddd eeee ffff"), [quotation((10, 29))], True),  # same words, other place
        (item((10, 29), text="cccc cccc cccc dddd"), [quotation((10, 19))], True),  # cccc once, dddd: 2 of 4
        (item((10, 29), text="cccc cccc cccc cccc"), [quotation((10, 19))], False),  # cccc is shared once
        (item((10, 29)), [quotation((10, 29), document="d2")], False),
        (item((10, 29)), [], False),
        (item((4, 5), text="…"), [quotation((4, 5))], False),  # no word to share
    ],
)
def test_an_item_is_the_one_quotation_that_shares_half_of_the_words_on_both_sides(
    decided: DecidedItem, found: list[Quotation], matches: bool
) -> None:
    assert matched([decided], found) == ({found[0].id: "old"} if matches else {})


def test_words_count_as_often_as_they_occur() -> None:
    text = "no no yes aye aye aye"
    # no twice and yes: three of the item's four words, three of the quotation's six.
    assert list(matched([item((0, 9), text="No, no, no, yes")], [quotation((0, 21))], text).values()) == [
        "old"
    ]
    # no once: one of two, and one of six.
    assert matched([item((0, 9), text="No, never")], [quotation((0, 21))], text) == {}


def test_the_same_id_and_words_come_before_shared_words() -> None:
    same, other = quotation((10, 29)), quotation((10, 24))
    assert matched([item((10, 29), name=same.id)], [same, other]) == {same.id: same.id}


def test_the_same_id_alone_is_not_enough() -> None:
    same = quotation((10, 29))
    exact = item((10, 29), name=same.id)
    assert matched([exact], [same], TEXT.upper()) == {same.id: same.id}
    assert matched([exact], [same], "zzzz " * 8) == {}
    # The text has grown at its beginning: other words stand where the decided ones stood.
    moved = quotation((30, 49))
    assert matched([exact], [same, moved], "iiii jjjj kkkk llll " + TEXT) == {moved.id: same.id}


def test_a_quotation_found_by_its_id_answers_to_no_other_item() -> None:
    same = quotation((10, 29))
    assert matched([item((10, 29), name=same.id), item((10, 24))], [same]) == {same.id: same.id}


def test_the_same_words_come_before_half_of_them() -> None:
    same, longer = quotation((10, 29)), quotation((10, 34))
    assert matched([item((9, 29)), item((10, 34), name="longer")], [longer, same]) == {
        same.id: "old",
        longer.id: "longer",
    }


def test_one_quotation_that_answers_to_two_items_is_neither() -> None:
    decided = [item((10, 19), name="first"), item((20, 29), name="second")]
    assert matched(decided, [quotation((10, 29))]) == {}


REPEATED = "Never. aaaa Never. bbbb Never. cccc"  # at 0, 12 and 24


@pytest.mark.parametrize(
    ("decided", "found", "expected"),
    [
        ([13], [0, 12, 24], {12: 13}),  # the nearest
        ([6], [0, 12], {}),  # as near to one as to the other
        ([0, 13], [0, 24], {0: 0, 24: 13}),  # as many as before: in their order
        ([1, 25], [0, 12, 24], {0: 1, 24: 25}),
        ([11, 13], [0, 12, 24], {}),  # both are nearest to the second
        ([11, 13], [12], {}),
        ([100], [12], {12: 100}),
    ],
)
def test_repeated_words_are_told_apart_by_where_they_stand(
    decided: list[int], found: list[int], expected: dict[int, int]
) -> None:
    at = {start: quotation((start, start + 6)) for start in found}
    items = [item((start, start + 6), text="“Never”", name=str(start)) for start in decided]
    assert matched(items, list(at.values()), REPEATED) == {
        at[start].id: str(name) for start, name in expected.items()
    }


@given(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 12)), max_size=6), st.data())
def test_no_item_is_given_to_two_quotations(places: list[tuple[int, int]], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([TEXT, "aaaa aaaa bbbb aaaa bbbb aaaa aaaa bbbb"]))
    found = list({one.id: one for one in (quotation((at, at + length)) for at, length in places)}.values())
    decided = [
        item((at, at + length), text=text[at : at + length], name=f"old{number}")
        for number, (at, length) in enumerate(
            data.draw(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 12)), max_size=6))
        )
    ]
    pairs = matched(decided, found, text)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= {one.id for one in found}
    assert matched(decided[::-1], found[::-1], text) == pairs


def test_every_decision_about_an_unmatched_item_is_reported() -> None:
    decisions = [
        ImportedDecision(
            Decision(name, field, None, None, "mk", "2024-05-02T09:31:00Z", None, None, None),
            "d1",
            spans((10, 29)),
            "cccc dddd eeee ffff",
            "annotator",
            f"decisions.jsonl:{line}",
        )
        for line, (name, field) in enumerate([("q1", "quotation"), ("q2", "speaker"), ("q2", "quotation")], 1)
    ]
    elsewhere = replace(decisions[0], document="d2")
    items = decided_items([*decisions, elsewhere])
    assert {name: [one.id for one in some] for name, some in items.items()} == {
        "d1": ["q1", "q2"],
        "d2": ["q1"],
    }
    rejects = [one.reject() for one in unmatched(decisions, ["q1"])]
    assert [(one.uri, one.reason) for one in rejects] == [
        ("decisions.jsonl:2", RejectReason.NO_SUCH_QUOTATION),
        ("decisions.jsonl:3", RejectReason.NO_SUCH_QUOTATION),
    ]
    assert "speaker of q2" in rejects[0].detail
