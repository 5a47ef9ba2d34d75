"""Splits are drawn by cluster, stay what they are, and keep model labels out of the test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import SplitConfig
from builder.records import Route
from builder.release.label_source import LABEL_SOURCES, LabelSource, label_source, weakest
from builder.release.splits import split_of
from builder.review.adjudicate import Outcome

SHARES = SplitConfig(validation=0.25, test=0.25, seed=3)


@given(st.text(), st.sampled_from(LABEL_SOURCES), st.sampled_from(LABEL_SOURCES))
def test_a_cluster_stands_on_one_side_only(cluster: str, one: LabelSource, other: LabelSource) -> None:
    splits = {split_of(cluster, one, SHARES), split_of(cluster, other, SHARES)} - {"unlabelled"}
    assert len(splits) <= 1


@given(st.text())
def test_the_test_split_holds_what_people_labelled(cluster: str) -> None:
    assert split_of(cluster, "none", SHARES) == "unlabelled"
    assert split_of(cluster, "model", SHARES) != "test"
    drawn = split_of(cluster, "reviewed", SHARES)
    assert split_of(cluster, "adjudicated", SHARES) == drawn
    assert split_of(cluster, "model", SHARES) == ("unlabelled" if drawn == "test" else drawn)


def test_shares_are_near_what_was_asked_for_and_the_seed_draws_anew() -> None:
    clusters = [f"c{number}" for number in range(4000)]
    drawn = [split_of(cluster, "reviewed", SHARES) for cluster in clusters]
    # 1000 expected of 4000 at a share of a quarter; 28 is the standard deviation.
    assert abs(drawn.count("test") - 1000) < 4 * 28
    assert abs(drawn.count("validation") - 1000) < 4 * 28
    again = SHARES.model_copy(update={"seed": 4})
    assert [split_of(cluster, "reviewed", again) for cluster in clusters] != drawn


def test_a_larger_share_of_the_test_takes_nobody_out_of_it() -> None:
    clusters = [f"c{number}" for number in range(500)]
    more = SHARES.model_copy(update={"test": 0.4})
    before = {one for one in clusters if split_of(one, "reviewed", SHARES) == "test"}
    assert before < {one for one in clusters if split_of(one, "reviewed", more) == "test"}


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
