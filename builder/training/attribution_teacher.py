"""What a larger network answers to windows of articles, which teaches a smaller one beside annotations.

Knowledge distillation (Hinton et al. 2015, https://arxiv.org/abs/1503.02531). Of a chain the teacher gives
how probable each state is and how many steps of each kind there are: a cross-entropy needs no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.engine.workspace import batched
from builder.errors import UsageError
from builder.inference import by_size
from builder.quotes.attributions import MARGIN
from builder.quotes.states import STATES, TAGS
from builder.training.attribution_data import Answer, Example, annotated, links, windows_of
from builder.training.attribution_network import AttributionNetwork
from builder.training.averaging import Weights
from builder.training.encoders import in_bf16

Floats = NDArray[np.float32]


# The least probability of an anchor in a text that nobody annotated: what it is linked to is learnt, too.
LEAST_ANCHOR = 0.2


def answers(
    network: AttributionNetwork, examples: Sequence[Example], batch_tokens: int, bf16: bool
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


def _answered(network: AttributionNetwork, some: Sequence[Example], bf16: bool) -> Iterator[Answer]:
    device = next(network.parameters()).device
    batch = {name: value.to(device) for name, value in windows_of(some).items()}
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=in_bf16(bf16)):
        tags, anchors, as_anchor, as_word = network.read(batch)
        tags, anchors = tags.float().softmax(2).cpu(), anchors.float().sigmoid().cpu()
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
        yield Answer(
            tags[row, :words].numpy(),
            anchors[row, :words].numpy(),
            tuple(states[:seen] for (states, _), seen in own),
            tuple(moves for (_, moves), _ in own),
        )


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
