"""Where the source of a cue stands: its subject before the verb, or the noun phrase after it."""

from collections.abc import Sequence

from builder.quotes.rules.cues import cue_forms
from builder.quotes.rules.groups import AUXILIARIES, is_adverb
from builder.quotes.rules.tokens import Token

# A stretch of tokens: first, and one behind the last.
Stretch = tuple[int, int]


def subject_before(tokens: Sequence[Token], low: int, verb: int) -> Stretch | None:
    """The subject of the verb group that starts at token `verb`, not reaching before token `low`."""
    if verb <= low:
        return None
    if tokens[verb - 1].lower in SUBJECT_PRONOUNS:
        return (verb - 1, verb)
    edge = verb
    if tokens[verb - 1].text == ",":
        # "Ilse Brandt, the mayor of Unterau, said": the name stands before the comma before that one.
        edge = next((at for at in range(verb - 2, low - 1, -1) if tokens[at].text == ","), low)
    start = _clause_start(tokens, low, edge)
    start = _behind_opening_phrase(tokens, start, edge)
    while start < edge and (is_adverb(tokens[start]) or tokens[start].lower in _LEADING_WORDS):
        start += 1
    return (start, verb) if start < edge else None


def subject_of_sentence(tokens: Sequence[Token], verb: int) -> Stretch | None:
    """The subject of the sentence, for a participle at token `verb` that shares it."""
    start = _behind_opening_phrase(tokens, 0, verb)
    while start < verb and (is_adverb(tokens[start]) or tokens[start].lower in _LEADING_WORDS):
        start += 1
    for at in range(start, verb):
        if is_finite(tokens[at]):
            end = at - 1 if at > start and is_adverb(tokens[at - 1]) else at
            return (start, end) if end > start else None
    return None


def noun_phrase_after(tokens: Sequence[Token], start: int, *, clause_follows: bool = False) -> int:
    """The token behind the noun phrase that begins at `start`; `start` itself if there is none.

    `clause_follows` says that behind its comma a clause may begin as well as an apposition.
    """
    at = start
    named = not clause_follows and start < len(tokens) and not tokens[start].capitalised
    while at < len(tokens):
        token = tokens[at]
        if token.text == ",":
            name_follows = named and at + 1 < len(tokens) and tokens[at + 1].capitalised
            if not name_follows and not _is_apposition(tokens, at + 1, clause_follows=clause_follows):
                break
            at = next(
                (end for end in range(at + 1, len(tokens)) if _ends_apposition(tokens[end])),
                _last_word(tokens),
            )
            continue
        if token.marked or token.text in _SIGNS or token.lower in _AFTER_NAME or token.lower in DAYS:
            break
        at += 1
    return at


def is_subject_start(token: Token) -> bool:
    """Whether a noun phrase can begin with the token."""
    return (token.capitalised and token.lower not in DAYS) or token.lower in _DETERMINERS


SUBJECT_PRONOUNS = frozenset("he she they it we i you who which".split())
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december yesterday today tonight".split()
)
PREPOSITIONS = frozenset(
    "in on at during after before with from for by as about to of since under over following within "
    "through amid among despite without last this late early earlier via".split()
)
_SIGNS = frozenset({";", ":", "—", "–", "--", "-", ".", "?", "!", "…", "..."})
_CLAUSE_WORDS = frozenset(
    "that as while because although though if when whenever where after before since until unless but "
    "than so whether what how why which".split()
)
_LEADING_WORDS = frozenset("and but or so yet however meanwhile still then also instead".split())
_DETERMINERS = frozenset(
    "the a an this these those his her their its our my some many several most one two three four five "
    "other another he she they it we i you who both each every few critics officials".split()
)
_AFTER_NAME = frozenset(
    "in on during after before when while as to about via last this and but at because".split()
)
_IRREGULAR_PAST = frozenset(
    "went took made came gave got held met ran left saw began sent put set won lost fell stood kept "
    "brought hit drew led paid read spent built broke rose grew let cut sat became".split()
)


def _clause_start(tokens: Sequence[Token], low: int, edge: int) -> int:
    start = edge
    while start > low:
        token = tokens[start - 1]
        if token.text in _SIGNS or token.text == "," or token.lower in _CLAUSE_WORDS:
            break
        if token.marked and len(token.text.split()) > 2:
            break
        if token.lower in {"and", "or"} and (start - 1 == low or _has_verb_left(tokens, low, start - 1)):
            break
        start -= 1
    return start


def _has_verb_left(tokens: Sequence[Token], low: int, at: int) -> bool:
    while at > low:
        at -= 1
        token = tokens[at]
        if token.text in _SIGNS or token.text == "," or token.marked or token.lower in _CLAUSE_WORDS:
            return token.text == ","
        if is_finite(token):
            return True
    return False


def _behind_opening_phrase(tokens: Sequence[Token], start: int, edge: int) -> int:
    """Skips "In a statement on Monday," and, without its comma, what stands before the name."""
    if start >= edge or tokens[start].lower not in PREPOSITIONS:
        return start
    comma = next((at for at in range(start, edge) if tokens[at].text == ","), None)
    if comma is not None:
        return comma + 1
    at = edge
    while at > start and (tokens[at - 1].capitalised and tokens[at - 1].lower not in DAYS):
        at -= 1
    if (
        at == edge
        and edge - 1 > start
        and tokens[edge - 1].lower in {"he", "she", "they", "it", "we", "i", "you"}
    ):
        return edge - 1
    return at if start < at < edge else start


def is_finite(token: Token) -> bool:
    """Whether it is a form that only a verb with its subject has, as far as a word alone can tell."""
    if token.marked or token.capitalised:
        return False
    lower = token.lower
    if lower in AUXILIARIES or lower in _IRREGULAR_PAST or (lower.endswith("ed") and len(lower) > 3):
        return True
    cue = cue_forms().get(lower)
    return cue is not None and not cue.also_noun and cue.form != "participle"


def _ends_apposition(token: Token) -> bool:
    return token.text in {",", ";", ":"} or token.marked is not None


def _is_apposition(tokens: Sequence[Token], at: int, *, clause_follows: bool) -> bool:
    if at >= len(tokens) or tokens[at].marked or not tokens[at].word:
        return False
    lower = tokens[at].lower
    if clause_follows:
        return lower in {"a", "an", "who", "whose"} or lower.isdigit()
    if (
        lower in {"a", "an", "the", "who", "whose", "his", "her", "its", "their", "one", "now"}
        or lower.isdigit()
    ):
        return True
    return not (
        lower.endswith("ing")
        or lower in PREPOSITIONS
        or lower in _CLAUSE_WORDS
        or lower in _LEADING_WORDS
        or lower in AUXILIARIES
        or tokens[at].capitalised
        or is_adverb(tokens[at])
    )


def _last_word(tokens: Sequence[Token]) -> int:
    end = len(tokens)
    while end > 0 and not (tokens[end - 1].word or tokens[end - 1].text.startswith("(")):
        end -= 1
    return end
