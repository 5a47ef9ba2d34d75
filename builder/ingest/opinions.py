"""Two opinions on a page's body, settled: what the first found, less what is not of the article,
plus what it dropped and the second kept.

The first opinion is precise and now and then loses a paragraph; the second loses hardly any and takes
captions and promotions along. So the first decides, and the second is heard where a paragraph with
a quotation is missing beside one that both have, where the article goes on after the first stopped,
and where the first has short lines that the second does not know.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from builder.ingest import signs
from builder.ingest.agencies import agency_on_line, agency_signing
from builder.ingest.blocks import Block, block_of
from builder.ingest.prose import SENTENCES, SHORT_BELOW, Kind, best_run, inside, kind_of, read_blocks
from builder.ingest.repair import mend
from builder.records import ZoneLabel


@dataclass(frozen=True, slots=True)
class Settled:
    """The lines of a body with the label of each, and how much the two opinions have in common.

    `agreement` is the share of the words of both that stand in lines which both have; `by_second`
    counts the lines that only the second opinion had.
    """

    lines: tuple[tuple[ZoneLabel, str], ...]
    agreement: float
    by_second: int


def settle(first: Sequence[str], second: Sequence[str]) -> Settled:
    """The body by two opinions, each a sequence of lines."""
    one, other = _Opinion(first), _Opinion(second)
    one_shared, other_shared = _shared(one, other), _shared(other, one)
    words = sum(one.lengths) + sum(other.lengths)
    common = _words(one, one_shared) + _words(other, other_shared)
    agreement = common / words if words else 0.0
    if _is_lost(one, other, other_shared):
        return _by_second_alone(other, agreement)
    additions = _additions(one, other, other_shared)
    lines: list[tuple[ZoneLabel, str]] = [("body", line) for line in additions.get(-1, ())]
    for number, label in enumerate(_labels(one, other, one_shared)):
        lines.append((label, one.blocks[number].words))
        lines += [("body", line) for line in additions.get(number, ())]
    return Settled(tuple(lines), agreement, sum(map(len, additions.values())))


GRAM = 4  # words
COVERED = 0.5  # share of a line's grams that the other opinion has
LOST = 0.2  # share of the second opinion's words that the first has, at most, if it lost the article
LEAST_ARTICLE = 100  # words that the second opinion needs then
LONGER = 2  # times as long as the first
GOES_ON = 0.3  # words of a lost end, as a share of the body that the first found
GOES_ON_BLOCKS = 3  # paragraphs of it, at least
GOES_ON_WITHIN = 3  # lines after the last common line in which it begins
UNBROKEN = 0.6  # share of its lines that are sentences
COMPARED_FROM = 3  # words of a line whose copies are counted

_WORD = re.compile(r"\w+")
_QUOTATION = re.compile(r"[“\"„«「『][^“”\"„«»\n]*\w\s[^“”\"„«»\n]*[”\"“»」』]")


class _Opinion:
    """The lines that are not blank, the words of each, and, where asked for, how they read."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.blocks: list[Block] = [block_of(line) for line in lines if line.strip()]
        self.words = [_WORD.findall(block.words.casefold()) for block in self.blocks]
        self.said = [" ".join(words) for words in self.words]
        self.lengths = [len(words) for words in self.words]
        self.known = frozenset(self.said)

    @cached_property
    def article(self) -> frozenset[int]:
        """The lines of the best run of prose."""
        readings = read_blocks(self.blocks)
        run = best_run(readings)
        return frozenset(number for number, own in zip(run, inside(readings, run), strict=True) if own)

    @cached_property
    def kinds(self) -> list[Kind]:
        """How the lines read by themselves."""
        return [kind_of(block) for block in self.blocks]

    def grams(self, number: int) -> frozenset[tuple[str, ...]]:
        """The runs of four words in a line."""
        words = self.words[number]
        return frozenset(zip(*(words[at:] for at in range(GRAM)), strict=False))


def _shared(one: _Opinion, other: _Opinion) -> list[bool]:
    """Which lines of one opinion the other has too: as a line, or most of its words in a row."""
    left = [number for number, said in enumerate(one.said) if said not in other.known]
    if not left:
        return [True] * len(one.said)
    apart = [number for number, said in enumerate(other.said) if said not in one.known]
    grams = frozenset().union(*map(other.grams, apart))
    text = f" {' '.join(other.said[number] for number in apart)} "
    shared = [True] * len(one.said)
    for number in left:
        own = one.grams(number)
        shared[number] = len(own & grams) >= COVERED * len(own) if own else f" {one.said[number]} " in text
    return shared


def _words(opinion: _Opinion, counted: Sequence[bool]) -> int:
    return sum(length for length, counts in zip(opinion.lengths, counted, strict=True) if counts)


def _is_lost(one: _Opinion, other: _Opinion, shared: Sequence[bool]) -> bool:
    """Whether the first opinion took something else for the article."""
    if not one.blocks:
        return True
    if _words(other, shared) > LOST * sum(other.lengths):
        return False
    words = sum(other.lengths[number] for number in other.article)
    return words >= LEAST_ARTICLE and words >= LONGER * sum(one.lengths)


def _by_second_alone(other: _Opinion, agreement: float) -> Settled:
    lines: list[tuple[ZoneLabel, str]] = [
        ("body", mend(other.blocks[number].words)) for number in sorted(other.article)
    ]
    return Settled(tuple(lines), agreement, len(lines))


def _additions(one: _Opinion, other: _Opinion, shared: Sequence[bool]) -> dict[int, list[str]]:
    """The lines to take over from the second opinion, by the line of the first that they follow."""
    anchors = [number for number, both in enumerate(shared) if both and other.lengths[number] >= GRAM]
    missing = [number for number, both in enumerate(shared) if not both and other.lengths[number] >= GRAM]
    if not missing or not anchors:
        return {}
    between = [number for number in missing if anchors[0] - 1 <= number < anchors[-1]]
    taken = [number for number in between if _is_dropped(other, shared, number)]
    taken += _lost_end(one, other, missing, anchors[-1])
    additions: dict[int, list[str]] = {}
    for number in taken:
        before = max((anchor for anchor in anchors if anchor < number), default=None)
        place = -1 if before is None else _place(one, other, before)
        place = len(one.blocks) - 1 if number > anchors[-1] else place
        additions.setdefault(place, []).append(mend(other.blocks[number].words))
    return additions


def _place(one: _Opinion, other: _Opinion, number: int) -> int:
    """The line of the first opinion that has most of a line of the second."""
    if other.said[number] in one.known:
        return one.said.index(other.said[number])
    grams = other.grams(number)
    return max(range(len(one.blocks)), key=lambda line: len(one.grams(line) & grams), default=-1)


def _is_dropped(other: _Opinion, shared: Sequence[bool], number: int) -> bool:
    """Whether a line is a paragraph with a quotation beside one that both opinions have."""
    return (
        _QUOTATION.search(other.blocks[number].words) is not None
        and other.kinds[number] == "prose"
        and any(
            shared[at] and other.kinds[at] in SENTENCES
            for at in (number - 1, number + 1)
            if 0 <= at < len(shared)
        )
        and number in other.article
    )


def _lost_end(one: _Opinion, other: _Opinion, missing: Sequence[int], last: int) -> list[int]:
    """The rest of the article, if the first opinion stopped in the midst of it."""
    after = [number for number in missing if number > last]
    least = GOES_ON * sum(one.lengths)
    if len(after) < GOES_ON_BLOCKS or sum(other.lengths[number] for number in after) < least:
        return []
    prose = [number for number in after if number in other.article and other.kinds[number] in SENTENCES]
    goes_on = (
        len(prose) >= GOES_ON_BLOCKS
        and prose[0] - last <= GOES_ON_WITHIN
        and sum(other.lengths[number] for number in prose) >= least
        # Teasers of other articles have headlines and buttons between them.
        and len(prose) >= UNBROKEN * (prose[-1] - last)
        and "comments" not in other.kinds[last : prose[-1]]
    )
    return [number for number in sorted(other.article) if number > last] if goes_on else []


def _labels(one: _Opinion, other: _Opinion, shared: Sequence[bool]) -> list[ZoneLabel]:
    """The label of every line of the first opinion."""
    last = max((number for number, kind in enumerate(one.kinds) if kind in SENTENCES), default=-1)
    copies = Counter(other.said)
    seen: Counter[str] = Counter()
    labels: list[ZoneLabel] = []
    for number, kind in enumerate(one.kinds):
        said = one.said[number]
        seen[said] += 1
        copied = one.lengths[number] >= COMPARED_FROM and seen[said] > max(copies[said], 1)
        known = shared[number] or one.lengths[number] >= SHORT_BELOW
        label = _label(one.blocks[number].words, kind, known, number > last)
        if number == last + 1 and shared[number] and agency_signing(one.blocks[number].words):
            label = "body"
        labels.append("boilerplate" if copied else label)
    return labels


def _label(words: str, kind: Kind, known: bool, at_end: bool) -> ZoneLabel:
    if kind in SENTENCES:
        return "body"
    if kind == "photo":
        return "caption"
    if kind in ("byline", "credit") or signs.is_place_and_day(words) or agency_on_line(words):
        return "dateline"
    if signs.is_hashtags(words) or (at_end and signs.opens_tags(words)):
        return "tags"
    if kind in ("comments", "notice", "post", "section"):
        return "boilerplate"
    unknown = kind in ("short", "tiny", "table") or (kind == "item" and at_end)
    return "boilerplate" if unknown and not known else "body"
