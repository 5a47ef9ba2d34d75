import pytest

from builder.records import Calibration, Quotation, Route, Span, Speaker, Stance
from builder.stance.route import route


def quotation(confidence: float) -> Quotation:
    return Quotation("q1", "d1", "direct", (Span(0, 4),), (), (), (), 0, None, confidence, "test")


def speaker(name: str, confidence: float) -> Speaker:
    return Speaker("q1", name, "person", None, None, "test", confidence)


def stance(label: str | None, confidence: float, target: str = "tunnel") -> Stance:
    return Stance("q1", target, label, (), confidence, "test")


def calibration(field: str, threshold: float | None, labels: int = 300) -> Calibration:
    return Calibration(field, labels, threshold, 100, 3, 0.076, None)


def calibrations(**thresholds: float | None) -> dict[str, Calibration]:
    return {field: calibration(field, threshold) for field, threshold in thresholds.items()}


def test_without_calibration_labels_everything_goes_to_review_however_sure_the_model_is() -> None:
    assert route([quotation(1.0)], [speaker("Dora", 1.0)], [stance("favor", 1.0)]) == [
        Route("q1", "quotation", "review", "no calibration labels from this dataset", 1.0),
        Route("q1", "speaker", "review", "no calibration labels from this dataset", 1.0),
        Route("q1", "stance:tunnel", "review", "no calibration labels from this dataset", 1.0),
    ]


def test_no_answer_is_never_accepted() -> None:
    routes = route([], [speaker("", 0.9)], [stance(None, 0.9)], calibrations(speaker=0.0, stance=0.0))
    assert [(one.decision, one.reason) for one in routes] == [
        ("review", "no speaker found"),
        ("review", "the model abstains"),
    ]


@pytest.mark.parametrize(
    ("thresholds", "decisions"),
    [
        ({"quotation": 0.8}, ["auto", "review", "review"]),
        ({"quotation": 0.81}, ["review", "review", "review"]),
        ({"quotation": 0.5, "speaker": 0.5, "stance": 0.5}, ["auto", "auto", "auto"]),
        ({"stance": 0.9}, ["review", "review", "review"]),
        ({"stance": None}, ["review", "review", "review"]),
    ],
)
def test_a_threshold_opens_its_own_field_at_its_value(
    thresholds: dict[str, float | None], decisions: list[str]
) -> None:
    known = calibrations(**thresholds)
    routes = route([quotation(0.8)], [speaker("Dora", 0.8)], [stance("favor", 0.8)], known)
    assert [one.decision for one in routes] == decisions


def test_a_target_with_labels_enough_has_a_threshold_of_its_own_and_the_reason_says_which() -> None:
    known = {
        "stance": calibration("stance", 0.7, labels=120),
        "stance:tunnel": calibration("stance:tunnel", 0.9, labels=400),
        "stance:ferry": calibration("stance:ferry", None, labels=350),
    }
    stances = [stance("favor", 0.8, target) for target in ("tunnel", "bridge", "ferry")]
    assert [(one.decision, one.reason) for one in route([], [], stances, known)] == [
        ("review", "confidence below the threshold 0.9, chosen on 400 labels of this target"),
        ("auto", "confidence reaches the threshold 0.7, chosen on 120 labels of several targets, pooled"),
        ("review", "no confidence keeps the error on 350 labels of this target"),
    ]


def test_what_is_in_the_random_sample_goes_to_people_however_sure_the_model_is() -> None:
    known = calibrations(quotation=0.5, stance=0.5)
    routes = route([quotation(0.99)], [], [stance("favor", 0.99)], known, sampled={"q1"})
    assert {(one.decision, one.reason) for one in routes} == {
        ("review", "in the random sample that people always decide")
    }


def test_no_labels_at_all_are_no_calibration() -> None:
    empty = {"quotation": Calibration("quotation", 0, None, 0, 0, None, None)}
    (only,) = route([quotation(0.99)], [], [], empty)
    assert only.reason == "no calibration labels from this dataset"
