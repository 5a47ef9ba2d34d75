"""What kind of noun phrase a source is: a name, a pronoun, a role, a body, several people."""

import re
from dataclasses import dataclass
from typing import Literal

from builder.records import Span
from builder.speakers.names import Name, find_names
from builder.speakers.words import GOVERNMENT_NAMES, GOVERNMENTS, NOT_NAMES, ORGANISATIONS, ROLES

Kind = Literal[
    "person", "he", "she", "they", "it", "who", "I", "organisation", "government", "group", "role"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A source as far as it decides who is meant.

    `name` is the person's name if one is its head; `head` is the phrase without article and without
    what follows the head noun; `noun` is the head noun in lower case; `indefinite` says that an
    "a" or the like stands before it.
    """

    kind: Kind
    head: Span
    noun: str
    name: Name | None = None
    indefinite: bool = False


def read_phrase(text: str, source: Span) -> NounPhrase:
    """Reads one source."""
    whole = source.of(text).strip(" ,").lower()
    pronoun = _PRONOUNS.get(whole)
    if pronoun:
        return NounPhrase(pronoun, source, whole)
    head = _head(text, source)
    name = _head_name(text, head) or _name_in_apposition(text, source, head)
    words = head.of(text).split()
    noun = words[-1].lower().strip("'’.,") if words else ""
    first = source.of(text).split()[0].lower() if whole else ""
    kind = _kind(head.of(text), noun, first, name)
    return NounPhrase(kind, head, noun, name if kind == "person" else None, first in _INDEFINITE)


_PRONOUNS: dict[str, Kind] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("they", "them", "their", "theirs", "these", "those", "some", "many", "others"), "they"),
    **dict.fromkeys(("it", "its", "this", "that", "which"), "it"),
    **dict.fromkeys(("who", "whom", "whose"), "who"),
    **dict.fromkeys(("i", "me", "my", "we", "us", "our", "myself"), "I"),
}
_INDEFINITE = frozenset("a an one another any".split())
_PLURAL = frozenset(
    "some many several most both few these those two three four five six seven eight nine ten dozens "
    "hundreds thousands millions all other nearly about roughly majorities people police critics".split()
)
_ARTICLES = re.compile(r"(?:the|an?|this|that|these|those)\s+", re.IGNORECASE)
# What follows the head noun: an apposition, a relative clause, a bracket, a preposition unless it stands
# inside a name ("Chamber of Industry").
_AFTER_HEAD = re.compile(
    r",(?!\d)|\(|\s[-–—]"
    r"|\s(?:who|which|that|with|at|from|in|on|to|as|near|about|by|whose|familiar|close|outside|inside)(?=\s)"
    r"|(?<!\w)[^\W\dA-Z]\w*(?P<of>\s)(?:of|for)(?=\s)|\s(?:of|for)(?=\s(?![A-Z]))"
)


def _head(text: str, source: Span) -> Span:
    start, end = source.start, source.end
    article = _ARTICLES.match(text, start, end)
    if article:
        start = article.end()
    stop = _AFTER_HEAD.search(text, start + 1, end)
    if stop:
        end = stop.start("of") if stop.group("of") else stop.start()
    while end > start and text[end - 1] in " ,\u00a0":
        end -= 1
    return Span(start, end)


def _head_name(text: str, head: Span) -> Name | None:
    """The name that the phrase ends with: "Brandt" in "the mayor Ilse Brandt", none in "Brandt's office"."""
    names = [name for name in find_names(text, [head]) if not name.genitive]
    return names[-1] if names and names[-1].span.end >= head.end - 1 else None


def _name_in_apposition(text: str, source: Span, head: Span) -> Name | None:
    """ "Ilse Brandt" in "a spokeswoman, Ilse Brandt"."""
    if not text.startswith(",", head.end):
        return None
    stop = text.find(",", head.end + 1, source.end)
    part = Span(head.end + 1, stop if stop >= 0 else source.end)
    names = find_names(text, [part])
    follows = names and not text[part.start : names[0].span.start].strip()
    return names[0] if follows and len(names[0].words) > 1 else None


# "Brandt and Okoro", "officials and voters"; not "mayor and former judge Ilse Brandt".
_JOINED = re.compile(r"(?:(?<![\w’'-])[^\W\d_a-z][\w’'-]*|s) and (?:the )?(?:[^\W\d_a-z]|[\w’'-]*s\b)")


def _kind(head: str, noun: str, first: str, name: Name | None) -> Kind:
    single = name is None or len(name.words) == 1
    before = re.split(r" (?:of|for) ", head)[0].split()  # "Chamber" of "Chamber of Industry"
    body = before[-1].lower() if before else ""
    several = first in _PLURAL or noun in _PLURAL or first[:1].isdigit() or "%" in head
    kind: Kind = "role" if noun in ROLES or _PERSON_NOUN.search(noun) else "organisation"
    if head.lower().endswith(GOVERNMENT_NAMES) or _STATE.fullmatch(head) or (noun in GOVERNMENTS and single):
        kind = "government"
    elif noun in ORGANISATIONS or body in ORGANISATIONS or (name and name.of_a_body):
        kind = "organisation"
    elif several or _JOINED.search(head):
        kind = "group"
    elif name and not (single and noun in NOT_NAMES):
        kind = "person"
    elif is_plural(noun):
        kind = "group"
    return kind


_STATE = re.compile(r"U\.?[SK]\.?A?\.?|EU")


def is_plural(noun: str) -> bool:
    """Whether the noun looks like several."""
    return noun in _PLURAL or (noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s")))


# Endings of nouns for what people do; the rest of the pattern are frequent ones without.
_PERSON_NOUN = re.compile(
    r"(?:\w{3}(?:er|or|ist|ian|man|woman|person|mate|eer|ee|ant)|friend|expert|official|aide|source|executive|critic"
    r"|diplomat|democrat|republican|mother|father|son|wife|husband|ally|head|chief|envoy|veteran|student|boss)\Z"
)
