"""The safety net of quotation marks: no quoted sentence is lost because a model passed over it.

Titles, nicknames and words held at arm's length stand between marks, too: they are no quotations.
"""

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from builder.quotes.assemble import Draft, letters
from builder.quotes.marks import MarkedText
from builder.quotes.paragraphs import Paragraph
from builder.records import Span

# A part between marks is a quoted sentence if it has this many words, or ends like a sentence with
# this many: what is shorter is a title, a nickname, or words held at arm's length.
QUOTED_WORDS, QUOTED_SENTENCE_WORDS = 8, 4
TITLE_SHARE = 0.75  # of the longer words of a title begin with a capital
COVERED = 0.5  # a part is covered if so much of its letters is content of a quotation
BLANKS = 40  # characters between a cue and what its colon introduces, at most
PIECES = 50  # parts that are joined to one quotation, at most; what comes then stands alone

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BLANKS_AND_MARKS = " \u00a0\u202f\"“”„«»'‘’`´\t\r\n"
_SENTENCE_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Introduction:
    """A cue and a source whose content is to follow ("She continued:"); `end` is that of the later one."""

    end: int
    cue: tuple[Span, ...]
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Confidences:
    """How often what no network found is right, content and source: counted on held-out articles.

    A `turn` of a transcript and what is `signed` behind a dash (`builder.quotes.layout`); what is
    `introduced` by a cue and a colon, `continued` from the paragraph before, and `unattributed`.
    """

    turn: float
    signed: float
    introduced: float
    continued: float
    unattributed: float


def with_quoted(
    text: str,
    lines: Sequence[Paragraph],
    outermost: Sequence[MarkedText],
    drafts: Sequence[Draft],
    unsure: Sequence[Draft],
    introductions: Sequence[Introduction],
    confidences: Confidences,
) -> list[Draft]:
    """The drafts, and what stands between marks and none of them covers.

    `lines`, `outermost` and `introductions` are in order. A sentence of its own in the paragraph of a
    quotation is more of that quotation, and so is what the marks carry on from the paragraph
    before; what a colon introduces has the cue and the source before it; another paragraph that is
    nothing but a quotation continues one that ended the paragraph before. What is left, and a line that is
    nothing but a short sentence between marks, has the cue and the source of the surest of the `unsure`,
    which alone were not sure enough, or no source.
    """
    net = _Net(text, lines, introductions, confidences, drafts, unsure)
    contents = sorted(span for draft in drafts for span in draft.content)
    reach = _Reach(contents)
    for one in outermost:
        if _covered(text, one.span, reach) < COVERED:
            if is_quoted_sentence(text, one):
                net.add(one)
            elif _is_a_line(text, lines, one):
                net.add_short(one)
    return net.drafts


def is_quoted_sentence(text: str, one: MarkedText) -> bool:
    """Whether what stands between the marks is a quoted sentence rather than a title or a nickname."""
    inner = one.inner.of(text)
    words = _WORD.findall(inner)
    ended = inner.rstrip(_BLANKS_AND_MARKS).endswith((*_SENTENCE_ENDS, ","))
    if len(words) < (QUOTED_SENTENCE_WORDS if ended else QUOTED_WORDS):
        return False
    return not _is_a_title(words) or inner.isupper()


def _is_a_line(text: str, lines: Sequence[Paragraph], one: MarkedText) -> bool:
    """Whether a line is nothing but a short sentence between marks, “Who paid?”, rather than a title."""
    line = lines[bisect_right(lines, one.span.start, key=lambda line: line.start) - 1]
    if not (one.opened and one.closed and (line.start, line.end) == (one.span.start, one.span.end)):
        return False
    words = _WORD.findall(one.inner.of(text))
    ended = one.inner.of(text).rstrip(_BLANKS_AND_MARKS).endswith(_SENTENCE_ENDS)
    return bool(words) and ended and not _is_a_title(words[1:])


def _is_a_title(words: Sequence[str]) -> bool:
    long_words = [word for word in words if len(word) > 3] or words
    capitals = sum(word[0].isupper() for word in long_words)
    return bool(words) and capitals >= TITLE_SHARE * len(long_words)


class _Reach:
    """Spans in order, and for each the furthest end up to it: what may overlap a span is found quickly."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._ends: list[int] = []
        for span in spans:
            self._ends.append(max(span.end, self._ends[-1]) if self._ends else span.end)

    def over(self, span: Span) -> Sequence[Span]:
        first = bisect_right(self._ends, span.start)
        last = bisect_right(self.spans, span.end, key=lambda one: one.start)
        return self.spans[first:last]


def _covered(text: str, span: Span, contents: _Reach) -> float:
    return _shared(text, span, contents.over(span)) / max(letters(span.of(text)), 1)


def _shared(text: str, span: Span, others: Iterable[Span]) -> int:
    """How many letters of a span stand in others, too."""
    return sum(letters(text[max(one.start, span.start) : min(one.end, span.end)]) for one in others)


class _Unsure:
    """Drafts that were not sure enough to stay, found by what they claim."""

    def __init__(self, text: str, drafts: Sequence[Draft]) -> None:
        self._text = text
        self._claims: dict[Span, list[Draft]] = {}
        for draft in drafts:
            for span in draft.content:
                self._claims.setdefault(span, []).append(draft)
        self._reach = _Reach(sorted(self._claims))

    def of(self, span: Span) -> Draft | None:
        """The surest that says of a quoted sentence, and of little else, whose it is; with all of it."""
        claiming = [draft for claim in self._reach.over(span) for draft in self._claims[claim]]
        fitting = [draft for draft in claiming if self._fits(span, draft)]
        if not fitting:
            return None
        return replace(max(fitting, key=lambda one: one.confidence), content=(span,))

    def _fits(self, span: Span, draft: Draft) -> bool:
        claimed = sum(letters(one.of(self._text)) for one in draft.content)
        shared = _shared(self._text, span, draft.content)
        return shared >= COVERED * max(claimed, letters(span.of(self._text)))


class _Net:
    """The drafts while the net adds to them, and where each ends."""

    def __init__(
        self,
        text: str,
        lines: Sequence[Paragraph],
        introductions: Sequence[Introduction],
        confidences: Confidences,
        drafts: Sequence[Draft],
        unsure: Sequence[Draft],
    ) -> None:
        self.drafts = list(drafts)
        self._unsure = _Unsure(text, unsure)
        self._text, self._lines, self._introductions = text, lines, introductions
        self._confidences = confidences
        self._ends = sorted((draft.content[-1].end, number) for number, draft in enumerate(drafts))

    def add(self, one: MarkedText) -> None:
        """Adds one part between marks."""
        if self._add_introduced(one):
            return
        number = bisect_right(self._lines, one.span.start, key=lambda line: line.start) - 1
        line = self._lines[number]
        alone = self._is_alone(line, one)
        before = self._before(one.span.start)
        near = self.drafts[before] if before is not None else None
        if near and before is not None and self._belongs(one, near, line, alone=alone):
            self._join(before, one.span)
        elif near and alone and number and self._ends_line(near, self._lines[number - 1]):
            self._append(Draft((one.span,), (), near.source, self._confidences.continued, continues=before))
        else:
            self._append_doubtful(one)

    def add_short(self, one: MarkedText) -> None:
        """Adds a line too short to tell whose it is, unless a colon introduces it or an unsure draft says."""
        if not self._add_introduced(one):
            self._append_doubtful(one)

    def _add_introduced(self, one: MarkedText) -> bool:
        """Adds what something before a colon introduces; false if nothing does."""
        said = self._introduction(one.span.start)
        if said:
            self._append(Draft((one.span,), said.cue, said.source, self._confidences.introduced))
        return said is not None

    def _append_doubtful(self, one: MarkedText) -> None:
        unattributed = Draft((one.span,), (), (), self._confidences.unattributed)
        self._append(self._unsure.of(one.span) or unattributed)

    def _append(self, draft: Draft) -> None:
        insort(self._ends, (draft.content[-1].end, len(self.drafts)))
        self.drafts.append(draft)

    def _join(self, number: int, span: Span) -> None:
        draft = self.drafts[number]
        self._ends.remove((draft.content[-1].end, number))
        self.drafts[number] = replace(draft, content=(*draft.content, span))
        insort(self._ends, (span.end, number))

    def _before(self, start: int) -> int | None:
        """The draft whose content ends last before `start`."""
        place = bisect_right(self._ends, start, key=lambda pair: pair[0])
        return self._ends[place - 1][1] if place else None

    def _introduction(self, start: int) -> Introduction | None:
        """What ends right before `start`, but for a colon."""
        place = bisect_right(self._introductions, start, key=lambda one: one.end)
        if not place:
            return None
        one = self._introductions[place - 1]
        if start - one.end > BLANKS:
            return None
        between = self._text[one.end : start].strip(_BLANKS_AND_MARKS)
        return one if between in {":", ""} and ":" in self._text[one.end - 1 : start] else None

    def _belongs(self, one: MarkedText, near: Draft, line: Paragraph, *, alone: bool) -> bool:
        """Whether the part is more of the quotation `near`."""
        if not near.source or len(near.content) >= PIECES:
            return False
        same_paragraph = near.content[-1].start >= line.start
        between = self._text[near.content[-1].end : one.span.start]
        carried_on = one.continues and not letters(between)
        return carried_on or (same_paragraph and alone)

    def _ends_line(self, near: Draft, line: Paragraph) -> bool:
        """Whether a quotation between marks, with its cue and source, ends the paragraph."""
        closed = self._text[near.content[-1].end - 1] in _BLANKS_AND_MARKS
        end = max(span.end for span in (*near.content, *near.cue, *near.source))
        return closed and line.start <= near.content[-1].start and not letters(self._text[end : line.end])

    def _is_alone(self, line: Paragraph, one: MarkedText) -> bool:
        """Whether the part is a sentence of its own, with nothing of the reporter's in it."""
        # Only what is next to it is cut out: the whole line for each part would take quadratic time.
        start, end = one.span.start, one.span.end
        while start > line.start and self._text[start - 1].isspace():
            start -= 1
        while end < line.end and self._text[end].isspace():
            end += 1
        before = self._text[max(start - 2, line.start) : start]
        begins = not before or before.endswith((*_SENTENCE_ENDS, "”", '"', "»", "''"))
        return begins and (end == line.end or not self._text[end].islower())
