"""From a quotation's source to its speaker, within one document.

The trained ranker weighs who may be meant; where it is not sure enough, the name stays empty and the
candidates are listed.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from builder.config import SpeakerConfig
from builder.records import Candidate, Document, Link, Quotation, Span, Speaker, SpeakerKind, rounded
from builder.speakers.bodies import by_nouns
from builder.speakers.candidates import KINDS, Choice
from builder.speakers.entities import Entity
from builder.speakers.features import Floats, Question, questions
from builder.speakers.metonyms import government_of
from builder.speakers.phrases import Phrase
from builder.speakers.ranker import Ranker
from builder.speakers.scene import Scene, scene_of
from builder.speakers.words import BODIES, COLLECTIVES, WORKS

LISTED = 5  # candidates, at most
LEAST_LISTED = 0.02  # probability of a candidate that is listed
BODIES_AND_GROUPS: frozenset[SpeakerKind] = frozenset({"organisation", "government", "group"})
SURE = 0.9  # confidence with which a pronoun tells that somebody is a man or a woman
ANTECEDENT = 160  # characters before a relative pronoun in which its noun stands


def resolve(
    document: Document, quotations: Sequence[Quotation], config: SpeakerConfig, ranker: Ranker
) -> list[Speaker]:
    """The speaker of each quotation, in the same order.

    A name whose confidence is below the configured threshold is left empty.
    """
    scene = scene_of(document.text, document.body())
    asked = questions(scene, quotations, ranker.knowledge)
    answers = _Answers(scene, document.author or "")
    found = {
        one.quotation.id: answers.speaker(one, shares, config.threshold)
        for one, shares in zip(asked, ranker.probabilities(document.text, asked), strict=True)
    }
    return [found[one.id] for one in quotations]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a choice comes to: a name, where it stands, how it was found, and the mentions on the way."""

    name: str
    mention: Span | None
    method: str
    chain: tuple[Link, ...]


@dataclass(slots=True)
class _Answers:
    """Turns choices into speakers, in the order of the text.

    `spoken` is the last body or group named; `strangers` are the nouns of those without a name ("a
    spokesman"), with the place behind the last mention of each; `called` is the pronoun, "he" or "she", of
    entities by their numbers.
    """

    scene: Scene
    author: str
    spoken: _Named | None = None
    strangers: dict[str, int] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)
    _bodies: Mapping[str, Span | None] | None = None

    def speaker(self, question: Question, shares: Floats, threshold: float) -> Speaker:
        """The likeliest choice as a speaker."""
        shares = _as_nobody(question, shares, self.scene.text)
        shares = self._as_the_stranger(question, shares)
        shares = _without_governed(question, shares, self.scene.text)
        shares = self._without_the_other_pronoun(question, shares)
        shares = self._without_people(question, shares)
        shares = _as_government(question, shares, self.scene.text)
        shares = self._without_others(question, shares)
        shares = self._as_titled(question, shares)
        best = int(np.argmax(shares))
        choice, confidence = question.choices[best], rounded(shares[best])
        named = self._named(question, choice)
        if choice.entity is None and question.pronoun is None and named.name:
            self.spoken = named
        self._meet(question.phrase, choice)
        if choice.entity and question.pronoun in _OTHER and confidence >= SURE:
            self.called[choice.entity.number] = question.pronoun
        sure = confidence >= threshold
        return Speaker(
            quotation=question.quotation.id,
            name=named.name if sure else "",
            kind=choice.kind,
            mention=named.mention if sure else None,
            entity=None,
            method=named.method,
            confidence=confidence,
            chain=named.chain if sure else (),
            candidates=tuple(self._candidates(question, shares)),
        )

    def _as_the_stranger(self, question: Question, shares: Floats) -> Floats:
        """The shares where "the spokesman" is "a spokesman" of before, and nobody was called that since."""
        phrase = question.phrase
        if phrase is None or not phrase.definite or len(phrase.words) != 2:
            return shares
        met = self.strangers.get(phrase.noun, phrase.span.start)
        since = self.scene.text[met : phrase.span.start]
        if not since or re.search(rf"\b{re.escape(phrase.noun)}\b", since):
            return shares
        return _moved(question, shares, {"person"}, "unnamed")

    def _without_others(self, question: Question, shares: Floats) -> Floats:
        """The shares without people of other names, where the source is a name of several words."""
        phrase = question.phrase
        if phrase is None or not any(
            len(name.words) > 1 and (name.span.start, name.end) == (phrase.head.start, phrase.head.end)
            for name, _ in self.scene.entities.between(phrase.head.start, phrase.head.end)
        ):
            return shares
        return _only(question, shares, lambda one: bool(self.scene.entities.inside(question.place, one)))

    def _without_the_other_pronoun(self, question: Question, shares: Floats) -> Floats:
        """The shares of "she" without those who surely were "he" before."""
        other = _OTHER.get(question.pronoun or "")
        return _only(question, shares, lambda one: not other or self.called.get(one.number) != other)

    def _without_people(self, question: Question, shares: Floats) -> Floats:
        """The shares where a body or several people are described, "a jury", and nobody is named."""
        phrase = question.phrase
        if phrase is None or phrase.noun not in _NO_PERSON or not phrase.head.of(self.scene.text).islower():
            return shares
        return _only(question, shares, lambda _: False)

    def _as_titled(self, question: Question, shares: Floats) -> Floats:
        """The shares where the source is a handle, or the name of the one person with a title somewhere.

        Who is "Senator Berg" once is no body or group where the text says "Berg" only.
        """
        phrase = question.phrase
        if phrase is None or phrase.pronoun:
            return shares
        named = [
            entity
            for name, entity in self.scene.entities.between(phrase.head.start, phrase.head.end)
            if (name.span.start, name.end) == (phrase.head.start, phrase.head.end)
            and (entity.titles or name.text.startswith("@"))
            and entity.may_be_a_person
            and name.span not in entity.ambiguous
        ]
        at = [number for number, choice in enumerate(question.choices) if choice.entity in named]
        if len(at) != 1:
            return shares
        moved = shares.copy()
        bodies = [number for number, one in enumerate(question.choices) if one.kind in BODIES_AND_GROUPS]
        moved[at[0]] += shares[bodies].sum()
        moved[bodies] = 0.0
        return moved

    def _meet(self, phrase: Phrase | None, choice: Choice) -> None:
        """Notes whether a noun now stands for somebody without a name."""
        if phrase is None or phrase.pronoun:
            return
        if choice.kind == "unnamed" and (phrase.indefinite or phrase.noun in self.strangers):
            self.strangers[phrase.noun] = phrase.span.end
        else:
            self.strangers.pop(phrase.noun, None)

    def _candidates(self, question: Question, shares: Floats) -> Iterator[Candidate]:
        for at in np.argsort(-shares, kind="stable")[:LISTED].tolist():
            share = rounded(shares[at])
            if share >= LEAST_LISTED:
                choice = question.choices[at]
                yield Candidate(self._named(question, choice).name, choice.kind, share)

    def _named(self, question: Question, choice: Choice) -> _Named:
        if choice.entity is not None:
            return self._person(question, choice.entity)
        if choice.kind == "author":
            mention = question.phrase.span if question.phrase else None
            return _Named(self.author, mention, "author", _links((mention, "first person")))
        if question.phrase is None or choice.kind == "unnamed":
            mention = question.phrase.span if question.phrase else None
            return _Named("", mention, "unnamed", _links((mention, "unnamed")))
        if question.pronoun:
            return self._antecedent(question, question.phrase)
        return self._described(question.phrase, choice.kind)

    def _person(self, question: Question, entity: Entity) -> _Named:
        """Somebody named: by a name in the source, or by a mention elsewhere that the source points to."""
        place = question.phrase.span if question.phrase else None
        inside = self.scene.entities.inside(question.place, entity)
        if inside:
            method, pointed = "name", inside[-1].span
        else:
            near = entity.before(question.place.start) or entity.mentions[0]
            method = _method(question)
            pointed = near.span
        links = _links(
            (place, method),
            (pointed if pointed != place else None, "named"),
            (entity.place if entity.place != pointed else None, "fullest form"),
        )
        return _Named(entity.name, entity.place, method, links)

    def _described(self, phrase: Phrase, kind: SpeakerKind) -> _Named:
        """An organisation, a government or a group, called as the source calls it."""
        words = _plain(phrase.head.of(self.scene.text))
        named = _named_after_its_noun(self.scene.text, phrase) if kind == "organisation" else None
        body = named or self._body(phrase) if kind in {"organisation", "government"} else None
        if body:
            links = _links((phrase.span, "description"), (body, "named"))
            return _Named(_plain(body.of(self.scene.text)), body, "description", links)
        government = government_of(words) if kind == "government" else None
        method = "metonym" if government else "description"
        return _Named(government or words, phrase.head, method, _links((phrase.span, method)))

    def _body(self, phrase: Phrase) -> Span | None:
        """The only body of the article with a noun in its name, where that noun is all that a source says."""
        if len(phrase.words) != 2 or not phrase.definite:
            return None
        if self._bodies is None:
            self._bodies = by_nouns(self.scene.text, (name for name, _ in self.scene.entities.mentions))
        body = self._bodies.get(phrase.noun)
        return body if body and body.start < phrase.span.start else None

    def _antecedent(self, question: Question, phrase: Phrase) -> _Named:
        """What a pronoun for a body or a group points to: the words before "who", else who spoke last."""
        method = _method(question)
        if question.pronoun in {"who", "which"}:
            before = self._noun_before(phrase.span.start)
            if before:
                return _Named(
                    _plain(before.of(self.scene.text)),
                    before,
                    method,
                    _links((phrase.span, method), (before, "noun")),
                )
        if self.spoken is None or question.pronoun in {"I", "we", "you", "some"}:
            return _Named("", phrase.span, method, _links((phrase.span, method)))
        links = _links((phrase.span, method), *((link.span, link.reason) for link in self.spoken.chain))
        return _Named(self.spoken.name, self.spoken.mention, method, links)

    def _noun_before(self, position: int) -> Span | None:
        """The noun phrase in front of a relative pronoun, back to the mark, verb or preposition before it."""
        text = self.scene.text
        first = max(position - ANTECEDENT, 0)
        start = max(text.rfind("\n", first, position) + 1, first)
        end = position
        while end > start and text[end - 1] in " ,\u00a0":
            end -= 1
        words = text[start:end].split(" ")
        at = len(words)
        while (
            at > 0
            and len(words) - at < 6
            and words[at - 1]
            and words[at - 1].lower().strip('“"') not in _BOUNDS
        ):
            if words[at - 1][-1] in ',;:.!?”"' and at < len(words):
                break
            at -= 1
        taken = " ".join(words[at:])
        return Span(end - len(taken), end) if taken.strip() else None


_BOUNDS = frozenset(
    "of in at by to from with for against about on over under between and or but is are was were be been "
    "has have had said says that as than like the a an".split()
)


_NAME = r"(?P<name>[A-Z&][\w.&'’/-]*(?: (?:of|for|and|the|de) (?=[A-Z])| [A-Z&][\w.&'’/-]*| plc)*)"
_SMALL = r"(?!(?:of|for|and|the|de|on|in|to|at|without|state|city|county|town) )[a-z][\w-]*"
# "Norwegian battery maker Voltera", "the company, Voltera,": a name behind nouns that say what it is.
_DESCRIBED = re.compile(rf"(?:[A-Z][\w.-]* ){{0,3}}(?:{_SMALL} )+{_NAME}")
_APPOSED = re.compile(rf", {_NAME}(?=,|\Z)")


def _named_after_its_noun(text: str, phrase: Phrase) -> Span | None:
    """The name of a body that a source describes first; None where it only names or only describes one."""
    head = phrase.head.of(text)
    described = None if phrase.joined else _DESCRIBED.fullmatch(text, phrase.head.start, phrase.head.end)
    apposed = _APPOSED.match(text, phrase.head.end, phrase.span.end)
    found = described or (apposed if phrase.definite and head.islower() else None)
    return Span(*found.span("name")) if found else None


_NO_PERSON = (BODIES | COLLECTIVES) - WORKS  # nouns; of a report the one who wrote it may be meant
_OTHER = {"he": "she", "she": "he"}
_ASKED = frozenset({"asked", "pressed", "quizzed", "questioned"})
_ASKER_AND_ASKED = frozenset({"Q", "A"})  # in front of a colon: an interview's turns


def _as_nobody(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where nobody is named: "Asked whether he knew, Berg laughed", "Q: Will you resign?"."""
    cue = question.quotation.cue[0].of(text).lower().split() if question.quotation.cue else []
    if question.phrase is None:
        return _moved(question, shares, {"person"}, "unnamed") if cue and cue[0] in _ASKED else shares
    if cue == [":"] and question.phrase.span.of(text) in _ASKER_AND_ASKED:
        return _moved(question, shares, KINDS, "unnamed")
    return shares


def _moved(question: Question, shares: Floats, kinds: Collection[SpeakerKind], to: SpeakerKind) -> Floats:
    """The shares with those of the choices of some kinds given to the one choice of the kind `to`."""
    given = [at for at, choice in enumerate(question.choices) if choice.kind in kinds or choice.kind == to]
    moved = shares.copy()
    moved[given] = 0.0
    moved[next(at for at in given if question.choices[at].kind == to)] = shares[given].sum()
    return moved


# Behind the head of a source, up to its end: what the head noun governs, and nothing that explains it.
_COMPLEMENT = re.compile(r"\s(?:of|for|(?:close\s)?to)\s[^,:;()–—]+")


def _without_governed(question: Question, shares: Floats, text: str) -> Floats:
    """The shares without those whom a source names only as somebody's: "a friend of Ilse Brandt"."""
    phrase = question.phrase
    if phrase is None or not WORKS.isdisjoint(phrase.words):
        return shares
    behind = Span(phrase.head.end, phrase.span.end)
    if not _COMPLEMENT.fullmatch(behind.of(text)):
        return shares
    return _only(question, shares, lambda one: not one.within(behind) or bool(one.within(phrase.head)))


def _only(question: Question, shares: Floats, kept: Callable[[Entity], bool]) -> Floats:
    """The shares without people who are not kept; what they had goes to all the others."""
    left = shares.copy()
    for at, choice in enumerate(question.choices):
        if choice.entity and not kept(choice.entity):
            left[at] = 0.0
    return left / left.sum() if left.sum() else shares


def _as_government(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where a country, its capital or a government speaks: what is no person is a government."""
    phrase = question.phrase
    if phrase is None or not (phrase.noun == "government" or government_of(_plain(phrase.head.of(text)))):
        return shares
    return _moved(question, shares, BODIES_AND_GROUPS, "government")


def _method(question: Question) -> str:
    if question.phrase is None:
        return "continued" if question.quotation.continues else "context"
    if question.pronoun in {"who", "which"}:
        return "relative pronoun"
    return "pronoun" if question.pronoun else "description"


def _links(*steps: tuple[Span | None, str]) -> tuple[Link, ...]:
    return tuple(Link(span, reason) for span, reason in steps if span is not None)


def _plain(phrase: str) -> str:
    return " ".join(phrase.split()).strip("“”\"' ,").removesuffix("’s").removesuffix("'s")
