"""Which blocks of a page read as an article: how much each weighs, and the run that weighs most.

A block of prose (words, common words, an end of sentence, quotation marks) weighs for the article;
anything else weighs against it: menus, teasers, section words, lines said before. The article is
the run of blocks with the greatest sum. Nothing here asks for a period in ASCII, nor for a list of
stop words: common words are those that many of the page's own long lines share.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.ingest import signs
from builder.ingest.blocks import Block
from builder.ingest.repetition import Repetition

Kind = Literal[
    "prose",  # sentences
    "long",  # many words that end in no full stop
    "sentence",  # a few words that do
    "short",
    "item",  # of a list
    "tiny",  # one or two words
    "lead",  # ends in a colon
    "table",
    "repeat",  # said before
    "twin",  # said again at once: an image's description and its caption
    "menu",  # said three times, numbers apart
    "teaser",  # cut off
    "section",
    "byline",
    "photo",
    "credit",
    "notice",
    "post",
    "comments",
    "references",
]

SENTENCES: frozenset[Kind] = frozenset({"prose", "long", "sentence"})
# Inside the run, these are not the article's words.
OUTSIDE: frozenset[Kind] = frozenset(
    {
        "byline",
        "comments",
        "credit",
        "menu",
        "notice",
        "photo",
        "post",
        "references",
        "repeat",
        "section",
        "teaser",
        "twin",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a block reads: its kind, its length in words, and its weight for (or against) the article.

    `ended` says that it ends as a sentence does.
    """

    kind: Kind
    length: float
    weight: float
    ended: bool


def read_blocks(page: Sequence[Block]) -> list[Reading]:
    """How every block of a page reads."""
    said = [_WORD.findall(block.words.casefold()) for block in page]
    lengths = [_length(block.words, words) for block, words in zip(page, said, strict=True)]
    common = _common_words(said, lengths)
    repeated = Repetition(said)
    readings = []
    for number, (block, words, length) in enumerate(zip(page, said, lengths, strict=True)):
        kind = _kind(block, length, repeated, number)
        weight = (
            _weight_of_prose(block.words, words, length, common)
            if kind in ("prose", "long")
            else WEIGHTS[kind]
        )
        readings.append(Reading(kind, length, weight, _END.search(block.words[-8:]) is not None))
    return readings


def kind_of(block: Block) -> Kind:
    """How a block reads by itself, whatever the rest of the page says."""
    length = _length(block.words, _WORD.findall(block.words))
    return _kind_by_signs(block.words, length) or _kind_by_form(block, length)


def best_run(readings: Sequence[Reading]) -> range:
    """The run of blocks that weighs most; empty where none weighs anything.

    Prose after the beginning of the readers' comments weighs little once an article was found.
    """
    best, best_sum = range(0), 0.0
    start, total, scale = 0, 0.0, 1.0
    for number, reading in enumerate(readings):
        if reading.kind == "comments" and best_sum >= ENOUGH_BEFORE_COMMENTS:
            scale = AFTER_COMMENTS
        if total <= 0:
            start, total = number, 0.0
        total += reading.weight * (scale if reading.weight > 0 else 1)
        if total > best_sum:
            best, best_sum = range(start, number + 1), total
    return _without_loose_ends(readings, best)


def _without_loose_ends(readings: Sequence[Reading], run: range) -> range:
    """The run without a first or last line that is no full sentence and stands apart from the others.

    Such is a standfirst above a photograph, or the headline of another article.
    """
    while len(run) > 1 and not readings[run[0]].ended and readings[run[1]].kind not in SENTENCES:
        run = run[1:]
    while len(run) > 1 and not readings[run[-1]].ended and readings[run[-2]].kind not in SENTENCES:
        run = run[:-1]
    return run


def inside(readings: Sequence[Reading], run: range) -> list[bool]:
    """Which blocks of a run are the article's: not the captions, notices and teasers between them.

    What follows a section word belongs to it until the next sentence.
    """
    belongs = []
    in_section = False
    for number in run:
        kind = readings[number].kind
        if kind in ("section", "comments", "references"):
            in_section = True
        elif kind in SENTENCES:
            in_section = False
        belongs.append(kind not in OUTSIDE and not in_section)
    return belongs


# In words of prose: a paragraph of 25 words weighs 5. Found by coordinate search on the dumps of
# one half of a benchmark's pages and held up on the other half, and the other way round; rounded.
WEIGHTS: dict[Kind, float] = {
    "sentence": 0.0,
    "short": -1.0,
    "item": -1.2,
    "tiny": -2.0,
    "lead": -0.5,
    "table": -1.0,
    "repeat": -1.0,
    "twin": -0.5,
    "menu": -4.0,
    "teaser": -2.0,
    "section": -3.0,
    "byline": -7.0,  # stands before an article or between two, hardly ever within one
    "photo": -0.5,
    "credit": -1.0,
    "notice": -4.0,
    "post": -4.0,
    "comments": -25.0,
    "references": -25.0,
}
ENOUGH_BEFORE_COMMENTS = 6.0
AFTER_COMMENTS = 0.2
UNENDED = 0.35  # weight of prose without an end of sentence
QUOTING = 1.5  # weight of prose with quotation marks
NOTIFYING = 0.2  # weight of prose that speaks of rights, cookies or newsletters
USUAL_COMMON = 1 / 3  # share of common words in a sentence
MOST_COMMON = 1.5  # more common words than usual count up to this

SENTENCE_AT = 7  # words from which a line with an end is prose
LONG_AT = 25  # words from which a line is prose whatever its end
SHORT_BELOW = 12  # words below which section words decide
COMMON_SHARE = 0.2  # of the long lines that a common word stands in
COMMON_NEEDS = 4  # long lines without which no word can be called common

BYLINE_BELOW = 20  # words
# What shows a line's kind, and the words below which it is looked for.
SIGNS: tuple[tuple[Kind, int, Callable[[str], bool]], ...] = (
    ("comments", 9, signs.opens_comments),
    ("references", 9, signs.opens_references),
    ("credit", 80, signs.is_credit),
    ("notice", LONG_AT, signs.is_notice),
    ("post", 14, signs.is_post),
    ("photo", 60, signs.is_photo),
)

_WORD = re.compile(r"\w+")
# Scripts written without spaces; two characters make about a word.
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_END = re.compile(r"[.!?…。！？؟।։။][\"'”’»›」』)\]*]{0,4}$")
_CUT = re.compile(r"(?:\.\.\.|…)\]?$")
_QUOTATION = re.compile('[“”"„«»「」『』]')
_CELLS = re.compile(r"\t| \| | » ")


def _length(text: str, words: Sequence[str]) -> float:
    """Length in words, whatever the script."""
    if text.isascii() or not (spaceless := len(SPACELESS.findall(text))):
        return float(len(words))
    return spaceless / 2 + len(_WORD.findall(SPACELESS.sub(" ", text)))


def _common_words(said: Sequence[Sequence[str]], lengths: Sequence[float]) -> frozenset[str]:
    long = [set(words) for words, length in zip(said, lengths, strict=True) if length >= SHORT_BELOW]
    if len(long) < COMMON_NEEDS:
        return frozenset()
    lines = Counter(word for words in long for word in words)
    return frozenset(word for word, count in lines.items() if count >= max(2, COMMON_SHARE * len(long)))


def _kind(block: Block, length: float, repeated: Repetition, number: int) -> Kind:
    return (
        _kind_by_signs(block.words, length)
        or _kind_by_repetition(block.words, length, repeated, number)
        or _kind_by_form(block, length)
    )


def _kind_by_signs(words: str, length: float) -> Kind | None:
    """The kind that a line's own words give away; what a line can be depends on its length."""
    sentence = length >= SENTENCE_AT and _END.search(words[-8:]) is not None
    for kind, below, is_one in SIGNS:
        if length < below and is_one(words):
            return kind
    if length < BYLINE_BELOW and not (sentence and length > SHORT_BELOW) and signs.is_byline(words):
        return "byline"
    if length < LONG_AT and signs.points_elsewhere(words):
        return "section"
    return "section" if length < SHORT_BELOW and not sentence and signs.opens_section(words) else None


def _kind_by_repetition(words: str, length: float, repeated: Repetition, number: int) -> Kind | None:
    if length < SHORT_BELOW and repeated.times(number) >= 3:
        return "menu"
    if length < 20 and _CUT.search(words) and not _QUOTATION.search(words):
        return "teaser"
    if length < 60 and repeated.at_once_again(number):
        return "twin"
    # The first paragraph may have been said before, as the page's description.
    paragraph = length >= 15 and _END.search(words[-8:])
    return "repeat" if repeated.before(number) and not paragraph else None


def _kind_by_form(block: Block, length: float) -> Kind:
    words = block.words
    ended = _END.search(words[-8:]) is not None
    if _CELLS.search(words) and not ended:
        return "table"
    if length >= SENTENCE_AT and (ended or _QUOTATION.search(words)):
        return "prose"
    if length >= LONG_AT:
        return "long"
    return "sentence" if ended and length >= 3 else _kind_of_fragment(block, length)


def _kind_of_fragment(block: Block, length: float) -> Kind:
    if block.bullet:
        return "item"
    if length < 3:
        return "tiny"
    return "lead" if block.words.endswith(":") else "short"


def _weight_of_prose(text: str, words: Sequence[str], length: float, common: frozenset[str]) -> float:
    weight = math.sqrt(length)
    if common and len(words) > length / 2:  # in scripts without spaces no word is common
        share = sum(word in common for word in words) / len(words)
        weight *= min(share / USUAL_COMMON, MOST_COMMON)
    if _QUOTATION.search(text):
        weight *= QUOTING
    if not _END.search(text[-8:]):
        weight *= UNENDED
    if signs.is_notice(text):
        weight *= NOTIFYING
    return weight
