"""The sentences of a paragraph, where text between quotation marks is never split."""

import itertools
from collections.abc import Sequence

import syntok.segmenter as syntok

from builder.quotes.marks import MarkedText
from builder.records import Span


def sentences(text: str, paragraph: Span, marked: Sequence[MarkedText]) -> list[Span]:
    """The sentences of `text` in `paragraph`, in order, without blanks around them.

    Each part between marks in `marked` counts as one word; it ends its sentence if it ends in a full stop
    or the like and a capital follows: "“Go. Now,” he said." is one sentence, "“Go.” He left." two.
    """
    masked = _mask(text, paragraph, marked)
    starts = [
        paragraph.start + tokens[0].offset for part in syntok.analyze(masked) for tokens in part if tokens
    ]
    # What the segmenter leaves out (a dash, a blank of no width) belongs to the sentence before it.
    bounds = [paragraph.start, *starts[1:], paragraph.end]
    cut = [_trimmed(text, start, end) for start, end in itertools.pairwise(bounds)]
    return [sentence for sentence in cut if sentence.start < sentence.end]


def _mask(text: str, paragraph: Span, marked: Sequence[MarkedText]) -> str:
    """The paragraph, each marked part a capitalised word of the same length, line breaks made blanks."""
    pieces: list[str] = []
    done = paragraph.start
    for one in marked:
        start, end = max(one.span.start, done), min(one.span.end, paragraph.end)
        if one.level or start >= end:
            continue
        ends_sentence = text[start:end].rstrip(_MARKS_AND_BLANKS).endswith((".", "!", "?", "…"))
        word = "X" + "x" * (end - start - 1)
        pieces += [text[done:start], word[:-1] + "." if ends_sentence else word]
        done = end
    pieces.append(text[done : paragraph.end])
    return "".join(pieces).replace("\n", " ").replace("\r", " ")


_MARKS_AND_BLANKS = " \u00a0\u202f\"“”„«»'‘’‚`´‹›"


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
