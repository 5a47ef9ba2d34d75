"""Sources as noun phrases: pronoun or not, head noun, article, number."""

import re
from dataclasses import dataclass
from typing import Literal

from builder.records import Span
from builder.speakers.given_names import is_given_name
from builder.speakers.words import BODIES, GOVERNMENTS, HONOURS, PLACES, PORTFOLIOS, TITLES

Pronoun = Literal["he", "she", "they", "it", "who", "which", "I", "we", "you", "some"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source as far as it decides who is meant.

    `pronoun` is the pronoun that it is, if it is one. `head` is the phrase without article and without
    what follows the head noun, `noun` the head noun in lower case, `words` all words in lower case.
    `named` says that the head ends with the name of somebody whom the article or others name in full.
    """

    span: Span
    pronoun: Pronoun | None
    head: Span
    noun: str
    words: tuple[str, ...]
    definite: bool = False
    indefinite: bool = False
    possessive: bool = False
    plural: bool = False
    joined: bool = False
    named: bool = False


def read_phrase(text: str, source: Span) -> Phrase:
    """Reads one source."""
    words = tuple(word.lower().replace("’", "'") for word in _WORD.findall(source.of(text)))
    pronoun = _PRONOUNS.get(words[0].removesuffix("'s")) if len(words) == 1 else None
    if pronoun:
        return Phrase(source, pronoun, source, words[0], words, plural=pronoun in {"they", "we", "some"})
    head = _head(text, source)
    nouns = _WORD.findall(head.of(text))
    noun = nouns[-1].lower().replace("’", "'").removesuffix("'s") if nouns else ""
    first = words[0] if words else ""
    return Phrase(
        source,
        None,
        head,
        noun,
        words,
        definite=first in _DEFINITE,
        indefinite=first in _INDEFINITE,
        possessive=first in _POSSESSIVE,
        plural=first in MANY or first[:1].isdigit() or is_plural(noun) or "percent" in words,
        joined=bool(_JOINED.search(head.of(text))),
    )


_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
_PRONOUNS: dict[str, Pronoun] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves", "both"), "they"),
    **dict.fromkeys(("it", "its", "this", "itself"), "it"),
    **dict.fromkeys(("who", "whom", "whose"), "who"),
    **dict.fromkeys(("which", "that"), "which"),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "I"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your"), "you"),
    **dict.fromkeys(
        "some many others these those all most one another everyone everybody anyone nobody "
        "someone several few none either neither each any more people".split(),
        "some",
    ),
}
_DEFINITE = frozenset("the this that these those".split())
_INDEFINITE = frozenset("a an one another any".split())
_POSSESSIVE = frozenset("his her its their my our your".split())
MANY = frozenset(
    "some many several most both few these those two three four five six seven eight nine ten dozens "
    "hundreds thousands millions all other nearly about roughly majorities people police critics".split()
)
_SOME_OF = MANY | {"one", "each", "group", "number", "couple", "pair", "majority"}
_ARTICLES = re.compile(r"(?:the|an?|this|that|these|those|his|her|its|their|our|my)\s+", re.IGNORECASE)
# What follows the head noun: an apposition, a relative clause, a participle, a bracket, a preposition unless
# it stands inside a name ("Chamber of Industry").
_AFTER_HEAD = re.compile(
    r",(?!\d)|\(|\s[-–—]"
    r"|\s(?:who|which|that|with|at|from|in|on|to|as|near|about|by|whose|familiar|close|outside|inside)(?=\s)"
    r"|(?<=[a-z])\s(?:being|published|released|conducted|obtained|seen|issued|posted|commissioned|written|reviewed)"
    r"(?=\s)"
    r"|(?<!\w)[^\W\dA-Z]\w*(?P<of>\s)(?:of|for)(?=\s)|\s(?:of|for)(?=\s(?![A-Z]))"
)


def _head(text: str, source: Span) -> Span:
    start, end = min(source.start, len(text)), min(source.end, len(text))
    article = _ARTICLES.match(text, start, end)
    if article:
        start = article.end()
    first = _WORD.match(text, start, end)
    # "Of" behind these says which body it is, "department of justice", or of whom they are some.
    kept = first is not None and first[0].lower() in BODIES | GOVERNMENTS | _SOME_OF
    stop = _AFTER_HEAD.search(text, start + kept, end)
    if stop:
        end = stop.start("of") if stop.group("of") else stop.start()
    for governed in _GOVERNED.finditer(text, start, end):
        if _is_of_somebody(governed):
            end = governed.start("of")
            break
    honours = _HONOURS.search(text, start, end)
    if honours:
        end = honours.start("letters")
    while end > start and text[end - 1] in " ,\u00a0":
        end -= 1
    return Span(start, end)


_GOVERNED = re.compile(r"(?<!\w)(\w+)(?P<of>\s(?:of|for)\s)(?=(?:the\s)?([^\W\d_a-z][\w-]*)\.?\s[^\W\d_a-z])")


def _is_of_somebody(governed: re.Match[str]) -> bool:
    """Whether "of" and what follows name whose friend or lawyer it is, not a part of the name of a body."""
    noun, word = governed[1].lower(), governed[3].lower()
    if noun in BODIES | GOVERNMENTS | _SOME_OF:
        return False
    return word in TITLES - PORTFOLIOS or (is_given_name(word) and word not in PLACES)


# Letters behind a name: "Ilse Brandt MP".
_HONOURS = re.compile(
    r"(?<![\w’'-])[^\W\d_a-z][\w’'-]*\s[^\W\d_a-z][\w’'-]*"
    rf"(?P<letters>(?:\s(?:{'|'.join(sorted(HONOURS))}))+)\Z"
)
# "Brandt and Okoro", "officials and voters"; not "mayor and former judge Ilse Brandt".
_JOINED = re.compile(r"(?:(?<![\w’'-])[^\W\d_a-z][\w’'-]*|s) and (?:the )?(?:[^\W\d_a-z]|[\w’'-]*s\b)")


def is_plural(noun: str) -> bool:
    """Whether the noun looks like several."""
    return noun in MANY or (noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s")))


def plain(phrase: str) -> str:
    """A phrase without marks around it and without a genitive's ending."""
    return " ".join(phrase.split()).strip("“”\"' ,").removesuffix("’s").removesuffix("'s")
