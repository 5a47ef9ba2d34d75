"""The whole names of bodies and countries, of which a name as `names` finds it may be only a part.

"Republican" in front of a name is a description, so `find_names` cuts it off; in "Republican National
Committee" it belongs to the name, as "of Justice" does in "Department of Justice". A name is not followed
beyond an "and", for that may as well join it to another.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from builder.records import Span
from builder.speakers.given_names import is_given_name
from builder.speakers.names import Name
from builder.speakers.words import (
    BODIES,
    DAYS,
    DEMONYMS,
    DIRECTIONS,
    GOVERNMENTS,
    MONTHS,
    PLACES,
    PORTFOLIOS,
    SELF_STANDING,
    TITLES,
)

LONGEST_HEAD, LONGEST_TAIL = 3, 3  # words that describe a body before its name, and behind "of"
REACH = 30  # characters before a word in which the one before it is looked for
_NOUNS = BODIES | {"nations"}
# Before the name of a body or country: "North Korea", "United States Senate", "Justice Department".
_DESCRIBING = DEMONYMS | DIRECTIONS | PORTFOLIOS | {"white", "united"}
_BEHIND_THEM = PLACES | GOVERNMENTS | frozenset("states nations kingdom emirates korea zealand".split())
_BEFORE = re.compile(r"(?<![\w’'.-])([^\W\d_a-z][\w-]*)[ \u00a0]\Z")
_OF = re.compile(r"[ \u00a0](of|for)[ \u00a0](?:the[ \u00a0])?")
_CAPITALISED = re.compile(r"(?:St|Ste|Mt)\.|((?:[^\W\d_]\.){2,})|[^\W\d_a-z](?:[\w-]|['’](?=[^\W\d_]{2}))*")
# Bodies that are "for" something; behind others that word begins what somebody does there.
_FOR_SOMETHING = frozenset(
    "center centre institute institution committee council commission foundation association organization "
    "organisation coalition alliance society union league office agency campaign project fund".split()
)


def whole_name(text: str, name: Span) -> Span:
    """The name of the body or country that a name is a part of; the name itself if it is of neither."""
    words = name.of(text).lower().split()
    of_a_body = is_body(name.of(text))
    if not of_a_body and words[0] not in _BEHIND_THEM:
        return name
    start = name.start
    for _ in range(LONGEST_HEAD):
        word = _BEFORE.search(text, max(start - REACH, 0), start)
        if not word or word[1].lower() not in _DESCRIBING:
            break
        start = word.start()
    return Span(start, _end(text, name.end, words[-1]) if of_a_body else name.end)


def by_nouns(text: str, names: Iterable[Name]) -> dict[str, Span | None]:
    """The body that a noun alone means, by each noun that heads the name of one; None if there are several.

    A body is told by its whole name; what names it first stands for it. Headlines say nothing.
    """
    found: dict[str, dict[str, Span]] = defaultdict(dict)
    for name in names:
        a_person = not PORTFOLIOS.issuperset(name.titles) or is_given_name(name.words[0])
        if not name.headline and not a_person and is_body(name.text):
            whole = whole_name(text, name.span)
            words = whole.of(text).lower().split()
            noun = name.words[-1].lower()
            if len(words) > 1 and is_generic(noun):
                found[noun].setdefault(" ".join(words), whole)
    return {noun: next(iter(some.values())) if len(some) == 1 else None for noun, some in found.items()}


def is_body(name: str) -> bool:
    """Whether one of the words of a name is that of a body."""
    return not _NOUNS.isdisjoint(word.rstrip(".") for word in name.lower().split())


def is_generic(name: str) -> bool:
    """Whether a name is the noun of a body alone, "Department", which tells only which kind of body it is."""
    word = name.lower()
    return word in _NOUNS and word not in SELF_STANDING


def _end(text: str, end: int, noun: str) -> int:
    """Where a name with a noun of a body at its end ends if it goes on with "of" or "for".

    A day, a party, a title or a given name behind that is no part of it.
    """
    behind = _OF.match(text, end)
    if not behind or (behind[1] == "for" and noun not in _FOR_SOMETHING):
        return end
    at = behind.end()
    for number in range(LONGEST_TAIL):
        word = _CAPITALISED.match(text, at)
        if not word or word[0].lower() in DAYS | MONTHS:
            break
        a_person = word[0].lower() in TITLES - PORTFOLIOS or is_given_name(word[0])
        if (a_person and (number or behind[1] == "for")) or (number and word[0].lower() in DEMONYMS):
            break
        end, at = word.end(), word.end() + 1
        if word[1] or text[end:at] not in (" ", "\u00a0"):  # "U.S." ends a name
            break
    return end
