import pytest

from builder.records import Quotation, Route, Span, Speaker, Stance
from builder.stance.route import Field, route


def quotation(confidence: float) -> Quotation:
    return Quotation("q1", "d1", "direct", (Span(0, 4),), (), (), (), 0, None, confidence, "test")


def speaker(name: str, confidence: float) -> Speaker:
    return Speaker("q1", name, "person", None, None, "test", confidence)


def stance(label: str | None, confidence: float) -> Stance:
    return Stance("q1", "tunnel", label, (), confidence, "test")


def test_without_calibration_labels_everything_goes_to_review_however_sure_the_model_is() -> None:
    assert route([quotation(1.0)], [speaker("Dora", 1.0)], [stance("favor", 1.0)]) == [
        Route("q1", "quotation", "review", "no calibration labels from this dataset", 1.0),
        Route("q1", "speaker", "review", "no calibration labels from this dataset", 1.0),
        Route("q1", "stance:tunnel", "review", "no calibration labels from this dataset", 1.0),
    ]


def test_no_answer_is_never_accepted() -> None:
    routes = route([], [speaker("", 0.9)], [stance(None, 0.9)], {"speaker": 0.0, "stance": 0.0})
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
    ],
)
def test_a_threshold_opens_its_own_field_at_its_value(
    thresholds: dict[Field, float], decisions: list[str]
) -> None:
    routes = route([quotation(0.8)], [speaker("Dora", 0.8)], [stance("favor", 0.8)], thresholds)
    assert [one.decision for one in routes] == decisions
