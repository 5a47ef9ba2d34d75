"""One answer from many: the data of Dawid and Skene give what they published."""

import pytest

from builder.records import Probability
from builder.review.aggregate import dawid_skene, vote_shares
from builder.review.agreement import Rating

# Dawid and Skene 1979, table 1: the fitness for anaesthesia of 45 patients, from 1 to 4, as five
# anaesthetists judged it, the first of them three times. One patient's answers between two bars.
PATIENTS = (
    "111 1 1 1 1 | 333 4 3 3 4 | 112 2 1 2 2 | 222 3 1 2 1 | 222 3 2 2 2 | "
    "222 3 3 2 2 | 122 2 1 1 1 | 333 3 4 3 3 | 222 2 2 2 3 | 232 2 2 2 3 | "
    "444 4 4 4 4 | 222 3 3 4 3 | 111 1 1 1 1 | 222 3 2 1 2 | 121 1 1 1 1 | "
    "111 2 1 1 1 | 111 1 1 1 1 | 111 1 1 1 1 | 222 2 2 2 1 | 222 1 3 2 2 | "
    "222 2 2 2 2 | 222 2 2 2 1 | 222 3 2 2 2 | 221 2 2 2 2 | 111 1 1 1 1 | "
    "111 1 1 1 1 | 232 2 2 2 2 | 111 1 1 1 1 | 111 1 1 1 1 | 112 1 1 2 1 | "
    "111 1 1 1 1 | 333 3 2 3 3 | 111 1 1 1 1 | 222 2 2 2 2 | 222 3 2 3 2 | "
    "433 4 3 4 3 | 221 2 2 3 2 | 232 3 2 3 3 | 333 3 4 3 2 | 111 1 1 1 1 | "
    "111 1 1 1 1 | 121 2 1 1 1 | 232 2 2 2 2 | 121 1 1 1 1 | 222 2 2 2 2"
)
ANAESTHETISTS = [
    Rating(f"patient {patient:02}", f"observer {observer}", answer)
    for patient, row in enumerate(PATIENTS.split(" | "), 1)
    for observer, answers in enumerate(row.split(), 1)
    for answer in answers
]


def two_decimals(row: tuple[Probability, ...]) -> list[float]:
    return [round(one.probability, 2) for one in row]


def test_the_anaesthetists_of_dawid_and_skene() -> None:
    estimate = dawid_skene(ANAESTHETISTS, "1234")
    # Their section 4: the shares of the four categories, and the error rates of the first observer.
    assert two_decimals(estimate.shares) == [0.40, 0.42, 0.11, 0.07]
    first = estimate.answers["observer 1"]
    assert two_decimals(first["1"]) == [0.89, 0.11, 0.0, 0.0]
    assert two_decimals(first["2"]) == [0.07, 0.88, 0.05, 0.0]
    assert two_decimals(first["3"]) == [0.0, 0.34, 0.66, 0.0]
    assert two_decimals(first["4"]) == [0.0, 0.0, 0.56, 0.44]


def test_who_errs_often_is_outvoted_by_fewer() -> None:
    # Two who always agree, and three who answer the same whatever the item.
    careful = [Rating(f"item {n:02}", who, "ab"[n % 2]) for n in range(20) for who in ("p", "q")]
    careless = [Rating(f"item {n:02}", who, "a") for n in range(20) for who in ("x", "y", "z")]
    votes = vote_shares([*careful, *careless], "ab")
    assert votes["item 01"] == (Probability("a", 0.6), Probability("b", 0.4))
    estimate = dawid_skene([*careful, *careless], "ab")
    assert estimate.beliefs["item 00"] == (Probability("a", 1.0), Probability("b", 0.0))
    assert estimate.beliefs["item 01"] == (Probability("a", 0.0), Probability("b", 1.0))


def test_of_one_annotator_the_answers_are_believed() -> None:
    estimate = dawid_skene([Rating("i", "p", "a"), Rating("j", "p", "b")], "abc")
    assert estimate.beliefs["i"][0] == Probability("a", 1.0)
    # Nobody met an item that is c: every answer to one is as likely.
    assert two_decimals(estimate.answers["p"]["c"]) == [0.33, 0.33, 0.33]


def test_of_nothing_nothing_is_believed() -> None:
    assert dawid_skene([], "ab").beliefs == {}
    assert vote_shares([], "ab") == {}


def test_the_order_of_answers_changes_nothing() -> None:
    assert dawid_skene(ANAESTHETISTS, "1234") == dawid_skene(list(reversed(ANAESTHETISTS)), "1234")


def test_an_answer_outside_the_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="'5' is none of 1, 2"):
        dawid_skene([Rating("i", "p", "5")], "12")
