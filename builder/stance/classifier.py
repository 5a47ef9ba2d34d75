"""What every stance classifier offers, and how one is loaded."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import builder
from builder.config import StanceConfig
from builder.errors import ModelError
from builder.stance import encoder, linear
from builder.stance.description import read_description
from builder.stance.examples import StanceExample

__all__ = ["SHIPPED", "StanceClassifier", "StanceExample", "load_classifier", "model_folder"]

# The models that ship, by the name that a configuration calls them by.
_MODELS = Path(builder.__file__).parent / "models"
DEFAULT = "default"
SHIPPED = {name: _MODELS / f"stance-{name}" for name in ("default", "research", "linear")}


class StanceClassifier(Protocol):
    """Anything that gives each label of a scheme a probability.

    `name` tells one model from another in records. Where a classifier knows nothing about an
    example, all its labels are equally probable.
    """

    @property
    def name(self) -> str:
        """The name that records carry."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the probabilities."""

    def probabilities(
        self, examples: Sequence[StanceExample], among: Sequence[str] | None = None
    ) -> list[tuple[float, ...]]:
        """One tuple per example, one probability per label, summing to 1.

        `among` are the labels that there is a choice of, where it is not all: what is said of them to each
        other is calibrated for that.
        """


def model_folder(config: StanceConfig, base: Path) -> Path:
    """Where the configured model lies: one that ships, by its name, or a folder relative to `base`."""
    return SHIPPED.get(str(config.model or DEFAULT)) or base / str(config.model)


def terms_of(config: StanceConfig, base: Path) -> str:
    """What the licences of the configured model's data ask of whoever uses it; empty if nothing.

    Raises:
        ModelError: the folder is no model, or its description is damaged.
    """
    return read_description(model_folder(config, base)).terms


def load_classifier(config: StanceConfig, folder: Path) -> StanceClassifier:
    """The classifier of a folder that `quotestance train stance` wrote.

    Raises:
        ModelError: the folder is no model, is damaged, or was made for other labels than configured.
    """
    description = read_description(folder)
    if set(description.labels) != set(config.labels):
        raise ModelError(
            f"{folder}: was made for the labels {', '.join(description.labels)}, "
            f"but the configuration asks for {', '.join(config.labels)}"
        )
    if description.kind not in _LOADERS:
        raise ModelError(f"{folder}: is a model of the unknown kind {description.kind!r}")
    return _LOADERS[description.kind](folder)


_LOADERS: Mapping[str, Callable[[Path], StanceClassifier]] = {
    linear.KIND: linear.load,
    encoder.KIND: encoder.load,
}
