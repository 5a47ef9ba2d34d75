"""Finding the configured targets that a quotation, or its paragraph, names.

A name is matched word by word. A word of capitals ("US") matches only itself; a word with a capital
("Apple", "iPhone") matches itself or in capitals; a word in lower case ("gun control") matches in
any case. Words may be parted by blanks, a line break or a hyphen. The last word may be possessive
and of the other number. Names are user's text and taken literally.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from builder.config import Target
from builder.records import Document, Quotation, Span

Where = Literal["quotation", "context"]

# Of a paragraph, what lies further from the quotation is no context of it. It also keeps the work
# linear where a document of many quotations is all one paragraph.
MOST_CONTEXT = 2_000
SHORTEST_STEM = 4  # letters; below, an -s is too often no plural: news, arms, gas
PATTERNS_KEPT = 10_000  # compiled; a configuration has fewer targets

_ARTICLES = frozenset(["the", "a", "an"])
_BETWEEN_WORDS = r"(?:\s++|[-‐‑–])"
_APOSTROPHE = "['’ʼ]"
_POSSESSIVE = f"(?:{_APOSTROPHE}s|(?<=[sS]){_APOSTROPHE}|{_APOSTROPHE}S)?"


@dataclass(frozen=True, slots=True)
class TargetMatch:
    """A target that a quotation is about: where its names stand in the document's text.

    `where` is "quotation" if at least one of them stands in the quotation itself.
    """

    target: Target
    spans: tuple[Span, ...]
    where: Where


def match_targets(document: Document, quotation: Quotation, targets: Sequence[Target]) -> list[TargetMatch]:
    """The targets that a quotation is about, in the order of `targets`.

    A target is matched where its own `match` says: in the quotation, or anywhere in its paragraph.
    A name inside a longer name of another target ("York" in "New York") names only the other.
    """
    paragraph = paragraph_of(document, quotation)
    found = _drop_covered([_find(document.text, paragraph, target) for target in targets])
    matches = []
    for target, spans in zip(targets, found, strict=True):
        said = tuple(span for span in spans if _inside(span, quotation.content))
        kept = spans if target.match == "context" else said
        if kept:
            matches.append(TargetMatch(target, kept, "quotation" if said else "context"))
    return matches


def paragraph_of(document: Document, quotation: Quotation) -> Span:
    """The span of the quotation's paragraph (its line, or lines), cut to `MOST_CONTEXT` on either side."""
    spans = [*quotation.content, *quotation.cue, *quotation.source]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    low, high = max(0, first - MOST_CONTEXT), min(len(document.text), last + MOST_CONTEXT)
    start = document.text.rfind("\n", low, first) + 1 or low
    end = document.text.find("\n", last, high)
    return Span(start, high if end < 0 else end)


def _find(text: str, within: Span, target: Target) -> tuple[Span, ...]:
    found = _pattern(target.name, target.aliases).finditer(text, within.start, within.end)
    return tuple(Span(*match.span()) for match in found)


@lru_cache(maxsize=PATTERNS_KEPT)
def _pattern(name: str, aliases: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of all names, the longest first, so that it is not cut off by a shorter one."""
    forms = [unicodedata.normalize(form, one) for one in (name, *aliases) for form in ("NFC", "NFD")]
    names = sorted({" ".join(one.split()) for one in forms} - {""}, key=lambda one: (-len(one), one))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_name, names))})(?!\w)" if names else r"(?!)")


def _name(name: str) -> str:
    words = name.split(" ")
    article = words[0] if len(words) > 1 and words[0].lower() in _ARTICLES else ""
    *words, last = words[1:] if article else words
    pattern = _BETWEEN_WORDS.join([*map(_word, words), _inflected(last)]) + _POSSESSIVE
    # "The Who" is not "who": a capital article belongs to a name of one word.
    return f"(?i:{article}){_BETWEEN_WORDS}{pattern}" if article[:1].isupper() and not words else pattern


def _inflected(word: str) -> str:
    """The pattern of a word in both numbers."""
    if word.isupper():
        return f"(?:{re.escape(word)}s|{_word(word)})" if word[-1].isalpha() else _word(word)  # MPs
    return "(?:" + "|".join(_word(form) for form in _numbers(word)) + ")"


def _numbers(word: str) -> Iterator[str]:
    """A word and its regular plural or, where it looks like one, its singular; the longest first."""
    if not word[-1].isalpha():
        yield word
        return
    yield from sorted({word, *_plurals(word), *_singulars(word)}, key=lambda form: (-len(form), form))


def _plurals(word: str) -> Iterator[str]:
    if re.search(r"[^aeiou]y$", word):
        yield word[:-1] + "ies"
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        yield word + "es"
    else:
        yield word + "s"


def _singulars(word: str) -> Iterator[str]:
    # A name ends in -s for other reasons ("Wales", "Greens"): only a common noun is cut.
    if not word.islower() or not word.endswith("s") or len(word) <= SHORTEST_STEM or word.endswith("ss"):
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    else:
        yield word[:-1]
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        yield word[:-2]


def _word(word: str) -> str:
    """The pattern of a word: its case as the module says, any apostrophe for an apostrophe."""
    pattern = re.sub("['’ʼ]", _APOSTROPHE, re.escape(word))
    if word.islower():
        return f"(?i:{pattern})"
    capitals = re.sub("['’ʼ]", _APOSTROPHE, re.escape(word.upper()))
    return pattern if pattern == capitals else f"(?:{pattern}|{capitals})"


def _drop_covered(found: Iterable[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """Leaves out each span that lies inside a longer one of another target."""
    found = list(found)
    # Ordered so that what can cover a span comes before it, it is enough to look at the furthest end.
    ordered = sorted(
        ((span, number) for number, spans in enumerate(found) for span in spans),
        key=lambda one: (one[0].start, -one[0].end, one[1]),
    )
    kept: list[list[Span]] = [[] for _ in found]
    widest = Span(0, 0)
    for span, number in ordered:
        if span.end > widest.end:
            widest = span
        if span == widest:
            kept[number].append(span)
    return [tuple(spans) for spans in kept]


def _inside(span: Span, parts: Sequence[Span]) -> bool:
    last = bisect_right(parts, span.start, key=lambda part: part.start) - 1
    return last >= 0 and span.end <= parts[last].end
