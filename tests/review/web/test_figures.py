"""The numbers behind the charts, counted by hand."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from builder.review.accounts import actor_named
from builder.review.agreement import Rating, krippendorff_alpha
from builder.review.entering import undo
from builder.review.store import Store, create_store, database_url
from builder.review.tables import answer, stance
from builder.review.web.charts import bar_chart, confidence_chart, time_chart
from builder.review.web.figures import KeptFigures, Share, figures_of
from eval.queue_items import CAMPAIGN, SCHEME, fill
from tests.review.web import sample


def add(store: Store, *rows: tuple[int, int, str | None, float | None, bool]) -> None:
    """Stances toward the bridge in the order of their entries: item, account, label, confidence, hidden."""
    with store.writing() as connection:
        for number, (one, who, label, confidence, hidden) in enumerate(rows, 1):
            numbers = {"campaign_id": 1, "item_id": one, "account_id": who, "answer_id": number}
            suggested = "favor" if confidence is not None else None
            values = {"label": label, "suggested": suggested, "confidence": confidence, "hidden": hidden}
            connection.execute(insert(stance).values(target="bridge", **numbers, **values))


@pytest.fixture
def counted(store: Store) -> Store:
    """A campaign of items that two people may answer, without their answers: only stances are counted."""
    fill(store, 12, 2)
    with store.writing() as connection:
        # What the charts are counted from is all that is there.
        entry = {"campaign_id": 1, "revision": 1, "kind": "answer", "flagged": False, "hidden": False}
        for number in range(1, 25):
            who = {"item_id": (number + 1) // 2, "account_id": 2 - number % 2}
            connection.execute(insert(answer).values(guideline="", at=0.0, **entry, **who))
    return store


def test_agreement_over_time_counts_pairs_in_windows(counted: Store) -> None:
    # Ten questions with two answers each: the first five pairs differ, the last five agree.
    add(
        counted,
        *(
            (index + 1, who, "favor" if who == 1 or index >= 5 else "against", None, False)
            for index in range(10)
            for who in (1, 2)
        ),
    )
    found = figures_of(counted, CAMPAIGN, SCHEME)
    assert found.agreement == (Share(0, 0, 5), Share(1, 1, 5))
    assert (found.alpha.items, found.alpha.annotators) == (10, 2)


def test_too_few_answers_have_no_agreement_over_time(counted: Store) -> None:
    add(counted, (1, 1, "favor", None, False), (1, 2, "favor", None, False))
    assert figures_of(counted, CAMPAIGN, SCHEME).agreement == ()


def test_people_are_counted_by_the_models_confidence(counted: Store) -> None:
    add(
        counted,
        (1, 1, "favor", 0.92, False),
        (2, 1, "against", 0.94, False),
        (3, 1, "neutral", 0.31, False),
        (4, 1, "favor", 1.0, False),
        (5, 1, None, 0.4, True),
        (6, 1, "favor", None, False),  # a model that abstains is not counted
    )
    found = figures_of(counted, CAMPAIGN, SCHEME).against_confidence
    low, high = found["suggestion shown"]
    assert (low.place, low.share, low.number) == (0.31, 0, 1)
    assert high.place == pytest.approx((0.92 + 0.94 + 1) / 3)
    assert (high.share, high.number) == (2 / 3, 3)
    (hidden,) = found["suggestion hidden"]
    assert (hidden.share, hidden.number) == (0, 1)


def test_nothing_has_no_figures(counted: Store) -> None:
    found = figures_of(counted, CAMPAIGN, SCHEME)
    assert (found.answers, found.agreement, found.alpha.value) == (0, (), None)


def test_the_figures_of_a_campaign_follow_what_holds(tmp_path: Path) -> None:
    store = create_store(database_url(tmp_path, None))
    sample.people(store)
    campaign = sample.campaign(store, overlap=2)
    sample.fill(store, campaign, sample.quotations(2))
    for name, label in (("ines", "favor"), ("jonas", "against"), ("ines", "neutral"), ("jonas", None)):
        sample.answer_one(store, name, {"bridge": "favor", "council": label})
    figures = figures_of(store, sample.CAMPAIGN, campaign.scheme)
    assert figures.answers == 8
    assert figures.labels == {"favor": 5, "against": 1, "neutral": 1, "cannot tell": 1}
    ratings = [
        *(Rating(f"{item} bridge", name, "favor") for item in "12" for name in ("ines", "jonas")),
        Rating("1 council", "ines", "favor"),
        Rating("1 council", "jonas", "against"),
        Rating("2 council", "ines", "neutral"),
    ]
    expected = krippendorff_alpha(ratings)
    assert (figures.alpha.value, figures.alpha.items, figures.alpha.annotators) == (
        expected.value,
        expected.items,
        expected.annotators,
    )
    undo(store, actor_named(store, "jonas"), sample.CAMPAIGN)
    assert figures_of(store, sample.CAMPAIGN, campaign.scheme).labels["cannot tell"] == 0
    store.close()


def test_figures_are_kept_for_many_times_as_long_as_they_took(counted: Store) -> None:
    times = iter([0.0, 2.0, 41.9, 42.0, 43.0])  # counting takes two seconds, so they hold for forty
    kept = KeptFigures(lambda: next(times))
    assert kept.of(counted, CAMPAIGN, SCHEME).answers == 0
    add(counted, (1, 1, "favor", None, False))
    assert kept.of(counted, CAMPAIGN, SCHEME).answers == 0
    assert kept.of(counted, CAMPAIGN, SCHEME).answers == 1


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
