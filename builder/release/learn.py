"""Training the stance classifier from a release: what people labelled in it is all that it takes."""

from pathlib import Path

from builder.errors import ReleaseError
from builder.release.examples import find_source, stance_labels, stance_rows
from builder.stance.description import ModelDescription
from builder.stance.examples import LabelledExample, to_example
from builder.stance.train import Fit, train_on


def train_stance(
    reference: str,
    revision: str | None,
    output: Path,
    seed: int = 0,
    notes: str = "",
    fit: Fit = train_on,
) -> ModelDescription:
    """Trains a model on the stances of a release and writes its folder; its card names the revision.

    Raises:
        UsageError: the reference is none, a label has too few examples, or `output` cannot be written.
        ReleaseError: there is no such release, it was changed, or it holds nothing to learn from.
    """
    source = find_source(reference, revision)
    labelled = []
    for row in stance_rows(source.folder):
        try:
            labelled.append(LabelledExample(to_example(row), row["label"]))
        except ValueError as error:
            raise ReleaseError(f"{reference}: row {row['id']}: {error}") from error
    return fit(labelled, source.told, output, stance_labels(source.folder), seed, notes)
