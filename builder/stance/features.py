"""What the classifier sees of an example: its words, with the target masked and taken as the centre.

The target's own words are replaced by a placeholder, so that what is learned about one target holds
for another. Three views of the same words are given as strings with single spaces between words:
`plain` (for character n-grams), `words` (those in the scope of a negation are marked) and `near`
(those close to a mention of the target, marked with the side that they stand on).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from builder.records import Span
from builder.stance.examples import StanceExample

TARGET = "⟦target⟧"
ABSENT = "⟦absent⟧"  # stands in `near` where the target is not named
NOT = "not:"  # before a negated word
BEFORE, AFTER = "before:", "after:"  # before a word that stands before or after the target

NEAR = 6  # words on either side of a mention: about a clause
NEGATION_SCOPE = 4  # words after a negation, unless punctuation comes first
LEAD_IN = 3  # words before a reported clause: enough for the cue and its object
MOST_KEPT = 50_000  # words whose forms are kept: a language's common ones, in a few megabytes
LEAD_IN_CHARACTERS = 200  # where those words are looked for; longer than any three words

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[?!.,;:]")
_CLAUSE_END = frozenset("?!.,;:")
_PAUSE = frozenset(".,;:")
_SENTENCE_END = re.compile(r"[.?!]\s")
_OPENING_MARKS = tuple("\"“”„«»'‘‚")
_NEGATIONS = frozenset(
    ["not", "no", "never", "neither", "nor", "cannot", "without", "nothing", "nobody", "hardly"]
)
# Verbs that tell that something was said, not how it was meant.
_REPORTING = frozenset(
    [
        "say",
        "says",
        "said",
        "saying",
        "tell",
        "tells",
        "told",
        "add",
        "added",
        "write",
        "wrote",
        "asked",
        "that",
    ]
)
# Words in names that name nothing by themselves.
_FUNCTION_WORDS = frozenset(
    ["a", "an", "and", "at", "be", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"]
)
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "president", "senator", "governor", "mayor"])


@dataclass(frozen=True, slots=True)
class Views:
    """Three views of one example, each a string of words."""

    plain: str
    words: str
    near: str


def views(example: StanceExample) -> Views:
    """The views of an example."""
    tokens = _masked(_lead_in(example) + _text_tokens(example))
    words = [token for token in tokens if token not in _CLAUSE_END]
    return Views(
        plain=" ".join(words),
        words=" ".join(token for token in _mark_negated(tokens) if token not in _PAUSE),
        near=" ".join(_near_target(words)) if TARGET in words else ABSENT,
    )


def name_spans(text: str, name: str) -> list[Span]:
    """The words of a text that are a word of a name, whatever their case and number."""
    names = _name_stems(name)
    return [Span(*match.span()) for match in _TOKEN.finditer(text) if _forms(match.group())[1] in names]


def _text_tokens(example: StanceExample) -> list[str]:
    """The tokens of the text in lower case, the target's words replaced by the placeholder."""
    names = _name_stems(example.target)
    if not example.mentions:
        forms = map(_forms, _TOKEN.findall(example.text))
        return [TARGET if stem in names else token for token, stem in forms]
    mentions = sorted(example.mentions)
    tokens: list[str] = []
    passed = 0
    for match in _TOKEN.finditer(example.text):
        while passed < len(mentions) and mentions[passed].end <= match.start():
            passed += 1
        in_mention = passed < len(mentions) and mentions[passed].start < match.end()
        token, stem = _forms(match.group())
        tokens.append(TARGET if in_mention or stem in names else token)
    return tokens


def _lead_in(example: StanceExample) -> list[str]:
    """The words that lead to a reported clause: "accused the company of" in front of "hiding it"."""
    first_part = example.text.split(" … ")[0].strip()
    start = example.context.find(first_part)
    if start <= 0 or not first_part or first_part.startswith(_OPENING_MARKS):
        return []
    before = _SENTENCE_END.split(example.context[max(0, start - LEAD_IN_CHARACTERS) : start])[-1]
    names, speaker = _name_stems(example.target), _name_stems(example.speaker)
    words = [token for token in _tokens(before) if token not in _CLAUSE_END][-LEAD_IN:]
    words = [word for word in words if word not in _REPORTING and _stem(word) not in speaker]
    return [TARGET if _stem(word) in names else word for word in words]


def _masked(tokens: Sequence[str]) -> list[str]:
    """The tokens with a name of several words counted as one mention."""
    return [
        token for at, token in enumerate(tokens) if token != TARGET or at == 0 or tokens[at - 1] != TARGET
    ]


def _mark_negated(tokens: Sequence[str]) -> Sequence[str]:
    if _NEGATIONS.isdisjoint(tokens) and "n't" not in " ".join(tokens):
        return tokens  # as most are: nothing has to be looked at one by one
    marked: list[str] = []
    left = 0
    for token in tokens:
        if token in _NEGATIONS or token.endswith("n't"):
            marked.append(token)
            left = NEGATION_SCOPE
        elif token in _CLAUSE_END or token == TARGET or not left:
            marked.append(token)
            left = 0 if token in _CLAUSE_END else left
        else:
            marked.append(NOT + token)
            left -= 1
    return marked


def _near_target(words: Sequence[str]) -> list[str]:
    """The words within `NEAR` of a mention of the target, marked with their side of the nearest one.

    One as far from the mention before it as from the next goes with the one before.
    """
    at = [position for position, word in enumerate(words) if word == TARGET]
    near = [BEFORE + word for word in words[max(0, at[0] - NEAR) : at[0]]]
    for last, following in pairwise(at):
        middle = last + 1 + (following - last) // 2
        near += [AFTER + word for word in words[last + 1 : min(middle, last + 1 + NEAR)]]
        near += [BEFORE + word for word in words[max(middle, following - NEAR) : following]]
    return near + [AFTER + word for word in words[at[-1] + 1 : at[-1] + 1 + NEAR]]


@lru_cache(maxsize=MOST_KEPT)
def _name_stems(name: str) -> frozenset[str]:
    """The stems of the words that can stand for a name: a title can where there is nothing else."""
    words = [token for token in _tokens(name) if token not in _CLAUSE_END and token not in _FUNCTION_WORDS]
    return frozenset(_stem(word) for word in words if word not in _TITLES) or frozenset(map(_stem, words))


def _tokens(text: str) -> list[str]:
    return [_forms(token)[0] for token in _TOKEN.findall(text)]


@lru_cache(maxsize=MOST_KEPT)
def _forms(token: str) -> tuple[str, str]:
    """A token in lower case, and its stem."""
    normal = token.lower().replace("’", "'")
    return normal, _stem(normal)


def _stem(word: str) -> str:
    """A word without possessive and plural endings; both sides of a comparison are cut alike."""
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
