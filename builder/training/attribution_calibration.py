"""What is chosen on articles that the network was not trained on: bars, and the confidence's regression.

The confidence of each candidate comes from a regression that was fitted on other articles
(cross-fitting), so bars and figures are not flattered by what they are measured on; the regression
that ships is fitted on all of the held-out articles.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from builder.ingest.documents import as_given
from builder.measure import expected_calibration_error
from builder.quotes.attributions import Attribution, AttributionModel, Run
from builder.quotes.confidence import FEATURES, Calibration
from builder.quotes.model import Description, Settings
from builder.quotes.quoted import Confidences
from builder.quotes.settle import settled
from builder.quotes.tagger import Page, described, drafted, find
from builder.records import Span
from builder.tokenization import Tokenizer

_T = TypeVar("_T")
_Scored = Sequence[tuple[float, Attribution]]

FOLDS = 5
PENALTY = 1e-3  # of squared weights, over features scaled to a variance of 1
LEAST_SCALE = 1e-3  # of a feature: where all values are the same, their rounding errors must not count

CHOICES = tuple(round(0.05 + 0.025 * step, 3) for step in range(26))  # bars that are tried
# Attributions without a source are rare, so a bar that only looks at all of them together would drop
# nearly every one: theirs is the lowest that costs at most this much of joint F1.
PRICE_WITHOUT_SOURCE = 0.005
# Joint F1 that is given for precision: of bars that come to nearly the same, the highest spares people work.
PRICE_OF_PRECISION = 0.002
COVERAGES = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)  # of the table of precision by coverage
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """How the candidates on held-out articles come out, cross-fitted; shares from 0 to 1.

    `joint_f1` counts a quotation as right if at least half of the words of each side are shared and
    the sources share a word, or both are empty; `coverage` lists, for shares of the quotations taken
    the most confident first, how many of them are right.
    """

    articles: int
    quotations: int
    joint_f1: float
    ece: float
    coverage: tuple[tuple[float, float], ...]


def calibrated(
    description: Description,
    network: AttributionModel,
    tokenizer: Tokenizer,
    articles: Sequence[Mapping[str, Any]],
) -> tuple[Description, Figures]:
    """The description with bars, confidences and regression, and the figures that come with them."""
    read = _read(description.settings, network, tokenizer, articles)
    values = [described(one.page, one.found) for one in read]
    right = [
        [
            one.has(one.spans(candidate, candidate.content), one.spans(candidate, candidate.source))
            for _, candidate in some
        ]
        for one, some in zip(read, values, strict=True)
    ]
    folds = [
        _fit(_without_fold(values, fold), _without_fold(right, fold)) for fold in range(min(FOLDS, len(read)))
    ]
    scored = [
        [(folds[number % FOLDS].confidence(value), one) for value, one in some]
        for number, some in enumerate(values)
    ]
    settings = _with_bars(description.settings, read, scored)
    settings = replace(settings, confidences=_of_the_net(settings, read, scored))
    chosen = replace(
        description,
        settings=settings,
        calibration=_fit(_without_fold(values, None), _without_fold(right, None)),
    )
    return chosen, _figures(settings, read, scored)


@dataclass(frozen=True, slots=True)
class _Article:
    """A held-out article: as the network read it, where its words are, and its gold (content, source)."""

    page: Page
    found: Sequence[Attribution]
    starts: Sequence[int]
    ends: Sequence[int]
    gold: Sequence[tuple[frozenset[int], frozenset[int]]]

    def words(self, spans: Iterable[Sequence[int]]) -> frozenset[int]:
        """The words that the spans touch."""
        return frozenset(
            word
            for start, end in spans
            for word in range(bisect_right(self.ends, start), bisect_left(self.starts, end))
        )

    def spans(self, one: Attribution, runs: Iterable[Run]) -> list[tuple[int, int]]:
        """Runs of words of its window as spans of the text."""
        window = self.page.windows[one.window]
        return [(int(window.starts[run.first]), int(window.ends[run.last - 1])) for run in runs]

    def has(self, content: Iterable[Sequence[int]], source: Iterable[Sequence[int]]) -> bool:
        """Whether content and source are right: an attribution of the gold shares enough of both."""
        ours, by = self.words(content), self.words(source)
        return any(
            2 * len(ours & theirs) >= max(len(ours), len(theirs)) and (bool(by & who) or not (by or who))
            for theirs, who in self.gold
        )


def _read(
    settings: Settings, network: AttributionModel, tokenizer: Tokenizer, articles: Sequence[Mapping[str, Any]]
) -> list[_Article]:
    documents = [as_given(one["id"], one["text"]) for one in articles]
    pages = [Page.of(one, tokenizer, settings.window_tokens) for one in documents]
    found = find(pages, network, settings.threshold, settings.batch_tokens)
    read = []
    for article, page, some in zip(articles, pages, found, strict=True):
        matches = list(_WORD.finditer(article["text"]))
        one = _Article(
            page, some, [match.start() for match in matches], [match.end() for match in matches], ()
        )
        gold = [(one.words(gold["content"]), one.words(gold["source"])) for gold in article["attributions"]]
        read.append(replace(one, gold=[pair for pair in gold if pair[0]]))
    return read


def _without_fold(values: Sequence[Sequence[_T]], fold: int | None) -> list[_T]:
    return [one for number, some in enumerate(values) if number % FOLDS != fold for one in some]


def _fit(values: Sequence[tuple[tuple[float, ...], object]], right: Sequence[bool]) -> Calibration:
    """The logistic regression with the least penalised loss: convex, found by L-BFGS.

    Of fewer than two candidates it can learn nothing: then each is as likely right as wrong.
    """
    if len(values) < 2:
        return Calibration(0.0, (0.0,) * len(FEATURES))
    inputs = torch.tensor([value for value, _ in values], dtype=torch.float64)
    wanted = torch.tensor(right, dtype=torch.float64)
    mean, scale = inputs.mean(0), inputs.std(0).clamp_min(LEAST_SCALE)
    scaled = (inputs - mean) / scale
    weights = torch.zeros(len(FEATURES) + 1, dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        scores = weights[0] + scaled @ weights[1:]
        fit = torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted)
        penalised = fit + PENALTY * weights[1:].square().sum()
        penalised.backward()
        return penalised

    search.step(loss)
    found = weights.detach()[1:] / scale
    bias = float(weights.detach()[0] - (found * mean).sum())
    return Calibration(round(bias, 6), tuple(round(float(weight), 6) for weight in found))


def _with_bars(settings: Settings, read: Sequence[_Article], scored: Sequence[_Scored]) -> Settings:
    """The settings with the highest bars of nearly the best joint F1, the lowest one without a source."""

    def f1(least: float, without_source: float) -> float:
        return _joint_f1(
            replace(settings, least_confidence=least, least_without_source=without_source), read, scored
        )

    reached = {bar: f1(bar, bar) for bar in CHOICES}
    best = max(bar for bar in CHOICES if reached[bar] >= max(reached.values()) - PRICE_OF_PRECISION)
    top = max(f1(best, bar) for bar in CHOICES)
    lowest = min(bar for bar in CHOICES if f1(best, bar) >= top - PRICE_WITHOUT_SOURCE)
    return replace(settings, least_confidence=best, least_without_source=lowest)


def _joint_f1(settings: Settings, read: Sequence[_Article], scored: Sequence[_Scored]) -> float:
    """2 right / (found + annotated), of what is settled; what the net adds is left out."""
    found = right = 0
    for article, some in zip(read, scored, strict=True):
        for _, one in settled(some, settings.least_confidence, settings.least_without_source):
            found += 1
            right += article.has(article.spans(one, one.content), article.spans(one, one.source))
    return 2 * right / max(found + sum(len(article.gold) for article in read), 1)


def _of_the_net(settings: Settings, read: Sequence[_Article], scored: Sequence[_Scored]) -> Confidences:
    """How often what the net adds is right, by Laplace's rule of succession: (right + 1) / (all + 2)."""
    names = [field.name for field in fields(Confidences)]
    # Nothing else has a confidence above 1: so each draft tells what added it.
    marked = replace(settings, confidences=Confidences(*(2.0 + number for number in range(len(names)))))
    counts = [[1, 2] for _ in names]
    for article, some in zip(read, scored, strict=True):
        for draft in drafted(article.page, article.found, some, marked):
            if draft.confidence >= 2:
                count = counts[int(draft.confidence) - 2]
                count[0] += article.has(_pairs(draft.content), _pairs(draft.source))
                count[1] += 1
    return Confidences(*(round(right / total, 4) for right, total in counts))


def _figures(settings: Settings, read: Sequence[_Article], scored: Sequence[_Scored]) -> Figures:
    rows = [
        (draft.confidence, article.has(_pairs(draft.content), _pairs(draft.source)))
        for article, some in zip(read, scored, strict=True)
        for draft in drafted(article.page, article.found, some, settings)
    ]
    rows.sort(key=lambda row: -row[0])
    right = [row[1] for row in rows]
    coverage = []
    for share in COVERAGES:
        taken = round(share * len(rows))
        coverage.append((share, round(sum(right[:taken]) / max(taken, 1), 4)))
    annotated = sum(len(article.gold) for article in read)
    return Figures(
        articles=len(read),
        quotations=annotated,
        joint_f1=round(2 * sum(right) / max(len(rows) + annotated, 1), 4),
        ece=round(expected_calibration_error([row[0] for row in rows], right), 4),
        coverage=tuple(coverage),
    )


def _pairs(spans: Iterable[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]
