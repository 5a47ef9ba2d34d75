"""Cue groups: a reporting verb with its auxiliaries, adverbs and particles, as the rules look for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.quotes.rules.cues import NEEDS_PARTICLE, PARTICLES, Cue, cue_forms
from builder.quotes.rules.tokens import Token


@dataclass(frozen=True, slots=True)
class CueGroup:
    """A cue in a sentence: tokens `first` to `last` (included), around the verb at `head`.

    `shape` is finite ("has said"), participle ("adding"), infinitive ("went on to say") or
    preposition ("according to").
    """

    first: int
    last: int
    head: int
    cue: Cue
    shape: Literal["finite", "participle", "infinitive", "preposition"]


ACCORDING = Cue("according", "saying", "base", also_noun=False)


def cue_groups(tokens: Sequence[Token]) -> list[CueGroup]:
    """The cue groups of a sentence, in order; they do not overlap."""
    groups: list[CueGroup] = []
    forms = cue_forms()
    for head, token in enumerate(tokens):
        if groups and head <= groups[-1].last:
            continue
        if token.lower == "according" and _lower(tokens, head + 1) == "to":
            groups.append(CueGroup(head, head + 1, head, ACCORDING, "preposition"))
            continue
        cue = forms.get(token.lower)
        group = _group(tokens, head, cue) if cue else None
        if group and not (groups and group.first <= groups[-1].last):
            groups.append(group)
    return groups


AUXILIARIES = frozenset(
    "has have had is are was were am be been being will would could should may might can must did does do "
    "hasn't haven't hadn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't can't cannot "
    "didn't doesn't don't 'd 'll 've 're".split()
)
_BE = frozenset("is are was were am be been being isn't aren't wasn't weren't".split())
_ADVERBS = frozenset(
    "not never also later often then once still just already even first again always ever only now soon "
    "instead further long reportedly twice".split()
)
_DETERMINERS = frozenset(
    "the a an this that these those his her their its our my your no any some each every another of in on "
    "at for by with from about".split()
)
_INTO_INFINITIVE = frozenset(
    "went on continued continues appeared appears seemed seems used began goes declined refused".split()
)
_NOT_ADVERBS = frozenset(
    "family only daily early friendly likely july italy rally reply supply ally bully".split()
)


def is_adverb(token: Token) -> bool:
    """Whether it is an adverb that can stand inside a verb group."""
    lower = token.lower
    return lower in _ADVERBS or (
        lower.endswith("ly") and len(lower) > 4 and not token.capitalised and lower not in _NOT_ADVERBS
    )


def _group(tokens: Sequence[Token], head: int, cue: Cue) -> CueGroup | None:
    first = head
    while first > 0 and (tokens[first - 1].lower in AUXILIARIES or is_adverb(tokens[first - 1])):
        first -= 1
    last = head
    following = _lower(tokens, head + 1)
    if following in PARTICLES.get(cue.lemma, ()):
        last += 1
    elif cue.lemma in NEEDS_PARTICLE:
        return None
    before = _lower(tokens, first - 1)
    helpers = {token.lower for token in tokens[first:head]}
    group: CueGroup | None = CueGroup(first, last, head, cue, "finite")
    if cue.form == "participle":
        if not helpers & _BE:
            group = CueGroup(first, last, head, cue, "participle") if before not in _DETERMINERS else None
    elif cue.form == "base" and before == "to":
        start = _start_of_infinitive(tokens, first - 1)
        group = CueGroup(start, last, head, cue, "infinitive") if start < first - 1 else None
    elif cue.form == "past":
        group = None if helpers & _BE else group  # passive: who speaks is not the subject
    elif before in _DETERMINERS or (cue.also_noun and not helpers and not _is_verb_here(tokens, first, last)):
        group = None
    return group


def _start_of_infinitive(tokens: Sequence[Token], to: int) -> int:
    """Where "went on to say" begins; `to` itself if nothing such stands before it."""
    start = to
    while start > 0 and (tokens[start - 1].lower in _INTO_INFINITIVE or is_adverb(tokens[start - 1])):
        start -= 1
    return start


_SUBJECT_PRONOUNS = frozenset("he she they i we you it who which that".split())


def _is_verb_here(tokens: Sequence[Token], first: int, last: int) -> bool:
    return _after_subject(tokens, first) or _before_quotation(tokens, last + 1)


def _after_subject(tokens: Sequence[Token], first: int) -> bool:
    """Whether what stands before can be the subject of a verb, so that a word is no noun there."""
    if first == 0:
        return False
    before = tokens[first - 1]
    if before.lower in _SUBJECT_PRONOUNS or before.text in {",", ")"} or before.text.startswith("("):
        return True
    return before.word and (before.capitalised or before.lower.endswith("s")) and before.text[-1] not in "'’"


def _before_quotation(tokens: Sequence[Token], at: int) -> bool:
    at += at + 1 < len(tokens) and tokens[at].text in {",", ":"}
    return at < len(tokens) and tokens[at].marked is not None


def _lower(tokens: Sequence[Token], position: int) -> str:
    return tokens[position].lower if 0 <= position < len(tokens) else ""
