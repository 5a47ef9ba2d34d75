"""What the tagger reads: windows of whole paragraphs, as tokens with features and the words they make.

A window holds as many paragraphs as fit, so that no token is read twice. Words are runs of letters
and digits: only they are labelled, marks and punctuation speak through the tokens around them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.quotes.marks import MarkedText
from builder.quotes.paragraphs import Paragraph
from builder.records import Span
from builder.tokenization import Tokenizer

# The shape of a word, one of SHAPES: as written, which an uncased tokenizer forgets.
LOWER, TITLE, UPPER, MIXED, NUMBER, SIGN = range(6)
SHAPES = 6
# Where a token stands to quotation marks, one of QUOTE_STATES.
OUTSIDE, INSIDE, NESTED, OPENS, CLOSES = range(5)
QUOTE_STATES = 5

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»']?\Z")


@dataclass(frozen=True, slots=True)
class Window:
    """Paragraphs that the encoder reads together.

    `tokens`, `shapes` and `quotes` have one entry a token, special ones included; `first_tokens`,
    `starts`, `ends` (code points in the document) and `paragraphs` (counted from 0 within the
    window) one entry a word.
    """

    tokens: NDArray[np.int64]
    shapes: NDArray[np.int64]
    quotes: NDArray[np.int64]
    first_tokens: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    paragraphs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, or a part of one that is too long for a window."""

    tokens: NDArray[np.int64]
    shapes: NDArray[np.int64]
    quotes: NDArray[np.int64]
    first_tokens: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def part(self, start: int, end: int) -> "_Piece":
        """The tokens from `start` to `end`, and the words that begin there."""
        low, high = np.searchsorted(self.first_tokens, (start, end))
        return _Piece(
            self.tokens[start:end],
            self.shapes[start:end],
            self.quotes[start:end],
            self.first_tokens[low:high] - start,
            self.starts[low:high],
            self.ends[low:high],
        )


def windows(
    text: str,
    lines: Sequence[Paragraph],
    marked: Sequence[MarkedText],
    tokenizer: Tokenizer,
    limit: int,
    first_limit: int | None = None,
) -> list[Window]:
    """The windows of a text, each of at most `limit` tokens.

    `lines` are the paragraphs to read and `marked` the parts between marks, both in order.
    `first_limit` shortens the first window: training cuts a text in several ways.
    """
    spans = unwrapped(lines)
    encoded = tokenizer.encode([text[span.start : span.end] for span in spans])
    states = _quote_states(len(text), marked)
    pieces: list[_Piece] = []
    for span, (tokens, offsets) in zip(spans, encoded, strict=True):
        pieces += _cut(text, _piece(text, span, tokens, offsets, states), limit - 2)
    return [_window(some, tokenizer) for some in _packed(pieces, limit, first_limit or limit)]


def unwrapped(lines: Sequence[Paragraph]) -> list[Span]:
    """The paragraphs as spans, lines of text that was broken to a width joined."""
    joined: list[Span] = []
    for line in lines:
        if line.wrapped and joined:
            joined[-1] = Span(joined[-1].start, line.end)
        else:
            joined.append(line.span)
    return joined


def _quote_states(length: int, marked: Sequence[MarkedText]) -> NDArray[np.int64]:
    states = np.full(length, OUTSIDE, dtype=np.int64)
    for one in marked:
        states[one.inner.start : one.inner.end] = NESTED if one.level else INSIDE
        states[one.span.start : one.inner.start] = OPENS
        states[one.inner.end : one.span.end] = CLOSES
    return states


def _piece(
    text: str,
    span: Span,
    tokens: NDArray[np.int64],
    offsets: NDArray[np.int64],
    states: NDArray[np.int64],
) -> _Piece:
    matches = list(_WORD.finditer(text, span.start, span.end))
    starts = np.array([match.start() for match in matches], dtype=np.int64)
    ends = np.array([match.end() for match in matches], dtype=np.int64)
    shapes_of_words = np.array([_shape(match.group()) for match in matches] or [SIGN], dtype=np.int64)
    begin, stop = offsets[:, 0] + span.start, offsets[:, 1] + span.start
    # The word that a token is part of: the first that ends behind the token's start, if it has begun.
    word = np.searchsorted(ends, begin, side="right")
    inside = word < len(matches)
    known = np.minimum(word, max(len(matches) - 1, 0))
    if matches:
        inside &= starts[known] < stop
    shapes = np.where(inside, shapes_of_words[known], SIGN)
    # The first token that reaches into each word; a word that the tokenizer dropped has none.
    first = np.searchsorted(stop, starts, side="right")
    kept = first < len(tokens)
    kept[kept] &= begin[first[kept]] < ends[kept]
    return _Piece(tokens, shapes, states[begin], first[kept], starts[kept], ends[kept])


def _shape(word: str) -> int:
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if not word.isalpha():
        return NUMBER
    return TITLE if word[0].isupper() and word[1:].islower() else MIXED


def _cut(text: str, piece: _Piece, limit: int) -> Iterator[_Piece]:
    """The piece, or its parts: a long one is cut behind the last sentence that ends in its second half."""
    while len(piece.tokens) > limit:
        at = limit
        words = int(np.searchsorted(piece.first_tokens, limit))
        for word in range(words - 1, words // 2, -1):
            if _SENTENCE_END.search(text[piece.ends[word - 1] : piece.starts[word]].strip()):
                at = int(piece.first_tokens[word])
                break
        yield piece.part(0, at)
        piece = piece.part(at, len(piece.tokens))
    yield piece


def _packed(pieces: Sequence[_Piece], limit: int, first_limit: int) -> Iterator[list[_Piece]]:
    some: list[_Piece] = []
    size, room = 1, first_limit
    for piece in pieces:
        if some and size + len(piece.tokens) + 1 > room:
            yield some
            some, size, room = [], 1, limit
        some.append(piece)
        size += len(piece.tokens) + 1
    if some:
        yield some


def _window(pieces: Sequence[_Piece], tokenizer: Tokenizer) -> Window:
    """The pieces in one sequence, as the tokenizer's special tokens frame them: [CLS] one [SEP] two [SEP]."""
    tokens = [np.array([tokenizer.first])]
    shapes, quotes = [np.array([SIGN])], [np.array([OUTSIDE])]
    first_tokens = []
    size = 1
    for piece in pieces:
        first_tokens.append(piece.first_tokens + size)
        tokens += [piece.tokens, np.array([tokenizer.separator])]
        shapes += [piece.shapes, np.array([SIGN])]
        quotes += [piece.quotes, np.array([OUTSIDE])]
        size += len(piece.tokens) + 1
    return Window(
        np.concatenate(tokens).astype(np.int64),
        np.concatenate(shapes).astype(np.int64),
        np.concatenate(quotes).astype(np.int64),
        np.concatenate(first_tokens).astype(np.int64),
        np.concatenate([piece.starts for piece in pieces]),
        np.concatenate([piece.ends for piece in pieces]),
        np.repeat(np.arange(len(pieces)), [len(piece.starts) for piece in pieces]),
    )


def padded(rows: Sequence[NDArray[np.int64]], width: int = 0) -> NDArray[np.int64]:
    """The rows as one array, zeros behind the end of each; as wide as the longest, and at least `width`."""
    array = np.zeros((len(rows), max([width, *map(len, rows)])), dtype=np.int64)
    for number, row in enumerate(rows):
        array[number, : len(row)] = row
    return array
