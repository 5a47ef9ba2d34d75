"""A document as the resolution of speakers sees it: who is named where, and how each mention stands."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from builder.quotes.marks import pair_marks
from builder.quotes.paragraphs import paragraphs
from builder.records import Span
from builder.speakers.entities import Entities, entities_of
from builder.speakers.names import Name
from builder.speakers.words import DEMONYMS, TITLES


@dataclass(frozen=True, slots=True)
class Scene:
    """The text, its entities, where sentences and paragraphs begin, and what stands between marks."""

    text: str
    entities: Entities
    sentences: Sequence[int]
    paragraphs: Sequence[int]
    marked: Sequence[Span]

    def sentence(self, position: int) -> int:
        """The number of the sentence at a position."""
        return bisect_right(self.sentences, position)

    def paragraph(self, position: int) -> int:
        """The number of the paragraph at a position."""
        return bisect_right(self.paragraphs, position)

    def between_marks(self, position: int) -> bool:
        """Whether a position lies between quotation marks."""
        at = bisect_right(self.marked, position, key=lambda span: span.start) - 1
        return at >= 0 and position < self.marked[at].end


def scene_of(text: str, body: Sequence[Span]) -> Scene:
    """What a text gives to resolve speakers by."""
    lines = paragraphs(text)
    outermost = [one.inner for one in pair_marks(text, lines) if one.level == 0]
    starts = [match.end() for match in _SENTENCE.finditer(text)]
    return Scene(text, entities_of(text, body), starts, [line.start for line in lines], outermost)


# Good enough to count sentences between two places: a stop, marks behind it, blanks, no small letter. What
# follows a line break begins anew only after a second blank. A run of blanks is read from where it begins,
# or it would be read once for each of them.
_SENTENCE = re.compile(
    r"(?=[\s.!?])(?:^|(?<!\s)[^\S\n]*\n"  # the first of it is seen before all else: most characters are none
    r"|(?<![A-Z.\s][A-Z])(?<!\A[A-Z])(?<! [A-Z][a-z])(?<!Sen)(?<!Rep)(?<!Gov)[.!?][”\"’')]*)\s+(?=[^\sa-z])"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a mention stands: opens its sentence, after a preposition, before a verb, before an apposition."""

    opens: bool
    governed: bool
    acts: bool
    explained: bool


def standing(text: str, name: Name) -> Standing:
    """How a mention stands in its sentence."""
    start = name.span.start
    before = text[max(start - 14, 0) : start].rstrip()
    word = _word_before(text[max(start - 60, 0) : start]) if name.titles else _word_before(before)
    opens = not before or before[-1] in '.!?”"\n:' or text[max(start - 1, 0) : start] == "\n"
    after = _AFTER.match(text, name.end)
    follower = after[1] if after else ""
    acts = bool(follower) and follower not in _NO_VERBS
    return Standing(opens, word in _PREPOSITIONS, acts, text.startswith((",", " ("), name.end))


def _word_before(before: str) -> str:
    """The last word of a text that is no title, in small letters."""
    for word in reversed(before.lower().split()):
        if word.rstrip(".") not in TITLES | DEMONYMS:
            return word
    return ""


_AFTER = re.compile(r"[ \u00a0]([a-z]+)")
_PREPOSITIONS = frozenset(
    "of in at by to from with for against about on over under behind between into through toward towards "
    "like than as near via versus vs without supporting backing including and or".split()
)
_NO_VERBS = frozenset(
    "and or of in at by to from with for against about on over under who that which the a an as but "
    "supporters campaign administration while when where because if than earlier later today yesterday "
    "during after before since this last".split()
)
