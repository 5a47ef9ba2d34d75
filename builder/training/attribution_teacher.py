"""What a larger network answers to windows of articles, which teaches a smaller one beside annotations.

Knowledge distillation (Hinton et al. 2015, https://arxiv.org/abs/1503.02531). Of a chain the teacher gives
how probable each state is and how many steps of each kind there are: a cross-entropy needs no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.inference import by_size
from builder.quotes.attributions import MARGIN, AttributionModel
from builder.quotes.states import (
    ALLOWED,
    CONTENT,
    CONTENT_BEGINS,
    CUE,
    SOURCE,
    SOURCE_BEGINS,
    STATES,
    TAGS,
)
from builder.training.attribution_data import Answer, Example, annotated, links, windows_of
from builder.training.attribution_network import AttributionNetwork, to_link, to_read
from builder.training.averaging import Weights
from builder.training.chain import Chain
from builder.training.encoders import in_bf16

Floats = NDArray[np.float32]


# The least probability of an anchor in a text that nobody annotated: what it is linked to is learnt, too.
LEAST_ANCHOR = 0.2


class FinishedNetwork(nn.Module):
    """The graphs of a model that is finished, which answer as a network does; tags they have none."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self._model = model
        self.chain = Chain(torch.tensor(ALLOWED))
        self.chain.transitions.data.copy_(torch.from_numpy(model.transitions))

    def read(self, batch: Mapping[str, Tensor]) -> tuple[None, Tensor, Tensor, Tensor]:
        """As `AttributionNetwork.read`."""
        found = self._model.read(*(one.cpu().numpy() for one in to_read(batch)))
        anchors, as_anchor, as_word = (torch.from_numpy(one) for one in found)
        return None, anchors, as_anchor, as_word

    def linked(self, as_anchor: Tensor, as_word: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
        """As `AttributionNetwork.linked`."""
        taken = to_link(as_anchor, as_word, {name: one.cpu() for name, one in batch.items()})
        emissions = self._model.link(*(one.numpy() for one in taken))
        return torch.from_numpy(emissions).to(self.chain.transitions.device)


def answers(
    network: AttributionNetwork | FinishedNetwork, examples: Sequence[Example], batch_tokens: int, bf16: bool
) -> Weights:
    """What a network answers to examples: each kind of number as a tensor, in the order of the examples.

    Where nobody annotated one, the anchors are the network's own. Shapes: tags (words, TAGS), anchors
    (words), states (places, STATES), moves (anchors, STATES, STATES).
    """
    network.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    found: dict[int, Answer] = {}
    lengths = [len(one.window.tokens) for one in examples]
    for size, same in by_size(range(len(examples)), lengths.__getitem__):
        for numbers in batched(same, max(1, batch_tokens // size)):
            some = [examples[number] for number in numbers]
            found.update(zip(numbers, _answered(network, some, bf16), strict=True))
    ordered = [found[number] for number in range(len(examples))]
    return {
        "tags": _joined([one.tags for one in ordered], (TAGS,)),
        "anchors": _joined([one.anchors for one in ordered], ()),
        "states": _joined([states for one in ordered for states in one.states], (STATES,)),
        "moves": _joined([moves[np.newaxis] for one in ordered for moves in one.moves], (STATES, STATES)),
    }


def _answered(
    network: AttributionNetwork | FinishedNetwork, some: Sequence[Example], bf16: bool
) -> Iterator[Answer]:
    device = next(network.parameters()).device
    batch = {name: value.to(device) for name, value in windows_of(some).items()}
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=in_bf16(bf16)):
        tags, anchors, as_anchor, as_word = network.read(batch)
        anchors = anchors.float().sigmoid().cpu()
        some = [_with_anchors(one, row) for one, row in zip(some, anchors.numpy(), strict=True)]
        batch = {name: value.to(device) for name, value in links(some, MARGIN).items()}
        emissions = network.linked(as_anchor, as_word, batch) if len(batch["row"]) else None
    linked: Iterator[tuple[Floats, Floats]] = iter(())
    if emissions is not None:
        states, moves = network.chain.expected(emissions.float(), batch["inside"])
        linked = zip(states.cpu().numpy(), moves.cpu().numpy(), strict=True)
    for row, one in enumerate(some):
        words = len(one.tags)
        own = [(next(linked), place.stop - place.start) for place in one.seen()]
        seen = tuple(states[:length] for (states, _), length in own)
        yield Answer(
            _tags(one, seen) if tags is None else tags[row, :words].float().softmax(1).cpu().numpy(),
            anchors[row, :words].numpy(),
            seen,
            tuple(moves for (_, moves), _ in own),
        )


def _tags(one: Example, states: Sequence[Floats]) -> Floats:
    """The tags of words by the states that they have toward all anchors: of each the most probable."""
    found = np.zeros((len(one.tags), TAGS), dtype=np.float32)
    for place, seen in zip(one.seen(), states, strict=True):
        cue = seen[:, CUE]
        goes_on = np.concatenate([[np.float32(0.0)], np.minimum(cue[:-1], cue[1:])])
        columns = (CONTENT_BEGINS, CONTENT, SOURCE_BEGINS, SOURCE)
        toward = np.column_stack([*(seen[:, column] for column in columns), cue - goes_on, goes_on])
        found[place, 1:] = np.maximum(found[place, 1:], toward)
    found[:, 1:] /= np.maximum(found[:, 1:].sum(1, keepdims=True), 1.0)
    found[:, 0] = 1.0 - found[:, 1:].sum(1)
    return found


def _with_anchors(one: Example, probabilities: Floats) -> Example:
    """The example; if nobody annotated it, with the anchors that a network finds in it."""
    if one.annotated:
        return one
    anchors = np.flatnonzero(probabilities[: len(one.tags)] >= LEAST_ANCHOR)
    return replace(one, anchors=tuple(map(int, anchors)))


def _joined(some: Sequence[Floats], shape: tuple[int, ...]) -> Tensor:
    return torch.from_numpy(np.concatenate([np.zeros((0, *shape), dtype=np.float32), *some]))


def taught(examples: Sequence[Example], answered: Weights, share: float) -> list[Example]:
    """The examples with what `answers` has given for them.

    That is `share` of what they teach, and the rest what people annotated; it is all of what nobody did.

    Raises:
        UsageError: the answers are no numbers.
    """
    if not all(tensor.isfinite().all() for tensor in answered.values()):
        raise UsageError("teacher: its answers are no numbers; let it learn at lower rates")
    words = [len(one.tags) for one in examples]
    tags, anchors = (_parts(answered[name], words) for name in ("tags", "anchors"))
    found = [_with_anchors(one, own) for one, own in zip(examples, anchors, strict=True)]
    seen = [[place.stop - place.start for place in one.seen()] for one in found]
    states = iter(_parts(answered["states"], list(chain.from_iterable(seen))))
    moves = iter(answered["moves"].numpy())
    given = [
        Answer(tag, anchor, tuple(islice(states, len(one))), tuple(islice(moves, len(one))))
        for tag, anchor, one in zip(tags, anchors, seen, strict=True)
    ]
    return [
        replace(one, answer=_mixed(annotated(one), answer, share) if one.annotated else answer)
        for one, answer in zip(found, given, strict=True)
    ]


def _parts(whole: Tensor, counts: Sequence[int]) -> list[Floats]:
    """A tensor's rows, so many at a time."""
    return np.split(whole.numpy(), np.cumsum(counts[:-1])) if counts else []


def _mixed(mine: Answer, other: Answer, share: float) -> Answer:
    """The mean of two answers, `share` of it the other's."""

    def mean(one: Floats, two: Floats) -> Floats:
        return one + np.float32(share) * (two - one)

    return Answer(
        mean(mine.tags, other.tags),
        mean(mine.anchors, other.anchors),
        tuple(map(mean, mine.states, other.states)),
        tuple(map(mean, mine.moves, other.moves)),
    )
