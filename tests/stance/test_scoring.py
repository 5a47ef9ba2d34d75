from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.stance import linear
from builder.stance.examples import StanceExample, read_labelled

LABELS = ("favor", "against", "neutral")
# Words that the model knows, words that it does not, and what separates them.
WORDS = st.lists(
    st.sampled_from(
        ["tunnel", "wonderful", "corrupt", "not", "isn't", "oval", "kůň", "!", ".", "x", "’", "a b"]
    )
    | st.text(max_size=5),
    max_size=30,
).map(" ".join)


@pytest.fixture(scope="module", params=[3, 2], ids=["three labels", "two labels"])
def estimator(request: pytest.FixtureRequest, labels_file: Path) -> Any:
    labels = LABELS[: request.param]
    labelled = [one for one in read_labelled(labels_file, LABELS) if one.label in labels]
    return linear.fit(labelled, labels)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.builds(StanceExample, WORDS, st.sampled_from(["the tunnel", "x"])), min_size=1, max_size=5)
)
def test_the_scores_are_those_of_scikit_learn(estimator: Any, examples: list[StanceExample]) -> None:
    theirs = estimator.decision_function(linear.columns(examples))
    ours = [row for row, _ in linear.scorer(estimator).scores(examples)]
    if theirs.ndim == 1:  # of two labels, it gives how far the second is ahead
        assert [second - first for first, second in ours] == pytest.approx(theirs.tolist(), abs=1e-9)
    else:
        assert [score for row in ours for score in row] == pytest.approx(theirs.ravel().tolist(), abs=1e-9)


def test_words_that_were_seen_before_are_scored_alike(estimator: Any) -> None:
    scorer = linear.scorer(estimator)
    example = StanceExample("The tunnel was wonderful", "the tunnel")
    assert scorer.scores([example, example])[0] == scorer.scores([example])[0]
    assert scorer.scores([]) == []
