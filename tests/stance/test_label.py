from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import RoutesConfig, StanceConfig, Target
from builder.errors import UsageError
from builder.records import Document, Probability, Quotation, Span, Speaker
from builder.stance.classifier import load_classifier
from builder.stance.examples import LabelledExample, StanceExample
from builder.stance.label import calibration_by, decide, example_of, label, label_rows, restrict
from builder.stance.targets import match_targets

TEXT = (
    "The tunnel opened.\n"
    "“The tunnel was wonderful,” Dora said on Monday, “and the old ferry was useless.”\n"
    "Piet said nothing about it."
)
TARGETS = [
    Target(id="ferry", name="the ferry", aliases=("old ferry",)),
    Target(id="tunnel", name="the tunnel"),
    Target(id="bridge", name="the bridge"),
]


def document() -> Document:
    nothing = dict.fromkeys(("url", "title", "published", "site", "author", "agency", "language"))
    return Document(id="d1", text=TEXT, uri="a.txt", raw_sha256="0", extractor="test", zones=(), **nothing)


def quotation(id_: str, *parts: str) -> Quotation:
    content = tuple(Span(TEXT.index(part), TEXT.index(part) + len(part)) for part in parts)
    return Quotation(id_, "d1", "direct", content, (), (), (), 0, None, 1.0, "test")


WHOLE = quotation("q1", "“The tunnel was wonderful,”", "“and the old ferry was useless.”")
OTHER = quotation("q2", "nothing about it")
DORA = Speaker("q1", "Dora", "person", None, None, "test", 1.0)


class Sure:
    """A classifier that knows the answer: its own, whatever it is asked; it keeps the questions."""

    name = "sure"
    labels = ("favor", "against", "neutral")

    def __init__(self, *answer: float) -> None:
        self.answer = answer
        self.asked: list[StanceExample] = []
        self.among: set[tuple[str, ...] | None] = set()

    def probabilities(
        self, examples: Sequence[StanceExample], among: Sequence[str] | None = None
    ) -> list[tuple[float, ...]]:
        self.asked += examples
        self.among.add(tuple(among) if among else None)
        return [self.answer] * len(examples)


def test_each_quotation_is_labelled_toward_each_target_that_it_names(model: Path) -> None:
    classifier = load_classifier(StanceConfig(), model)
    stances = label(document(), [WHOLE, OTHER], [DORA], TARGETS, classifier, StanceConfig())
    assert [(one.quotation, one.target) for one in stances] == [("q1", "ferry"), ("q1", "tunnel")]
    for one in stances:
        assert [probability.label for probability in one.probabilities] == ["favor", "against", "neutral"]
        assert one.confidence == max(probability.probability for probability in one.probabilities)
        assert one.model == classifier.name


def test_the_classifier_is_asked_with_text_speaker_context_and_mentions() -> None:
    classifier = Sure(0.5, 0.3, 0.2)
    label(document(), [WHOLE], [DORA], TARGETS, classifier, StanceConfig())
    ferry, tunnel = classifier.asked
    assert ferry.text == "“The tunnel was wonderful,” … “and the old ferry was useless.”"
    assert (ferry.target, ferry.speaker) == ("the ferry", "Dora")
    assert ferry.context == TEXT.split("\n")[1]
    assert [span.of(ferry.text) for span in ferry.mentions] == ["old ferry"]
    assert [span.of(tunnel.text) for span in tunnel.mentions] == ["tunnel"]


def test_a_name_in_the_context_alone_is_no_mention_in_the_text() -> None:
    target = Target(id="piet", name="Piet", match="context")
    (match,) = match_targets(document(), OTHER, [target])
    assert example_of(document(), OTHER, "", match).mentions == ()


def test_a_configured_order_of_labels_is_kept() -> None:
    config = StanceConfig(labels=("neutral", "against", "favor"))
    (first, _) = label(document(), [WHOLE], [DORA], TARGETS, Sure(0.5, 0.3, 0.2), config)
    assert first.probabilities == (
        Probability("neutral", 0.2),
        Probability("against", 0.3),
        Probability("favor", 0.5),
    )
    assert first.label == "favor"


@pytest.mark.parametrize(
    ("probabilities", "abstain_below", "expected"),
    [
        ((0.5, 0.3, 0.2), 0.0, "favor"),
        ((0.5, 0.3, 0.2), 0.5, "favor"),
        ((0.5, 0.3, 0.2), 0.51, None),
        ((0.4, 0.4, 0.2), 0.0, None),
        ((0.3333, 0.3333, 0.3333), 0.0, None),
    ],
)
def test_the_model_abstains_where_it_cannot_tell(
    probabilities: tuple[float, ...], abstain_below: float, expected: str | None
) -> None:
    named = [Probability(name, p) for name, p in zip(Sure.labels, probabilities, strict=True)]
    assert decide(named, abstain_below) == expected


def test_restricted_probabilities_are_made_to_sum_to_one() -> None:
    # 0.3 and 0.1 of 0.4
    assert restrict(("favor", "against", "neutral"), (0.3, 0.1, 0.6), ("favor", "against")) == (
        Probability("favor", 0.75),
        Probability("against", 0.25),
    )
    assert restrict(("favor", "against", "neutral"), (0.0, 0.0, 1.0), ("favor", "against")) == (
        Probability("favor", 0.5),
        Probability("against", 0.5),
    )


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_restricting_keeps_the_order_of_two_labels(weights: list[float]) -> None:
    answer = [weight / sum(weights) for weight in weights]
    favor, against = restrict(Sure.labels, answer, ("favor", "against"))
    assert favor.probability + against.probability == pytest.approx(1, abs=1e-4)
    assert (favor.probability >= against.probability) or answer[0] < answer[1]


def test_rows_keep_their_fields_and_get_the_answer(model: Path) -> None:
    row = {"id": "a", "text": "The tunnel was corrupt", "target": "the tunnel", "extra": [1]}
    (labelled,) = label_rows([row], load_classifier(StanceConfig(), model), StanceConfig())
    assert {key: labelled[key] for key in row} == row
    assert labelled["label"] == "against"
    assert list(labelled["probabilities"]) == ["favor", "against", "neutral"]
    assert labelled["confidence"] == labelled["probabilities"]["against"]
    assert labelled["route"] == "review"


def test_rows_of_unknown_words_get_no_label(model: Path) -> None:
    rows = [{"id": "a", "text": "Žluťoučký kůň", "target": "kůň"}]
    (labelled,) = label_rows(rows, load_classifier(StanceConfig(), model), StanceConfig())
    assert labelled["label"] is None


def test_rows_can_be_restricted_to_some_labels() -> None:
    rows = [{"id": str(number), "text": "x", "target": "y"} for number in range(600)]
    labelled = list(label_rows(rows, Sure(0.1, 0.3, 0.6), StanceConfig(), ["favor", "against"]))
    assert [one["id"] for one in labelled] == [row["id"] for row in rows]
    assert labelled[-1]["label"] == "against"
    assert labelled[-1]["probabilities"] == {"favor": 0.25, "against": 0.75}


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (["favor", "pro"], "the label 'pro' is not one of the model's: favor, against, neutral"),
        ([], "labels must be named, each once"),
        (["favor", "favor"], "labels must be named, each once"),
    ],
)
def test_labels_that_are_not_in_the_scheme_are_refused_before_any_row(
    labels: list[str], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        label_rows([], Sure(1, 0, 0), StanceConfig(), labels)


def test_a_wrong_row_is_named() -> None:
    rows = [{"id": "a", "text": "x", "target": "y"}, {"id": "b", "text": "x"}]
    with pytest.raises(UsageError, match=r"row 2 \(id 'b'\): `target` is missing"):
        list(label_rows(rows, Sure(1, 0, 0), StanceConfig()))


def test_a_classifier_knows_among_which_labels_it_chooses() -> None:
    classifier, config = Sure(0.5, 0.3, 0.2), StanceConfig()
    rows = [{"id": "1", "text": "Fine", "target": "it"}]
    list(label_rows(rows, classifier, config, ["favor", "against"]))
    labelled = [LabelledExample(StanceExample("Fine", "it"), "favor")]
    calibration_by(labelled, classifier, config, RoutesConfig(), ["favor", "against"])
    assert classifier.among == {("favor", "against")}
    label(document(), [WHOLE], [DORA], TARGETS, classifier, config)
    assert classifier.among == {("favor", "against"), config.labels}


class ByLength:
    """A classifier that is the surer that it is favor, the longer the text is."""

    name = "by length"
    labels = ("favor", "against", "neutral")

    def probabilities(
        self, examples: Sequence[StanceExample], among: Sequence[str] | None = None
    ) -> list[tuple[float, ...]]:
        return [
            (0.4 + len(one.text) / 200, 0.3 - len(one.text) / 400, 0.3 - len(one.text) / 400)
            for one in examples
        ]


def test_rows_are_accepted_where_labels_like_them_bound_the_error() -> None:
    # Of texts of 100 letters (confidence 0.9) all 60 are favor, of those of 20 (0.5) half are.
    long = [LabelledExample(StanceExample("x" * 100, "Coy"), "favor")] * 60
    short = [LabelledExample(StanceExample("x" * 20, "Coy"), label) for label in ("favor", "against") * 40]
    calibration = calibration_by(long + short, ByLength(), StanceConfig(), RoutesConfig())
    assert (calibration.labels, calibration.accepted, calibration.wrong) == (140, 60, 0)
    assert calibration.threshold is not None
    assert 0.5 < calibration.threshold <= 0.9
    assert calibration.bound == pytest.approx(1 - 0.05 ** (1 / 60), abs=1e-4)  # (1 - bound)^60 = 5 %
    rows = [{"id": str(size), "text": "x" * size, "target": "Coy"} for size in (100, 20)]
    answers = list(label_rows(rows, ByLength(), StanceConfig(), calibration=calibration))
    assert [one["route"] for one in answers] == ["auto", "review"]
    # 100 labels were right of 140, at 0.67 on average: the probabilities move toward that.
    assert calibration.temperature is not None
    plain = list(label_rows(rows, ByLength(), StanceConfig()))
    assert [one["route"] for one in plain] == ["review", "review"]
    assert answers[0]["confidence"] != plain[0]["confidence"]
    assert all(sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-3) for one in answers)


def test_too_few_labels_accept_nothing_and_move_nothing() -> None:
    labelled = [LabelledExample(StanceExample("x" * 100, "Coy"), "favor")] * 28
    calibration = calibration_by(labelled, ByLength(), StanceConfig(), RoutesConfig())
    assert (calibration.threshold, calibration.temperature) == (None, None)
    row = {"id": "1", "text": "x" * 100, "target": "Coy"}
    plain = list(label_rows([row], ByLength(), StanceConfig()))
    assert list(label_rows([row], ByLength(), StanceConfig(), calibration=calibration)) == plain
