"""Quotations whose speaker the layout names, not a sentence: turns of a transcript, and signed quotations."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from builder.quotes.assemble import Draft, letters
from builder.quotes.marks import MarkedText
from builder.quotes.paragraphs import Paragraph
from builder.records import Span

# A quoted transcript names in capitals who speaks next: "BRANDT: We will go."
_TURN = re.compile(r"\s*([^\W\d_a-z]{2}(?:[^\W\d_a-z]|[ .'’-]){0,40})(:)\s+(?=\S)")
# A quotation may be signed at the end of its line: “We will go.” — Lena Brandt, mayor
_SIGNED = re.compile(r"[ \u00a0]*([―—–]|--?)[ \u00a0]*([^\W\d_a-z][^\n\"“”:;?!]{1,80}?)[ \u00a0.]*")
SIGNED_WORDS = 4  # a shorter quotation before a dash and a name is a word, not a statement
HALF = 0.5

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A quotation that the layout gives; `whole` spans it with what names its speaker."""

    kind: str  # "turn" or "signed"
    whole: Span
    content: Span
    cue: Span
    source: Span


def laid_out(text: str, lines: Sequence[Paragraph], outermost: Sequence[MarkedText]) -> Iterator[LaidOut]:
    """The quotations of a text that its layout gives, in order; `lines` and `outermost` are in order."""
    for one in outermost:
        line = lines[max(bisect_right(lines, one.span.start, key=lambda line: line.start) - 1, 0)]
        if line.start != one.span.start:
            continue  # something of the reporter's stands before it
        turn = _TURN.match(text, one.inner.start, one.inner.end)
        signed = _SIGNED.fullmatch(text, one.span.end, max(line.end, one.span.end))
        if turn:
            content = Span(turn.end(), one.span.end)
            yield LaidOut("turn", one.span, content, Span(*turn.span(2)), Span(*turn.span(1)))
        elif signed and len(_WORD.findall(one.inner.of(text))) >= SIGNED_WORDS:
            whole = Span(one.span.start, signed.end())
            yield LaidOut("signed", whole, one.span, Span(*signed.span(1)), Span(*signed.span(2)))


def without(drafts: Sequence[Draft], text: str, taken: Sequence[Span]) -> list[Draft]:
    """The drafts without what lies in the spans `taken`, in order; one that loses half is dropped."""
    left = []
    for draft in drafts:
        content = tuple(part for span in draft.content for part in _outside(span, taken))
        if content == draft.content:
            left.append(draft)
        elif _letters(text, content) > HALF * _letters(text, draft.content):
            left.append(replace(draft, content=content))
    return left


def _outside(span: Span, taken: Sequence[Span]) -> Iterator[Span]:
    start = span.start
    for one in taken[bisect_right(taken, span.start, key=lambda one: one.end) :]:
        if one.start >= span.end:
            break
        if start < one.start:
            yield Span(start, one.start)
        start = max(start, one.end)
    if start < span.end:
        yield Span(start, span.end)


def _letters(text: str, spans: Sequence[Span]) -> int:
    return sum(letters(span.of(text)) for span in spans)
