"""Examples for training from what people decided."""

from dataclasses import replace

import pytest

from builder.errors import UsageError
from builder.records import Probability
from builder.review.entering import submit
from builder.review.items import Duplicate, Entry, Item, QuotationAnswer, SpeakerName
from builder.review.learning import AGGREGATIONS, Aggregation, examples_from_review, examples_of
from builder.review.queue import claim
from builder.review.store import Store
from builder.stance.examples import LabelledExample
from tests.review.campaigns import SCALE, campaign, items, people
from tests.review.invented import ANSWER, ITEM, TEXT, entry, span

BRIDGE = replace(ITEM, targets=ITEM.targets[:1])


def stance(label: str | None) -> QuotationAnswer:
    return replace(ANSWER, stances={"bridge": label})


def learned(
    *entries: Entry, aggregation: Aggregation = "votes", item: Item = BRIDGE
) -> list[tuple[str, dict[str, float]]]:
    return [
        (one.label, {share.label: share.probability for share in one.shares})
        for one in examples_of([(item, entries)], SCALE, aggregation)
    ]


def test_an_example_is_what_a_classifier_is_asked() -> None:
    (one,) = examples_of([(BRIDGE, [entry(stance("favor"))])], SCALE, "votes")
    assert one.label == "favor"
    assert one.example.text == "“The bridge 🌉 is safe,” … “and cheap.”"  # as people set the boundaries
    assert (one.example.target, one.example.speaker) == ("the bridge", "Ada Quill")
    assert one.example.context == TEXT


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_where_all_agree_there_is_one_label(aggregation: Aggregation) -> None:
    both = [entry(stance("favor")), entry(stance("favor"), annotator="jo")]
    assert learned(*both, aggregation=aggregation) == [("favor", {})]


def test_where_people_differ_votes_are_shares_and_a_tie_has_no_majority() -> None:
    tie = [entry(stance("favor")), entry(stance("against"), annotator="jo")]
    assert learned(*tie) == [("against", {"against": 0.5, "favor": 0.5})]
    assert learned(*tie, aggregation="majority") == []
    three = [*tie, entry(stance("favor"), annotator="li")]
    assert learned(*three) == [("favor", {"against": 0.3333, "favor": 0.6667})]
    assert learned(*three, aggregation="majority") == [("favor", {})]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_ruling_is_taken_as_it_is(aggregation: Aggregation) -> None:
    entries = [
        entry(stance("favor")),
        entry(stance("favor"), annotator="jo"),
        entry(stance("neutral"), "ruling", "lead", reason="a report"),
    ]
    assert learned(*entries, aggregation=aggregation) == [("neutral", {})]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_cannot_tell_and_not_a_quotation_teach_nothing(aggregation: Aggregation) -> None:
    assert learned(entry(stance(None)), aggregation=aggregation) == []
    assert learned(entry(QuotationAnswer(None)), aggregation=aggregation) == []
    assert learned(entry(stance("favor")), entry(stance(None), annotator="jo")) == [("favor", {})]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_ruling_that_nobody_can_tell_leaves_nothing_to_learn(aggregation: Aggregation) -> None:
    entries = [
        entry(stance("favor")),
        entry(stance("neutral"), annotator="jo"),
        entry(stance(None), "ruling", "lead", reason="the passage breaks off"),
    ]
    assert learned(*entries, aggregation=aggregation) == []


def test_where_a_target_is_named_is_learned_with_it() -> None:
    bridge = replace(
        BRIDGE, targets=(replace(BRIDGE.targets[0], mentions=(span("bridge 🌉"), span("Monday"))),)
    )
    (one,) = examples_of([(bridge, [entry(stance("favor"))])], SCALE, "votes")
    assert [mention.of(one.example.text) for mention in one.example.mentions] == ["bridge 🌉"]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_answers_with_labels_that_the_scheme_lacks_are_named(aggregation: Aggregation) -> None:
    entries = [entry(stance("mixed")), entry(stance("mixed"), annotator="jo")]
    with pytest.raises(UsageError, match="scheme lacks: mixed; its labels are against, neutral, favor"):
        learned(*entries, aggregation=aggregation)


def test_a_speaker_on_whom_people_did_not_agree_is_left_out() -> None:
    other = replace(stance("favor"), speaker=SpeakerName("Bo Lark", "person"))
    (one,) = examples_of([(BRIDGE, [entry(stance("favor")), entry(other, annotator="jo")])], SCALE, "votes")
    assert one.example.speaker == ""


def test_a_duplicate_teaches_nothing_of_its_own() -> None:
    copied = replace(BRIDGE, duplicates=(Duplicate("q2", "d2", (BRIDGE.paragraph,)),))
    assert learned(entry(stance("favor")), item=copied) == [("favor", {})]


def test_who_errs_often_counts_less_by_dawid_and_skene() -> None:
    # Two careful annotators, and three who always say favor, on items that are half against.
    answered = []
    for number in range(20):
        right = SCALE[2 * (number % 2)]
        said = {"mk": right, "jo": right, "li": "favor", "pat": "favor", "noor": "favor"}
        entries = [entry(stance(label), annotator=who) for who, label in said.items()]
        answered.append((replace(BRIDGE, key=f"q{number}"), entries))
    votes = examples_of(answered, SCALE, "votes")[0]
    assert votes.shares == (Probability("against", 0.4), Probability("favor", 0.6))
    believed = examples_of(answered, SCALE, "dawid-skene")[0]
    assert (believed.label, believed.shares) == ("against", ())


def test_examples_come_from_a_campaign(new_store: Store) -> None:
    campaign(new_store, items(2))
    actors = people(new_store, mk="annotator")
    held = claim(new_store, actors["mk"], "main")
    assert held is not None
    submit(new_store, actors["mk"], held.lease.token, ANSWER)
    (one,) = examples_from_review(new_store, "main", "votes")
    assert isinstance(one, LabelledExample)
    assert (one.example.target, one.label) == ("the bridge", "favor")
