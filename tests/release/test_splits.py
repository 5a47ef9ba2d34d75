"""Splits are drawn by what may not be divided, stay what they are, and keep model labels out of the test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import SplitConfig
from builder.records import Route
from builder.release.label_source import label_source, weakest
from builder.release.splits import draw
from builder.review.adjudicate import Outcome

SHARES = SplitConfig(validation=0.25, test=0.25, seed=3)


def test_shares_are_near_what_was_asked_for_and_the_seed_draws_anew() -> None:
    units = [f"c{number}" for number in range(4000)]
    drawn = [draw(unit, None, SHARES) for unit in units]
    # 1000 expected of 4000 at a share of a quarter; 28 is the standard deviation.
    assert abs(drawn.count("test") - 1000) < 4 * 28
    assert abs(drawn.count("validation") - 1000) < 4 * 28
    again = SHARES.model_copy(update={"seed": 4})
    assert [draw(unit, None, again) for unit in units] != drawn


def test_a_larger_share_of_the_test_takes_nobody_out_of_it() -> None:
    units = [f"c{number}" for number in range(500)]
    more = SHARES.model_copy(update={"test": 0.4})
    before = {one for one in units if draw(one, None, SHARES) == "test"}
    assert before < {one for one in units if draw(one, None, more) == "test"}


@given(st.text(), st.dates())
def test_by_time_the_later_is_for_the_test(unit: str, day: object) -> None:
    shares = SplitConfig(by="time", validation_from="1990-01-01", test_from="2000-01-01")
    year = int(str(day)[:4])
    expected = "test" if year >= 2000 else "validation" if year >= 1990 else "train"
    assert draw(unit, str(day), shares) == expected


def test_by_time_what_has_no_date_is_for_training() -> None:
    assert draw("c1", None, SplitConfig(by="time", test_from="2000-01-01")) == "train"


AUTO = Route("q1", "speaker", "auto", "sure", 0.99)
REVIEW = Route("q1", "speaker", "review", "unsure", 0.5)


@pytest.mark.parametrize(
    ("route", "outcome", "source"),
    [
        (None, None, "none"),
        (REVIEW, None, "none"),
        (AUTO, None, "model"),
        (REVIEW, Outcome("reviewed", '"favor"', 1, 1.0), "reviewed"),
        (AUTO, Outcome("adjudicated", '"favor"', 2, 0.5), "adjudicated"),
        (AUTO, Outcome("none", None, 2, 0.5), "none"),  # people disagree: the model does not decide
    ],
)
def test_the_source_follows_from_route_and_decisions(
    route: Route | None, outcome: Outcome | None, source: str
) -> None:
    assert label_source(route, outcome) == source


def test_a_row_claims_no_more_than_its_weakest_part() -> None:
    assert weakest("reviewed", "model") == "model"
    assert weakest("adjudicated", "reviewed") == "reviewed"
    assert weakest("adjudicated", "none") == "none"
