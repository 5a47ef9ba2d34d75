"""Linking the speakers of a document to the entries of an authority table, or saying why not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from builder.records import Document, Speaker
from builder.speakers.authority_table import Entry, read_entries
from builder.speakers.bearers import BODIES, MOST_COMPANY, Bearer, bearers_of
from builder.speakers.occupations import fields_of, proper_words, words_of
from builder.speakers.person_names import Agreement, PersonName, agreement, key_of_words, parse_name


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as it is compared: its names, and the words of its description.

    `bodies` are its names as those of a body, `name` the words of its first one; `proper` are the words of
    the description that name organisations, places and people.
    """

    entry: Entry
    people: tuple[PersonName, ...]
    bodies: frozenset[str]
    name: frozenset[str]
    words: frozenset[str]
    proper: frozenset[str]


@dataclass(frozen=True, slots=True)
class Authority:
    """A table's entries by id, and their ids by the words that names are looked up with."""

    known: Mapping[str, Known]
    by_word: Mapping[str, Sequence[str]]


def load_authority(path: Path) -> Authority:
    """Reads a table; see `read_entries` for what is refused."""
    return authority_of(read_entries(path))


def authority_of(entries: Iterable[Entry]) -> Authority:
    """Makes a table ready for look-ups; the order of its entries does not matter."""
    known = {entry.id: _known(entry) for entry in sorted(entries, key=lambda one: one.id)}
    by_word: dict[str, list[str]] = {}
    for entity, one in known.items():
        for word in sorted(_index_words(one)):
            by_word.setdefault(word, []).append(entity)
    return Authority(known, by_word)


def link(document: Document, speakers: Sequence[Speaker], authority: Authority) -> list[Speaker]:
    """The speakers of a document with the entries that they are linked to, and the evidence.

    Who is linked by a whole name is evidence for the others, so all are looked at twice.
    """
    bearers = bearers_of(document, speakers)
    article = proper_words(document.text)
    alone = [_answer(one, authority, article, ()) for one in bearers]
    linked = {one.entity for one in alone if one.entity and one.by_name}
    company = [authority.known[entity] for entity in sorted(linked)[:MOST_COMPANY]]
    found = {}
    for bearer, first in zip(bearers, alone, strict=True):
        others = [one for one in company if one.entry.id != first.entity]
        found[bearer.kind, bearer.name] = _answer(bearer, authority, article, others) if others else first
    return [_linked(one, found.get((one.kind, one.name))) for one in speakers]


@dataclass(frozen=True, slots=True)
class _Answer:
    entity: str | None
    evidence: tuple[str, ...]
    by_name: bool = False  # by more than a part of a name


def _linked(speaker: Speaker, answer: _Answer | None) -> Speaker:
    return replace(speaker, entity=answer.entity, evidence=answer.evidence) if answer else speaker


def _known(entry: Entry) -> Known:
    names = (entry.name, *entry.aliases)
    parsed = [parse_name(name) for name in names] if entry.kind in {None, "person"} else []
    return Known(
        entry=entry,
        people=tuple(one for one in parsed if one),
        bodies=frozenset(map(key_of_words, names)) if entry.kind in {None, *BODIES} else frozenset(),
        name=words_of(entry.name),
        words=words_of(entry.description),
        proper=proper_words(entry.description),
    )


def _index_words(known: Known) -> set[str]:
    """Keyed by what part of a name they are: a family name is looked up among family names."""
    words = {f"body {key}" for key in known.bodies}
    for name in known.people:
        words |= {f"written {name.written}", f"family {name.family}"}
        words |= {f"given {one}" for one in name.given[:1]}
    return words


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An entry that a name may mean, how far the names agree, and what speaks for it, by kind of evidence.

    `near` are words of its description that stand with the name, `company` others of the article whom it
    names, `article` organisations and places that both name.
    """

    known: Known
    agreement: Agreement
    near: frozenset[str]
    company: frozenset[str]
    article: frozenset[str]

    @property
    def strong(self) -> frozenset[str]:
        return self.near | self.company

    @property
    def support(self) -> frozenset[str]:
        return self.strong | self.article


def _answer(
    bearer: Bearer, authority: Authority, article: frozenset[str], company: Sequence[Known]
) -> _Answer:
    named = _named(bearer, authority)
    active = [(known, how) for known, how in named if _is_active(known.entry, bearer.published)]
    if not active:
        inactive = [f"{_shown(known)} is out of its dates on {bearer.published}" for known, _ in named]
        nobody = f"no {'body' if bearer.kind in BODIES else 'person'} in the table has this name"
        return _Answer(None, tuple(inactive[:MOST_SHOWN]) or (nobody,))
    candidates = [_weighed(bearer, known, how, article, company) for known, how in active]
    chosen = _chosen(bearer, candidates)
    if chosen is None:
        return _Answer(None, _doubts(bearer, candidates))
    evidence = (_HOW[chosen.agreement] + _shown(chosen.known), *_reasons(chosen))
    return _Answer(chosen.known.entry.id, evidence, chosen.agreement > Agreement.PART)


MOST_SHOWN = 5  # candidates, or words, that a piece of evidence names
_HOW = {
    Agreement.SAME: "same name as ",
    Agreement.FORM: "a form of the name of ",
    Agreement.PART: "a part of the name of ",
}


def _named(bearer: Bearer, authority: Authority) -> list[tuple[Known, Agreement]]:
    """The entries that have this name, or one that it can be a form or a part of."""
    if bearer.kind in BODIES:
        entities = authority.by_word.get(f"body {key_of_words(bearer.name)}", ())
        return [(authority.known[one], Agreement.SAME) for one in entities]
    name = parse_name(bearer.name)
    if name is None:
        return []
    words = [f"written {name.written}", f"family {name.family}"]
    words.append(f"family {''.join(name.given)}" if name.is_full else f"given {name.family}")
    found = []
    for entity in sorted({one for word in words for one in authority.by_word.get(word, ())}):
        known = authority.known[entity]
        how = max((how for one in known.people if (how := agreement(name, one))), default=None)
        if how is not None:
            found.append((known, how))
    return found


def _is_active(entry: Entry, published: str | None) -> bool:
    day = (published or "")[:10]
    return not day or ((not entry.first or entry.first <= day) and (not entry.last or day <= entry.last))


def _weighed(
    bearer: Bearer, known: Known, how: Agreement, article: frozenset[str], company: Sequence[Known]
) -> _Candidate:
    named = (one for one in company if one is not known and one.name and one.name <= known.words)
    return _Candidate(
        known=known,
        agreement=how,
        near=frozenset(bearer.words) & known.words,
        company=frozenset(one.entry.name for one in named),
        article=(article & known.proper) - words_of(bearer.name),
    )


def _chosen(bearer: Bearer, candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The only candidate that the evidence leaves: what speaks for several speaks for none of them."""
    full = any(one.agreement > Agreement.PART for one in candidates) and " " in bearer.name.strip()
    rivals = [one for one in candidates if one.agreement > Agreement.PART or not full]
    times = Counter(word for one in rivals for word in one.support)
    telling = {word for word, count in times.items() if count == 1}
    most = max(one.agreement for one in rivals)
    only = (
        [one for one in rivals if one.strong & telling]
        or [one for one in rivals if one.article & telling]
        or [one for one in rivals if one.agreement == most]
    )
    if len(only) != 1 or only[0].agreement < most:
        return None
    return only[0] if _is_enough(bearer, only[0], telling) else None


def _is_enough(bearer: Bearer, candidate: _Candidate, telling: Set[str]) -> bool:
    """A part of a name needs evidence beside it; a whole one needs that nothing contradicts it."""
    if candidate.agreement == Agreement.PART:
        return bool(candidate.strong & telling)
    return bool(candidate.strong) or not _contradicts(bearer, candidate.known)


def _contradicts(bearer: Bearer, known: Known) -> bool:
    """Whether the bearer's roles and the entry's belong to different fields of work."""
    fields = fields_of(known.words)
    return bool(fields) and bool(bearer.fields) and fields.isdisjoint(bearer.fields)


def _doubts(bearer: Bearer, candidates: Sequence[_Candidate]) -> tuple[str, ...]:
    """Why none of the candidates was taken."""
    if len(candidates) > 1:
        shown = ["; ".join((_shown(one.known), *_reasons(one))) for one in candidates[:MOST_SHOWN]]
        head = f"{len(candidates)} entries have this name or one like it"
        return (head, *(f"maybe {one}" for one in shown))
    (only,) = candidates
    if only.agreement == Agreement.PART:
        return (f"{_HOW[only.agreement]}{_shown(only.known)}, and too little beside it says who is meant",)
    described = ", ".join(bearer.fields)
    return (f"{_HOW[only.agreement]}{_shown(only.known)}, but here of another field of work: {described}",)


def _reasons(candidate: _Candidate) -> list[str]:
    kinds = (
        ("described here by ", candidate.near),
        ("with ", candidate.company),
        ("the article names ", candidate.article - candidate.near),
    )
    return [head + ", ".join(sorted(words)[:MOST_SHOWN]) for head, words in kinds if words]


def _shown(known: Known) -> str:
    return f"{known.entry.name} ({known.entry.id})"
