"""Where a published value comes from: nobody, the model, a reviewer or an adjudicator.

It is derived from routes and decisions when the release is made and stored nowhere else.
"""

from typing import Literal, get_args

from builder.records import Route
from builder.review.adjudicate import Outcome

LabelSource = Literal["none", "model", "reviewed", "adjudicated"]

LABEL_SOURCES: tuple[LabelSource, ...] = get_args(LabelSource)
"""From the weakest to the strongest."""

HUMAN: tuple[LabelSource, ...] = ("reviewed", "adjudicated")


def label_source(route: Route | None, outcome: Outcome | None) -> LabelSource:
    """The source of one field of one item.

    People come before the model, even where they could not agree: a value that they doubt is not
    accepted because the model was sure of it.
    """
    if outcome is not None:
        return outcome.settled
    return "model" if route is not None and route.decision == "auto" else "none"


def weakest(*sources: LabelSource) -> LabelSource:
    """The weakest of some sources: what a row that rests on all of them can claim."""
    return min(sources, key=LABEL_SOURCES.index)
