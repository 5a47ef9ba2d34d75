"""What a larger encoder answers to pairs, as what a smaller one learns of them: knowledge distillation.

The answer to a pair that people labelled is mixed with their label. A pair that nobody labelled teaches the
answer alone, so that the smaller encoder sees many more quotations than people ever read.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.ids import sha256
from builder.inference import by_size
from builder.records import Probability, rounded
from builder.release.examples import UNLABELLED, find_source, unlabelled_rows
from builder.stance.examples import LabelledExample, content_hash, from_beliefs, to_example
from builder.tokenization import Tokenizer
from builder.training.checkpoints import kept, weights_hash
from builder.training.config import StanceTraining
from builder.training.encoders import in_bf16
from builder.training.stance_data import Collator, Corpus, lessons_of, shares_of
from builder.training.stance_network import IMPOSSIBLE, StanceNetwork


def pool_of(release: Path, labels: Sequence[str], licence: str) -> Corpus:
    """The pairs of a release that have no label, as a corpus.

    Raises:
        UsageError: the reference is none.
        ReleaseError: there is no such release, it was changed, or every pair has a label.
    """
    source = find_source(str(release), None)
    pairs = [LabelledExample(to_example(row), "") for row in unlabelled_rows(source.folder)]
    told = f"{licence or 'as its owner says'}; the pairs without a label of {source.told}"
    return Corpus(UNLABELLED, pairs, (), tuple(labels), told)


class Teacher:
    """A network that has learnt, and the tokenizer that it reads with."""

    def __init__(self, network: StanceNetwork, tokenizer: Tokenizer, config: StanceTraining) -> None:
        """Takes the settings that it was trained with."""
        self._network, self._tokenizer, self._config = network.eval(), tokenizer, config

    def taught(self, corpus: Corpus, share: float, checkpoints: Path | None = None) -> Corpus:
        """The corpus with beliefs instead of labels: `share` of them the answers, the rest the labels.

        Answers are kept in `checkpoints`, if that is given, and looked up there.
        """
        key = sha256(f"{self._weights} {content_hash(corpus.train)} {corpus.labels}".encode())
        answers = kept(checkpoints, f"answers-{corpus.name}", key, lambda: {"answers": self.answers(corpus)})[
            "answers"
        ]
        learnt = [
            _mixed(one, self._config.labels, row, share if one.label else 1.0)
            for one, row in zip(corpus.train, answers.tolist(), strict=True)
        ]
        return replace(corpus, train=learnt)

    @cached_property
    def _weights(self) -> str:
        """A hash of what the network has learnt."""
        return weights_hash(self._network)

    def answers(self, corpus: Corpus) -> Tensor:
        """The probability of each label for each pair to learn from, shape (pairs, labels)."""
        config = self._config
        lessons = lessons_of(corpus.train, config.labels, corpus.labels, self._tokenizer, config.tokens)
        found = torch.zeros(len(lessons), len(config.labels))
        device = next(self._network.parameters()).device
        collate = Collator(self._tokenizer.mask, 0.0, config.seed)
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=in_bf16(config.bf16)):
            lengths = [len(one.sequence.tokens) for one in lessons]
            for size, same in by_size(range(len(lessons)), lengths.__getitem__):
                for numbers in batched(same, max(1, config.batch_tokens // size)):
                    batch = collate([[lessons[number] for number in numbers]])
                    read = {name: value.to(device) for name, value in batch.items()}
                    scores = self._network.scores(read["tokens"], read["attention"], read["parts"]).float()
                    found[numbers] = torch.softmax(scores.masked_fill(~read["possible"], IMPOSSIBLE), 1).cpu()
        return found


def _mixed(
    labelled: LabelledExample, labels: Sequence[str], answer: Sequence[float], share: float
) -> LabelledExample:
    """A pair with the beliefs that come of its label, or of people's votes, and of an answer."""
    before = dict(zip(labels, shares_of(labelled, labels), strict=True))
    believed = [
        Probability(label, rounded(share * probability + (1 - share) * before[label]))
        for label, probability in zip(labels, answer, strict=True)
    ]
    found = from_beliefs(labelled.example, believed)
    if found is None:
        raise UsageError("teacher: its answers are no numbers; let it learn at lower rates")
    return found
