"""Whom a document names as speakers, and what it says about them: what linking and grouping go by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.records import Document, Speaker, SpeakerKind
from builder.speakers.occupations import describe
from builder.speakers.person_names import PersonName, key_of_words, parse_name

PEOPLE = frozenset({"person", "author"})
BODIES = frozenset({"organisation", "government"})
MOST_COMPANY = 100  # others of a document that a bearer is known by


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody whom a document names as a speaker; one for each name and kind.

    `key` is what all spellings of the name share across documents, empty if the name alone says too
    little; `middle` is the initial of the second given name. `words`, `fields` and `gender` are as in
    `Description`; `company` are the keys of the others with full names in the document.
    """

    document: str
    published: str | None
    name: str
    kind: SpeakerKind
    entity: str | None
    key: str
    middle: str
    words: tuple[str, ...]
    fields: tuple[str, ...]
    gender: str
    company: tuple[str, ...]


def bearers_of(document: Document, speakers: Iterable[Speaker]) -> list[Bearer]:
    """The bearers of names among the speakers of a document, sorted by kind and name."""
    speaking: dict[tuple[SpeakerKind, str], list[Speaker]] = {}
    for speaker in speakers:
        if speaker.name and speaker.kind in PEOPLE | BODIES:
            speaking.setdefault((speaker.kind, speaker.name), []).append(speaker)
    keys = _keys(document.text, speaking)
    company = sorted({key for key in keys.values() if key})[:MOST_COMPANY]
    return [_bearer(document, said, keys[bearer], company) for bearer, said in sorted(speaking.items())]


def _keys(text: str, speaking: Iterable[tuple[SpeakerKind, str]]) -> dict[tuple[SpeakerKind, str], str]:
    """The key of each name; two names of a document with one key are two people, so neither has one."""
    keys = {
        (kind, name): _person_key(parse_name(name)) if kind in PEOPLE else _body_key(text, name)
        for kind, name in speaking
    }
    names: dict[str, set[str]] = {}
    for (kind, name), key in keys.items():
        if kind in PEOPLE:  # the author of an article may speak in it as well, under the same name
            names.setdefault(key, set()).add(name)
    return {bearer: "" if len(names.get(key, ())) > 1 else key for bearer, key in keys.items()}


def _person_key(name: PersonName | None) -> str:
    """Given name, family name and suffix: a surname alone tells nobody apart, nor does an initial."""
    if name is None or not name.is_full or len(name.given[0]) == 1:
        return ""
    return " ".join(part for part in ("person", name.given[0], name.family, name.suffix) if part)


def _body_key(text: str, name: str) -> str:
    """The words of a proper name; "the campaign" and "Police" are other bodies in other articles."""
    if not any(one.isupper() for one in name.removeprefix("The ")):
        return ""
    is_common = " " not in name.removeprefix("The ") and re.search(rf"\b{re.escape(name.lower())}\b", text)
    return "" if is_common else f"body {key_of_words(name)}"


def _bearer(document: Document, said: Sequence[Speaker], key: str, company: Sequence[str]) -> Bearer:
    name, kind = said[0].name, said[0].kind
    mentions = {link.span for one in said for link in one.chain}
    description = describe(document.text, name, sorted(mentions))
    parsed = parse_name(name) if kind in PEOPLE else None
    return Bearer(
        document=document.id,
        published=document.published,
        name=name,
        kind=kind,
        entity=said[0].entity,
        key=key,
        middle=parsed.given[1][0] if parsed and len(parsed.given) > 1 else "",
        words=description.words,
        fields=description.fields if kind in PEOPLE else (),
        gender=description.gender if kind in PEOPLE else "",
        company=tuple(one for one in company if one != key),
    )
