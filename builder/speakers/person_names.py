"""Names of people in parts that can be compared, and how far two of them agree."""

import re
from dataclasses import dataclass
from enum import IntEnum

from builder.speakers.accents import without_accents
from builder.speakers.nicknames import may_be_one
from builder.speakers.words import HONOURS


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name without case, accents, titles, letters of honours, particles and hyphens.

    `given` are its given names and initials in order; `family` is the last word, or the first where
    that is how the name is written ("Xi Jinping"); `written` is all of it in one, as it stands.
    """

    given: tuple[str, ...]
    family: str
    suffix: str
    written: str

    @property
    def is_full(self) -> bool:
        """Whether it is more than one word."""
        return bool(self.given)


class Agreement(IntEnum):
    """How far two names agree; the more, the higher."""

    PART = 1  # one is a surname or a given name of the other, or only an initial speaks for it
    FORM = 2  # the same names, as a nickname, with a middle name more, or by initials
    SAME = 3  # the same words


def parse_name(text: str) -> PersonName | None:
    """The parts of a name, given as "Anna K. van Berg Jr." or "van Berg, Anna K."; None without letters."""
    words = _words(_in_spoken_order(_without_honours(text[:LONGEST])))
    suffix = ""
    while words and _plain(words[0]) in _TITLES and len(words) > 1:
        words.pop(0)
    if len(words) > 1 and _plain(words[-1]) in SUFFIXES:
        suffix = _plain(words.pop())
    plain = [one for one in (_plain(word) for word in _without_particles(words)) if one]
    if not plain:
        return None
    written = "".join(plain)
    if _is_family_first(plain, words):
        return PersonName(("".join(plain[1:]),), plain[0], suffix, written)
    return PersonName(tuple(plain[:-1]), plain[-1], suffix, written)


def agreement(one: PersonName, other: PersonName) -> Agreement | None:
    """How far two names agree; None where they cannot be of one person."""
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return None
    found = _agreement_of_words(one, other)
    # With a suffix on one side only, it may be father or son.
    return Agreement.PART if found and one.suffix != other.suffix else found


def key_of_words(text: str) -> str:
    """The words of any name, without case, accents, punctuation, "the" and "Inc.": what equal names share."""
    words = _WORD.findall(_letters(text[:LONGEST]))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _LEGAL_FORMS else words)


LONGEST = 300  # characters of a name that are looked at
SUFFIXES = frozenset("jr sr ii iii iv".split())
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep gov gen col capt lt rev "
    "hon baroness cllr supt insp det cpl pvt fr msgr amb pres".split()
)
_LEGAL_FORMS = frozenset("inc corp ltd llc llp plc co gmbh ag sa nv bv spa".split())
_PARTICLES = frozenset(
    "van von der den de da di del della dos du le la al el bin ibn ben bint abu ul ur zu zur ter ten af "
    "av".split()
)
# Family names that are written before the given name, unless they are given names elsewhere.
_FAMILY_FIRST = frozenset(
    "xi li wang zhang liu chen yang zhao wu zhou xu sun ma zhu hu guo gao lin luo zheng liang xie tang deng "
    "feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren lai "
    "park choi jeong kang cho yoon jang lim moon nguyen tran pham hoang huynh phan vu vo dang bui ngo".split()
)
# These are given names too ("Kim", "Lee"): family names where a hyphenated given name follows.
_FAMILY_BEFORE_HYPHEN = frozenset("kim lee shin han noh roh ban chung".split())
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_INITIALS = re.compile(r"(?<!\w)((?:[^\W\d_]\.){2,}[^\W\d_]?)(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’ʼ`]")


def _without_honours(text: str) -> str:
    """ "Anna Berg" of "Anna Berg, MP"; "JP" alone or behind one word may be initials."""
    words = text.split()
    while len(words) > 2 and words[-1].strip(".,") in HONOURS:
        words.pop()
        words[-1] = words[-1].rstrip(",")
    return " ".join(words)


def _in_spoken_order(text: str) -> str:
    """ "Anna van Berg" of "van Berg, Anna"."""
    family, comma, given = text.partition(",")
    if not comma or "," in given or not given.strip() or _plain(given) in SUFFIXES:
        return text.replace(",", " ")
    return f"{given} {family}"


def _words(text: str) -> list[str]:
    text = _INITIALS.sub(lambda match: match[1].replace(".", ". "), text)  # "J.K." are two
    words = []
    for word in text.split():
        # "JD Vance", but not a family name in capitals, as in "XI Jinping".
        initials = len(word) == 2 and word.isupper() and word.isalpha() and word.lower() not in _FAMILY_FIRST
        words += list(word) if initials and not text.isupper() else [word]
    return words


def _without_particles(words: list[str]) -> list[str]:
    """Without "van der" and "al-"; what begins a name in capitals is a given name ("Al", "Van"), unless
    another particle follows.
    """
    kept = []
    for number, word in enumerate(words):
        prefix, hyphen, rest = word.partition("-")
        if hyphen and rest and prefix.lower() in _PARTICLES:
            kept.append(rest)
            continue
        is_last = number == len(words) - 1
        begins = number == 0 and word[:1].isupper() and words[1:2] and words[1].lower() not in _PARTICLES
        if word.lower() not in _PARTICLES or is_last or begins:
            kept.append(word)
    return kept


def _is_family_first(plain: list[str], words: list[str]) -> bool:
    if len(plain) < 2:
        return False
    if plain[0] in _FAMILY_BEFORE_HYPHEN:
        return "-" in words[-1]
    return plain[0] in _FAMILY_FIRST and plain[-1] not in _FAMILY_FIRST


def _plain(word: str) -> str:
    return "".join(_WORD.findall(_letters(word)))


def _letters(text: str) -> str:
    folded = _APOSTROPHES.sub("", text).casefold()
    return folded if folded.isascii() else without_accents(folded).translate(LETTERS)


def _agreement_of_words(one: PersonName, other: PersonName) -> Agreement | None:
    if one.written == other.written or (one.given, one.family) == (other.given, other.family):
        return Agreement.SAME
    if not one.is_full or not other.is_full:
        single, full = (other, one) if one.is_full else (one, other)
        return Agreement.PART if full.is_full and single.family in {full.family, full.given[0]} else None
    if (one.given, one.family) == ((other.family,), "".join(other.given)):
        return Agreement.PART  # the other way round: "Stewart James"
    return _agreement_of_given(one.given, other.given) if one.family == other.family else None


def _agreement_of_given(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement | None:
    if _goes_by_second(one, other) or _goes_by_second(other, one):
        return Agreement.FORM
    pairs = list(zip(one, other, strict=False))
    if not all(_may_agree(*pair) for pair in pairs):
        return None
    by_initial = min(len(one[0]), len(other[0])) == 1
    return Agreement.PART if by_initial and len(pairs) == 1 else Agreement.FORM


def _goes_by_second(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """ "J. Edgar" and "Edgar"."""
    return len(one) > 1 and len(one[0]) == 1 < len(one[1]) and one[1] == other[0]


def _may_agree(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return may_be_one(one, other)
