"""What is chosen on held-out articles, with a network that a test has written and the figures by hand."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from dataclasses import fields

from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import SHIPPED, Description, Settings
from builder.quotes.quoted import Confidences
from builder.quotes.states import STATES
from builder.tokenization import Tokenizer
from builder.training.attribution_calibration import COVERAGES, Figures, calibrated
from tests.quotes.scripted import Scripted
from tests.training.articles import Article, annotated

RIGHT = annotated("right", "{c1 “We go,”} {v1 said} {s1 Brandt}. Weller left.")
OTHER_SOURCE = annotated("other", "{c1 “We go,”} {v1 said} Brandt. {s1 Weller} left.")
OTHER_CONTENT = annotated("content", "“We go,” {v1 said} {s1 Brandt}. {c1 Weller left.}")
NOT_QUOTED = annotated("nothing", "“We go,” said Brandt. Weller left.")
WITHOUT_SOURCE = annotated("nobody", "{c1 “We go,”} it was {v1 said}.")

UNDECIDED = Confidences(*(0.5,) * len(fields(Confidences)))
DRAFT = Description(
    "draft",
    Settings(0.0, 0.5, 0.5, UNDECIDED, window_tokens=64, batch_tokens=256),
    Calibration(0.0, (0.0,) * len(FEATURES)),
    ((0.0,) * STATES,) * STATES,
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(SHIPPED)


def chosen(tokenizer: Tokenizer, articles: list[Article]) -> tuple[Description, Figures]:
    """What is chosen with a network that finds “We go,” said Brandt, wherever it stands, and nothing else."""
    said, we, go, brandt = (int(tokenizer.encode([word])[0][0][0]) for word in ("said", "We", "go", "Brandt"))
    network = Scripted({said: {we: "C", go: "c", said: "v", brandt: "S"}})
    return calibrated(DRAFT, network, tokenizer, articles)


def test_what_is_always_right_is_certain(tokenizer: Tokenizer) -> None:
    _, figures = chosen(tokenizer, [RIGHT] * 10)
    assert (figures.articles, figures.quotations, figures.joint_f1) == (10, 10, 1.0)
    assert figures.ece < 0.01
    assert figures.coverage == tuple((share, 1.0) for share in COVERAGES)


@pytest.mark.parametrize("wrong", [OTHER_SOURCE, OTHER_CONTENT], ids=["source", "content"])
def test_what_is_right_half_of_the_time_has_a_confidence_of_a_half(
    tokenizer: Tokenizer, wrong: Article
) -> None:
    # Of 10 found and 10 annotated 5 are right: 2 x 5 / 20. Each of five folds leaves four of each kind.
    description, figures = chosen(tokenizer, [RIGHT, wrong] * 5)
    assert figures.joint_f1 == 0.5
    assert figures.ece == pytest.approx(0, abs=1e-3)
    assert figures.coverage[-1] == (1.0, 0.5)
    # Whatever the bar up to a half, the same are kept: the highest is taken.
    assert description.settings.least_confidence == 0.5
    alike, _ = chosen(tokenizer, [RIGHT, wrong] * 5)
    assert alike == description


def test_what_is_never_right_is_dropped(tokenizer: Tokenizer) -> None:
    description, figures = chosen(tokenizer, [NOT_QUOTED] * 10)
    assert (figures.quotations, figures.joint_f1) == (0, 0.0)
    assert figures.coverage == tuple((share, 0.0) for share in COVERAGES)
    assert description.calibration.confidence((0.0,) * len(FEATURES)) < 0.5
    assert max(map(abs, description.calibration.weights)) < 1  # all values are the same: they tell nothing


def test_no_source_is_right_where_nobody_is_named(tokenizer: Tokenizer) -> None:
    _, figures = chosen(tokenizer, [WITHOUT_SOURCE] * 10)
    assert figures.joint_f1 == 1.0


def test_what_the_net_adds_is_counted_with_one_more_of_each(tokenizer: Tokenizer) -> None:
    # Three quoted sentences that no one is annotated for, one that is, without a source: (1 + 1) / (4 + 2).
    nobody = annotated("net", "Rain came. “None of them will stay behind.” Snow came.")
    somebody = annotated("net", "Rain came. {c1 “None of them will stay behind.”} Snow {v1 came}.")
    description, _ = chosen(tokenizer, [RIGHT, nobody, nobody, somebody, nobody, RIGHT])
    assert description.settings.confidences.unattributed == pytest.approx(2 / 6, abs=1e-4)
    others = [field.name for field in fields(Confidences) if field.name != "unattributed"]
    assert {getattr(description.settings.confidences, name) for name in others} == {0.5}  # (0 + 1) / (0 + 2)


@pytest.mark.parametrize("articles", [[NOT_QUOTED], [RIGHT], [annotated("rain", "Rain fell.")] * 6])
def test_too_few_candidates_teach_nothing_and_break_nothing(
    tokenizer: Tokenizer, articles: list[Article]
) -> None:
    description, figures = chosen(tokenizer, articles)
    assert description.calibration == Calibration(0.0, (0.0,) * len(FEATURES))
    assert figures.articles == len(articles)
