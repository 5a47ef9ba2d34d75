"""The classifier for few labels: logistic regression over TF-IDF of the views of an example.

This is the one module that knows scikit-learn and skops. Weights are kept without pickle, in
skops' format; loading builds only the types that skops trusts by itself.
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from skops.io.exceptions import UntrustedTypesFoundException

from builder.errors import ModelError, UsageError
from builder.ids import sha256
from builder.records import Probability
from builder.stance.calibrate import softmax
from builder.stance.description import ModelDescription, read_description
from builder.stance.examples import LabelledExample, StanceExample
from builder.stance.features import views
from builder.stance.scoring import Scorer, View

KIND = "linear"
WEIGHTS = "weights.skops"
# Beyond scikit-learn's and NumPy's own types, which skops trusts by default, none is needed.
TRUSTED_TYPES: list[str] = []

VIEWS = ("words", "near", "plain")
INVERSE_PENALTY = 1.0  # C; from 0.5 to 4 the figures on other people's data hardly differ
MOST_FEATURES = 50_000  # of a view: bounds the file to a few megabytes
MANY_EXAMPLES = 2_000  # from here on, what occurs only once is noise and is left out
MOST_ITERATIONS = 1_000
DECIMALS = 5  # of a weight: below what a probability's four decimals show


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """A trained linear model; `temperature` calibrates its probabilities.

    `estimator` is what was fitted, `scorer` what gives the same scores faster.
    """

    name: str
    labels: tuple[str, ...]
    temperature: float
    estimator: Any
    scorer: Scorer

    def probabilities(
        self, examples: Sequence[StanceExample], among: Sequence[str] | None = None
    ) -> list[tuple[float, ...]]:
        """The probability of each label; all are the same where no word of the text is known.

        The calibration is one for all choices `among` labels.
        """
        return [
            softmax(row, self.temperature) if known else (1 / len(self.labels),) * len(self.labels)
            for row, known in self.scorer.scores(examples)
        ]


def fit(labelled: Sequence[LabelledExample], labels: Sequence[str]) -> Any:
    """A scikit-learn estimator fitted to examples, each of `labels` among them.

    An example on which people differed counts for each of its labels by that label's share. The same
    examples in the same order give the same weights.

    Raises:
        UsageError: the examples are without words, or each has only words of its own.
    """
    estimator = Pipeline([("views", featurizer(len(labelled))), ("regression", regression())])
    lessons = [
        (one.example, labels.index(share.label), share.probability)
        for one in labelled
        for share in one.shares or (Probability(one.label, 1.0),)
    ]
    examples, classes, weights = zip(*lessons, strict=True)
    try:
        estimator.fit(columns(examples), list(classes), regression__sample_weight=list(weights))
    except ValueError as error:  # of a vectorizer: the vocabulary is empty
        raise UsageError(
            f"the labelled examples have too few words in common to learn from: {error}"
        ) from error
    for vectorizer in estimator.named_steps["views"].named_transformers_.values():
        # scikit-learn leaves NumPy integers here, and skops writes each one into a file of its own.
        vectorizer.vocabulary_ = {term: int(at) for term, at in sorted(vectorizer.vocabulary_.items())}
    fitted = estimator.named_steps["regression"]
    fitted.coef_ = np.round(fitted.coef_, DECIMALS)
    fitted.intercept_ = np.round(fitted.intercept_, DECIMALS)
    return estimator


def featurizer(examples: int) -> Any:
    """What makes features of the `columns` of so many examples: TF-IDF of each view, not fitted yet."""
    every_view = {
        "lowercase": False,
        "sublinear_tf": True,
        "min_df": 2 if examples >= MANY_EXAMPLES else 1,
        "max_features": MOST_FEATURES,
    }
    by_word = {"token_pattern": r"\S+"}
    by_character = {"analyzer": "char_wb", "ngram_range": (3, 5)}
    return ColumnTransformer(
        [
            ("words", TfidfVectorizer(**every_view, **by_word, ngram_range=(1, 2)), 0),
            ("near", TfidfVectorizer(**every_view, **by_word), 1),
            ("plain", TfidfVectorizer(**every_view, **by_character), 2),
        ]
    )


def regression() -> Any:
    """What learns labels from features; balanced: the rare label is what a dataset of stances is made for."""
    return LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=MOST_ITERATIONS)


def scores(estimator: Any, examples: Sequence[StanceExample]) -> list[tuple[tuple[float, ...], bool]]:
    """The unnormalised score of each label, and whether the text has a word that the model knows."""
    return scorer(estimator).scores(examples)


def scorer(estimator: Any) -> Scorer:
    """What scores examples by an estimator."""
    transformer, learned = estimator.named_steps["views"], estimator.named_steps["regression"]
    weights, intercept = learned.coef_, learned.intercept_
    if len(weights) == 1:  # of two labels, scikit-learn keeps the weights of the second
        weights, intercept = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, intercept[0]])
    seen = {}
    for view in VIEWS:
        vectorizer = transformer.named_transformers_[view]
        own = np.ascontiguousarray(weights[:, transformer.output_indices_[view]])
        seen[view] = View(vectorizer.vocabulary_, vectorizer.idf_, own)
    terms_of_a_word = transformer.named_transformers_["plain"].build_analyzer()
    return Scorer(seen["words"], seen["near"], seen["plain"], intercept, terms_of_a_word)


def fingerprint(estimator: Any) -> str:
    """The hash of what an estimator has learned: features, their weights, nothing of how it is stored."""
    transformer, regression = estimator.named_steps["views"], estimator.named_steps["regression"]
    learned: list[Any] = [_rounded(regression.coef_), _rounded(regression.intercept_)]
    for view in VIEWS:
        vectorizer = transformer.named_transformers_[view]
        learned.append(sorted((str(term), int(column)) for term, column in vectorizer.vocabulary_.items()))
        learned.append(_rounded(vectorizer.idf_))
    return sha256(json.dumps(learned, ensure_ascii=True).encode())


def save(estimator: Any, folder: Path) -> None:
    """Writes the weights into a folder."""
    skops.io.dump(estimator, folder / WEIGHTS, compression=zipfile.ZIP_DEFLATED)


def load(folder: Path) -> LinearClassifier:
    """The classifier that a folder holds.

    Raises:
        ModelError: the weights are missing, damaged, of a type that is not trusted, or not those
            that the description tells of.
    """
    description = read_description(folder)
    path = folder / WEIGHTS
    try:
        estimator = skops.io.load(path, trusted=TRUSTED_TYPES)
    except UntrustedTypesFoundException as error:
        raise ModelError(f"{path}: holds types that are not trusted: {error}") from error
    except (OSError, zipfile.BadZipFile, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"{path}: cannot be read: {error}{_versions(description)}") from error
    try:
        found = fingerprint(estimator)
    except (AttributeError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: is not a linear stance model ({error})") from error
    if found != description.fingerprint:
        raise ModelError(
            f"{path}: is damaged or of another model: fingerprint {found[:12]}, not "
            f"{description.fingerprint[:12]} as the description says"
        )
    return LinearClassifier(
        description.name, description.labels, description.temperature, estimator, scorer(estimator)
    )


def libraries() -> dict[str, str]:
    """The versions of the libraries that weights are written with."""
    return {name: version(name) for name in ("scikit-learn", "skops")}


def columns(examples: Sequence[StanceExample]) -> Any:
    """The views of examples, shape (examples, views)."""
    found = np.empty((len(examples), len(VIEWS)), dtype=object)
    for row, example in enumerate(examples):
        seen = views(example)
        found[row] = [getattr(seen, view) for view in VIEWS]
    return found


def _rounded(numbers: Any) -> list[Any]:
    rounded: list[Any] = np.round(np.asarray(numbers) * 10**DECIMALS).astype(np.int64).tolist()
    return rounded


def _versions(description: ModelDescription) -> str:
    here = libraries()
    differing = [
        f"{name} {version}, here {here[name]}"
        for name, version in description.libraries.items()
        if here.get(name, version) != version
    ]
    return f" (written with {'; '.join(differing)})" if differing else ""
