"""Which values may be accepted without a person, and which go to review.

A value is accepted if its confidence reaches the threshold that people's decisions on this very dataset
gave its field; without such labels, whatever the confidence, a person looks. So it does on everything
in the random sample, which the next threshold is chosen by.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from builder.records import Calibration, Quotation, Route, Speaker, Stance

STANCE = "stance"  # the field of the calibration of all targets that have none of their own

NOTHING: Mapping[str, Calibration] = MappingProxyType({})

NOT_CALIBRATED = "no calibration labels from this dataset"
UNKNOWN_SPEAKER = "no speaker found"
ABSTAINED = "the model abstains"
SAMPLED = "in the random sample that people always decide"
ADDED = "people added this quotation, which the program had missed"


def route(
    quotations: Sequence[Quotation],
    speakers: Sequence[Speaker],
    stances: Sequence[Stance],
    calibrations: Mapping[str, Calibration] = NOTHING,
    sampled: Collection[str] = (),
) -> list[Route]:
    """One route for each quotation, each speaker and each stance, in this order.

    `calibrations` are by field; values of a field that has none all go to review, and so does every
    value of the `sampled` quotations, which are given by id.
    """

    def routed(item: str, field: str, confidence: float, missing: str = "") -> Route:
        if not missing and item in sampled:
            missing = SAMPLED
        if missing:
            return Route(item, field, "review", missing, confidence)
        return _by_threshold(Route(item, field, "review", NOT_CALIBRATED, confidence), calibrations)

    routes = [routed(one.id, "quotation", one.confidence) for one in quotations]
    routes += [
        routed(one.quotation, "speaker", one.confidence, "" if one.name else UNKNOWN_SPEAKER)
        for one in speakers
    ]
    routes += [
        routed(
            one.quotation, f"stance:{one.target}", one.confidence, "" if one.label is not None else ABSTAINED
        )
        for one in stances
    ]
    return routes


def route_added(stances: Sequence[Stance]) -> list[Route]:
    """The routes of the stances of quotations that people added: no label tells how often a model is right
    on what it was not made to find.
    """
    return [
        Route(one.quotation, f"{STANCE}:{one.target}", "review", ADDED, one.confidence) for one in stances
    ]


def calibration_of(field: str, calibrations: Mapping[str, Calibration]) -> Calibration | None:
    """The calibration that holds for a field, which for a stance may be that of all targets together."""
    return calibrations.get(field) or calibrations.get(field.partition(":")[0])


def whose_labels(field: str, calibration: Calibration) -> str:
    """Whether the labels of a calibration are the field's own or those of several targets together."""
    if not field.startswith(f"{STANCE}:"):
        return f"labels of the field {field}"
    return "labels of this target" if calibration.field == field else "labels of several targets, pooled"


def _by_threshold(unrouted: Route, calibrations: Mapping[str, Calibration]) -> Route:
    field, confidence = unrouted.field, unrouted.score
    found = calibration_of(field, calibrations)
    if found is None or not found.labels:
        return unrouted
    on = f"on {found.labels} {whose_labels(field, found)}"
    if found.threshold is None:
        reason = f"no confidence keeps the error {on}"
        return Route(unrouted.item, field, "review", reason, confidence)
    if confidence < found.threshold:
        return Route(
            unrouted.item,
            field,
            "review",
            f"confidence below the threshold {found.threshold}, chosen {on}",
            confidence,
        )
    reason = f"confidence reaches the threshold {found.threshold}, chosen {on}"
    return Route(unrouted.item, field, "auto", reason, confidence)
