"""How good the labels of a release are, as far as people's decisions tell it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.engine.database import Database
from builder.measure import exact_interval, expected_calibration_error
from builder.release.dataset import STANCE
from builder.release.making import Made
from builder.release.splits import HUMAN_SOURCES, placed
from builder.review.adjudicate import QUOTATION, outcomes_of
from builder.review.agreement import Coefficient, Rating, krippendorff_alpha
from builder.review.audit import ArticleAudit, audit_articles
from builder.review.decisions import ImportedDecision

CERTAINTY = 0.95
BINS = 10  # of the calibration: few enough that each holds something
FEWEST_DRAWN = 30  # labels on the random sample; with fewer, whatever people decided says more
FIELDS = ("quotation", "speaker", "stance")

ANSWERED = f"""
    select confidence, predicted, label, sampled from {placed(STANCE)}
    where label_source in {HUMAN_SOURCES} and predicted is not null order by id
"""  # noqa: S608 - names of this program's own relations
# What people who looked at it left open, or differ on, they did not confirm.
AUDITED = f"""
    select label_source in {HUMAN_SOURCES}, label, predicted from {placed(STANCE)} where audited
"""  # noqa: S608 - likewise
ACCEPTED = f"select count(*) from {placed(STANCE)} where accepted"  # noqa: S608 - likewise


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval, and what it is a share of."""

    hits: int
    trials: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers of a model whose confidence lies between two bounds: how many, and how many are right."""

    low: float
    high: float
    rows: int
    confidence: float
    right: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What people's decisions tell of the labels.

    `right` is the share of the model's stances that people who looked confirmed, and `calibration_error`
    how far its confidence is off, both on the random sample if `is_drawn` and otherwise on whatever people
    decided. `audited` is the share of wrong ones among the stances that were accepted without a person, drawn
    for the audit and looked at by one: those to which people gave another label or none, or whose quotation
    they found to be none. `accepted` counts all that were accepted, and
    `error_bound` is what their error rate does not exceed, with the certainty of `CERTAINTY`.
    `agreement` is that of the annotators, by field. `articles` are the precision and recall of the quotations
    in the whole articles that people searched, without `articles_before`, in which the program has found
    something else since.
    """

    right: Share
    calibration_error: float
    bins: tuple[Bin, ...]
    is_drawn: bool
    accepted: int
    audited: Share
    error_bound: float
    agreement: Mapping[str, Coefficient]
    articles: ArticleAudit
    articles_before: int


def measure_quality(database: Database, labels: Sequence[str], made: Made) -> Quality:
    """Compares the model's stances with people's, and people's answers with each other's."""
    answered = database.execute(ANSWERED).fetchall()
    drawn = [one for one in answered if one[-1]]
    is_drawn = len(drawn) >= FEWEST_DRAWN
    told = drawn if is_drawn else answered
    confidences = [confidence for confidence, *_ in told]
    right = [labels[label] == predicted for _, predicted, label, *_ in told]
    ((accepted,),) = database.execute(ACCEPTED).fetchall()
    confirmed = [
        told and labels[label] == predicted for told, label, predicted in database.execute(AUDITED).fetchall()
    ]
    audited = len(confirmed) + made.audited_none
    wrong = audited - sum(confirmed)
    return Quality(
        right=_share(sum(right), len(right)),
        calibration_error=expected_calibration_error(confidences, right, BINS),
        bins=tuple(bins_of(confidences, right)),
        is_drawn=is_drawn,
        accepted=accepted + made.audited_none,
        audited=_share(wrong, audited),
        # One-sided: all of the doubt is about how high the rate may be.
        error_bound=exact_interval(wrong, audited, 2 * CERTAINTY - 1)[1],
        agreement=_agreement(made.applied),
        articles=audit_articles(made.searched),
        articles_before=made.searched_before,
    )


def _share(hits: int, trials: int) -> Share:
    return Share(hits, trials, *exact_interval(hits, trials, CERTAINTY))


def bins_of(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The answers by their confidence, in so many bins of equal width; those without any are left out."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, good in zip(confidences, right, strict=True):
        held[min(int(confidence * bins), bins - 1)].append((confidence, good))
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(some),
            sum(confidence for confidence, _ in some) / len(some),
            sum(good for _, good in some),
        )
        for number, some in enumerate(held)
        if some
    ]


def _agreement(applied: Iterable[ImportedDecision]) -> dict[str, Coefficient]:
    """Krippendorff's alpha of the latest answers of each annotator, by field; all targets are one field."""
    ratings: dict[str, list[Rating]] = {field: [] for field in FIELDS}
    for item, fields in outcomes_of(applied).items():
        found = fields[QUOTATION].answers if QUOTATION in fields else ()
        rejecting = {who for who, answer in found if answer is None}
        for field, outcome in fields.items():
            ratings[field.split(":")[0]] += [
                Rating(f"{item} {field}", who, answer or "")
                for who, answer in outcome.answers
                if field == QUOTATION or who not in rejecting  # who was not asked the rest
            ]
    return {field: krippendorff_alpha(some) for field, some in ratings.items() if some}
