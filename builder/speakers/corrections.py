"""What the text rules out about a speaker, whatever the ranker found likely.

Each rule takes the shares of a question's choices and gives those that are left, which sum to 1 as before.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from builder.records import Span, SpeakerKind
from builder.speakers.candidates import KINDS, Choice
from builder.speakers.entities import Entity
from builder.speakers.features import Floats, Question
from builder.speakers.given_names import is_given_name
from builder.speakers.metonyms import government_of
from builder.speakers.names import Name
from builder.speakers.occupations import FIELDS
from builder.speakers.phrases import Phrase, plain
from builder.speakers.scene import Scene
from builder.speakers.words import BODIES, COLLECTIVES, PERSONS, ROLES, WORKS

SURE = 0.9  # confidence with which a pronoun tells that somebody is a man or a woman
BODIES_AND_GROUPS: frozenset[SpeakerKind] = frozenset({"organisation", "government", "group"})


@dataclass(slots=True)
class Corrections:
    """The rules for one document, whose questions come in the order of the text.

    `strangers` are the nouns of those without a name ("a spokesman"), with the place behind the last
    mention of each; `called` is the pronoun, "he" or "she", of entities by their numbers.
    """

    scene: Scene
    strangers: dict[str, int] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)

    def corrected(self, question: Question, shares: Floats) -> Floats:
        """The shares after all rules."""
        text = self.scene.text
        shares = _as_nobody(question, shares, text)
        shares = self._as_the_stranger(question, shares)
        shares = _without_governed(question, shares, text)
        shares = self._without_the_other_pronoun(question, shares)
        shares = _without_people(question, shares, text)
        shares = _without_bodies(question, shares, text)
        shares = _as_government(question, shares, text)
        shares = self._without_others(question, shares)
        return self._as_titled(question, shares)

    def note(self, question: Question, choice: Choice, confidence: float) -> None:
        """Notes what an answer tells about the questions that follow."""
        self._meet(question.phrase, choice)
        if choice.entity and question.pronoun in _OTHER and confidence >= SURE:
            self.called[choice.entity.number] = question.pronoun

    def _meet(self, phrase: Phrase | None, choice: Choice) -> None:
        """Notes whether a noun now stands for somebody without a name."""
        if phrase is None or phrase.pronoun:
            return
        if choice.kind == "unnamed" and (phrase.indefinite or phrase.noun in self.strangers):
            self.strangers[phrase.noun] = phrase.span.end
        else:
            self.strangers.pop(phrase.noun, None)

    def _as_the_stranger(self, question: Question, shares: Floats) -> Floats:
        """The shares where "the spokesman" is "a spokesman" of before, and nobody was called that since."""
        phrase = question.phrase
        if phrase is None or not phrase.definite or len(phrase.words) != 2:
            return shares
        met = self.strangers.get(phrase.noun)
        if met is None:
            return shares
        called = re.compile(rf"\b{re.escape(phrase.noun)}\b").search(self.scene.text, met, phrase.span.start)
        return shares if called else _moved(question, shares, {"person"}, _of_kind(question, "unnamed"))

    def _without_the_other_pronoun(self, question: Question, shares: Floats) -> Floats:
        """The shares of "she" without those who surely were "he" before."""
        other = _OTHER.get(question.pronoun or "")
        if other is None:
            return shares
        return _only(
            question, shares, lambda one: one.entity is None or self.called.get(one.entity.number) != other
        )

    def _without_others(self, question: Question, shares: Floats) -> Floats:
        """The shares without people of other names, where the source is a name of several words."""
        named = self._named(question.phrase)
        if named is None or len(named[0].words) < 2:
            return shares
        inside = self.scene.entities.inside
        return _only(
            question, shares, lambda one: one.entity is None or bool(inside(question.place, one.entity))
        )

    def _as_titled(self, question: Question, shares: Floats) -> Floats:
        """The shares where the source is a handle or a person's name: "Senator Berg" elsewhere is no body."""
        named = self._named(question.phrase)
        if named is None or not _is_a_person(*named):
            return shares
        people = [at for at, choice in enumerate(question.choices) if choice.entity is named[1]]
        return _moved(question, shares, BODIES_AND_GROUPS, people[0]) if people else shares

    def _named(self, phrase: Phrase | None) -> tuple[Name, Entity] | None:
        """The name that is all of a source's head, with its entity, if there is one."""
        if phrase is None or phrase.pronoun:
            return None
        head = phrase.head
        among = self.scene.entities.between(head.start, head.end)
        return next((one for one in among if (one[0].span.start, one[0].end) == (head.start, head.end)), None)


_NO_PERSON = (BODIES | COLLECTIVES) - WORKS  # nouns; of a report the one who wrote it may be meant
_A_PERSON = frozenset(ROLES).union(*map(str.split, FIELDS.values())) | PERSONS
_OTHER = {"he": "she", "she": "he"}
_ASKED = frozenset({"asked", "pressed", "quizzed", "questioned"})
_ASKER_AND_ASKED = frozenset({"Q", "A"})  # in front of a colon: an interview's turns


def _is_a_person(name: Name, entity: Entity) -> bool:
    """Whether a name is one person's for sure: a handle, one with a title, or short for a full name."""
    if not entity.may_be_a_person or name.span in entity.ambiguous:
        return False
    short = len(name.words) == 1 and is_given_name(entity.given) and not entity.with_article
    return bool(entity.titles or name.text.startswith("@") or short)


def _as_nobody(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where nobody is named: "Asked whether he knew, Berg laughed", "Q: Will you resign?"."""
    cue = question.quotation.cue[0].of(text).lower().split() if question.quotation.cue else []
    if question.phrase is None and cue and cue[0] in _ASKED:
        return _moved(question, shares, {"person"}, _of_kind(question, "unnamed"))
    if question.phrase and cue == [":"] and question.phrase.span.of(text) in _ASKER_AND_ASKED:
        return _moved(question, shares, KINDS, _of_kind(question, "unnamed"))
    return shares


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
    return _only(
        question,
        shares,
        lambda one: not (one.entity and one.entity.within(behind)) or bool(one.entity.within(phrase.head)),
    )


def _without_people(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where a body or several people are described, "a jury", and nobody is named."""
    phrase = question.phrase
    if phrase is None or phrase.noun not in _NO_PERSON or not phrase.head.of(text).islower():
        return shares
    return _only(question, shares, lambda one: one.entity is None)


def _without_bodies(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where one person is described, "the crown prince": no body and no group is one."""
    phrase = question.phrase
    if phrase is None or phrase.plural or phrase.joined or phrase.noun not in _A_PERSON:
        return shares
    if not phrase.head.of(text).endswith(phrase.noun):  # "Citizens for Justice" is a name
        return shares
    return _only(question, shares, lambda one: one.kind not in BODIES_AND_GROUPS)


def _as_government(question: Question, shares: Floats, text: str) -> Floats:
    """The shares where a country, its capital or a government speaks: what is no person is a government."""
    phrase = question.phrase
    if phrase is None or not (phrase.noun == "government" or government_of(plain(phrase.head.of(text)))):
        return shares
    return _moved(question, shares, BODIES_AND_GROUPS, _of_kind(question, "government"))


def _of_kind(question: Question, kind: SpeakerKind) -> int:
    """The number of the one choice of a kind that is no person."""
    return next(at for at, choice in enumerate(question.choices) if choice.kind == kind)


def _moved(question: Question, shares: Floats, kinds: Collection[SpeakerKind], to: int) -> Floats:
    """The shares with those of the choices of some kinds given to the choice of a number."""
    given = [at for at, choice in enumerate(question.choices) if choice.kind in kinds or at == to]
    moved = shares.copy()
    moved[given] = 0.0
    moved[to] = shares[given].sum()
    return moved


def _only(question: Question, shares: Floats, kept: Callable[[Choice], bool]) -> Floats:
    """The shares without choices that are not kept; what they had goes to all the others."""
    left = shares.copy()
    left[[at for at, choice in enumerate(question.choices) if not kept(choice)]] = 0.0
    return left / left.sum() if left.sum() else shares
