"""Names in a text: runs of capitalised words, cut where a name begins and ends."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.records import Span
from builder.speakers.given_names import is_given_name
from builder.speakers.words import (
    ABBREVIATED_TITLES,
    ALSO_GIVEN,
    ALSO_SURNAMES,
    BODIES,
    COMMON,
    DAYS,
    DEMONYMS,
    DIRECTIONS,
    GOVERNMENTS,
    HONOURS,
    MIDDLE_NAMES,
    MONTHS,
    NOT_NAMES,
    PARTICLES,
    PLACES,
    PORTFOLIOS,
    RANKS,
    ROLES,
    SUFFIXES,
    TITLES,
)

SEPARATING = frozenset(
    "says say said is are was were has have had does did can could would should than that and with from "
    "about after before because if when while why how who whom whose into against but nor not isn't "
    "doesn't won't calls tells wants".split()
)
HEADLINE = 0.75  # of the longer words of a line capitalised: a headline, where capitals say nothing


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words without its titles: `words` as written, `titles` in lower case.

    `genitive` says that "'s" follows: the words stand for an owner. `article` says that "the" stands
    before the run, as before the names of bodies, and `headline` that the line is one. `end` is where
    letters of honours behind the name end, which are none of its words: "Ilse Brandt MP".
    """

    span: Span
    words: tuple[str, ...]
    titles: tuple[str, ...]
    genitive: bool
    end: int
    article: bool = False
    headline: bool = False

    @property
    def text(self) -> str:
        """The name, its words joined by single spaces."""
        return " ".join(self.words)

    @property
    def surname(self) -> str:
        """Its last word that is no "Jr."."""
        plain = [word for word in self.words if word.rstrip(".").lower() not in SUFFIXES]
        return (plain[-1] if plain else self.words[-1]).rstrip(",")

    @property
    def given(self) -> str:
        """Its first word, or nothing if it is the only one."""
        return self.words[0] if len(self.words) > 1 else ""

    @property
    def of_a_body(self) -> bool:
        """Whether one of the words is that of an organisation."""
        return any(word.lower().rstrip(".") in BODIES for word in self.words)


def find_names(text: str, spans: Iterable[Span]) -> list[Name]:
    """The names in the given parts of the text, in order.

    Where a run of capitals holds more than a name ("Fox News Anna Berg"), a given name or the same
    words elsewhere tell where it begins.
    """
    parts: list[tuple[list[Span], bool]] = []
    for span in spans:
        for line in _LINE.finditer(text, span.start, span.end):
            headline = _is_headline(line.group())
            for run in _RUN.finditer(text, line.start(), line.end()):
                parts += [(words, headline) for words in _sentences(text, run.start(), run.end())]
    runs = Counter(tuple(word.of(text) for word in words) for words, headline in parts if not headline)
    bare = [_without_honours(run, 0) for run in runs]
    surnames = frozenset(
        run[-1] for run in bare if any(is_given_name(word) for word in run[-3:-1]) or _may_name_somebody(run)
    )
    runs.update((word,) for word in set(_LOWER.findall(text)))  # small letters never begin a run
    known = _Known(runs, surnames)
    found = []
    for words, headline in parts:
        for some in _known_parts(text, words, runs) if headline else [words]:
            name = _name(text, some, headline, known)
            if name:
                found.append(name)
    return found


def _may_name_somebody(run: Sequence[str]) -> bool:
    """Whether two words may be a rare given name and a surname that is a word for something else, too."""
    if len(run) != 2 or run[1].lower() not in ALSO_SURNAMES:
        return False
    return run[0].lower() not in NOT_NAMES | DEMONYMS | BODIES | GOVERNMENTS | PLACES | DIRECTIONS | TITLES


@dataclass(frozen=True, slots=True)
class _Known:
    """What a text knows: how often it has each run of capitals, and which words may be surnames."""

    runs: Counter[tuple[str, ...]]
    surnames: frozenset[str]


def _known_parts(text: str, words: list[Span], runs: Counter[tuple[str, ...]]) -> list[list[Span]]:
    """The names in a run of a headline: what stands elsewhere in the text, or begins with a given name."""
    written = [word.of(text) for word in words]
    parts = []
    at = 0
    while at < len(words):
        sizes = [
            size for size in (4, 3, 2, 1) if runs[tuple(written[at : at + size])] and at + size <= len(words)
        ]
        size = sizes[0] if sizes else 0
        if not size and at + 1 < len(words) and is_given_name(written[at]):
            size = 2 + bool(_INITIAL.match(written[at + 1]))
        if size:
            parts.append(words[at : at + size])
        at += size or 1
    return parts


_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_FULL_STOP = re.compile(r"\.[”\"’')]*\s*\Z")
_SMALL_WORD = re.compile(r"(?<![^\s“\"‘'(])[^\W\d_A-Z]{2,}")
# Words that stay small in a headline.
_JOINING = frozenset(
    "a an the and or but nor for of in on at to by with from as is it its vs via over off out up into "
    "than".split()
)


def _is_headline(line: str) -> bool:
    words = _LONG_WORD.findall(line)
    if len(words) < 5 or sum(word[0].isupper() for word in words) < HEADLINE * len(words):
        return False
    return not _FULL_STOP.search(line) or set(_SMALL_WORD.findall(line)) <= _JOINING


_LETTER = r"[^\W\d_]"
_CAPITALISED = (
    rf"(?:(?:al|el|bin|ibn)-)?(?:(?=[^\W\d_a-z]){_LETTER}"
    rf"(?:{_LETTER}|[\u0300-\u036f]|['’](?={_LETTER}{{2}})|-(?={_LETTER})|\.(?={_LETTER}\.))*\.?)"
)
_CAPITAL = rf"(?=[^\W\d_a-z]){_LETTER}{{2,}}"
# "Bill", or several words where it is plain that they are marked: Bjarne “The Anchor” Holt.
_NICKNAME = rf"(?:[“\"‘'(]{_CAPITAL}[”\"’')]|[“\"]{_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{1,2}}[”\"])"
_RUN = re.compile(
    rf"(?<![\w’'@])(?<!\S-){_CAPITALISED}"
    rf"(?:[ \u00a0](?:(?:(?:{'|'.join(sorted(PARTICLES))})[ \u00a0]){{0,2}}{_CAPITALISED}"
    rf"|{_NICKNAME}(?=[ \u00a0]{_CAPITALISED}))"
    rf"|,[ \u00a0](?:Jr|Sr|II|III|IV)\b\.?){{0,11}}"
    r"|(?<![\w.@])@\w{3,30}"
)
_WORD = re.compile(r"[^\s]+")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)+\Z")
_ABBREVIATED = frozenset("jr sr st".split()) | ABBREVIATED_TITLES


def _sentences(text: str, start: int, end: int) -> list[list[Span]]:
    """The words of a run, cut behind full stops that end sentences: "to Rome. Anna".

    It is cut at words of which no name consists, too: "Berg Says Anna Brandt".
    """
    parts: list[list[Span]] = [[]]
    for match in _WORD.finditer(text, start, end):
        word = match.group()
        if word.lower() in SEPARATING:
            parts.append([])
            continue
        ends = word.endswith(".") and not _INITIAL.match(word) and word[:-1].lower() not in _ABBREVIATED
        parts[-1].append(Span(match.start(), match.end() - ends))
        if ends:
            parts.append([])
    return [part for part in parts if part]


def _name(text: str, words: Sequence[Span], headline: bool, known: _Known) -> Name | None:
    written: Sequence[str] = [word.of(text) for word in words]
    plain = [word.rstrip(".,").lower() for word in written]
    somebody = _stands_for_somebody(text, words, known)
    first = 0
    while first < len(words) and (plain[first] in NOT_NAMES or _is_small(written[first])):
        if somebody or _is_given_here(text, words[first:]):
            break
        first += 1
    titles = []
    for number in range(first, len(words) - 1):  # the last word is no title: "Charlie King"
        if _is_title(written, plain, number, first, known):
            titles.append(plain[number])
            first = number + 1
    a_date = text[words[-1].end + 1 : words[-1].end + 2].isdigit()
    somebody |= first == len(words) - 1 and bool(titles) and plain[-1] in ALSO_SURNAMES and not a_date
    while first < len(words) and _is_no_part(plain, written, first):
        given = titles and first + 1 < len(words) and plain[first] in ALSO_GIVEN
        if somebody or given or _is_given_here(text, words[first:]):
            break
        first += 1
    if (
        first >= len(words)
        or plain[-1] in DEMONYMS
        or (len(words) - first == 1 and not somebody and not titles and _is_common(plain[-1]))
        or (len(words) - first == 1 and not somebody and plain[-1] in MONTHS)
    ):
        return None
    first = _beginning(written, first, known.runs)
    if titles or is_given_name(written[first]) or written[first] in known.surnames:
        written = _without_honours(written, first)
    kept = words[first : _ending(written, first, known.runs)]
    if not _is_written_as_a_name(text, kept, alone=len(kept) == 1 and not titles):
        return None
    span = Span(kept[0].start, kept[-1].end)
    end = words[-1].end if kept[-1] == words[len(written) - 1] else span.end
    before = text[max(span.start - 5, 0) : span.start].lower() if first == 0 else ""
    return Name(
        span,
        tuple(word.of(text) for word in kept),
        tuple(titles),
        bool(_GENITIVE.match(text, end)),
        end,
        before.endswith(("the ", "the\u00a0")) or plain[0] == "the",
        headline,
    )


_LOWER = re.compile(r"(?<![\w’'-])[^\W\d_A-Z]{3,}(?![\w’'-])")
_GENITIVE = re.compile(r"['’]s?(?!\w)")


def _is_title(written: Sequence[str], plain: Sequence[str], at: int, first: int, known: _Known) -> bool:
    """Whether a word before others is a title; in "World Health Organization" none is."""
    if plain[at] in RANKS:
        of_somebody = is_given_name(written[at + 1]) or written[-1] in known.surnames
        return written[at].isupper() and of_somebody
    if TITLES.isdisjoint({plain[at], plain[at].removesuffix("s")}) or plain[at + 1] in SUFFIXES:
        return False
    return at == first or plain[at] not in PORTFOLIOS or BODIES.isdisjoint(plain[at + 1 :])


_SAYING = r"(?:said|says|told|tells|added|adds|asked|wrote|warned|insisted|argued|replied|explained)"
# What follows somebody who acts, or is explained.
_ACTS = re.compile(
    rf"[ \u00a0](?:{_SAYING}|has|had|is|was|who|did|does|also|later|then|[a-z]{{3,}}ed)\b"
    r"|,[ \u00a0](?!\d)|['’]s\b"
)
# What a name may stand before that describes nothing: "June Berg in Unterau", not "June Berg sales".
_FREE = re.compile(
    r"[ \u00a0](?:and|or|in|at|of|to|from|with|for|on|by|as|but|that|when|after|before|while)\b|[^\w\s]|\s*\Z"
)
_SAID = re.compile(rf"\b{_SAYING}[ \u00a0]\Z")
_INSIDE = re.compile(r"[^\W\dA-Z],?[ \u00a0]\Z")
_OF_TIME = re.compile(
    r"(?:\b(?:the|an?|his|her|its|their|our|my|in|last|since|until|till|by|this|next|early|mid|late|of|from|to|for|"
    r"on|and|or|through|during|before|after|every|each)|\d)[ \u00a0-]\Z",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[^.!?\n]*\?")
NEAR = 12  # characters before a word in which the one before it is looked for


def _stands_for_somebody(text: str, words: Sequence[Span], known: _Known) -> bool:
    """Whether a word that mostly names nobody is the surname of somebody named in full: "May said"."""
    word = words[0].of(text)
    if len(words) > 1 or word.lower() not in ALSO_SURNAMES or word not in known.surnames:
        return False
    before = text[max(words[0].start - NEAR, 0) : words[0].start]
    acts = bool(_ACTS.match(text, words[0].end) or _SAID.search(before))
    return acts and not _OF_TIME.search(before)


def _is_given_here(text: str, words: Sequence[Span]) -> bool:
    """Whether a run that begins with a verb or a month is a person's name: "the actor Will Berg"."""
    plain = [word.of(text).lower() for word in words]
    no_name = DAYS | NOT_NAMES | BODIES
    if plain[0] not in ALSO_GIVEN or len(words) not in {2, 3} or not no_name.isdisjoint(plain[1:]):
        return False
    before, end = text[max(words[0].start - NEAR, 0) : words[0].start], words[-1].end
    acts = _ACTS.match(text, end) is not None
    inside = _INSIDE.search(before) and (acts or _FREE.match(text, end))
    if plain[0] == "will":  # a verb only opens a question
        return bool(inside) or (acts and not _ASKS.match(text, end))
    return (acts or bool(inside)) and not _OF_TIME.search(before)


def _is_small(word: str) -> bool:
    """Whether a word has no capitals and is no handle, whose letters may all be small."""
    return word.islower() and not word.startswith("@")


def _is_common(word: str) -> bool:
    """Whether a word that stands alone is a role or only opens its sentence: "Senator", "Thanks"."""
    return word in ROLES or (word in COMMON and not is_given_name(word))


def _is_no_part(plain: Sequence[str], written: Sequence[str], at: int) -> bool:
    """Whether a word at the head of a run belongs to no name: "Republican", "van" left over, "May 3"."""
    return plain[at] in NOT_NAMES | DEMONYMS or _is_small(written[at])


def _beginning(written: Sequence[str], first: int, runs: Counter[tuple[str, ...]]) -> int:
    """Where in a run the name begins: at a given name, behind a body's word, or with what stands alone."""
    end = len(written)
    for start in range(first, end - 1):
        if _begins_a_name(written, start, first) or (
            start > first and runs[tuple(written[start:])] > runs[tuple(written[first:])]
        ):
            return start
    last = tuple(written[end - 1 :])
    strange = not is_given_name(written[first]) and runs[last] > 2 * runs[tuple(written[first:])]
    if (
        first == 0
        and end - first == 2
        and strange
        and runs[tuple(written[:1])] == 0
        and (written[0].lower() in COMMON or written[0].endswith("ing") or runs[(written[0].lower(),)])
    ):
        return end - 1
    if end - first > 2 and strange and written[end - 2].lower() in BODIES:
        return end - 1
    return first


def _ending(written: Sequence[str], first: int, runs: Counter[tuple[str, ...]]) -> int:
    """Where in a run the name ends: before words that it mostly stands without.

    "Ilse Brandt Day" ends with a surname that stands alone elsewhere.
    """
    end = len(written)
    if (
        end - first > 2
        and is_given_name(written[first])
        and not written[first + 1].islower()
        and _times_alone(written[first + 1], runs) > runs[tuple(written[first:])]
        and written[first + 2].rstrip(".").lower() not in SUFFIXES
        and not (end - first == 3 and _times_alone(written[-1], runs))
    ):
        return first + 2
    for size in (2, 3):
        if first + size < end and runs[tuple(written[first : first + size])] > runs[tuple(written[first:])]:
            return first + size
    return end


def _without_honours(written: Sequence[str], first: int) -> Sequence[str]:
    """The words without the letters behind a name that begins at `first`: "Ilse Brandt MP"."""
    end = len(written)
    while end - first > 1 and written[end - 1].rstrip(".,") in HONOURS:
        end -= 1
    return written[:end]


def _times_alone(word: str, runs: Counter[tuple[str, ...]]) -> int:
    """How often a surname stands alone, or behind a form of address."""
    return runs[(word,)] + sum(runs[address, word] for address in _ADDRESSES)


_ADDRESSES = ("Mr.", "Mrs.", "Ms.", "Miss", "Dr.", "Sen.", "Rep.", "Gov.", "President", "Senator", "Governor")


def _begins_a_name(written: Sequence[str], start: int, first: int) -> bool:
    word = written[start]
    if start == first:
        return is_given_name(word) or bool(_INITIAL.match(word))
    left = len(written) - start
    return (
        is_given_name(word)
        and 2 <= left <= 4
        and not {word.lower(), written[start - 1].lower()} & (PARTICLES | MIDDLE_NAMES | DIRECTIONS)
    )


def _is_written_as_a_name(text: str, words: Sequence[Span], alone: bool) -> bool:
    """Whether some letter is small; capitals only are a name where a label or a given name says so."""
    written = [word.of(text) for word in words]
    if any(character.islower() for word in written for character in word):
        return True
    if alone:
        return len(written[0]) > 2 and text.startswith(":", words[0].end)
    return is_given_name(written[0]) or bool(_INITIAL.match(written[0]))
