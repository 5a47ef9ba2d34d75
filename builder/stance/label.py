"""Labelling the stance of quotations toward the targets that they name."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from builder.config import RoutesConfig, StanceConfig, Target
from builder.errors import UsageError
from builder.quotes.wording import within_wording, wording
from builder.records import Calibration, Document, Probability, Quotation, Speaker, Stance, rounded
from builder.stance.accept import Judged
from builder.stance.auto_targets import AutoTargets
from builder.stance.calibrate import at_temperature
from builder.stance.calibration import Labels, calibrated
from builder.stance.classifier import StanceClassifier, StanceExample
from builder.stance.examples import LabelledExample, to_example
from builder.stance.route import STANCE
from builder.stance.targets import TargetMatch, match_targets, paragraph_of

ROWS_AT_ONCE = 256  # enough to fill a classifier's batches, little enough to hold


def label(
    document: Document,
    quotations: Sequence[Quotation],
    speakers: Sequence[Speaker],
    targets: Sequence[Target],
    classifier: StanceClassifier,
    config: StanceConfig,
    auto: AutoTargets | None = None,
) -> list[Stance]:
    """The stance of each quotation toward each target that it names, in the order of both.

    `speakers` are those of the quotations, in any order; `auto` finds targets that nobody configured, which
    come after those of a quotation that somebody did. The label is None where the model abstains.
    """
    by_whom = {speaker.quotation: speaker for speaker in speakers}
    matched = {one.id: match_targets(document, one, targets) for one in quotations}
    automatic = auto.of(document, quotations, by_whom, matched) if auto is not None else {}
    asked = [
        (quotation, match, example_of(document, quotation, _name_of(by_whom.get(quotation.id)), match))
        for quotation in quotations
        for match in [*matched[quotation.id], *automatic.get(quotation.id, ())]
    ]
    answers = classifier.probabilities([example for _, _, example in asked], config.labels)
    stances = []
    for (quotation, match, _), answer in zip(asked, answers, strict=True):
        probabilities = restrict(classifier.labels, answer, config.labels)
        stances.append(
            Stance(
                quotation=quotation.id,
                target=match.target.id,
                label=decide(probabilities, config.abstain_below),
                probabilities=probabilities,
                confidence=_highest(probabilities),
                model=classifier.name,
                name=match.target.name,
                where=match.where,
                mentions=match.mentions,
            )
        )
    return stances


def label_rows(
    rows: Iterable[dict[str, Any]],
    classifier: StanceClassifier,
    config: StanceConfig,
    labels: Sequence[str] | None = None,
    calibration: Calibration | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows `{"id", "text", "target", "speaker"?, "context"?}` with label, probabilities, confidence, route.

    `labels` restricts the answer to some of the scheme's labels. The route is "review", since a model's
    confidence is calibrated on what it was trained on and not on these rows; with a `calibration` by
    labelled rows like these, it is "auto" where the confidence is enough.

    Raises:
        UsageError: a label is not in the classifier's scheme, or a row lacks a field or has one of
            the wrong type; the message names the row.
    """
    among = _checked_labels(labels, config, classifier)
    answered = _label_in_batches(iter(rows), classifier, config, among)
    return answered if calibration is None else (_calibrated(row, calibration) for row in answered)


def calibration_by(
    labelled: Sequence[LabelledExample],
    classifier: StanceClassifier,
    config: StanceConfig,
    routes: RoutesConfig,
    labels: Sequence[str] | None = None,
) -> Calibration:
    """The calibration by examples that people labelled; `labels` as in `label_rows`.

    They must be like the rows that are to be answered, and chosen without regard to the model.

    Raises:
        UsageError: a label is not in the classifier's scheme.
    """
    among = _checked_labels(labels, config, classifier)
    answers = classifier.probabilities([one.example for one in labelled], among)
    found = Labels()
    for one, answer in zip(labelled, answers, strict=True):
        probabilities = restrict(classifier.labels, answer, among)
        chosen = decide(probabilities, config.abstain_below)
        if chosen is not None:
            found.judged.append(Judged(_highest(probabilities), chosen == one.label))
        found.answers.append(probabilities)
        found.gold.append(one.label)
    return calibrated(STANCE, found, routes)


def _calibrated(row: dict[str, Any], calibration: Calibration) -> dict[str, Any]:
    """An answered row, its route by the threshold and its probabilities at the temperature."""
    given = tuple(Probability(*one) for one in row["probabilities"].items())
    accepted = (
        row["label"] is not None
        and calibration.threshold is not None
        and row["confidence"] >= calibration.threshold
    )
    probabilities = at_temperature(given, calibration.temperature or 1.0)
    return row | {
        "probabilities": {one.label: one.probability for one in probabilities},
        "confidence": _highest(probabilities),
        "route": "auto" if accepted else "review",
    }


def example_of(document: Document, quotation: Quotation, speaker: str, match: TargetMatch) -> StanceExample:
    """What a classifier is asked about a quotation and a target that it names."""
    return StanceExample(
        text=text_of(document, quotation),
        target=match.target.name,
        speaker=speaker,
        context=paragraph_of(document, quotation).of(document.text),
        mentions=within_wording(match.spans, quotation.content),
    )


def _name_of(speaker: Speaker | None) -> str:
    return speaker.name if speaker is not None else ""


def text_of(document: Document, quotation: Quotation) -> str:
    """The words of a quotation, its parts joined by an ellipsis."""
    return wording(document.text, quotation.content)


def restrict(
    labels: Sequence[str], probabilities: Sequence[float], among: Sequence[str]
) -> tuple[Probability, ...]:
    """The probabilities of the labels `among`, in that order, made to sum to 1 again."""
    of = dict(zip(labels, probabilities, strict=True))
    total = sum(of[one] for one in among)
    return tuple(Probability(one, rounded(of[one] / total if total else 1 / len(among))) for one in among)


def decide(probabilities: Sequence[Probability], abstain_below: float) -> str | None:
    """The most probable label; None if it is below `abstain_below` or another is as probable."""
    highest = _highest(probabilities)
    best = [one.label for one in probabilities if one.probability == highest]
    return best[0] if len(best) == 1 and highest >= abstain_below else None


def _highest(probabilities: Sequence[Probability]) -> float:
    return max(one.probability for one in probabilities)


def _checked_labels(
    given: Sequence[str] | None, config: StanceConfig, classifier: StanceClassifier
) -> tuple[str, ...]:
    """The labels to choose from: those given, or all of the scheme."""
    labels = tuple(given) if given is not None else config.labels
    unknown = [one for one in labels if one not in classifier.labels]
    if unknown:
        raise UsageError(
            f"the label {unknown[0]!r} is not one of the model's: {', '.join(classifier.labels)}"
        )
    if not labels or len(set(labels)) < len(labels):
        raise UsageError(f"labels must be named, each once (got {', '.join(labels) or 'none'})")
    return labels


def _label_in_batches(
    rows: Iterator[dict[str, Any]], classifier: StanceClassifier, config: StanceConfig, among: Sequence[str]
) -> Iterator[dict[str, Any]]:
    number = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        examples = []
        for row in batch:
            number += 1
            try:
                examples.append(to_example(row))
            except ValueError as error:
                raise UsageError(f"row {number} (id {row.get('id')!r}): {error}") from error
        for row, answer in zip(batch, classifier.probabilities(examples, among), strict=True):
            probabilities = restrict(classifier.labels, answer, among)
            yield row | {
                "label": decide(probabilities, config.abstain_below),
                "probabilities": {one.label: one.probability for one in probabilities},
                "confidence": _highest(probabilities),
                "route": "review",
            }
