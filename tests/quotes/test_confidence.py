"""The confidence of an attribution: what is measured of it, and the regression over that."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.quotes.attributions import Attribution, Run
from builder.quotes.confidence import FEATURES, Calibration, features

FOUND = Attribution(
    window=0,
    anchor=7,
    content=(Run(0, 3), Run(8, 9)),
    source=(Run(5, 6),),
    cue=(Run(7, 8),),
    anchor_score=2.5,
    log_probability=-1.25,
    content_taken=0.9,
    content_covered=0.5,
    source_taken=0.8,
    source_covered=1.0,
    sources=1.0,
)


def test_what_is_measured() -> None:
    assert dict(zip(FEATURES, features(FOUND, 0.75), strict=True)) == pytest.approx(
        {
            "anchor": 2.5,
            "path": -1.25,
            "content taken": math.log(0.9 / 0.1),
            "content covered": 0.0,
            "source taken": math.log(0.8 / 0.2),
            "source covered": math.log(0.9999 / 0.0001),  # as certain as it may be
            "no source": 0.0,
            "no source expected": 0.0,
            "words": math.log(4),
            "between marks": 0.75,
            "anchor squared": 6.25,
            "content taken squared": math.log(0.9 / 0.1) ** 2,
            "content covered squared": 0.0,
            "anchor x content taken": 2.5 * math.log(0.9 / 0.1),
            "anchor x between marks": 1.875,
            "content taken x between marks": 0.75 * math.log(0.9 / 0.1),
        }
    )


def test_without_a_source_nothing_is_measured_of_it() -> None:
    measured = dict(zip(FEATURES, features(replace(FOUND, source=(), sources=0.25), 0.0), strict=True))
    assert (measured["source taken"], measured["source covered"], measured["no source"]) == (0.0, 0.0, 1.0)
    assert measured["no source expected"] == pytest.approx(math.log(0.75 / 0.25))
    many = dict(zip(FEATURES, features(replace(FOUND, source=(), sources=1.5), 0.0), strict=True))
    assert many["no source expected"] == pytest.approx(math.log(0.0001 / 0.9999))  # as unlikely as it may be


def test_an_impossible_path_is_no_worse_than_an_unlikely_one() -> None:
    unlikely = dict(zip(FEATURES, features(replace(FOUND, log_probability=-1e4), 0.0), strict=True))
    assert unlikely["path"] == -20


def test_the_regression_by_hand() -> None:
    calibration = Calibration(bias=-1.0, weights=(2.0, 0.5))
    # -1 + 2 x 0.5 + 0.5 x 4 = 2; 1 / (1 + e^-2) = 0.8808
    assert calibration.confidence((0.5, 4.0)) == pytest.approx(0.8808, abs=1e-4)


def test_the_regression_wants_a_value_for_each_weight() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Calibration(0.0, (1.0, 2.0)).confidence((1.0,))


shares = st.floats(0, 1)


@given(
    st.floats(-1e6, 1e6), st.floats(-1e6, 0),
    st.tuples(shares, shares, shares, shares, shares, st.floats(0, 3)),
    st.tuples(*[st.floats(-1e3, 1e3)] * len(FEATURES)),
)  # fmt: skip
def test_a_confidence_is_a_probability_whatever_was_read(
    score: float, path: float, some: tuple[float, ...], weights: tuple[float, ...]
) -> None:
    found = replace(
        FOUND, anchor_score=score, log_probability=path, content_taken=some[0], content_covered=some[1],
        source_taken=some[2], source_covered=some[3], sources=some[5],
    )  # fmt: skip
    measured = features(found, some[4])
    assert all(math.isfinite(value) for value in measured)
    assert 0 < Calibration(0.0, weights).confidence(measured) < 1
