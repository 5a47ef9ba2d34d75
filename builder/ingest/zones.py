"""The zones of a text dump: what every block of it is.

The body is the best run of prose. What stands around it gets its label from where it stands and
from its form: the headline above the body, the standfirst under the headline, datelines and
captions between headline and body, tags after it; the rest is boilerplate.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from builder.ingest import signs
from builder.ingest.agencies import agency_on_line, agency_signing, known_agency
from builder.ingest.blocks import Block
from builder.ingest.dates import find_date
from builder.ingest.prose import SPACELESS, Reading, best_run, inside, read_blocks
from builder.records import ZoneLabel


@dataclass(frozen=True, slots=True)
class Zoned:
    """The label of every block, the blocks that the body runs over, and the headline, if one was found."""

    labels: tuple[ZoneLabel, ...]
    run: range
    headline: str | None


def zoned(page: Sequence[Block], title: str | None = None) -> Zoned:
    """Labels the blocks of a page; `title` is its headline where that is known."""
    readings = read_blocks(page)
    run = best_run(readings)
    labels: list[ZoneLabel] = ["boilerplate"] * len(page)
    for number, belongs in zip(run, inside(readings, run), strict=True):
        labels[number] = "body" if belongs else _label_by_form(page, readings, number)
        if belongs and signs.is_hashtags(page[number].words):
            labels[number] = "tags"
    if not run:
        return Zoned(tuple(labels), run, title)
    run = _with_signature(page, readings, run, labels)
    headline = title or _find_headline(page, readings, run)
    above = _label_headline(page, run, headline, labels)
    if above is None:
        for number in range(max(0, run.start - ABOVE_BODY), run.start):
            labels[number] = _label_by_form(page, readings, number)
    else:
        _label_between(page, readings, range(above + 1, run.start), labels)
    _label_tags(page, readings, range(run.stop, len(page)), labels)
    return Zoned(tuple(labels), run, headline)


def same_words(one: str, other: str) -> bool:
    """Whether two lines say the same, marks, blanks and case apart."""
    return _letters(one) == _letters(other)


HEADLINE_WORDS = (3, 40)  # that a headline has
HEADLINE_WITHIN = 60  # blocks above the body
HEADLINE_SCORE = 1.2  # by `_find_headline`, at least
OWN_WORDS = 0.8  # share of a headline's words that need to be the body's, at most
NEARLY = 1.0  # points of that score
LONG_HEADLINE = 20  # words
TITLE_WORDS = 5  # of more than three letters, in an ordinary headline
NO_HEADLINE = frozenset({"photo", "byline", "notice", "section", "table", "post", "tiny", "comments"})
DATE_WORDS = 8  # of a line that is hardly more than a date
ABOVE_BODY = 8  # blocks that are looked at where no headline is found
STANDFIRST_WORDS = 5  # at least
STANDFIRST_BLOCKS = 4  # at most
SIGNED_WITHIN = 2  # blocks after the body
SIGNED_WORDS = 12  # of a paragraph that is signed, at least
TAGS_WITHIN = 12  # blocks after the body, and after a heading "Tags"
CAPTION_WORDS = 5  # above a photographer's name

_WORD = re.compile(r"\w+")


def _long_words(line: str) -> list[str]:
    """The words that say what a line is about; in scripts without spaces, pairs of characters."""
    found: list[str] = []
    for word in _WORD.findall(line.casefold()):
        if SPACELESS.search(word):
            found += map("".join, pairwise(word))
        elif len(word) > 3:
            found.append(word)
    return found


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))


def _label_by_form(page: Sequence[Block], readings: Sequence[Reading], number: int) -> ZoneLabel:
    """Of a block near the body that is not of the article."""
    kind, words = readings[number].kind, page[number].words
    dated = readings[number].length <= DATE_WORDS and find_date(words) is not None
    if dated or kind in ("byline", "credit") or signs.is_place_and_day(words) or agency_on_line(words):
        return "dateline"
    if kind in ("photo", "twin"):
        return "caption"
    return "boilerplate"


def _with_signature(
    page: Sequence[Block], readings: Sequence[Reading], run: range, labels: list[ZoneLabel]
) -> range:
    """The run and what follows it: a paragraph signed by an agency, or the agency's name on its own line.

    A caption can look like such a paragraph, but it hardly ever follows the last one.
    """
    for number in range(run.stop, min(run.stop + SIGNED_WITHIN, len(page))):
        words = page[number].words
        if number == run.stop and readings[number].length >= SIGNED_WORDS and agency_signing(words):
            labels[number] = "body"
            return range(run.start, number + 1)
        if known_agency(words.strip(" -–—()|")):
            labels[number] = "dateline"
            return run
    return run


def _find_headline(page: Sequence[Block], readings: Sequence[Reading], run: range) -> str | None:
    """The block above the body that is most like a headline, or one right above it that is nearly so.

    Under a headline stands often something like it, but no headline stands under another.
    """
    body = frozenset(word for number in run for word in _long_words(page[number].words))
    said = [_letters(block.words) for block in page[: run.stop]]
    above = range(max(0, run.start - HEADLINE_WITHIN), run.start)
    scores = {number: _headline_score(page, readings, number, said, body) for number in above}
    best = max(above, key=lambda number: scores[number], default=None)
    if best is None or scores[best] < HEADLINE_SCORE:
        return None
    near = (number for number in range(best - STANDFIRST_BLOCKS, best) if number in scores and number > 0)
    best = next((number for number in near if scores[number] >= scores[best] - NEARLY), best)
    return page[best].words


def _headline_score(
    page: Sequence[Block], readings: Sequence[Reading], number: int, said: Sequence[str], body: frozenset[str]
) -> float:
    """How much a block is like a headline.

    Its words are the body's words; it is said again, in the first line or elsewhere; a byline follows;
    and it is no sentence, caption or item of a menu.
    """
    reading, words = readings[number], page[number].words
    low, high = HEADLINE_WORDS
    if not low <= reading.length <= high or reading.kind in NO_HEADLINE or signs.is_byline(words):
        return 0.0
    own = _long_words(words)
    in_first_line = number > 0 and len(said[number]) > len(said[0]) / 4 and said[number] in said[0]
    return (
        # A headline says it in words of its own; a line all in the body's words may just quote it.
        3.0 * min(sum(word in body for word in own) / max(len(own), TITLE_WORDS), OWN_WORDS)
        + 1.5 * in_first_line
        + 0.5 * (said.count(said[number]) > 1)
        + 0.7 * any(one.kind == "byline" for one in readings[number + 1 : number + 4])
        - 1.0 * words.endswith((".", "…"))
        - 1.0 * (reading.kind == "lead")
        - 1.0 * (page[number].bullet or number == 0)
        - 0.5 * (reading.length > LONG_HEADLINE)
        - 0.5 * signs.ends_in_name(words)
    )


def _label_headline(
    page: Sequence[Block], run: range, headline: str | None, labels: list[ZoneLabel]
) -> int | None:
    """Labels every line that is the headline; returns the number of the first, if one is above the body."""
    if headline is None:
        return None
    wanted = _letters(headline)
    found = [
        number
        for number in range(run.stop)
        if not page[number].bullet and _letters(page[number].words) == wanted
    ]
    for number in found:
        labels[number] = "title"
    return found[0] if found and found[0] < run.start else None


def _label_between(
    page: Sequence[Block], readings: Sequence[Reading], between: range, labels: list[ZoneLabel]
) -> None:
    """Labels what stands between the headline and the body."""
    standfirst = set(_standfirst(page, readings, between, labels))
    for number in between:
        if labels[number] == "title":
            continue
        if number in standfirst:
            labels[number] = "standfirst"
        elif _is_caption(page, readings, number) or (
            # A photographer's name below what the photograph shows.
            readings[number].length >= CAPTION_WORDS
            and readings[number].kind != "byline"
            and number + 1 in between
            and readings[number + 1].kind == "photo"
        ):
            labels[number] = "caption"
        else:
            labels[number] = _label_by_form(page, readings, number)


def _is_caption(page: Sequence[Block], readings: Sequence[Reading], number: int) -> bool:
    if readings[number].length < CAPTION_WORDS:
        return False
    return readings[number].kind == "photo" or signs.ends_in_name(page[number].words)


def _standfirst(
    page: Sequence[Block], readings: Sequence[Reading], between: range, labels: Sequence[ZoneLabel]
) -> Iterator[int]:
    """The lines right under the headline, or under the byline that follows it."""
    found = 0
    for number in between:
        reading = readings[number]
        if _is_caption(page, readings, number):
            return
        usual = reading.kind in ("prose", "long", "sentence", "short", "item", "lead", "twin", "repeat")
        if usual and reading.length >= STANDFIRST_WORDS and labels[number] != "title":
            yield number
            found += 1
        elif found and labels[number] != "title":
            return
        if found == STANDFIRST_BLOCKS:
            return


def _label_tags(
    page: Sequence[Block], readings: Sequence[Reading], after: range, labels: list[ZoneLabel]
) -> None:
    under_heading = 0
    for number in after[:TAGS_WITHIN]:
        words, kind = page[number].words, readings[number].kind
        if kind == "comments":
            return
        if signs.is_hashtags(words) or signs.opens_tags(words):
            labels[number] = "tags"
            under_heading = (
                TAGS_WITHIN if len(words.rstrip(": ")) < CAPTION_WORDS * 2 and "#" not in words else 0
            )
        elif under_heading and kind in ("item", "tiny", "short") and readings[number].length <= CAPTION_WORDS:
            labels[number] = "tags"
            under_heading -= 1
        else:
            under_heading = 0
