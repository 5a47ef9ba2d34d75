"""How the rows of a target divide: by what people labelled at random, and by a model that they correct."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builder.engine.database import Database, connected
from builder.measure import Sums, prediction_powered_share, score_interval
from builder.release.shares import find_sample, shares_by
from tests.release.corpus import LABELS, SOURCES

NOBODY, PERSON = SOURCES.index("none"), SOURCES.index("reviewed")
FAVOR, AGAINST = LABELS.index("favor"), LABELS.index("against")
SHARE = 0.5  # of the quotations are drawn


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with connected(256, tmp_path / "spill") as opened:
        yield opened


def row(place: float, label: int | None, favor: float = 0.5, **more: Any) -> dict[str, Any]:
    """A row of the bridge, by a place in [0, 1) and a person's label."""
    return {
        "target_id": "bridge",
        "target": "the bridge",
        "voice": "i1",
        "place": place,
        "label": label,
        "label_source": NOBODY if label is None else PERSON,
        "model": "tiny-1",
        "probabilities": {"favor": favor, "against": 1 - favor, "neutral": 0.0},
        **more,
    }


def found(database: Database, rows: Sequence[dict[str, Any]], by_speaker: bool = False) -> Any:
    database.register("placed_stance", pa.Table.from_pylist(rows))
    find_sample(database, SHARE)
    return shares_by(database, LABELS, by_speaker)


def test_with_few_rows_of_the_sample_the_shares_are_those_of_whatever_people_labelled(
    database: Database,
) -> None:
    rows = [row(0.9, FAVOR)] * 3 + [row(0.1, AGAINST)] + [row(0.8, None)] * 10
    (shares,) = found(database, rows).values()
    assert (shares.rows, shares.sampled, shares.reviewed, shares.of_all) == (14, 1, 4, False)
    favor = shares.labels[FAVOR]
    assert (favor.label, favor.share, favor.method) == ("favor", 0.75, "labelled")
    assert (favor.low, favor.high) == pytest.approx(score_interval(3, 4, 0.95), abs=1e-4)


def test_with_more_of_them_they_are_those_of_the_sample(database: Database) -> None:
    drawn = [row(number / 100, FAVOR if number < 10 else AGAINST) for number in range(40)]
    others = [row(0.9, FAVOR)] * 200  # people chose them
    (shares,) = found(database, [*drawn, *others]).values()
    assert (shares.sampled, shares.reviewed, shares.of_all) == (40, 240, True)
    assert [(one.share, one.method) for one in shares.labels] == [
        (0.25, "sample"),
        (0.75, "sample"),
        (0.0, "sample"),
    ]


def test_with_enough_of_them_the_model_tells_of_the_rest_and_labels_that_people_chose_do_not_count(
    database: Database,
) -> None:
    guesses = [0.9 if number % 3 else 0.2 for number in range(120)]
    truths = [number % 4 > 0 for number in range(120)]
    drawn = [
        row(number / 1000, FAVOR if truth else AGAINST, guess)
        for number, (truth, guess) in enumerate(zip(truths, guesses, strict=True))
    ]
    others = [row(0.6, AGAINST if number % 2 else None, 0.9 if number % 2 else 0.2) for number in range(600)]
    (shares,) = found(database, [*drawn, *others]).values()
    expected = prediction_powered_share(
        Sums(
            120,
            sum(guesses),
            sum(one**2 for one in guesses),
            sum(truths),
            sum(one for one, truth in zip(guesses, truths, strict=True) if truth),
        ),
        Sums(600, 300 * 0.9 + 300 * 0.2, 300 * 0.81 + 300 * 0.04),
        0.95,
    )
    favor, against, neutral = shares.labels
    assert (favor.share, favor.low, favor.high) == pytest.approx(expected, abs=1e-4)
    assert (favor.method, against.method) == ("powered", "powered")
    assert (neutral.share, neutral.method) == (0.0, "sample")  # nobody gave it, so no spread can be told
    assert (shares.rows, shares.sampled, shares.reviewed) == (720, 120, 420)


def test_the_sample_goes_as_far_as_nearly_all_that_was_drawn_has_a_label(database: Database) -> None:
    # Of the first forty one has none; behind them, people labelled what the queue offered.
    drawn = [row(number / 1000, FAVOR if number != 7 else None) for number in range(40)]
    behind = [row(0.1 + number / 1000, FAVOR if number % 2 else None) for number in range(60)]
    (shares,) = found(database, [*drawn, *behind]).values()
    # 39 of 40 have one, and with each two more rows one more: 39 + k of 40 + 2k is nine tenths at k = 3.
    assert shares.sampled == 39 + 3
    assert shares.reviewed == 39 + 30


def test_rows_that_only_people_saw_are_not_of_those_that_were_drawn_from(database: Database) -> None:
    rows = [row(number / 1000, FAVOR) for number in range(40)]
    unseen = [row(0.001, AGAINST, model=None, probabilities=None)] * 20
    (shares,) = found(database, [*rows, *unseen]).values()
    assert (shares.rows, shares.sampled, shares.reviewed) == (40, 40, 60)
    assert shares.labels[FAVOR].share == 1.0


def test_speakers_have_shares_of_their_own_if_people_labelled_what_they_said(database: Database) -> None:
    rows = [row(number / 1000, FAVOR) for number in range(40)]
    rows += [row(0.9, AGAINST, voice="i2"), row(0.9, None, voice="i3"), row(0.9, AGAINST, voice=None)]
    shares = found(database, rows, by_speaker=True)
    assert [(voice, target) for voice, target, _ in shares] == [("i1", "bridge"), ("i2", "bridge")]
    assert [one.labels[0].method for one in shares.values()] == ["sample", "labelled"]


def test_labels_of_any_name_are_told_apart(database: Database) -> None:
    labels = ["it's", "for", 'a "no"']
    rows = [
        row(number / 1000, number % 3, probabilities=dict(zip(labels, (0.2, 0.3, 0.5), strict=True)))
        for number in range(60)
    ]
    database.register("placed_stance", pa.Table.from_pylist(rows))
    find_sample(database, SHARE)
    (shares,) = shares_by(database, labels).values()
    assert [(one.label, one.share) for one in shares.labels] == [(label, 0.3333) for label in labels]
