"""The numbers behind the charts, counted by hand."""

from pathlib import Path

import pytest

from builder.review.agreement import Rating, krippendorff_alpha
from builder.review.store import create_store, database_url
from builder.review.web.charts import bar_chart, confidence_chart, time_chart
from builder.review.web.figures import (
    Share,
    StanceAnswer,
    against_confidence,
    agreement_over_time,
    figures_of,
)
from tests.review.web import sample


def given(pair: str, annotator: str, label: str, entry: int, confidence: float = 0.9) -> StanceAnswer:
    return StanceAnswer(pair, annotator, label, "favor", confidence, False, entry)


def test_agreement_over_time_counts_pairs_in_windows() -> None:
    # Ten questions with two answers each: the first five pairs differ, the last five agree.
    answers = [
        given(
            f"q{index}",
            annotator,
            "favor" if annotator == "a" or index >= 5 else "against",
            2 * index + place,
        )
        for index in range(10)
        for place, annotator in enumerate("ab")
    ]
    assert agreement_over_time(answers) == (Share(0, 0, 5), Share(1, 1, 5))


def test_too_few_answers_have_no_agreement_over_time() -> None:
    assert agreement_over_time([given("q", "a", "favor", 1), given("q", "b", "favor", 2)]) == ()


def test_people_are_counted_by_the_models_confidence() -> None:
    answers = [
        given("q1", "a", "favor", 1, 0.92),
        given("q2", "a", "against", 2, 0.94),
        given("q3", "a", "neutral", 3, 0.31),
        given("q4", "a", "favor", 4, 1.0),
    ]
    low, high = against_confidence(answers)
    assert (low.place, low.share, low.number) == (0.31, 0, 1)
    assert high.place == pytest.approx((0.92 + 0.94 + 1) / 3)
    assert (high.share, high.number) == (2 / 3, 3)


def test_a_model_that_abstains_is_not_counted() -> None:
    assert against_confidence([StanceAnswer("q", "a", "favor", None, 0.4, False, 1)]) == ()


def test_the_figures_of_a_campaign(tmp_path: Path) -> None:
    store = create_store(database_url(tmp_path, None))
    sample.people(store)
    campaign = sample.campaign(store, overlap=2)
    sample.fill(store, campaign, sample.quotations(2))
    for name, label in (("ines", "favor"), ("jonas", "against"), ("ines", "neutral"), ("jonas", None)):
        sample.answer_one(store, name, {"bridge": "favor", "council": label})
    figures = figures_of(store, sample.CAMPAIGN, campaign.scheme)
    store.close()
    assert figures.answers == 8
    assert figures.labels == {"favor": 5, "against": 1, "neutral": 1, "cannot tell": 1}
    ratings = [
        *(Rating(f"{item} bridge", name, "favor") for item in "12" for name in ("ines", "jonas")),
        Rating("1 council", "ines", "favor"),
        Rating("1 council", "jonas", "against"),
        Rating("2 council", "ines", "neutral"),
    ]
    assert figures.alpha == krippendorff_alpha(ratings)


def test_bars_are_as_long_as_their_numbers() -> None:
    chart = bar_chart({"favor": 6, "against": 3, "neutral": 0})
    assert [bar.width for bar in chart.bars] == [chart.room, chart.room / 2, 0]
    assert [bar.share for bar in chart.bars] == [6 / 9, 3 / 9, 0]


def test_a_chart_of_nothing_is_empty() -> None:
    assert [bar.width for bar in bar_chart({"favor": 0}).bars] == [0]
    assert time_chart([]).traces[0].path == ""


def test_a_model_that_knows_itself_lies_on_the_diagonal() -> None:
    chart = confidence_chart({"shown": [(0.0, 0.0, "none of 4 agree"), (1.0, 1.0, "all of 4 agree")]})
    assert chart.traces[0].path == chart.ideal
