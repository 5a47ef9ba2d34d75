"""Agreement, gold and anchoring from what people entered."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from builder.measure import difference_interval
from builder.review.agreement import NO_OVERLAP
from builder.review.items import Entry, Item, MachineSpeaker, QuotationAnswer, SpeakerName
from builder.review.quality import FieldQuality, Quality, quality_of
from tests.review.invented import ANSWER, ITEM, entry

SCALE = ("against", "neutral", "favor")
LABELS = {"+": "favor", "-": "against", "0": "neutral", "?": None}


def campaign(*rows: str, hidden: Iterable[int] = ()) -> list[tuple[Item, list[Entry]]]:
    """Items of one target by columns, annotators by rows; "." is no answer, "x" is "not a quotation"."""
    reviewed = []
    hidden = set(hidden)
    for column, answers in enumerate(zip(*(row.split() for row in rows), strict=True)):
        item = replace(ITEM, id=column, key=f"q{column}", targets=ITEM.targets[:1])
        entries = [
            entry(
                QuotationAnswer(None) if label == "x" else replace(ANSWER, stances={"bridge": LABELS[label]}),
                annotator=f"a{row}",
                id=row + 1,
                hidden=column in hidden,
            )
            for row, label in enumerate(answers)
            if label != "."
        ]
        reviewed.append((item, entries))
    return reviewed


def of_field(quality: Quality, name: str) -> FieldQuality:
    (found,) = [one for one in quality.fields if one.field == name]
    return found


def test_each_field_has_its_agreement() -> None:
    quality = quality_of(campaign("+ - 0 + x", "+ - + + +"), SCALE)
    names = [one.field for one in quality.fields]
    assert names == ["quotation", "boundaries", "speaker", "stance", "stance:bridge"]
    stance = of_field(quality, "stance:bridge")
    assert (stance.ratings, stance.unsure, stance.nominal.items) == (9, 0, 4)
    # Labels of the four items with two answers: + five times, - twice, 0 once. Two of eight ordered pairs
    # differ; expected 2 (5·2 + 5·1 + 2·1) = 34 of 8 · 7: 1 - (2 / 8) / (34 / 56).
    assert stance.nominal.value == pytest.approx(1 - (2 / 8) / (34 / 56), abs=0.00005)
    assert stance.ordinal is not None
    assert stance.nominal.value is not None
    assert stance.ordinal.value is not None
    assert stance.ordinal.value > stance.nominal.value  # neutral is next to favor
    assert list(stance.labels) == ["against", "favor", "neutral"]
    assert list(stance.pairs) == ["a0 and a1"]
    # One of five is none for one of them: kappa of yes and no.
    assert of_field(quality, "quotation").nominal.items == 5
    assert of_field(quality, "quotation").labels == {}


def test_cannot_tell_is_counted_and_is_no_rating() -> None:
    stance = of_field(quality_of(campaign("+ ? -", "+ + -"), SCALE), "stance")
    assert (stance.ratings, stance.unsure, stance.nominal.items, stance.nominal.value) == (5, 1, 2, 1.0)


def test_one_annotator_agrees_with_nobody() -> None:
    quality = quality_of(campaign("+ - 0"), SCALE)
    assert {one.nominal.undefined for one in quality.fields} == {NO_OVERLAP}


def test_without_a_scale_there_is_no_ordinal_figure() -> None:
    assert of_field(quality_of(campaign("+ -", "+ -")), "stance").ordinal is None
    # A label that is not on the scale, as of an older scheme, leaves the nominal figure.
    assert of_field(quality_of(campaign("+ -", "+ -"), ("favor", "neutral")), "stance").ordinal is None


def test_gold_items_measure_each_annotator() -> None:
    reviewed = campaign("+ - 0 +", "+ + 0 .")
    gold = {0: {"stance:bridge": '"favor"'}, 1: {"stance:bridge": '"against"'}}
    stance = of_field(quality_of(reviewed, SCALE, gold), "stance")
    scores = {name: (score.right, score.items) for name, score in stance.gold.items()}
    assert scores == {"a0": (2, 2), "a1": (1, 2)}


def test_anchoring_compares_those_who_saw_the_suggestion_with_those_who_did_not() -> None:
    # The model says favor everywhere. Seen: 3 of 4 answers are favor; hidden: 1 of 2.
    quality = quality_of(campaign("+ + + - + -", hidden=[4, 5]))
    (stance,) = quality.anchoring  # the model names no speaker
    assert (stance.seen_alike, stance.seen, stance.unseen_alike, stance.unseen) == (3, 4, 1, 2)
    assert stance.difference == 0.25
    low, high = difference_interval((3, 4), (1, 2), 0.95)
    assert (stance.low, stance.high) == (round(low, 4), round(high, 4))


def test_anchoring_is_not_known_where_nothing_was_hidden() -> None:
    (stance,) = quality_of(campaign("+ - +")).anchoring
    assert (stance.unseen, stance.difference, stance.low) == (0, None, None)


def test_anchoring_of_speakers_compares_names() -> None:
    item = replace(ITEM, speaker=MachineSpeaker("ada quill", "person", 0.6, None))
    other = replace(ANSWER, speaker=SpeakerName("Bo Lark", "person"))
    entries = [entry(id=1), entry(other, annotator="jo", id=2, hidden=True)]
    by_field = {one.field: one for one in quality_of([(item, entries)]).anchoring}
    assert (by_field["speaker"].seen_alike, by_field["speaker"].unseen_alike) == (1, 0)
    assert by_field["speaker"].difference == 1.0
