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
from builder.quotes.states import STATES, TAGS, around
from builder.training.attribution_data import Answer, Collator, Example
from builder.training.attribution_network import AttributionNetwork
from builder.training.averaging import Weights

Floats = NDArray[np.float32]


def answers(
    network: AttributionNetwork, examples: Sequence[Example], batch_tokens: int, bf16: bool
) -> Weights:
    """What a network answers to examples: each kind of number as a tensor, in the order of the examples.

    Shapes: tags (words, TAGS), anchors (words), states (places, STATES), moves (anchors, STATES, STATES).
    """
    network.eval()
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
    collated = Collator(mask=0, hidden_share=0.0, seed=0)([some])
    batch = {name: value.to(device) for name, value in collated.items()}
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        tags, anchors, as_anchor, as_word = network.read(batch)
        emissions = network.linked(as_anchor, as_word, batch) if len(batch["row"]) else None
    tags, anchors = tags.float().softmax(2).cpu(), anchors.float().sigmoid().cpu()
    links: Iterator[tuple[Floats, Floats]] = iter(())
    if emissions is not None:
        states, moves = network.chain.expected(emissions.float(), batch["inside"])
        links = zip(states.cpu().numpy(), moves.cpu().numpy(), strict=True)
    for row, one in enumerate(some):
        words = len(one.tags)
        own = [(states[:seen], moves) for seen, (states, moves) in zip(_seen(one), links, strict=False)]
        yield Answer(
            tags[row, :words].numpy(),
            anchors[row, :words].numpy(),
            tuple(states for states, _ in own),
            tuple(moves for _, moves in own),
        )


def _seen(one: Example) -> list[int]:
    """How many words each anchor sees."""
    places = [around(anchor, len(one.tags)) for anchor in one.anchors]
    return [place.stop - place.start for place in places]


def _joined(some: Sequence[Floats], shape: tuple[int, ...]) -> Tensor:
    return torch.from_numpy(np.concatenate([np.zeros((0, *shape), dtype=np.float32), *some]))


def taught(examples: Sequence[Example], answered: Weights) -> list[Example]:
    """The examples with what `answers` has given for them.

    Raises:
        UsageError: the answers are no numbers.
    """
    if not all(tensor.isfinite().all() for tensor in answered.values()):
        raise UsageError("teacher: its answers are no numbers; let it learn at lower rates")
    words = [len(one.tags) for one in examples]
    seen = [_seen(one) for one in examples]
    tags, anchors = (_parts(answered[name], words) for name in ("tags", "anchors"))
    states = _parts(answered["states"], list(chain.from_iterable(seen)))
    moves = iter(answered["moves"].numpy())
    given = [
        Answer(next(tags), next(anchors), tuple(islice(states, len(one))), tuple(islice(moves, len(one))))
        for one in seen
    ]
    return [replace(one, answer=answer) for one, answer in zip(examples, given, strict=True)]


def _parts(whole: Tensor, counts: Sequence[int]) -> Iterator[Floats]:
    """A tensor's rows, so many at a time."""
    return iter(np.split(whole.numpy(), np.cumsum(counts[:-1])) if counts else ())
