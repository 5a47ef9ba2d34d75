"""An encoder that learns from the labels that are shown, for `python -m eval active-learning`."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace

from builder.stance.examples import LabelledExample, StanceExample
from builder.training.config import StanceStage, StanceTraining
from builder.training.encoders import tokenizer_of
from builder.training.stance import train_network
from builder.training.stance_data import Corpus
from builder.training.stance_teacher import Teacher

from .learners import Floats, Model, Numbers

CORPUS = "shown"
LEAST_PASSES = 3.0
LEAST_LESSONS = 1000  # that are learnt from, however few the labels: some seventy steps
ENCODER_RATE, HEAD_RATE = 1e-4, 1e-3
BATCH_TOKENS = 1024


class EncoderLearner:
    """A cross-encoder that is trained anew each time, from a pretrained one that has seen no stance."""

    def __init__(
        self, examples: Sequence[StanceExample], labels: Sequence[str], scheme: Sequence[str], encoder: str
    ) -> None:
        """Takes all examples, the `labels` of those that can be shown, which come first, and the encoder."""
        known = [*labels, *[""] * (len(examples) - len(labels))]
        self._examples = [LabelledExample(one, label) for one, label in zip(examples, known, strict=True)]
        self._settings = StanceTraining(
            encoder=encoder,
            labels=tuple(scheme),
            corpora=(),
            stages=(
                StanceStage(passes={CORPUS: LEAST_PASSES}, encoder_rate=ENCODER_RATE, head_rate=HEAD_RATE),
            ),
            batch_tokens=BATCH_TOKENS,
            bf16=True,
        )

    def learn(self, shown: Sequence[int]) -> Model:
        """As `Learner`."""
        passes = {CORPUS: max(LEAST_PASSES, LEAST_LESSONS / len(shown))}
        stages = tuple(one.model_copy(update={"passes": passes}) for one in self._settings.stages)
        settings = self._settings.model_copy(update={"stages": stages})
        corpus = Corpus(CORPUS, [self._examples[at] for at in shown], (), settings.labels, "")
        with redirect_stdout(sys.stderr):  # where transformers' log belongs
            network = train_network(settings, [corpus])
        trained = Teacher(network, tokenizer_of(settings.encoder_name()), settings)

        def probabilities(places: Numbers) -> Floats:
            asked = replace(corpus, train=[self._examples[at] for at in places])
            return trained.answers(asked).double().numpy()

        return probabilities
