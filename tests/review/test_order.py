"""The order of the queue: doubt first, then what is new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Probability, Quotation, Route, Span, Speaker, Stance
from builder.review.order import Worth, doubt, in_order, in_turn, mixed


def quotation(confidence: float) -> Quotation:
    return Quotation("q", "d", "direct", (Span(0, 1),), (), (), (), 0, None, confidence, "x")


def speaker(confidence: float) -> Speaker:
    return Speaker("q", "Ada", "person", None, None, "x", confidence)


def stance(*probabilities: float) -> Stance:
    named = tuple(Probability(str(label), one) for label, one in enumerate(probabilities))
    return Stance("q", "nato", "0", named, max(probabilities), "x")


def routes(**decisions: str) -> list[Route]:
    fields = {"quotation": "quotation", "speaker": "speaker", "stance": "stance:nato"}
    return [Route("q", fields[name], one, "", 0.0) for name, one in decisions.items()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"quotation": "review"}, 1.0),  # a confidence of a half: one bit
        ({"speaker": "review"}, 0.0),  # a confidence of one
        ({"quotation": "review", "speaker": "review"}, 0.5),  # their mean
        ({"stance": "review"}, 1.0),  # three labels alike: log2(3) of log2(3) bits
        ({"quotation": "auto", "speaker": "auto", "stance": "auto"}, 0.0),
    ],
)
def test_doubt_is_the_mean_entropy_of_what_goes_to_a_person(asked: dict[str, str], expected: float) -> None:
    found = doubt(quotation(0.5), speaker(1.0), [stance(1 / 3, 1 / 3, 1 / 3)], routes(**asked))
    assert found == pytest.approx(expected)


def test_a_value_that_is_more_likely_wrong_is_wholly_in_doubt() -> None:
    # Not the entropy of 0.1, which is 0.47: that the machine is sure to be wrong settles nothing.
    assert doubt(quotation(0.1), speaker(1), [], routes(quotation="review")) == 1.0


def test_of_a_kind_each_is_worth_less_than_the_one_before() -> None:
    """Four of one speaker at 0.9 and one of another at 0.6: 0.9, then 0.9/√2 = 0.64, then 0.6 before 0.52."""
    items = [Worth(number, 0.9, ("speaker ada",)) for number in range(4)] + [Worth(9, 0.6, ("speaker ben",))]
    ordered = in_order(items)
    assert [number for number, _ in ordered] == [0, 1, 9, 2, 3]
    assert [round(value, 2) for _, value in ordered] == [0.9, 0.64, 0.6, 0.52, 0.45]


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sets(st.sampled_from("abcde"), max_size=3).map(sorted)),
        max_size=30,
    )
)
def test_every_item_has_one_place_and_each_place_goes_to_who_is_worth_most(
    some: list[tuple[float, list[str]]],
) -> None:
    items = [Worth(number, value, tuple(groups)) for number, (value, groups) in enumerate(some)]
    ordered = in_order(items)
    assert sorted(number for number, _ in ordered) == list(range(len(items)))
    values = [value for _, value in ordered]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("by_worth", "by_chance", "expected"),
    [
        ([1, 2, 3], [8, 9, 7], [1, 8, 2, 9, 3, 7]),
        ([1, 2, 3, 4], [9, 4, 1, 2, 3], [1, 9, 2, 4, 3]),
        ([1, 2], [], [1, 2]),
        ([], [8, 9], [8, 9]),
    ],
)
def test_worth_and_chance_take_turns_and_nobody_comes_twice(
    by_worth: list[int], by_chance: list[int], expected: list[int]
) -> None:
    assert in_turn(by_worth, by_chance) == expected


@pytest.mark.parametrize(
    ("ordered", "others", "expected"),
    [
        ([1, 2, 3, 4], [8, 9], [1, 8, 2, 3, 9, 4]),
        ([1, 2], [], [1, 2]),
        ([], [8, 9], [8, 9]),
    ],
)
def test_others_are_mixed_in_evenly(ordered: list[int], others: list[int], expected: list[int]) -> None:
    assert mixed(ordered, others) == expected
