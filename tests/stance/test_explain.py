import math
from pathlib import Path

import pytest

from builder.stance import linear
from builder.stance.examples import LabelledExample, StanceExample
from builder.stance.explain import reasons_for
from builder.stance.linear import LinearClassifier
from builder.stance.train import train_on

PRAISE, BLAME = "we welcome the tunnel at last", "we reject the tunnel at last"


def filler(number: int) -> str:
    """Words that each text has to itself, as texts of any size do."""
    return " ".join(f"{chr(97 + number)}{letter}{letter}x{number}" for letter in "qwertyuiop")


def classifier(folder: Path, *labels: str) -> LinearClassifier:
    texts = {"favor": PRAISE, "against": BLAME, "neutral": "the tunnel opens on monday"}
    labelled = [
        LabelledExample(StanceExample(f"{texts[label]} {filler(number)}", "the tunnel"), label)
        for label in labels
        for number in range(10)
    ]
    train_on(labelled, "test", folder, labels)
    return linear.load(folder)


@pytest.mark.parametrize("labels", [("favor", "against"), ("favor", "against", "neutral")])
def test_the_words_that_decide_are_the_reasons(labels: tuple[str, ...], tmp_path: Path) -> None:
    model = classifier(tmp_path / "m", *labels)
    for text, label, word in ((PRAISE, "favor", "welcome"), (BLAME, "against", "reject")):
        reasons = reasons_for(model, StanceExample(text, "the tunnel"), label, most=200)
        assert word in {one.feature for one in reasons if one.view == "words"}
        weights = [one.weight for one in reasons]
        assert weights == sorted(weights, reverse=True)
        assert all(weight > 0 for weight in weights)


def test_no_more_than_asked_for_and_nothing_of_unknown_words(tmp_path: Path) -> None:
    model = classifier(tmp_path / "m", "favor", "against")
    assert len(reasons_for(model, StanceExample(PRAISE, "the tunnel"), "favor", most=3)) == 3
    assert reasons_for(model, StanceExample("Žluťoučký kůň", "the tunnel"), "favor") == []


def test_the_weights_of_two_labels_are_their_difference_in_the_score(tmp_path: Path) -> None:
    model = classifier(tmp_path / "m", "favor", "against")
    example = StanceExample(PRAISE, "the tunnel")
    ((row, _),) = linear.scores(model.estimator, [example])
    intercept = float(model.estimator.named_steps["regression"].intercept_[0])
    every = sum(one.weight for one in reasons_for(model, example, "favor", most=10_000))
    against = sum(one.weight for one in reasons_for(model, example, "against", most=10_000))
    # What spoke for it less what spoke against it is the score of "favor" over "against", without intercept.
    assert math.isclose(every - against, row[0] - row[1] + intercept, abs_tol=0.01)


def test_a_model_from_a_folder_gives_its_reasons(model: Path) -> None:
    loaded = linear.load(model)
    label = loaded.labels[0]
    text = "It is a good plan and we support the tunnel"
    assert all(one.weight > 0 for one in reasons_for(loaded, StanceExample(text, "the tunnel"), label))
