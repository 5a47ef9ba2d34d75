"""The rules for one sentence: which of its words are attributed to whom, and by which cue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.quotes.groups import CueGroup, cue_groups
from builder.quotes.sources import (
    DAYS,
    PREPOSITIONS,
    Stretch,
    is_subject_start,
    noun_phrase_after,
    subject_before,
    subject_of_sentence,
)
from builder.quotes.tokens import Token

Rule = Literal[
    "quotation before its cue",
    "quotation after its cue",
    "clause before its cue",
    "clause with that",
    "clause without that",
    "infinitive",
    "object",
    "according to",
    "participle",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in a sentence, as stretches of its tokens (first, one behind the last)."""

    rule: Rule
    content: tuple[Stretch, ...]
    cue: Stretch
    source: Stretch | None


def find_in_sentence(tokens: Sequence[Token]) -> list[Finding]:
    """The findings of a sentence, in order; their contents do not overlap."""
    groups = cue_groups(tokens)
    findings: list[Finding] = []
    free = 0  # the first token that no finding has claimed
    for number, group in enumerate(groups):
        if group.first < free:
            continue
        finding = (
            _according(tokens, group, free)
            or _before_cue(tokens, groups, number, free)
            or _after_cue(tokens, groups, number, free, findings)
        )
        if finding:
            findings.append(finding)
            free = max(finding.cue[1], finding.content[-1][1], finding.source[1] if finding.source else 0)
    return findings


def _according(tokens: Sequence[Token], group: CueGroup, free: int) -> Finding | None:
    """"Sales fell, according to Brandt." and "According to Brandt, sales fell."."""
    if group.shape != "preposition":
        return None
    start = group.last + 1
    end = noun_phrase_after(tokens, start)
    if end == start:
        return None
    last = _sentence_end(tokens)
    if group.first <= free + 1:
        content = (end + 1 if end < last and tokens[end].text == "," else end, last)
    else:
        content = (free, group.first - (tokens[group.first - 1].text == ","))
    content = _without_joining_word(tokens, content)
    if content[0] >= content[1]:
        return None
    return Finding("according to", (content,), (group.first, group.last + 1), (start, end))


def _before_cue(tokens: Sequence[Token], groups: Sequence[CueGroup], number: int, free: int) -> Finding | None:
    """"“…,” she said", "“…,” said Brandt, “…”" and "Sales fell, Brandt said."."""
    group = groups[number]
    if group.cue.kind not in {"saying", "telling"} or group.shape != "finite":
        return None
    found = _inverted(tokens, group, free) or _straight(tokens, group, free)
    if found is None:
        return None
    content_end, source, behind = found
    last = _sentence_end(tokens)
    quoted = tokens[content_end - 1].marked is not None
    apart = quoted and content_end - 2 >= free and tokens[content_end - 2].text in {",", ":"}
    parts = [(content_end - 1, content_end) if apart else _without_joining_word(tokens, (free, content_end))]
    behind += behind + 1 < last and tokens[behind].text == ","
    if behind < last and tokens[behind].marked:
        parts.append((behind, _clause_end(tokens, groups, number, behind)))
    elif behind < last and tokens[behind - 1].text == "," and not quoted and not _is_aside(tokens[behind]):
        # "Sales, Brandt said, fell."
        parts.append((behind, _clause_end(tokens, groups, number, behind)))
    parts = [part for part in parts if part[0] < part[1]]
    if not parts or sum(end - start for start, end in parts) < 3 and not tokens[parts[0][0]].marked:
        return None
    rule: Rule = "quotation before its cue" if quoted else "clause before its cue"
    return Finding(rule, tuple(parts), (group.first, group.last + 1), source)


def _inverted(tokens: Sequence[Token], group: CueGroup, free: int) -> tuple[int, Stretch, int] | None:
    """Content's end, source and what follows, of "…,” said Brandt"."""
    content_end = _content_before(tokens, group.first, free)
    start = group.last + 1
    if content_end is None or group.first != group.head or group.cue.kind != "saying" or start >= len(tokens):
        return None
    quoted = tokens[content_end - 1].marked is not None
    if not is_subject_start(tokens[start]) and not quoted:
        return None
    end = noun_phrase_after(tokens, start)
    closed = end >= _sentence_end(tokens) or tokens[end].text in {",", ";", ":"} or (quoted and tokens[end].marked)
    if end == start or not (closed or tokens[end].lower in PREPOSITIONS or tokens[end].lower in DAYS):
        return None
    if not quoted and _has_clause(tokens[start:end]):
        return None
    return content_end, (start, end), _behind_circumstances(tokens, end)


def _straight(tokens: Sequence[Token], group: CueGroup, free: int) -> tuple[int, Stretch, int] | None:
    """Content's end, source and what follows, of "…,” Brandt said"."""
    last = _sentence_end(tokens)
    quotation = next((at for at in range(group.first - 1, free - 1, -1) if tokens[at].marked), None)
    if quotation is not None and _ends_open(tokens, quotation) and group.first - quotation < SUBJECT_REACH:
        start = quotation + 1 + (tokens[quotation + 1].text == ",")
        behind = _next_stop(tokens, group.last + 1)
        if start == group.first or (behind < last and tokens[group.last + 1].lower in _COMPLEMENTIZERS):
            return None
        return quotation + 1, (start, group.first), behind
    behind = _behind_circumstances(tokens, group.last + 1)
    if behind < last and tokens[behind].text not in {",", ";"}:
        return None
    subject = subject_before(tokens, free, group.first)
    if subject is None or subject[0] == free:
        return None
    content_end = _content_before(tokens, subject[0], free)
    if content_end is None or content_end - free < 4:
        return None
    return content_end, subject, behind


def _content_before(tokens: Sequence[Token], at: int, free: int) -> int | None:
    """Where content ends that stands directly before token `at`: a comma or a quotation is there."""
    if at - 1 > free and tokens[at - 1].text == ",":
        return at - 1
    if at - 1 >= free and tokens[at - 1].marked and _ends_open(tokens, at - 1):
        return at
    return None


def _ends_open(tokens: Sequence[Token], at: int) -> bool:
    """Whether the quotation ends so that its sentence goes on: with a comma, a question mark, a dash."""
    marked = tokens[at].marked
    inner = tokens[at].text.rstrip("\"“”„«»'‘’`´ ") if marked else ""
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    return inner.endswith((",", "?", "!", "-", "—", "–", "…", "...")) or following == ","


def _after_cue(
    tokens: Sequence[Token], groups: Sequence[CueGroup], number: int, free: int, findings: Sequence[Finding]
) -> Finding | None:
    """"Brandt said that …", "Brandt said: “…”", "…, adding that …", "Brandt vowed to …", "Brandt praised …"."""
    group = groups[number]
    if group.shape == "participle":
        source = findings[-1].source if findings else subject_of_sentence(tokens, group.first)
        if tokens[group.first - 1].text != "," and not findings:
            return None
    else:
        source = subject_before(tokens, free, group.first)
        if source is None and findings and tokens[group.first - 1].lower in {"and", "but"}:
            source = findings[-1].source
        if source is None and group.shape == "infinitive":
            return None
    if source is None:
        return None
    start = _content_start(tokens, group)
    if start is None:
        return None
    end = _clause_end(tokens, groups, number, start)
    if end - start < 2 and not tokens[start].marked:
        return None
    return Finding(_rule_after(tokens, group, start), ((start, end),), (group.first, group.last + 1), source)


def _rule_after(tokens: Sequence[Token], group: CueGroup, start: int) -> Rule:
    if tokens[start].marked and group.cue.kind in {"saying", "telling"}:
        return "quotation after its cue"
    if group.shape == "participle":
        return "participle"
    if group.cue.kind == "judging" or group.last > group.head:
        return "object" if tokens[start].lower != "that" else "clause with that"
    if tokens[start].lower == "to":
        return "infinitive"
    return "clause with that" if tokens[start].lower in _COMPLEMENTIZERS else "clause without that"


def _content_start(tokens: Sequence[Token], group: CueGroup) -> int | None:
    """The token that the content after a cue begins with."""
    last = _sentence_end(tokens)
    start = group.last + 1
    if start >= last:
        return None
    if group.cue.kind == "wanting":
        ahead = range(start, min(start + _RECIPIENT_REACH, last))
        return start if any(tokens[at].lower == "to" for at in ahead) else None
    if group.cue.kind == "judging":
        return start if tokens[start].text not in {",", ";", ":"} else None
    # "that" or a quotation may stand behind circumstances: "said on Monday in Oslo that".
    for at in range(start, min(start + _CIRCUMSTANCE_REACH, last)):
        if tokens[at].lower in _COMPLEMENTIZERS and (at == start or tokens[at].lower == "that"):
            return at
        if tokens[at].marked and (at == start or tokens[at - 1].text in {",", ":"}):
            return at
        if tokens[at].text == ":" and at + 1 < last:
            return at + 1
        if tokens[at].text in {";", "—", "–", "--"}:
            break
    if group.cue.kind == "telling":
        return _behind_recipient(tokens, start, last)
    start = _behind_circumstances(tokens, start)
    return start if start < last and tokens[start].text != "," else None


_COMPLEMENTIZERS = frozenset("that whether if how what why".split())
SUBJECT_REACH = 30  # tokens of a subject with its appositions, at most
_CIRCUMSTANCE_REACH = 12
_RECIPIENT_REACH = 7
_ASIDES = frozenset("adding citing referring speaking who which when where although though because while".split())
_CLAUSE_STARTS = frozenset("he she they it we i you there his her their the a an this these".split())


def _behind_recipient(tokens: Sequence[Token], start: int, last: int) -> int | None:
    """Behind "reporters" or "the committee" in "told reporters the plan had failed"."""
    at = start + 1
    while at < min(start + _RECIPIENT_REACH, last):
        if tokens[at].lower in _CLAUSE_STARTS or tokens[at].lower in {"to", "about"}:
            return at
        at += 1
    return None


def _behind_circumstances(tokens: Sequence[Token], start: int) -> int:
    """Behind "on Monday in an interview with the paper", to the next comma, quotation or the end."""
    at, last = start, _sentence_end(tokens)
    while at < last and (tokens[at].lower in DAYS or tokens[at].lower in PREPOSITIONS):
        if tokens[at].lower in DAYS:
            at += 1
            continue
        stop = at + 1
        while stop < last and stop - at < 12 and not _ends_circumstance(tokens[stop]):
            stop += 1
        at = stop
    return at


def _next_stop(tokens: Sequence[Token], start: int) -> int:
    """The next comma or quotation from token `start` on, or the end."""
    last = _sentence_end(tokens)
    return next((at for at in range(start, last) if tokens[at].marked or tokens[at].text in {",", ";"}), last)


def _ends_circumstance(token: Token) -> bool:
    return bool(token.marked) or token.text in {",", ";", ":"} or token.lower in PREPOSITIONS or token.lower in {
        "that", "he", "she", "they", "it", "we", "i", "there",
    }  # fmt: skip


def _clause_end(tokens: Sequence[Token], groups: Sequence[CueGroup], number: int, start: int) -> int:
    """Where the content that begins at token `start` ends: where the next cue's clause begins, if not the sentence."""
    end = _sentence_end(tokens)
    short = groups[number].cue.kind == "judging"
    for at in range(start + 1, end):
        token = tokens[at]
        if short and (token.text in _ENDS_OBJECT or token.lower in _ENDS_OBJECT):
            return at
        if token.text in {",", ";"} or token.lower in {"and", "but"}:
            following = next((group for group in groups[number + 1 :] if group.first > at), None)
            if following and _starts_new_attribution(tokens, at, following):
                return at
    return end


_ENDS_OBJECT = frozenset({",", ";", ":", "—", "–", "--", "while", "after", "when", "because", "but", "before", "as"})


def _starts_new_attribution(tokens: Sequence[Token], at: int, group: CueGroup) -> bool:
    """Whether the comma or "and" at token `at` leads to the next cue: ", adding that", " and said that"."""
    after_comma = at + 1 + (tokens[at].text == "," and at + 1 < len(tokens) and tokens[at + 1].lower in {"and", "but"})
    if group.cue.kind not in {"saying", "telling"}:
        return False
    if group.first == after_comma:
        if group.shape in {"participle", "preposition"}:
            return tokens[at].text == ","
        return _has_content_sign(tokens, group.last + 1)
    if group.shape != "finite" or group.first - after_comma > 8 or tokens[at].text == "," == tokens[after_comma].text:
        return False
    return after_comma > at + 1 and _has_content_sign(tokens, group.last + 1)


def _has_content_sign(tokens: Sequence[Token], start: int) -> bool:
    return any(
        tokens[at].lower == "that" or tokens[at].marked for at in range(start, min(start + 5, len(tokens)))
    )


def _is_aside(token: Token) -> bool:
    return token.lower in _ASIDES or token.lower.endswith("ing") or token.lower in PREPOSITIONS


def _has_clause(tokens: Sequence[Token]) -> bool:
    return any(token.lower in _FINITE for token in tokens)


_FINITE = frozenset("is are was were has have had will would could should can may might must did does do".split())


def _without_joining_word(tokens: Sequence[Token], stretch: Stretch) -> Stretch:
    start, end = stretch
    if start < end and tokens[start].text in {",", ";", "—", "–"}:
        start += 1
    return start, end


def _sentence_end(tokens: Sequence[Token]) -> int:
    """Behind the last token that is not the sentence's own full stop."""
    end = len(tokens)
    while end > 0 and tokens[end - 1].text in {".", "?", "!", ",", ";", ":", "…"} and tokens[end - 1].marked is None:
        end -= 1
    return end
