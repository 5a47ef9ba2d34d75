"""Training the linear classifier from labelled examples, with figures on examples it did not see.

Every example is held out once (cross-fitting): its scores come from a model that was trained on the
other folds, and its calibrated probabilities from a temperature that was fitted on the other folds'
held-out scores. The model that is kept is trained on all examples.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from builder.engine.workspace import make_folder, write_atomically
from builder.errors import UsageError
from builder.ids import sha256
from builder.measure import accuracy, expected_calibration_error, macro_f1
from builder.stance import linear
from builder.stance.calibrate import fit_temperature, softmax
from builder.stance.card import model_card
from builder.stance.description import ModelDescription, write_description
from builder.stance.examples import Aggregate, LabelledExample, content_hash, read_labelled

FOLDS = 5
FEWEST_PER_LABEL = 10  # two a fold; with fewer, a held-out figure means nothing

Scores = list[tuple[float, ...]]
# What makes a model: of examples, where they are from, its folder, the labels, a seed, notes for its card.
Fit = Callable[[Sequence[LabelledExample], str, Path, Sequence[str], int, str], ModelDescription]


def train(
    examples_jsonl: Path,
    output: Path,
    labels: Sequence[str],
    seed: int = 0,
    notes: str = "",
    fit: Fit | None = None,
    aggregate: Aggregate | None = None,
) -> ModelDescription:
    """Trains a model from labelled JSONL and writes it to a folder: weights, card, description.

    The same examples and the same seed give the same fingerprint. `seed` draws the folds; `notes`
    is Markdown for the end of the card. `fit` makes the model: `train_on`, if none is given. `aggregate` is
    as for `read_labelled`.

    Raises:
        UsageError: `labels` are no scheme, a line of the file is wrong, a label has too few examples
            or too few different texts, or `output` cannot be written or holds something else.
    """
    _check_labels(labels)
    labelled = read_labelled(examples_jsonl, labels, aggregate)
    return (fit or train_on)(labelled, examples_jsonl.name, output, labels, seed, notes)


def train_on(
    labelled: Sequence[LabelledExample],
    source: str,
    output: Path,
    labels: Sequence[str],
    seed: int = 0,
    notes: str = "",
) -> ModelDescription:
    """As `train`, from examples that are read already; the card says that they are from `source`."""
    check_enough(labelled, labels, source)
    check_output(output, linear.WEIGHTS)
    folds = deal_folds(labelled, seed)
    _check_folds(labelled, folds, labels, source)
    gold = [labels.index(one.label) for one in labelled]
    held_out = _held_out_scores(labelled, folds, labels)
    estimator = linear.fit(labelled, labels)
    description = ModelDescription(
        kind=linear.KIND,
        labels=tuple(labels),
        fingerprint=linear.fingerprint(estimator),
        temperature=round(fit_temperature(held_out, gold), 4),
        seed=seed,
        data=content_hash(labelled),
        source=source,
        examples={label: Counter(one.label for one in labelled)[label] for label in labels},
        figures=_figures(held_out, gold, folds, labels),
        libraries=linear.libraries(),
    )
    make_folder(output)
    linear.save(estimator, output)
    write_atomically(output / "README.md", model_card(description, FOLDS, notes).encode())
    write_description(description, output)
    return description


def deal_folds(labelled: Sequence[LabelledExample], seed: int) -> list[int]:
    """The fold of each example: labels spread evenly, all examples of one text in one fold."""
    label_of = {one.example.text: one.label for one in reversed(labelled)}
    texts = sorted(
        label_of, key=lambda text: (label_of[text], sha256(f"{seed}:{text}".encode("utf-8", "surrogatepass")))
    )
    fold_of = {text: place % FOLDS for place, text in enumerate(texts)}
    return [fold_of[one.example.text] for one in labelled]


def _held_out_scores(
    labelled: Sequence[LabelledExample], folds: Sequence[int], labels: Sequence[str]
) -> Scores:
    scores: Scores = [()] * len(labelled)
    for fold in range(FOLDS):
        rest = [one for one, own in zip(labelled, folds, strict=True) if own != fold]
        held_out = [at for at, own in enumerate(folds) if own == fold]
        estimator = linear.fit(rest, labels)
        found = linear.scores(estimator, [labelled[at].example for at in held_out])
        for at, (row, _) in zip(held_out, found, strict=True):
            scores[at] = row
    return scores


def _figures(
    scores: Scores, gold: Sequence[int], folds: Sequence[int], labels: Sequence[str]
) -> dict[str, float]:
    temperatures = []
    for fold in range(FOLDS):
        rest = [at for at, own in enumerate(folds) if own != fold]
        temperatures.append(fit_temperature([scores[at] for at in rest], [gold[at] for at in rest]))
    rows = [softmax(row, temperatures[fold]) for row, fold in zip(scores, folds, strict=True)]
    chosen = [row.index(max(row)) for row in rows]
    right = [labels[one] for one in gold]
    answers = [labels[one] for one in chosen]
    correct = [one == ours for one, ours in zip(gold, chosen, strict=True)]
    return {
        "macro_f1": round(macro_f1(right, answers), 4),
        "accuracy": round(accuracy(right, answers), 4),
        "ece": round(expected_calibration_error([max(row) for row in rows], correct), 4),
    }


def _check_labels(labels: Sequence[str]) -> None:
    if len(labels) < 2 or len(set(labels)) < len(labels) or not all(label.strip() for label in labels):
        raise UsageError(f"a label scheme has two labels or more, all different (got {', '.join(labels)!r})")


def check_enough(labelled: Sequence[LabelledExample], labels: Sequence[str], source: str) -> None:
    """Raises `UsageError` if a label has too few examples to learn from and hold some out."""
    counts = Counter(one.label for one in labelled)
    for label in labels:
        if counts[label] < FEWEST_PER_LABEL:
            raise UsageError(
                f"{source}: {counts[label]} examples are labelled {label!r}; "
                f"at least {FEWEST_PER_LABEL} are needed"
            )


def _check_folds(
    labelled: Sequence[LabelledExample], folds: Sequence[int], labels: Sequence[str], source: str
) -> None:
    for label in labels:
        if len({fold for one, fold in zip(labelled, folds, strict=True) if one.label == label}) < 2:
            raise UsageError(
                f"{source}: the examples labelled {label!r} have too few different texts to hold any out"
            )


def check_output(output: Path, weights: str) -> None:
    """Raises `UsageError` if a folder for a model is a file, or holds things but no file of such weights."""
    if output.is_file():
        raise UsageError(f"{output}: is a file; name a folder for the model")
    if output.is_dir() and any(output.iterdir()) and not (output / weights).is_file():
        raise UsageError(f"{output}: holds something that is not a model; name another folder")
