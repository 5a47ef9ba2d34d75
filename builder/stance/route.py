"""Which values may be accepted without a person, and which go to review.

A value is accepted if its confidence reaches the threshold of its field. A threshold is chosen on
calibration labels of the dataset at hand; without it, whatever the confidence, a person looks.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from builder.records import Quotation, Route, Speaker, Stance

Field = Literal["quotation", "speaker", "stance"]

NO_THRESHOLDS: Mapping[Field, float] = MappingProxyType({})

NOT_CALIBRATED = "no calibration labels from this dataset"
UNKNOWN_SPEAKER = "no speaker found"
ABSTAINED = "the model abstains"
BELOW = "confidence below the threshold"
ACCEPTED = "confidence reaches the threshold"


def route(
    quotations: Sequence[Quotation],
    speakers: Sequence[Speaker],
    stances: Sequence[Stance],
    thresholds: Mapping[Field, float] = NO_THRESHOLDS,
) -> list[Route]:
    """One route for each quotation, each speaker and each stance, in this order.

    `thresholds` gives the least confidence at which a field's values are accepted; values of a field
    that it does not name all go to review.
    """
    routes = [_route(one.id, "quotation", "quotation", one.confidence, thresholds) for one in quotations]
    routes += [
        _route(
            one.quotation,
            "speaker",
            "speaker",
            one.confidence,
            thresholds,
            "" if one.name else UNKNOWN_SPEAKER,
        )
        for one in speakers
    ]
    routes += [
        _route(
            one.quotation,
            "stance",
            f"stance:{one.target}",
            one.confidence,
            thresholds,
            ABSTAINED if one.label is None else "",
        )
        for one in stances
    ]
    return routes


def _route(
    item: str,
    field: Field,
    name: str,
    confidence: float,
    thresholds: Mapping[Field, float],
    missing: str = "",
) -> Route:
    if missing:
        return Route(item, name, "review", missing, confidence)
    if field not in thresholds:
        return Route(item, name, "review", NOT_CALIBRATED, confidence)
    if confidence < thresholds[field]:
        return Route(item, name, "review", BELOW, confidence)
    return Route(item, name, "auto", ACCEPTED, confidence)
