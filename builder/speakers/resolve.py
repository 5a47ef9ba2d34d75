"""From a quotation's source to its speaker, within one document.

Names and their shorter forms, pronouns, "who", roles ("the Russian leader"), organisations, groups
and governments. Where nothing tells, the name stays empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from builder.config import SpeakerConfig
from builder.records import Document, Quotation, Span, Speaker, SpeakerKind, rounded
from builder.speakers.names import Name, find_names
from builder.speakers.noun_phrases import NounPhrase, is_plural, read_phrase
from builder.speakers.people import People, Person, people_of
from builder.speakers.words import ROLES

# The share of each method's answers that were right on the training articles whose speakers are labelled
# (speakers_train.tsv), for quotations found with the right source: the same person, or a name that shares a
# word where it is no person. "continued" rests on 6 cases, the others on 16 to 1132.
CONFIDENCE = {
    "name": 0.95,
    "single name": 0.80,
    "pronoun": 0.69,
    "relative pronoun": 0.81,
    "role": 0.71,
    "description": 0.72,
    "unnamed": 0.78,
    "first person": 0.76,
    "continued": 0.80,
    "plural pronoun": 0.24,
    "unresolved": 0.0,
    "none": 0.0,
}


PRONOUN_REACH = 1500  # characters back to which "he" or "she" may point
SPEAKER_LEAD = 200  # characters by which somebody who spoke counts as nearer than somebody only named
RELATIVE_REACH = 150  # characters before "who" in which its noun stands


@dataclass(frozen=True, slots=True)
class _Answer:
    name: str
    kind: SpeakerKind
    mention: Span | None
    method: str
    person: Person | None = None


def resolve(document: Document, quotations: Sequence[Quotation], config: SpeakerConfig) -> list[Speaker]:
    """The speaker of each quotation, in the same order.

    A name whose confidence is below the configured threshold is left empty.
    """
    sources = sorted(span for one in quotations for span in one.source)
    people = people_of(document.text, document.body(), sources)
    cast = _Cast(document.text, document.author or "", people)
    answers: dict[str, _Answer] = {}
    for quotation in sorted(quotations, key=_place):
        before = answers.get(quotation.continues) if quotation.continues else None
        answer = replace(before, method="continued") if before else cast.answer(quotation)
        answers[quotation.id] = answer
    return [_speaker(quotation.id, answers[quotation.id], config.threshold) for quotation in quotations]


def _place(quotation: Quotation) -> tuple[int, str]:
    first = quotation.source[0] if quotation.source and not quotation.continues else quotation.content[0]
    return first.start, quotation.id


def _speaker(quotation: str, answer: _Answer, threshold: float) -> Speaker:
    confidence = CONFIDENCE[answer.method]
    named = answer.name if confidence >= threshold else ""
    return Speaker(
        quotation=quotation,
        name=named,
        kind=answer.kind,
        mention=answer.mention if named else None,
        entity=None,
        method=answer.method,
        confidence=rounded(confidence),
    )


_NOBODY = _Answer("", "unnamed", None, "none")
_UNRESOLVED = _Answer("", "person", None, "unresolved")


@dataclass(slots=True)
class _Cast:
    """The people of a document, and who has spoken so far: what pronouns and roles point back to."""

    text: str
    author: str
    people: People
    spoken: list[tuple[int, Person]] = field(default_factory=list)
    bodies: list[_Answer] = field(default_factory=list)

    def answer(self, quotation: Quotation) -> _Answer:
        """Who the source of a quotation is."""
        if not quotation.source:
            return _NOBODY
        source = quotation.source[0]
        answer = self._answer_phrase(source)
        if answer.person:
            self.spoken.append((source.start, answer.person))
        elif answer.name:
            self.bodies.append(answer)
        return answer

    def _answer_phrase(self, source: Span) -> _Answer:
        phrase = read_phrase(self.text, source)
        answer = _UNRESOLVED
        match phrase.kind:
            case "person":
                answer = self._named(phrase.name, "name") if phrase.name else _UNRESOLVED
            case "he" | "she":
                answer = self._pronoun(source, phrase.kind)
            case "who":
                answer = self._relative(source)
            case "I":
                answer = _Answer(self.author, "author", source, "first person")
            case "they" | "it":
                answer = self._body_before(phrase)
            case "role":
                answer = self._role(phrase)
            case "organisation" | "government" | "group":
                answer = _Answer(_plain(phrase.head.of(self.text)), phrase.kind, phrase.head, "description")
        return answer

    def _named(self, name: Name, method: str) -> _Answer:
        person = self.people.match(name)
        if person:
            return _Answer(person.name, "person", name.span, method, person)
        if len(name.words) > 1:
            return _Answer(name.text, "person", name.span, method)
        kind: SpeakerKind = "group" if is_plural(name.text.lower()) else "organisation"
        return _Answer(name.text, kind, name.span, "single name")

    def _pronoun(self, source: Span, pronoun: str) -> _Answer:
        """The one named last whom the pronoun fits; somebody who spoke counts as nearer."""
        mentions = ((span.start, person) for span, person in self.people.near(source.start, PRONOUN_REACH))
        spoke = takewhile(lambda one: source.start - one[0] < PRONOUN_REACH, reversed(self.spoken))
        nearest = [
            (at + lead, person)
            for places, lead in ((spoke, SPEAKER_LEAD), (mentions, 0))
            for at, person in islice((one for one in places if one[1].may_be(pronoun)), 1)
        ]
        if not nearest:
            return _UNRESOLVED
        _, person = max(nearest, key=lambda place: place[0])
        return _Answer(person.name, "person", person.last_mention(source.start), "pronoun", person)

    def _relative(self, source: Span) -> _Answer:
        """Who stands before "who": a name close by, else the noun."""
        reach = max(source.start - RELATIVE_REACH, 0)
        start = max(self.text.rfind("\n", reach, source.start) + 1, reach)
        before = self.text[start : source.start].rstrip(" ,")
        names = [
            name for name in find_names(self.text, [Span(start, start + len(before))]) if not name.genitive
        ]
        if names and (
            names[-1].span.end == start + len(before) or "," in self.text[names[-1].span.end : source.start]
        ):
            return self._named(names[-1], "relative pronoun")
        noun = before.split()[-1].lower() if before.split() else ""
        return _Answer("", "group" if is_plural(noun) else "unnamed", None, "unresolved")

    def _body_before(self, phrase: NounPhrase) -> _Answer:
        """The organisation or group that spoke last."""
        kind: SpeakerKind = "group" if phrase.kind == "they" else "organisation"
        last = self.bodies[-1] if self.bodies else None
        if last is None:
            return _Answer("", kind, None, "unresolved")
        return replace(last, kind=kind if phrase.kind == "they" else last.kind, method="plural pronoun")

    def _role(self, phrase: NounPhrase) -> _Answer:
        """ "The Russian leader": somebody called by that role before; "a diplomat" stays unnamed."""
        roles = ROLES.get(phrase.noun)
        if phrase.indefinite:
            return _Answer("", "unnamed", None, "unnamed")
        if roles is None:
            return _UNRESOLVED
        described = {word.lower() for word in phrase.head.of(self.text).split()[:-1]}
        person = self.people.with_role(roles.split(), described, phrase.head.start)
        if person is None:
            return _UNRESOLVED
        return _Answer(person.name, "person", person.last_mention(phrase.head.start), "role", person)


def _plain(phrase: str) -> str:
    return " ".join(phrase.split()).removesuffix("’s").removesuffix("'s")
