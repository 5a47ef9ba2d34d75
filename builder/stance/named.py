"""Whom and what an article names, as far as its kind is known: people, organisations and governments.

People are joined by their surnames, as speakers are. A body or country is one with what has the same whole
name, with the letters in brackets behind that name ("the Labour Council (LC)"), and with a noun of it alone
("the Council") where no other body of the article has that; a country, with its other names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from builder.records import Span, SpeakerKind
from builder.speakers.bodies import by_nouns, is_body, is_generic, whole_name
from builder.speakers.entities import Entity, entities_of
from builder.speakers.given_names import is_given_name
from builder.speakers.metonyms import government_of
from builder.speakers.words import BODIES, PLACES

Kind = Literal["person", "organisation", "government"]

KINDS: Mapping[SpeakerKind | None, Kind] = {
    "person": "person",
    "organisation": "organisation",
    "government": "government",
}
NOBODY: Mapping[str, SpeakerKind] = MappingProxyType({})
ACRONYM = re.compile(r"(?<![\w.&-])[A-Z]{2,6}(?![\w&-])")
# Capitals that name nobody.
NO_ACRONYMS = frozenset(
    "AI AIDS AKA AM ASAP CD CEO CET CFO COO CV DIY DM DNA DVD DVR EST ETA EVP FAQ FYI GDP GMT GPS HIV HR ID "
    "II III IQ IT IV IX LLC LLP LOL MD MVP OK PC PDF PHD PM PR PS PST PTSD RIP RSVP SMS SUV SVP TV UFO USB "
    "VAT VI VII VIII VIP VP XI XII XL ZIP".split()
)
# Of the words for governments those that name no city as well.
OFFICES = frozenset("administration cabinet government kremlin pentagon regime whitehall".split())
_IN_BRACKETS = re.compile(r"[ \u00a0]\(([A-Z]{2,6})\)")
_WRITTEN_SMALL = re.compile(r"(?<![\w’'-])[^\W\d_]+(?<![A-Z])(?![\w’'-])")
_LOUD = r"[A-Z][A-Z’']+[!?]*"
_SHOUTED = re.compile(rf"(?<![\w.’'])(?:{_LOUD}[ \u00a0]){{2,}}{_LOUD}(?!\w)")  # three words and more


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that an article names: the fullest form, and where that stands first."""

    name: str
    kind: Kind
    place: Span


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an article names somebody or something."""

    span: Span
    text: str
    of: Named


def mentions_of(
    text: str, parts: Sequence[Span], spoken: Mapping[str, SpeakerKind] = NOBODY
) -> list[Mention]:
    """Whom and what parts of a text name as far as their kind is known, the longest of a place first.

    `spoken` are the kinds of the document's speakers, by their names in small letters.
    """
    entities = entities_of(text, parts)
    known = {
        entity.number: Named(entity.name, kind, entity.place)
        for entity in entities.all
        if (kind := kind_of(entity, spoken)) is not None
    }
    meant = by_nouns(text, (name for name, _ in entities.mentions))
    bodies = _Bodies(text, spoken)
    found: list[Mention] = []
    for name, entity in entities.mentions:
        whole = whole_name(text, name.span)
        written = _written(text, whole)
        body = None if _is_called_like_a_body(entity) else bodies.of(meant.get(written.lower()) or whole)
        if body is not None:
            found.append(Mention(whole, written, body))
        elif not is_generic(written) and entity.number in known and name.span not in entity.ambiguous:
            found.append(Mention(name.span, name.text, known[entity.number]))
    found += _abbreviated(text, parts, bodies)
    return sorted(found, key=lambda one: (one.span.start, -one.span.end))


def kind_of(entity: Entity, spoken: Mapping[str, SpeakerKind] = NOBODY) -> Kind | None:
    """What an entity is; None where nothing tells, as of most places and events.

    `spoken` is as in `mentions_of`.
    """
    kind = KINDS.get(spoken.get(entity.name.casefold()))
    if kind is None and not _is_called_like_a_body(entity):
        kind = body_kind(entity.name)
    if kind is not None:
        return kind
    named_as_people_are = entity.titles or is_given_name(entity.given)
    spoken_of = (
        entity.given
        and entity.surname.lower() not in PLACES
        and not entity.with_article
        and (entity.women or entity.men)
    )
    return "person" if entity.may_be_a_person and (named_as_people_are or spoken_of) else None


def _is_called_like_a_body(entity: Entity) -> bool:
    """Whether this is somebody whose surname is also a noun for bodies: "Bill Press"."""
    return entity.may_be_a_person and entity.surname.lower() in BODIES


def body_kind(name: str) -> Kind | None:
    """Whether a name is that of a government, of another body, or of neither."""
    words = {word.lower().rstrip(".") for word in name.split()}
    if country_of(name) or words & OFFICES:
        return "government"
    return "organisation" if is_body(name) and not is_generic(name) else None


def may_be_person(name: str) -> bool:
    """Whether a name can be a person's, as far as its words tell."""
    words = name.split()
    is_first = bool(words[1:]) and is_given_name(words[0])
    return is_first or (body_kind(name) is None and not ACRONYM.fullmatch(name))


def country_of(name: str) -> str | None:
    """The usual name of the country that a name or its letters stand for; a capital city stands for none."""
    country = (government_of(name) or "").removeprefix("Government of ").removeprefix("the ")
    is_its_name = name.casefold() == country.casefold() or " " in name or name.isupper()
    return country if country and is_its_name else None


class _Bodies:
    """The bodies and countries of an article, by their whole names, and by their letters in brackets."""

    def __init__(self, text: str, spoken: Mapping[str, SpeakerKind]) -> None:
        self._text, self._spoken = text, spoken
        self._by_name: dict[str, Named] = {}
        self.by_letters: dict[str, Named] = {}

    def of(self, whole: Span) -> Named | None:
        """The body or country whose whole name stands somewhere, if it is that of one."""
        name = _written(self._text, whole)
        kind = KINDS.get(self._spoken.get(name.casefold())) or body_kind(name)
        if kind is None or kind == "person":
            return None
        usual = country_of(name) or name
        body = self._by_name.setdefault(usual.casefold(), Named(usual, kind, whole))
        if letters := _IN_BRACKETS.match(self._text, whole.end):
            initials = "".join(word[0] for word in name.split()).upper()
            if letters[1] in {initials, "".join(filter(str.isupper, name))}:
                self.by_letters.setdefault(letters[1], body)
        return body


def _written(text: str, span: Span) -> str:
    return " ".join(span.of(text).split())


def _abbreviated(text: str, parts: Sequence[Span], bodies: _Bodies) -> Iterator[Mention]:
    """Bodies and countries that go by their first letters, which the names of speakers do not include.

    What the article writes as a word, too, or among other words in capitals, is no such letters.
    """
    written = {one.upper() for part in parts for one in _WRITTEN_SMALL.findall(text, part.start, part.end)}
    named = dict(bodies.by_letters)
    for part in parts:
        shouted = {
            word.start()
            for words in _SHOUTED.finditer(text, part.start, part.end)
            for word in ACRONYM.finditer(text, *words.span())
        }
        for match in ACRONYM.finditer(text, part.start, part.end):
            letters, span = match.group(), Span(*match.span())
            if letters not in named:
                country = country_of(letters)
                with_article = text[max(span.start - 4, 0) : span.start].lower() == "the "
                a_word = letters in written and not country and not with_article
                if letters in NO_ACRONYMS or a_word or span.start in shouted:
                    continue
                named[letters] = Named(country or letters, "government" if country else "organisation", span)
            yield Mention(span, letters, named[letters])
