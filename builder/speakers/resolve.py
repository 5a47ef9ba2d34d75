"""From a quotation's source to its speaker, within one document.

The trained ranker weighs who may be meant; where it is not sure enough, the name stays empty and the
candidates are listed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from builder.config import SpeakerConfig
from builder.records import Candidate, Document, Link, Quotation, Span, Speaker, SpeakerKind, rounded
from builder.speakers.bodies import by_nouns
from builder.speakers.candidates import Choice
from builder.speakers.corrections import Corrections
from builder.speakers.entities import Entity
from builder.speakers.features import Floats, Question, questions
from builder.speakers.metonyms import government_of
from builder.speakers.phrases import Phrase, plain
from builder.speakers.ranker import Ranker
from builder.speakers.scene import Scene, scene_of

LISTED = 5  # candidates, at most
LEAST_LISTED = 0.02  # probability of a candidate that is listed
ANTECEDENT = 160  # characters before a relative pronoun in which its noun stands


def resolve(
    document: Document, quotations: Sequence[Quotation], config: SpeakerConfig, ranker: Ranker
) -> list[Speaker]:
    """The speaker of each quotation, in the same order.

    A name whose confidence is below the configured threshold is left empty.
    """
    scene = scene_of(document.text, document.body())
    asked = questions(scene, quotations, ranker.knowledge)
    answers = _Answers(scene, document.author or "", Corrections(scene))
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
    """Turns choices into speakers, in the order of the text; `spoken` is the last body or group named."""

    scene: Scene
    author: str
    corrections: Corrections
    spoken: _Named | None = None
    _bodies: Mapping[str, Span | None] | None = None

    def speaker(self, question: Question, shares: Floats, threshold: float) -> Speaker:
        """The likeliest choice as a speaker."""
        shares = self.corrections.corrected(question, shares)
        best = int(np.argmax(shares))
        choice, confidence = question.choices[best], rounded(shares[best])
        named = self._named(question, choice)
        if choice.entity is None and question.pronoun is None and named.name:
            self.spoken = named
        self.corrections.note(question, choice, confidence)
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
        words = plain(phrase.head.of(self.scene.text))
        named = _named_after_its_noun(self.scene.text, phrase) if kind == "organisation" else None
        body = named or self._body(phrase) if kind in {"organisation", "government"} else None
        if body:
            links = _links((phrase.span, "description"), (body, "named"))
            return _Named(plain(body.of(self.scene.text)), body, "description", links)
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
                    plain(before.of(self.scene.text)),
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


def _method(question: Question) -> str:
    if question.phrase is None:
        return "continued" if question.quotation.continues else "context"
    if question.pronoun in {"who", "which"}:
        return "relative pronoun"
    return "pronoun" if question.pronoun else "description"


def _links(*steps: tuple[Span | None, str]) -> tuple[Link, ...]:
    return tuple(Link(span, reason) for span, reason in steps if span is not None)
