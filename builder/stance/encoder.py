"""The classifier for many labels: an encoder that reads target, speaker and passage together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from builder.engine.workspace import batched
from builder.errors import ModelError
from builder.ids import sha256
from builder.inference import Graph, by_size
from builder.quotes.encoding import padded
from builder.stance.description import EncoderSettings, read_description
from builder.stance.encoding import Encoded, encode
from builder.stance.examples import StanceExample
from builder.stance.forms import form_of
from builder.tokenization import Tokenizer

KIND = "encoder"
WEIGHTS = "encoder.onnx"
AT_ONCE = 512  # examples that are tokenized together


@dataclass(frozen=True, slots=True)
class EncoderClassifier:
    """A model that is loaded; its name tells the weights and the arithmetic, which both move figures."""

    name: str
    labels: tuple[str, ...]
    settings: EncoderSettings
    tokenizer: Tokenizer
    graph: Graph

    def probabilities(
        self, examples: Sequence[StanceExample], among: Sequence[str] | None = None
    ) -> list[tuple[float, ...]]:
        """The probability of each label, calibrated for a choice of all or `among` some."""
        calibration = self.settings.calibration
        choice = among is not None and len(among) < len(self.labels)
        return [
            calibration.probabilities(scores, form_of(one, choice))
            for one, scores in zip(examples, self.scores(examples), strict=True)
        ]

    def scores(self, examples: Sequence[StanceExample]) -> list[tuple[float, ...]]:
        """The unnormalised score of each label."""
        found: list[tuple[float, ...]] = []
        for some in batched(examples, AT_ONCE):
            found += self._scores(encode(some, self.tokenizer, self.settings.read_tokens))
        return found

    def _scores(self, sequences: Sequence[Encoded]) -> list[tuple[float, ...]]:
        found: list[tuple[float, ...]] = [()] * len(sequences)
        lengths = [len(one.tokens) for one in sequences]
        for size, same in by_size(range(len(sequences)), lengths.__getitem__):
            for batch in batched(same, max(1, self.settings.batch_tokens // size)):
                chosen = [sequences[number] for number in batch]
                (scores,) = self.graph.run(
                    [
                        padded([one.tokens for one in chosen], size),
                        padded([np.ones_like(one.tokens) for one in chosen], size),
                        padded([one.parts for one in chosen], size),
                    ]
                )
                for number, row in zip(batch, scores.tolist(), strict=True):
                    found[number] = tuple(row)
        return found


@cache
def load(folder: Path) -> EncoderClassifier:
    """The classifier that a folder holds; each process loads it once.

    Raises:
        ModelError: a file is missing, damaged, or not the one that the description tells of.
    """
    description = read_description(folder)
    path = folder / WEIGHTS
    if description.encoder is None:
        raise ModelError(f"{folder}: its description lacks what an encoder needs; train the model again")
    try:
        found = sha256(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    if found != description.fingerprint:
        raise ModelError(
            f"{path}: is damaged or of another model: fingerprint {found[:12]}, not "
            f"{description.fingerprint[:12]} as the description says"
        )
    graph = Graph(path)
    return EncoderClassifier(
        f"{description.name}-{graph.arithmetic}",
        description.labels,
        description.encoder,
        Tokenizer(folder),
        graph,
    )
