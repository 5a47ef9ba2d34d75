"""What an encoder reads of an example: one sequence of tokens, each with the part that it plays.

A sequence is target, speaker, passage. The passage is the context with the quotation in it, so that
neither is read twice; a context that does not hold the quotation stands before it. The words that
name the target are a part of their own, in the quotation and around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.quotes.wording import BETWEEN_PARTS
from builder.records import Span
from builder.stance.examples import StanceExample
from builder.stance.features import name_spans
from builder.tokenization import Tokenizer

Numbers = NDArray[np.int64]

# The parts of a sequence; a mention is a word that names the target.
FRAME, TARGET, SPEAKER, QUOTATION, CONTEXT, MENTION, CONTEXT_MENTION = range(7)
PARTS = 7

MOST_TARGET, MOST_SPEAKER = 48, 24  # tokens; a target may be a whole claim
FRAMES = 4  # special tokens: before, behind, and two between
CHARACTERS = 8  # a token has fewer on average; what lies further out is cut off before it costs time


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of an example and the part that each of them plays, shapes (tokens,)."""

    tokens: Numbers
    parts: Numbers


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read of context and quotation, with the spans of the quotation and of the target's names."""

    text: str
    quotation: tuple[Span, ...]
    mentions: tuple[Span, ...]


def encode(examples: Sequence[StanceExample], tokenizer: Tokenizer, limit: int) -> list[Encoded]:
    """The sequence of each example, of at most `limit` tokens.

    A passage that is too long keeps the beginning of its quotation, and as much on either side.
    """
    passages = [passage_of(one, limit * CHARACTERS) for one in examples]
    targets = tokenizer.encode([one.target[: MOST_TARGET * CHARACTERS] for one in examples])
    speakers = tokenizer.encode([one.speaker[: MOST_SPEAKER * CHARACTERS] for one in examples])
    read = tokenizer.encode([one.text for one in passages])
    return [
        _sequence(target, speaker, tokens, _parts(offsets, passage), tokenizer, limit)
        for (target, _), (speaker, _), (tokens, offsets), passage in zip(
            targets, speakers, read, passages, strict=True
        )
    ]


def passage_of(example: StanceExample, around: int) -> Passage:
    """The passage of an example, with at most `around` characters of context on either side."""
    places = _places(example)
    if places:
        whole, quotation = example.context, places
        mentions = [_moved(span, example, places) for span in example.mentions]
    else:
        before = f"{example.context[-around:]}\n" if example.context else ""
        whole = before + example.text
        quotation = (Span(len(before), len(whole)),)
        mentions = [Span(one.start + len(before), one.end + len(before)) for one in example.mentions]
    low = max(0, quotation[0].start - around)
    high = min(len(whole), quotation[0].start + around, quotation[-1].end + around)
    text = whole[low:high]
    named = {*name_spans(text, example.target), *(Span(one.start - low, one.end - low) for one in mentions)}
    return Passage(
        text, tuple(Span(one.start - low, one.end - low) for one in quotation), tuple(sorted(named))
    )


def _places(example: StanceExample) -> tuple[Span, ...]:
    """Where the parts of the text stand in the context, one after the other; none if not all do."""
    places, start = [], 0
    for part in example.text.split(BETWEEN_PARTS):
        at = example.context.find(part, start)
        if at < 0 or not part:
            return ()
        start = at + len(part)
        places.append(Span(at, start))
    return tuple(places)


def _moved(mention: Span, example: StanceExample, places: Sequence[Span]) -> Span:
    """A span of the text as one of the context."""
    shift = 0
    for place in places:
        length = place.end - place.start
        if mention.start < shift + length:
            break
        shift += length + len(BETWEEN_PARTS)
    return Span(mention.start - shift + place.start, mention.end - shift + place.start)


def _parts(offsets: Numbers, passage: Passage) -> Numbers:
    """The part of each token of a passage."""
    quoted = _touched(offsets, passage.quotation)
    named = _touched(offsets, passage.mentions)
    return np.where(
        quoted, np.where(named, MENTION, QUOTATION), np.where(named, CONTEXT_MENTION, CONTEXT)
    ).astype(np.int64)


def _touched(offsets: Numbers, spans: Sequence[Span]) -> NDArray[np.bool_]:
    """Which tokens share a character with a span."""
    touched = np.zeros(len(offsets), dtype=bool)
    for span in spans:
        touched |= (offsets[:, 0] < span.end) & (offsets[:, 1] > span.start)
    return touched


def _sequence(
    target: Numbers, speaker: Numbers, tokens: Numbers, parts: Numbers, tokenizer: Tokenizer, limit: int
) -> Encoded:
    target, speaker = target[:MOST_TARGET], speaker[:MOST_SPEAKER]
    kept = _window(parts, limit - len(target) - len(speaker) - FRAMES)
    first, separator = np.array([tokenizer.first]), np.array([tokenizer.separator])
    frame = np.array([FRAME])
    return Encoded(
        np.concatenate([first, target, separator, speaker, separator, tokens[kept], separator]),
        np.concatenate(
            [
                frame,
                np.full(len(target), TARGET),
                frame,
                np.full(len(speaker), SPEAKER),
                frame,
                parts[kept],
                frame,
            ]
        ),
    )


def _window(parts: Numbers, room: int) -> slice:
    """Which tokens of a passage are kept: the quotation from its beginning, then as many on either side."""
    if len(parts) <= room:
        return slice(0, len(parts))
    quoted = np.flatnonzero((parts == QUOTATION) | (parts == MENTION))
    first, end = (int(quoted[0]), int(quoted[-1]) + 1) if len(quoted) else (0, len(parts))
    spare = max(0, room - (end - first))
    start = max(0, min(first - spare // 2, len(parts) - room))
    return slice(start, start + room)
