"""Pairing of quotation marks: which parts of a text stand between marks, at which level.

Straight, curly, low-high and angled marks, double and single, as printed, typed or garbled; a
quotation that runs over paragraphs; one within another; marks without their partner. Apostrophes
and signs of measure are told apart. What a mark may be is in `glyphs`, the choice in `reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.quotes.glyphs import Mark, find_marks
from builder.quotes.paragraphs import Paragraph, paragraphs
from builder.quotes.reading import Role, read
from builder.records import Span


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A part of one paragraph that stands between quotation marks (of several lines, if they are wrapped).

    `span` includes the marks, `inner` does not. `mark` is the usual form of the opening mark, of the
    closing one if there is no opening one. `level` is 0 outside all other marks. `opened` and
    `closed` say which marks are there; without a closing mark the text runs to the next opening one
    or to the paragraph's end, without an opening one from the last closing one or the paragraph's
    start. `continues` says that it carries on what the paragraph before left open.
    """

    span: Span
    inner: Span
    mark: str
    level: int
    opened: bool
    closed: bool
    continues: bool


def pair_marks(text: str, lines: Sequence[Paragraph] | None = None) -> list[MarkedText]:
    """The parts of `text` between quotation marks, in order, a surrounding one before what it holds.

    `lines` are the paragraphs to look at (all of them if not given), in order. Time is linear in the text.
    """
    chosen = list(lines) if lines is not None else paragraphs(text)
    marks = [find_marks(text, line.start, line.end) for line in chosen]
    if not any(marks):
        return []
    roles = read(list(zip(chosen, marks, strict=True)))
    found: list[_Stretch] = []
    open_ones: list[_Stretch] = []
    for number, line in enumerate(chosen):
        steps = list(zip(marks[number], roles[number], strict=True))
        open_ones = _carry_over(open_ones, found, line, chosen[number - 1], reopened=_reopens(steps))
        _follow(steps, open_ones, found, line)
    return _levelled(text, found)


@dataclass(slots=True)
class _Stretch:
    """A part between marks while its end is still looked for."""

    start: int
    inner_start: int
    mark: str
    inner_end: int = -1
    end: int = -1
    opened: bool = True
    closed: bool = False
    continues: bool = False


def _reopens(steps: Sequence[tuple[Mark, Role]]) -> bool:
    return bool(steps) and steps[0][1] in {Role.REOPENS, Role.REOPENS_UNCLOSED}


def _carry_over(
    open_ones: list[_Stretch], found: list[_Stretch], line: Paragraph, before: Paragraph, *, reopened: bool
) -> list[_Stretch]:
    """What is open at the start of `line`: the same stretches in wrapped text, otherwise new ones."""
    if not open_ones or (line.wrapped and not reopened):
        return open_ones
    for one in open_ones:
        one.inner_end = one.end = before.end
    found.extend(open_ones)
    if reopened:
        return []  # the marks themselves open them again
    return [_Stretch(line.start, line.start, one.mark, opened=False, continues=True) for one in open_ones]


def _follow(
    steps: Sequence[tuple[Mark, Role]], open_ones: list[_Stretch], found: list[_Stretch], line: Paragraph
) -> None:
    """Goes through the marks of one paragraph; `open_ones` is the stack, `found` gets what has ended."""
    unclosed: _Stretch | None = None
    last_end = line.start
    for mark, role in steps:
        if role is Role.NONE:
            continue
        if unclosed and not open_ones:
            unclosed.inner_end = unclosed.end = last_end = mark.start
            found.append(unclosed)
            unclosed = None
        if role in {Role.OPENS, Role.REOPENS}:
            open_ones.append(_Stretch(mark.start, mark.end, mark.glyph, continues=role is Role.REOPENS))
        elif role is Role.CLOSES:
            ended = open_ones.pop()
            ended.inner_end, ended.end, ended.closed = mark.start, mark.end, True
            found.append(ended)
        elif role in {Role.UNCLOSED, Role.REOPENS_UNCLOSED}:
            unclosed = _Stretch(mark.start, mark.end, mark.glyph, continues=role is Role.REOPENS_UNCLOSED)
        else:
            found.append(
                _Stretch(last_end, last_end, mark.glyph, mark.start, mark.end, opened=False, closed=True)
            )
        if not open_ones:
            last_end = mark.end
    if unclosed:
        unclosed.inner_end = unclosed.end = line.end
        found.append(unclosed)


def _levelled(text: str, found: list[_Stretch]) -> list[MarkedText]:
    """The stretches that hold anything, without blanks at open ends, in order and with their levels."""
    levelled: list[MarkedText] = []
    surrounding: list[int] = []  # positions in `levelled`
    for one in sorted(found, key=lambda stretch: (stretch.start, -stretch.end)):
        marked = _finished(text, one)
        if marked is None:
            continue
        while surrounding and levelled[surrounding[-1]].span.end <= marked.span.start:
            surrounding.pop()
        outer = levelled[surrounding[-1]] if surrounding else None
        if outer and outer.inner == marked.span and outer.mark == marked.mark:
            # A mark written twice, as in a table's cell, is one mark.
            opened, closed = outer.opened or marked.opened, outer.closed or marked.closed
            levelled[surrounding[-1]] = replace(outer, inner=marked.inner, opened=opened, closed=closed)
            continue
        surrounding.append(len(levelled))
        levelled.append(replace(marked, level=len(surrounding) - 1))
    return levelled


def _finished(text: str, one: _Stretch) -> MarkedText | None:
    start, end = one.inner_start, one.inner_end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    span = Span(one.start if one.opened else start, one.end if one.closed else end)
    inner = Span(one.inner_start if one.opened else start, one.inner_end if one.closed else end)
    return MarkedText(span, inner, one.mark, 0, one.opened, one.closed, one.continues)
