"""The characters that serve as quotation marks, and what their surroundings say of each occurrence.

A `Mark` is one occurrence. Its costs say how far-fetched each way of reading it is: as an opening
mark, as a closing one, as an apostrophe or a sign of measure. 0 is what a copy editor would write,
1 is unusual, 3 is a typing error. `builder.quotes.reading` picks the cheapest reading of all marks
together; the numbers were set by hand against the table of cases in the tests.
"""

import re
from dataclasses import dataclass

IMPOSSIBLE = float("inf")

# Opening mark -> closing marks, with what the combination costs: two styles mixed, or a mark turned round.
PARTNERS: dict[str, dict[str, float]] = {
    '"': {'"': 0, "”": 1, "“": 2, "''": 1.5},
    "“": {"”": 0, '"': 1, "“": 1.5, "''": 1.5},
    "”": {"”": 0, '"': 1, "“": 2},
    "„": {"“": 0, "”": 0, '"': 0.5, "''": 0.5},
    "«": {"»": 0, "«": 1},
    "»": {"«": 0, "»": 0.5},
    "''": {"''": 0, '"': 1.5},
    "``": {"''": 0, '"': 0.5, "``": 1},
    "「": {"」": 0},
    "『": {"』": 0},
    "\ufffd": {"\ufffd": 0},
    "'": {"'": 0, "’": 0.5, "´": 1},
    "‘": {"’": 0, "'": 0.5, "‘": 1.5, "´": 1},
    "’": {"’": 0, "'": 1},
    "‚": {"‘": 0, "’": 0, "'": 0.5},
    "`": {"'": 0, "´": 0, "’": 0.5, "`": 0.5},
    "´": {"´": 0.5},
    "‹": {"›": 0},
    "›": {"‹": 0},
}
SINGLE = frozenset("'‘’‚`´‹›")
APOSTROPHES = frozenset("'‘’`´")
CLOSING = frozenset(mark for closers in PARTNERS.values() for mark in closers)

# What it costs to open with a mark whose shape says that it closes, or that is mostly an apostrophe.
_OPENS_BY_SHAPE = {"”": 1.0, "»": 0.5, "›": 0.5, "\ufffd": 0.5, "'": 0.5, "`": 0.5, "’": 1.5, "´": 2.0}
# Marks that are typed or printed in one of these ways are read as the mark on the right.
_SPELLINGS = {
    "＂": '"', "‟": "“", "〝": "“", "〞": "”", "〟": "„", "‘‘": "“", "’’": "”", ",,": "„", "‛": "‘",
    "´´": "''",
    # HTML left unparsed; a second escaping is stripped before the look-up
    "&quot;": '"', "&#34;": '"', "&#034;": '"', "&#x22;": '"', "&apos;": "'", "&#39;": "'",
    "&#039;": "'",
    "&#x27;": "'", "&ldquo;": "“", "&rdquo;": "”", "&bdquo;": "„", "&lsquo;": "‘", "&rsquo;": "’",
    "&sbquo;": "‚",
    "&laquo;": "«", "&raquo;": "»", "&lsaquo;": "‹", "&rsaquo;": "›", "&#8220;": "“", "&#8221;": "”",
    "&#8222;": "„", "&#8216;": "‘", "&#8217;": "’", "&#8218;": "‚", "&#171;": "«", "&#187;": "»",
    # Windows-1252 bytes read as Latin-1
    "\x93": "“", "\x94": "”", "\x84": "„", "\x91": "‘", "\x92": "’", "\x82": "‚", "\x8b": "‹",
    "\x9b": "›",
    # UTF-8 bytes read as Windows-1252, as Latin-1 and as Mac Roman
    "â€œ": "“", "â€\x9d": "”", "â€�": "”", "â€ž": "„", "â€˜": "‘", "â€™": "’", "â€š": "‚", "Â«": "«",
    "Â»": "»",
    "â\x80\x9c": "“", "â\x80\x9d": "”", "â\x80\x9e": "„", "â\x80\x98": "‘", "â\x80\x99": "’",
    "â\x80\x9a": "‚",
    "‚Äú": "“", "‚Äù": "”", "‚Äû": "„", "‚Äò": "‘", "‚Äô": "’",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One occurrence of a mark: `glyph` is its usual form, and each reading has its cost."""

    start: int
    end: int
    glyph: str
    opens: float
    closes: float
    ignored: float

    @property
    def single(self) -> bool:
        """Whether the mark is a single one, which the same character as an apostrophe can be."""
        return self.glyph in SINGLE


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """The marks in `text[start:end]`, one paragraph, in order; apostrophes inside words are left out."""
    found = [match for match in _MARK.finditer(text, start, end) if match.lastgroup != "ornament"]
    marks = []
    for run in _runs(found):
        before, after = _seen_before(text, run[0].start(), start), _seen_after(text, run[-1].end(), end)
        for match in run:
            glyph = _usual_form(match.group())
            if glyph in APOSTROPHES and len(run) == 1 and _is_word(before) and _is_word(after):
                continue
            marks.append(_weigh(text, match, glyph, before, after, end))
    return marks


def _pattern() -> re.Pattern[str]:
    """What may be a mark; the longest spelling comes first."""
    # A run of four or more of one character is an ornament or a slip of the keyboard; 'n' is "and".
    ornament = r"""(?P<ornament>(["'`´‘’“”„«»‚‹›\ufffd])\2{3,}|(?<!\w)['’‘]n['’](?!\w))"""
    # Three single marks after a word are a single closing mark and a double one; before a word the
    # double one comes first.
    single_then_double = r"(?<=\S)'(?=''(?!'))"
    escaped = r"""\\{1,3}["']"""
    commas = r"(?<![^\s(]),,(?=\w)"  # a low mark on a keyboard that has none
    truncated = r"â€(?=[\s.,;:!?)]|\Z)"  # of a closing mark whose last byte no code page holds
    spellings = [re.escape(one) for one in sorted(_SPELLINGS, key=len, reverse=True) if one != ",,"]
    named = [one.replace(r"\&", "&(?:amp;)?") for one in spellings]
    one = "\"“”„«»「」『』\ufffd'‘’‚`´‹›"
    ways = [ornament, escaped, truncated, single_then_double, *named, commas, f"''|``|[{one}]"]
    # Most characters begin none of them, which is seen at once.
    begins = "".join(sorted({*one, "\\", ",", "â", *(spelling[0] for spelling in _SPELLINGS)}))
    return re.compile(f"(?=[{re.escape(begins)}])(?:{'|'.join(ways)})")


_MARK = _pattern()
_TRANSPARENT = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad*_")
_EDGE = "\n"  # what stands before and after a paragraph


def _runs(found: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    runs: list[list[re.Match[str]]] = []
    for match in found:
        if runs and runs[-1][-1].end() == match.start():
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _seen_before(text: str, position: int, start: int) -> str:
    while position > start and text[position - 1] in _TRANSPARENT:
        position -= 1
    return text[position - 1] if position > start else _EDGE


def _seen_after(text: str, position: int, end: int) -> str:
    while position < end and text[position] in _TRANSPARENT:
        position += 1
    return text[position] if position < end else _EDGE


def _usual_form(spelling: str) -> str:
    plain = spelling.replace("&amp;", "&").lstrip("\\")
    return "”" if plain == "â€" else _SPELLINGS.get(plain, plain)


def _is_word(character: str) -> bool:
    return character.isalnum()


def _weigh(text: str, match: re.Match[str], glyph: str, before: str, after: str, end: int) -> Mark:
    spaced = glyph in "«»‹›" and before.isspace() and after.isspace()  # French style puts blanks inside
    opens = (
        0.0
        if spaced and after != _EDGE
        else _opening_cost(before, after, text[match.end() : match.end() + 3])
    )
    closes = 0.0 if spaced and before != _EDGE else _closing_cost(before, after)
    opens += _OPENS_BY_SHAPE.get(glyph, 0.0) if glyph in PARTNERS else IMPOSSIBLE
    closes += 0.0 if glyph in CLOSING else IMPOSSIBLE
    if glyph in APOSTROPHES:
        return _weigh_apostrophe(text, match, glyph, before, after, end, opens, closes)
    return Mark(
        match.start(), match.end(), glyph, opens, closes, _stray_cost(text, match, glyph, before, after)
    )


def _opening_cost(before: str, after: str, following: str) -> float:
    """How unusual an opening mark between these two characters is."""
    cost = 0.0
    if _is_word(before):
        cost += 3.0
    elif before in ".,;!?…":
        cost += 1.5
    elif before in ")]}":
        cost += 2.0
    elif before == ":":
        cost += 0.5
    elif before in "-–—―/":
        cost += 0.2
    if after == _EDGE:
        cost += 5.0
    elif after.isspace():
        cost += 2.0
    elif after in ")]}":
        cost += 3.0
    elif after == "…" or following.startswith((".. ", "...", ". .", "[")):
        cost += 0.2
    elif after in ".,;:!?":
        cost += 2.5
    elif after in "-–—―/":
        cost += 0.7
    return cost


def _closing_cost(before: str, after: str) -> float:
    """How unusual a closing mark between these two characters is."""
    cost = 0.0
    if before == _EDGE:
        cost += 5.0
    elif before.isspace():
        cost += 2.0
    elif before in "([{":
        cost += 2.5
    elif before in "-–—―/":
        cost += 0.2
    if _is_word(after):
        cost += 2.0
    elif after in "([{":
        cost += 0.5
    return cost


def _stray_cost(text: str, match: re.Match[str], glyph: str, before: str, after: str) -> float:
    """What it costs that a double mark is no quotation mark at all: least for inches and seconds."""
    if glyph == "\ufffd":
        return (
            0.0 if (_is_word(before) and _is_word(after)) or (before.isspace() and after.isspace()) else 1.0
        )
    if before.isdigit() and glyph in {'"', "”", "''"}:
        if _FEET.search(text, max(match.start() - 8, 0), match.start()):
            return 0.2
        return 1.0 if glyph == '"' else 2.5
    return 5.0 if glyph in {'"', "''"} else 6.0


_FEET = re.compile(r"\d\s?['′’°]\s?\d{1,2}(?:\.\d+)?\s?\Z")


def _weigh_apostrophe(
    text: str,
    match: re.Match[str],
    glyph: str,
    before: str,
    after: str,
    end: int,
    opens: float,
    closes: float,
) -> Mark:
    """Weighs a mark that may be an apostrophe: of a dropped letter, a plural possessive, feet or minutes."""
    ignored = 1.5
    if _is_word(after):
        ignored = {"‘": 5.0, "’": 1.5}.get(glyph, 2.0)
        if _ELISION.match(text, match.end(), min(match.end() + 12, end)):
            ignored, opens = (0.5 if glyph == "‘" else 0.0), opens + 1.5
    elif before.isdigit():
        ignored = 0.3
    elif before.isalpha():
        if before in "sxzSXZ":
            ignored = 0.3
            # A possessive goes on with the thing possessed, which is seldom capitalised.
            closes += 0.8 if _LOWER_WORD.match(text, match.end(), min(match.end() + 2, end)) else 0.0
        elif _CLIPPED.search(text, max(match.start() - 8, 0), match.start()):
            ignored, closes = 0.5, closes + 0.5
        else:
            ignored = 2.0
    elif before in ".,;:!?…":
        ignored = 3.0
    return Mark(match.start(), match.end(), glyph, opens, closes, ignored)


# Words that begin with an apostrophe, and decades; a clipped word ends with one (goin', th', o').
_ELISION = re.compile(
    r"(?:t(?:is|was|were|wasn|isn|will|would|il|ill)|em|cause|cos|cuz|bout|round|neath|nuff|sup|gainst|bye|kay"
    r"|s|t|n|re|ve|ll|d|m|\d0s|\d\ds?)(?!\w)",
    re.IGNORECASE,
)
_LOWER_WORD = re.compile(r"[ \u00a0][^\W\d_A-Z]")
_CLIPPED = re.compile(r"(?:[a-z]in|\b(?:o|th|an|ol|lil|wi|mo|yo|l|d|qu|n))\Z", re.IGNORECASE)
