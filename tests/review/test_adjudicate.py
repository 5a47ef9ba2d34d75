"""What the answers of several people come to."""

import json

import pytest

from builder.records import Decision
from builder.review.adjudicate import Outcome, outcomes_of
from builder.review.decisions import ImportedDecision, Role, value_of


def answers(*given: str) -> list[ImportedDecision]:
    """Decisions from "annotator: answer", in the order of time; "!" marks the adjudicator, "-" is null."""
    decisions = []
    for minute, one in enumerate(given):
        who, answer = one.split(": ")
        role: Role = "adjudicator" if who.startswith("!") else "annotator"
        after = None if answer == "-" else json.dumps(answer)
        at = f"2024-05-02T09:{minute:02}:00+00:00"
        decision = Decision("q1", "stance:bridge", None, after, who.lstrip("!"), at, None, None, None)
        decisions.append(ImportedDecision(decision, "d1", (), "", role, ""))
    return decisions


@pytest.mark.parametrize(
    ("given", "settled", "after", "annotators", "agreement"),
    [
        (["a: favor"], "reviewed", "favor", 1, 1.0),
        (["a: favor", "b: favor", "c: against"], "reviewed", "favor", 3, 0.6667),  # 2 / 3
        (["a: favor", "b: against"], "none", None, 2, 0.5),  # a tie
        (["a: favor", "b: against", "c: neutral"], "none", None, 3, 0.3333),
        (["a: favor", "b: favor", "c: against", "d: neutral"], "none", None, 4, 0.5),  # no more than half
        (["a: favor", "a: against"], "reviewed", "against", 1, 1.0),  # the latest of one person
        (["a: favor", "b: against", "a: against"], "reviewed", "against", 2, 1.0),
        (["a: -", "b: -", "c: favor"], "reviewed", None, 3, 0.6667),  # null is an answer
        (["a: favor", "b: against", "!c: against"], "adjudicated", "against", 2, 0.5),
        (["a: favor", "b: favor", "!c: neutral"], "adjudicated", "neutral", 2, 0.0),
        (["!c: neutral", "a: favor"], "adjudicated", "neutral", 1, 0.0),  # also before the others
        (["!c: neutral", "!c: favor"], "adjudicated", "favor", 0, None),
        (["a: favor", "!a: against"], "adjudicated", "against", 1, 0.0),  # one person in both roles
    ],
)
def test_more_than_half_decide_and_an_adjudicator_decides_alone(
    given: list[str], settled: str, after: str | None, annotators: int, agreement: float | None
) -> None:
    outcome = outcomes_of(answers(*given))["q1"]["stance:bridge"]
    assert (outcome.settled, value_of(outcome.after)) == (settled, after)
    assert (outcome.annotators, outcome.agreement) == (annotators, agreement)


@pytest.mark.parametrize(
    ("rejecting", "stances", "settled", "after", "annotators", "agreement"),
    [
        (["b"], ["a: favor"], "none", None, 2, 0.5),
        (["c"], ["a: favor", "b: favor"], "reviewed", "favor", 3, 0.6667),
        # Most find that it is none: that is no answer of theirs about the stance.
        (["b", "c"], ["a: favor"], "none", None, 3, 0.6667),
        (["c"], ["a: -", "b: favor"], "reviewed", None, 3, 0.6667),
        (["a"], ["a: favor"], "none", None, 1, 1.0),  # whatever was answered before
        (["b"], ["a: favor", "!c: against"], "adjudicated", "against", 2, 0.0),
    ],
)
def test_who_finds_no_quotation_does_not_agree_to_a_stance(
    rejecting: list[str],
    stances: list[str],
    settled: str,
    after: str | None,
    annotators: int,
    agreement: float,
) -> None:
    at = "2024-05-02T10:00:00+00:00"
    found = [Decision("q1", "quotation", None, None, who, at, None, None, None) for who in rejecting]
    rejected = [ImportedDecision(one, "d1", (), "", "annotator", "") for one in found]
    outcome = outcomes_of([*answers(*stances), *rejected])["q1"]["stance:bridge"]
    assert (outcome.settled, value_of(outcome.after)) == (settled, after)
    assert (outcome.annotators, outcome.agreement) == (annotators, agreement)


def test_the_order_of_lines_is_not_the_order_of_time() -> None:
    earlier, later = answers("a: favor", "a: against")
    assert outcomes_of([later, earlier]) == outcomes_of([earlier, later])


def test_zones_of_time_are_compared_as_times() -> None:
    first, second = answers("a: favor", "a: against")
    # 10:30 two hours east of Greenwich is 08:30 there, before 09:00.
    moved = Decision(
        "q1", "stance:bridge", None, '"neutral"', "a", "2024-05-02T10:30:00+02:00", 1, None, None
    )
    outcome = outcomes_of([first, second, ImportedDecision(moved, "d1", (), "", "annotator", "")])
    assert outcome["q1"]["stance:bridge"] == Outcome("reviewed", '"against"', 1, 1.0, (("a", '"against"'),))


def test_of_several_spellings_of_a_name_the_most_frequent_stands_for_it() -> None:
    names = ["ada quill", "Ada Quill", "Bo Lark", "Ada Quill"]
    decided = [
        ImportedDecision(
            Decision(
                "q1",
                "speaker",
                None,
                json.dumps({"kind": "person", "name": name}),
                f"a{number}",
                f"2024-05-02T09:{number:02}:00+00:00",
                None,
                None,
                None,
            ),
            "d1",
            (),
            "",
            "annotator",
            "",
        )
        for number, name in enumerate(names)
    ]
    outcome = outcomes_of(decided)["q1"]["speaker"]
    assert value_of(outcome.after) == {"kind": "person", "name": "Ada Quill"}
    assert (outcome.settled, outcome.agreement) == ("reviewed", 0.75)
