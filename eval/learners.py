"""What learns from the labels that are shown, for `python -m eval active-learning`.

All learn from places in one pool of examples and answer for places in it, so that an order need not know
which of them it serves.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from builder.stance import linear

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE = 1e-3  # of the regression's fit: ten times the default, of which no answer depends

Model = Callable[[Numbers], Floats]
"""The probability of each label, shape (places, labels), of the examples at some places."""


class Learner(Protocol):
    """What makes a model of the labels that are shown."""

    def learn(self, shown: Sequence[int]) -> Model:
        """The model that the examples at these places teach, with their labels."""
        ...


class LinearLearner:
    """Logistic regression over features that are there from the start, fitted from where it was before."""

    def __init__(self, features: Any, labels: Numbers) -> None:
        """Takes the features of all examples, a row each, and the classes of those that can be shown."""
        self._features, self._labels, self._classes = features, labels, int(labels.max()) + 1
        self._regression: Any = None

    def learn(self, shown: Sequence[int]) -> Model:
        """As `Learner`; what it learned before is where it starts, so the model of before is gone."""
        labels = self._labels[shown]
        if self._regression is None or len(self._regression.classes_) != len(set(labels.tolist())):
            self._regression = linear.regression().set_params(warm_start=True, tol=TOLERANCE)
        self._regression.fit(self._features[shown], labels)
        return self._probabilities

    def _probabilities(self, places: Numbers) -> Floats:
        found = np.zeros((len(places), self._classes))
        found[:, self._regression.classes_] = self._regression.predict_proba(self._features[places])
        return found
