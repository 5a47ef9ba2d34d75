"""Cutting out the part of an article that is published around a quotation.

It is the quotation's paragraph or paragraphs, widened by whole neighbouring paragraphs of the
article's body as far as the limit allows, or trimmed between words where the limit is tighter
than the paragraph. A paragraph is a line of the text.
"""

from collections.abc import Iterable, Sequence

from builder.records import Document, Quotation, Span

# What belongs to the words before it and to those after it, and stays behind where these are cut off.
CLOSING = " \t.,;:!?…)]”’»\"'"
OPENING = " \t([“‘«\"'"


def context_of(
    text: str,
    runs: Sequence[Span],
    quotation: Quotation,
    most: int,
    whole_body: bool = False,
    removed: Sequence[Span] = (),
) -> Span:
    """The span of a document's text to publish as context of a quotation; `runs` are its `body_runs`.

    It covers all of the quotation's spans and at most `most` characters on either side of them;
    with `whole_body` it is the whole article. It ends before anything that is `removed`, none of which
    may share a character with the quotation.
    """
    extent = _hull([*quotation.content, *quotation.cue, *quotation.source])
    if whole_body:
        return _cut(text, _hull([extent, *runs]), extent, removed)
    around = _body_around(text, runs, extent)
    low = max(around.start, extent.start - most)
    high = min(around.end, extent.end + most)
    wide = Span(_start(text, low, extent.start), _end(text, high, extent.end))
    return _cut(text, wide, extent, removed)


def body_runs(document: Document) -> list[Span]:
    """The body's zones, those with nothing but blanks between them taken together."""
    runs: list[Span] = []
    for zone in document.body():
        if runs and not document.text[runs[-1].end : zone.start].strip():
            runs[-1] = Span(runs[-1].start, zone.end)
        else:
            runs.append(zone)
    return runs


def within(context: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of a document as spans of the context cut out of it."""
    return tuple(Span(span.start - context.start, span.end - context.start) for span in spans)


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _body_around(text: str, runs: Sequence[Span], extent: Span) -> Span:
    """The uninterrupted stretch of body that a quotation stands in, or its own lines outside the body."""
    touched = [run for run in runs if run.start < extent.end and extent.start < run.end]
    if touched:
        return _hull([extent, *touched])
    return Span(_line_start(text, extent.start), _line_end(text, extent.end))


def _start(text: str, low: int, start: int) -> int:
    """The first start of a line in [low, start], or of a word if the line starts before `low`."""
    own_line = _line_start(text, start)
    if own_line < low:
        return next((at for at in range(low, start) if text[at - 1].isspace()), start)
    if low == 0 or text[low - 1] == "\n":
        return low
    return text.find("\n", low, own_line) + 1 or own_line


def _end(text: str, high: int, end: int) -> int:
    """The last end of a line in [end, high], or of a word if the line ends after `high`."""
    own_line = _line_end(text, end)
    if own_line > high:
        return next((at for at in range(high, end, -1) if text[at].isspace()), end)
    if high == len(text) or text[high] == "\n":
        return high
    return max(text.rfind("\n", own_line, high), own_line)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _cut(text: str, context: Span, extent: Span, removed: Sequence[Span]) -> Span:
    """The context as far as nothing of it is removed, without blanks at its ends."""
    if not removed:
        return _without_blanks(text, context, extent)
    low = max([context.start, *(one.end for one in removed if one.end <= extent.start)])
    high = min([context.end, *(one.start for one in removed if one.start >= extent.end)])
    if low > context.start:
        low = extent.start - len(text[low : extent.start].lstrip(CLOSING))
    if high < context.end:
        high = extent.end + len(text[extent.end : high].rstrip(OPENING))
    return _without_blanks(text, Span(low, high), extent)


def _without_blanks(text: str, context: Span, extent: Span) -> Span:
    before, after = text[context.start : extent.start], text[extent.end : context.end]
    return Span(extent.start - len(before.lstrip()), extent.end + len(after.rstrip()))
