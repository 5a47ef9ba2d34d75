"""Why a linear model chose a label: the features of an example that spoke for it most.

A feature's weight is what it adds to the label's score beyond what it adds to the others' on average, so that
features which raise all labels alike are none of the reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from builder.stance.examples import StanceExample
from builder.stance.features import views
from builder.stance.linear import VIEWS, LinearClassifier

MOST = 8


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of an example, the view that it is of (see `builder.stance.features`), and its weight."""

    view: str
    feature: str
    weight: float


def reasons_for(
    classifier: LinearClassifier, example: StanceExample, label: str, most: int = MOST
) -> list[Reason]:
    """The features that spoke most for a label, the strongest first; none that spoke against it."""
    found = [one for one in _weights(classifier, example, label) if one.weight > 0]
    return sorted(found, key=lambda one: (-one.weight, one.view, one.feature))[:most]


def _weights(classifier: LinearClassifier, example: StanceExample, label: str) -> Iterator[Reason]:
    transformer = classifier.estimator.named_steps["views"]
    coefficients = classifier.estimator.named_steps["regression"].coef_
    at, others = classifier.labels.index(label), len(classifier.labels) - 1
    seen = views(example)
    for view in VIEWS:
        vectorizer = transformer.named_transformers_[view]
        row = vectorizer.transform([getattr(seen, view)])
        named = vectorizer.get_feature_names_out()
        first = transformer.output_indices_[view].start
        for column, value in zip(row.indices.tolist(), row.data.tolist(), strict=True):
            weights = coefficients[:, first + column].tolist()
            if len(weights) == 1:  # of two labels, scikit-learn keeps the second one's
                own, rest = (weights[0], 0.0) if at == 1 else (0.0, weights[0])
            else:
                own, rest = weights[at], (sum(weights) - weights[at]) / others
            yield Reason(view, str(named[column]), round(value * (own - rest), 4))
