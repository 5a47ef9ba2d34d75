import random

import pytest

from builder.stance.accept import Judged
from eval.stance_accept import acceptance, reaching


def test_of_answers_that_are_all_right_nearly_all_are_accepted() -> None:
    confidences = [0.5 + number / 1000 for number in range(400)]
    found = acceptance(confidences, [True] * 400, draws=20)
    assert found["error"] == 0.0
    assert found["coverage"] == pytest.approx(1.0, abs=0.05)
    assert found["all"] == 1.0


def test_of_too_few_answers_nothing_is_accepted() -> None:
    # Under 10 % with 95 % certainty takes 29 right answers: 0.9^28 is still over 0.05.
    found = acceptance([0.9] * 56, [True] * 56, draws=10)
    assert (found["coverage"], found["error"], found["nothing"]) == (0.0, None, 1.0)


def test_the_error_stays_under_the_bound_where_the_confidence_is_right() -> None:
    chance = random.Random(0)  # noqa: S311 - no secret
    confidences = [chance.uniform(0.7, 1.0) for _ in range(2000)]
    correct = [chance.random() < one for one in confidences]
    found = acceptance(confidences, correct, draws=20)
    # Where confidences spread evenly up to 1, those over 0.8 are right nine times in ten: two thirds of all.
    assert 0.3 < (found["coverage"] or 0) < 0.67
    assert (found["error"] or 0) < 0.1


def test_what_reaches_the_threshold_is_accepted() -> None:
    labels = [Judged(0.95, True)] * 60 + [Judged(0.5, False)] * 60
    answers = [Judged(0.95, False), Judged(0.5, True)]
    assert reaching(answers, labels) == answers[:1]
    assert reaching(answers, labels[60:]) == []
