"""Finding the configured targets that a quotation, or its paragraph, names.

A name is matched word by word. A word of capitals ("US") matches only itself; a word with a capital
("Apple", "iPhone") matches itself or in capitals; a word in lower case ("gun control") matches in
any case. Words may be parted by blanks, a line break or a hyphen, whichever the name has. The last word
may be possessive and of the other number. Names are user's text and taken literally.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from builder.config import Target
from builder.quotes.paragraphs import lines_around
from builder.records import Document, Quotation, Span, TargetMention, Where

# Of a paragraph, what lies further from the quotation is no context of it. It also keeps the work
# linear where a document of many quotations is all one paragraph.
MOST_CONTEXT = 2_000
SHORTEST_STEM = 4  # letters; below, an -s is too often no plural: news, arms, gas
PATTERNS_KEPT = 10_000  # compiled; a configuration has fewer targets

_ARTICLES = frozenset(["the", "a", "an"])
_HYPHENS = "-‐‑–"
_BETWEEN_WORDS = rf"(?:\s++|[{_HYPHENS}])"
_APOSTROPHE = "['’ʼ]"
_POSSESSIVE = f"(?:{_APOSTROPHE}s|(?<=[sS]){_APOSTROPHE}|{_APOSTROPHE}S)?"


@dataclass(frozen=True, slots=True)
class TargetMatch:
    """A target that a quotation is about: where its names stand in the document's text.

    `where` is "quotation" if at least one of them stands in the quotation itself.
    """

    target: Target
    mentions: tuple[TargetMention, ...]
    where: Where

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the names stand."""
        return tuple(one.span for one in self.mentions)


def match_targets(document: Document, quotation: Quotation, targets: Sequence[Target]) -> list[TargetMatch]:
    """The targets that a quotation is about, in the order of `targets`.

    A target is matched where its own `match` says: in the quotation, or anywhere in its paragraph.
    A name inside a longer name of another target ("York" in "New York") names only the other.
    """
    paragraph = paragraph_of(document, quotation)
    found = _drop_covered([_find(document.text, paragraph, target) for target in targets])
    matches = []
    for target, mentions in zip(targets, found, strict=True):
        said = tuple(one for one in mentions if inside(one.span, quotation.content))
        kept = mentions if target.match == "context" else said
        if kept:
            matches.append(TargetMatch(target, kept, "quotation" if said else "context"))
    return matches


def paragraph_of(document: Document, quotation: Quotation) -> Span:
    """The span of the quotation's paragraph (its line, or lines), cut to `MOST_CONTEXT` on either side."""
    spans = [*quotation.content, *quotation.cue, *quotation.source]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    return lines_around(document.text, Span(first, last), MOST_CONTEXT)


def _find(text: str, within: Span, target: Target) -> tuple[TargetMention, ...]:
    pattern, names = _pattern(target.name, target.aliases)
    return tuple(
        TargetMention(Span(*match.span()), names[(match.lastindex or 1) - 1])
        for match in pattern.finditer(text, within.start, within.end)
    )


@lru_cache(maxsize=PATTERNS_KEPT)
def _pattern(name: str, aliases: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The pattern of all names, the longest first, so that it is not cut off by a shorter one.

    Beside it, the name that each of its groups is of.
    """
    named: dict[str, str] = {}
    for one in (name, *aliases):
        for form in ("NFC", "NFD"):
            named.setdefault(" ".join(unicodedata.normalize(form, one).split()), one)
    named.pop("", None)
    forms = sorted(named, key=lambda one: (-len(one), one))
    groups = "|".join(f"({_name(one)})" for one in forms)
    pattern = re.compile(rf"(?<!\w)(?:{groups})(?!\w)" if forms else r"(?!)")
    return pattern, tuple(named[one] for one in forms)


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
        return f"(?:{_literal(word)}s|{_word(word)})" if word[-1].isalnum() else _word(word)  # MPs, F-35s
    return "(?:" + "|".join(_word(form) for form in _numbers(word)) + ")"


def _numbers(word: str) -> Iterator[str]:
    """A word and its regular plural or, where it looks like one, its singular; the longest first."""
    if not word[-1].isalpha():
        yield from (word + "s", word) if word[-1].isdigit() else (word,)
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
    if not word.islower() or len(word) <= SHORTEST_STEM or not re.search(r"(?<!s)(?<!ic)s$", word):
        return
    if word.endswith("ies"):
        yield from (word[:-3] + "y", word[:-1])  # cities, movies
    else:
        yield word[:-1]
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        yield word[:-2]


def _word(word: str) -> str:
    """The pattern of a word: its case as the module says."""
    pattern = _literal(word)
    if word.islower():
        return f"(?i:{pattern})"
    capitals = _literal(word.upper())
    return pattern if pattern == capitals else f"(?:{pattern}|{capitals})"


def _literal(word: str) -> str:
    """The pattern of a word as it is, but for its apostrophes and hyphens."""
    pattern = re.sub("['’ʼ]", _APOSTROPHE, re.escape(word))
    return re.sub(rf"(?<=\w)\\?[{_HYPHENS}](?=\w)", lambda _: _BETWEEN_WORDS, pattern)


def _drop_covered(found: Iterable[tuple[TargetMention, ...]]) -> list[tuple[TargetMention, ...]]:
    """Leaves out each mention that lies inside a longer one of another target."""
    found = list(found)
    # Ordered so that what can cover a span comes before it, it is enough to look at the furthest end.
    ordered = sorted(
        ((one, number) for number, mentions in enumerate(found) for one in mentions),
        key=lambda one: (one[0].span.start, -one[0].span.end, one[1]),
    )
    kept: list[list[TargetMention]] = [[] for _ in found]
    widest = Span(0, 0)
    for mention, number in ordered:
        if mention.span.end > widest.end:
            widest = mention.span
        if mention.span == widest:
            kept[number].append(mention)
    return [tuple(mentions) for mentions in kept]


def inside(span: Span, parts: Sequence[Span]) -> bool:
    """Whether a span lies in one of some parts, which are in order."""
    last = bisect_right(parts, span.start, key=lambda part: part.start) - 1
    return last >= 0 and span.end <= parts[last].end
