"""Quotations by the trained model: reads windows, decodes attributions, settles what overlaps.

A quoted sentence that the model passed over is never lost: it belongs to the quotation before it, or
comes out without a source and with little confidence (`builder.quotes.quoted`).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from builder.quotes.assemble import Draft, assemble
from builder.quotes.attributions import Attribution, AttributionModel, Run, attributions
from builder.quotes.confidence import Calibration, features
from builder.quotes.encoding import Window, windows
from builder.quotes.layout import LaidOut, laid_out, without
from builder.quotes.marks import MarkedText, pair_marks
from builder.quotes.model import Settings, TaggerModel
from builder.quotes.paragraphs import Paragraph, paragraphs
from builder.quotes.quoted import Confidences, Introduction, with_quoted
from builder.quotes.settle import settled
from builder.records import Document, Quotation, Span
from builder.tokenization import Tokenizer


class TaggerExtractor:
    """The extractor with the trained model."""

    def __init__(self, model: TaggerModel) -> None:
        self._model = model
        self.name = model.name

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations in the bodies of the documents: a list for each, in the order of its text."""
        model, settings = self._model, self._model.settings
        pages = [Page.of(document, model.tokenizer, settings.window_tokens) for document in documents]
        found = find(pages, model.network, settings.threshold, settings.batch_tokens)
        return [_quotations(page, some, model) for page, some in zip(pages, found, strict=True)]


@dataclass(frozen=True, slots=True)
class Page:
    """A document as the model reads it."""

    document: Document
    lines: Sequence[Paragraph]
    marked: Sequence[MarkedText]
    windows: Sequence[Window]

    @classmethod
    def of(cls, document: Document, tokenizer: Tokenizer, window_tokens: int) -> "Page":
        """The document, cut to windows of at most `window_tokens` tokens."""
        lines = paragraphs(document.text, document.body())
        marked = pair_marks(document.text, lines)
        cut = windows(document.text, lines, marked, tokenizer, window_tokens)
        return cls(document, lines, marked, cut)


def find(
    pages: Sequence[Page], network: AttributionModel, threshold: float, batch_tokens: int
) -> list[list[Attribution]]:
    """The attributions of each page, `window` counted within the page; windows of all are read together."""
    owner = [(number, own) for number, page in enumerate(pages) for own in range(len(page.windows))]
    every = [window for page in pages for window in page.windows]
    found: list[list[Attribution]] = [[] for _ in pages]
    for one in attributions(every, network, threshold, batch_tokens):
        number, own = owner[one.window]
        found[number].append(one.in_window(own))
    return found


def _quotations(page: Page, found: Sequence[Attribution], model: TaggerModel) -> list[Quotation]:
    drafts = drafted(page, found, rated(page, found, model.calibration), model.settings)
    return assemble(page.document, page.lines, page.marked, drafts, model.name)


def drafted(
    page: Page,
    found: Sequence[Attribution],
    rated_ones: Sequence[tuple[float, Attribution]],
    settings: Settings,
) -> list[Draft]:
    """What stays of the attributions of a page, what its layout gives, and quoted sentences in neither.

    The layout is surer than any attribution, and keeps the words that both claim.
    """
    text = page.document.text
    outermost = [one for one in page.marked if one.level == 0]
    layout = list(laid_out(text, page.lines, outermost))
    kept = list(settled(rated_ones, settings.least_confidence, settings.least_without_source))
    drafts = [
        *without([_draft(page, *one, outermost) for one in kept], text, [one.whole for one in layout]),
        *(_of_layout(one, settings.confidences) for one in layout),
    ]
    drafts.sort(key=lambda draft: draft.content)
    anchors = {(one.window, one.anchor) for _, one in kept}
    unsure = [
        _draft(page, confidence, one, outermost)
        for confidence, one in rated_ones
        if one.source and (one.window, one.anchor) not in anchors
    ]
    introductions = [_introduction(page, one) for one in found if one.source and not one.content]
    introductions.sort(key=lambda one: one.end)
    return with_quoted(text, page.lines, outermost, drafts, unsure, introductions, settings.confidences)


def _draft(page: Page, confidence: float, one: Attribution, outermost: Sequence[MarkedText]) -> Draft:
    text = page.document.text
    return Draft(
        content=tuple(_with_marks(text, _span(page, one, run), outermost) for run in one.content),
        cue=_cue(page, one),
        source=tuple(_completed(text, _span(page, one, run)) for run in one.source),
        confidence=confidence,
    )


def _of_layout(one: LaidOut, confidences: Confidences) -> Draft:
    confidence = confidences.turn if one.kind == "turn" else confidences.signed
    return Draft((one.content,), (one.cue,), (one.source,), confidence)


def rated(
    page: Page, found: Sequence[Attribution], calibration: Calibration
) -> list[tuple[float, Attribution]]:
    """The attributions that have content, each with its confidence."""
    return [(calibration.confidence(values), one) for values, one in described(page, found)]


def described(page: Page, found: Sequence[Attribution]) -> list[tuple[tuple[float, ...], Attribution]]:
    """The attributions that have content, each with what its confidence is computed from."""
    inside = [_inside(window, page.marked) for window in page.windows]
    return [(features(one, _share(inside[one.window], one)), one) for one in found if one.content]


def _inside(window: Window, marked: Sequence[MarkedText]) -> Sequence[bool]:
    """For each word whether it stands between marks."""
    spans = [one.span for one in marked if one.level == 0]
    ends = [span.end for span in spans]
    starts = window.starts.tolist()
    places = [bisect_right(ends, start) for start in starts]
    return [
        place < len(spans) and spans[place].start <= start
        for place, start in zip(places, starts, strict=True)
    ]


def _share(inside: Sequence[bool], one: Attribution) -> float:
    words = [inside[word] for run in one.content for word in range(run.first, run.last)]
    return sum(words) / len(words)


def _introduction(page: Page, one: Attribution) -> Introduction:
    source = tuple(_completed(page.document.text, _span(page, one, run)) for run in one.source)
    cue = _cue(page, one)
    return Introduction(max(span.end for span in (*cue, *source)), cue, source)


def _span(page: Page, one: Attribution, run: Run) -> Span:
    window = page.windows[one.window]
    return Span(int(window.starts[run.first]), int(window.ends[run.last - 1]))


def _completed(text: str, span: Span) -> Span:
    """The span with the bracket that closes one of its own, and the last full stop of "U.S.".

    Where it begins inside the nickname of a name, `Bill" Holt` of `William "Bill" Holt`, the name is whole,
    and a handle has its sign: "@holt".
    """
    part = span.of(text)
    if span.start and text[span.start - 1] == "@":
        span = Span(span.start - 1, span.end)
    begun = _BEGINS_NAME.search(text, max(span.start - LONGEST_BEGINNING, 0), span.start)
    if begun and _CLOSING[begun["mark"]] in part:
        span = Span(begun.start(), span.end)
    closing = _CLOSES.match(text, span.end) if part.count("(") > part.count(")") else None
    stop = closing or (_STOP.match(text, span.end) if _INITIALS.search(part) else None)
    return Span(span.start, stop.end()) if stop else span


LONGEST_BEGINNING = 60  # characters: of a name, in front of a nickname
_CLOSING = {'"': '"', "“": "”", "(": ")"}
_BEGINS_NAME = re.compile(r"(?:(?<!\w)[^\W\d_a-z](?:\.|[\w’'-]*)[ \u00a0]){1,3}(?P<mark>[\"“(])\Z")
_CLOSES = re.compile(r"[.\s]{0,2}\)")
_STOP = re.compile(r"\.")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_]\.[^\W\d_]\Z")


def _cue(page: Page, one: Attribution) -> tuple[Span, ...]:
    if one.cue:
        return tuple(_span(page, one, run) for run in one.cue)
    # A cue without words is the sign behind its anchor, such as a colon.
    sign = _SIGN.match(page.document.text, int(page.windows[one.window].ends[one.anchor]))
    return (Span(*sign.span(1)),) if sign else ()


_SIGN = re.compile(r"\s{0,2}([^\w\s])")


def _with_marks(text: str, span: Span, outermost: Sequence[MarkedText]) -> Span:
    """The span, with the mark that opens before its first word and what closes behind its last one."""
    start, end = span.start, span.end
    first = bisect_right(outermost, span.start, key=lambda one: one.span.end)
    for number in range(first, len(outermost)):
        part = outermost[number].span
        if part.start >= span.end:
            break
        if part.start < start and not _has_words(text, part.start, start):
            start = part.start
        if end < part.end and not _has_words(text, end, part.end):
            end = part.end
    return Span(start, end)


def _has_words(text: str, start: int, end: int) -> bool:
    return any(text[place].isalnum() for place in range(start, end))
