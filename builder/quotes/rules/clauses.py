"""Where the content of a cue begins and ends in its sentence."""

import re
from collections.abc import Sequence
from itertools import islice

from builder.quotes.rules.groups import CueGroup
from builder.quotes.rules.sources import DAYS, PREPOSITIONS, SUBJECT_PRONOUNS, is_finite
from builder.quotes.rules.tokens import Token


def content_start(tokens: Sequence[Token], group: CueGroup) -> int | None:
    """The token that the content after a cue begins with."""
    last = sentence_end(tokens)
    start = group.last + 1
    if start >= last:
        return None
    if group.cue.kind == "wanting":
        ahead = range(start, min(start + _RECIPIENT_REACH, last))
        return start if any(tokens[at].lower == "to" for at in ahead) else None
    if group.cue.kind == "judging":
        return start if tokens[start].text not in {",", ";", ":"} else None
    sign = _behind_sign(tokens, start, last)
    if sign is not None:
        return sign
    if group.cue.kind == "telling":
        return _behind_recipient(tokens, start, last)
    start = behind_circumstances(tokens, start)
    return start if start < last and tokens[start].text != "," else None


def _behind_sign(tokens: Sequence[Token], start: int, last: int) -> int | None:
    """Where "that", a quotation or a colon begins the content, perhaps behind circumstances."""
    for at in range(start, min(start + _CIRCUMSTANCE_REACH, last)):
        if tokens[at].lower in COMPLEMENTIZERS and (at == start or tokens[at].lower == "that"):
            # After a verb "that" belongs to the content: "said the deal had failed that night".
            return None if any(is_finite(token) for token in tokens[start:at]) else at
        if tokens[at].marked and (at == start or tokens[at - 1].text in {",", ":"}):
            return at
        if tokens[at].text == ":" and at + 1 < last:
            return at + 1
        if tokens[at].text in {";", "—", "–", "--"}:
            break
    return None


COMPLEMENTIZERS = frozenset("that whether if how what why".split())
_CIRCUMSTANCE_REACH = 12
_RECIPIENT_REACH = 7
_CLAUSE_STARTS = frozenset("he she they it we i you there his her their the a an this these".split())


def _behind_recipient(tokens: Sequence[Token], start: int, last: int) -> int | None:
    """Behind "reporters" or "the committee" in "told reporters the plan had failed"."""
    at = start + 1
    while at < min(start + _RECIPIENT_REACH, last):
        if tokens[at].lower in _CLAUSE_STARTS or tokens[at].lower in {"to", "about"}:
            return at
        at += 1
    return None


def behind_circumstances(tokens: Sequence[Token], start: int) -> int:
    """Behind "on Monday in an interview with the paper", to the next comma, quotation or the end."""
    at, last = start, sentence_end(tokens)
    while at < last and (tokens[at].lower in DAYS or tokens[at].lower in PREPOSITIONS):
        if tokens[at].lower in DAYS:
            at += 1
            continue
        stop = at + 1
        while stop < last and stop - at < 12 and not _ends_circumstance(tokens[stop]):
            stop += 1
        at = stop
    return at


def next_stop(tokens: Sequence[Token], start: int) -> int:
    """The next comma or quotation from token `start` on, or the end."""
    last = sentence_end(tokens)
    return next((at for at in range(start, last) if tokens[at].marked or tokens[at].text in {",", ";"}), last)


def _ends_circumstance(token: Token) -> bool:
    return (
        token.marked is not None
        or token.text in {",", ";", ":"}
        or token.lower in PREPOSITIONS
        or token.lower in SUBJECT_PRONOUNS
        or token.lower in {"that", "there"}
    )


def clause_end(tokens: Sequence[Token], groups: Sequence[CueGroup], number: int, start: int) -> int:
    """Where the content that begins at token `start` ends: at the next cue's clause, or with the sentence."""
    end = sentence_end(tokens)
    if tokens[start].marked and _CLOSED.search(tokens[start].text):
        return start + 1  # a whole sentence was quoted: what follows is the reporter's
    short = groups[number].cue.kind == "judging"
    for at in range(start + 1, end):
        token = tokens[at]
        if short and (token.text in _ENDS_OBJECT or token.lower in _ENDS_OBJECT):
            return at
        if token.text in _DASHES and at + 1 < end and tokens[at + 1].lower in {"a", "an"}:
            return at  # "— a step that surprised her allies": the reporter's remark
        if token.text in {",", ";"} or token.lower in {"and", "but"}:
            following = next((group for group in islice(groups, number + 1, None) if group.first > at), None)
            if following and _starts_new_attribution(tokens, at, following):
                return at
    return end


_CLOSED = re.compile(r"[.,!?…][\"“”„«»'‘’`´\s]*\Z")
_DASHES = frozenset({"—", "–", "--", "-"})
_ENDS_OBJECT = frozenset(
    {",", ";", ":", "—", "–", "--", "while", "after", "when", "because", "but", "before"}
)


def _starts_new_attribution(tokens: Sequence[Token], at: int, group: CueGroup) -> bool:
    """Whether the comma or "and" at token `at` leads to the next cue: ", adding that", " and said that"."""
    after_comma = (
        at + 1 + (tokens[at].text == "," and at + 1 < len(tokens) and tokens[at + 1].lower in {"and", "but"})
    )
    if group.cue.kind not in {"saying", "telling"}:
        return group.first == at + 1 and group.shape == "finite" and tokens[at].text != ","
    if group.first == after_comma:
        if group.shape in {"participle", "preposition"}:
            return tokens[at].text == ","
        return _has_content_sign(tokens, group.last + 1)
    if (
        group.shape != "finite"
        or group.first - after_comma > 8
        or tokens[at].text == "," == tokens[after_comma].text
    ):
        return False
    return after_comma > at + 1 and _has_content_sign(tokens, group.last + 1)


def _has_content_sign(tokens: Sequence[Token], start: int) -> bool:
    return any(
        tokens[at].lower == "that" or tokens[at].marked for at in range(start, min(start + 5, len(tokens)))
    )


def sentence_end(tokens: Sequence[Token]) -> int:
    """Behind the last token that is not the sentence's own full stop."""
    end = len(tokens)
    while (
        end > 0
        and tokens[end - 1].text in {".", "?", "!", ",", ";", ":", "…"}
        and tokens[end - 1].marked is None
    ):
        end -= 1
    return end
