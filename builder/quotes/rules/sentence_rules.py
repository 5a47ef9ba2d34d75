"""The rules for one sentence: which of its words are attributed to whom, and by which cue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.quotes.rules.clauses import (
    COMPLEMENTIZERS,
    behind_circumstances,
    clause_end,
    content_start,
    next_stop,
    sentence_end,
)
from builder.quotes.rules.groups import CueGroup, cue_groups
from builder.quotes.rules.sources import (
    DAYS,
    PREPOSITIONS,
    Stretch,
    is_subject_start,
    noun_phrase_after,
    subject_before,
    subject_of_sentence,
)
from builder.quotes.rules.tokens import Token

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


SUBJECT_REACH = 30  # tokens of a subject with its appositions, at most
SHORTEST_CLAUSE = 4  # tokens of a clause that is reported in front of its cue
LONGEST = 500  # tokens of a sentence; what is longer is a table or a list, and costs the square of its length


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in a sentence, as stretches of its tokens (first, one behind the last)."""

    rule: Rule
    content: tuple[Stretch, ...]
    cue: Stretch
    source: Stretch | None


def find_in_sentence(tokens: Sequence[Token]) -> list[Finding]:
    """The findings of a sentence, in order; their contents do not overlap."""
    groups = cue_groups(tokens) if len(tokens) <= LONGEST else []
    findings: list[Finding] = []
    free = 0  # the first token that no finding has claimed
    for number, group in enumerate(groups):
        if group.first < free or _in_apposition(tokens, groups, number):
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


def _in_apposition(tokens: Sequence[Token], groups: Sequence[CueGroup], number: int) -> bool:
    """Whether the cue is within "a guard, who asked not to be named, said": the main clause has its own."""
    group = groups[number]
    if group.first < 2 or tokens[group.first - 1].lower != "who" or tokens[group.first - 2].text != ",":
        return False
    return any(
        other.shape == "finite" and tokens[other.first - 1].text == "," for other in groups[number + 1 :]
    )


def _according(tokens: Sequence[Token], group: CueGroup, free: int) -> Finding | None:
    """ "Sales fell, according to Brandt." and "According to Brandt, sales fell."."""
    if group.shape != "preposition":
        return None
    start = group.last + 1
    leads = group.first <= free + 1
    end = noun_phrase_after(tokens, start, clause_follows=leads)
    if end == start:
        return None
    last = sentence_end(tokens)
    if leads:
        content = (end + 1 if end < last and tokens[end].text == "," else end, last)
    else:
        content = (free, group.first - (tokens[group.first - 1].text == ","))
    content = _without_joining_word(tokens, content)
    if content[0] >= content[1]:
        return None
    return Finding("according to", (content,), (group.first, group.last + 1), (start, end))


def _before_cue(
    tokens: Sequence[Token], groups: Sequence[CueGroup], number: int, free: int
) -> Finding | None:
    """ "“…,” she said", "“…,” said Brandt, “…”" and "Sales fell, Brandt said."."""
    group = groups[number]
    if group.cue.kind not in {"saying", "telling"} or group.shape != "finite":
        return None
    found = _inverted(tokens, group, free) or _straight(tokens, group, free)
    if found is None:
        return None
    content_end, source, behind = found
    last = sentence_end(tokens)
    quoted = tokens[content_end - 1].marked is not None
    apart = quoted and content_end - 2 >= free and tokens[content_end - 2].text in {",", ":"}
    parts = [(content_end - 1, content_end) if apart else _without_joining_word(tokens, (free, content_end))]
    behind += behind + 1 < last and tokens[behind].text == ","
    if behind < last and tokens[behind].marked:
        # In "she told “Morning Hour”" a programme's name is the recipient.
        if group.cue.kind != "telling" or tokens[behind - 1].text == ",":
            parts.append((behind, clause_end(tokens, groups, number, behind)))
    elif behind < last and tokens[behind - 1].text == "," and not quoted and not _is_aside(tokens[behind]):
        # "Sales, Brandt said, fell."
        parts.append((behind, clause_end(tokens, groups, number, behind)))
    parts = [part for part in parts if part[0] < part[1]]
    if not parts or (sum(end - start for start, end in parts) < 3 and not tokens[parts[0][0]].marked):
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
    closed = (
        end >= sentence_end(tokens) or tokens[end].text in {",", ";", ":"} or (quoted and tokens[end].marked)
    )
    if end == start or not (closed or tokens[end].lower in PREPOSITIONS or tokens[end].lower in DAYS):
        return None
    if not quoted and _has_clause(tokens[start:end]):
        return None
    return content_end, (start, end), behind_circumstances(tokens, end)


def _straight(tokens: Sequence[Token], group: CueGroup, free: int) -> tuple[int, Stretch, int] | None:
    """Content's end, source and what follows, of "…,” Brandt said" and "Sales fell, Brandt said"."""
    quotation = next((at for at in range(group.first - 1, free - 1, -1) if tokens[at].marked), None)
    if quotation is None or group.first - quotation >= SUBJECT_REACH or not _ends_open(tokens, quotation):
        return _behind_clause(tokens, group, free)
    start = quotation + 1 + (tokens[quotation + 1].text == ",")
    behind = next_stop(tokens, group.last + 1)
    leads_on = behind < sentence_end(tokens) and tokens[group.last + 1].lower in COMPLEMENTIZERS
    return None if start == group.first or leads_on else (quotation + 1, (start, group.first), behind)


def _behind_clause(tokens: Sequence[Token], group: CueGroup, free: int) -> tuple[int, Stretch, int] | None:
    """The same for a clause that is not quoted; the cue may stand in its middle."""
    behind = behind_circumstances(tokens, group.last + 1)
    inserted = behind < sentence_end(tokens)
    subject = subject_before(tokens, free, group.first)
    if subject is None or subject[0] == free:
        return None
    content_end = _content_before(tokens, subject[0], free)
    if content_end is None or (content_end - free < SHORTEST_CLAUSE and not inserted):
        return None
    # "On Monday, Brandt said, “…”": the quotation is what was said.
    if inserted and (tokens[behind].text not in {",", ";"} or tokens[behind + 1].marked):
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
    """Content behind its cue: "Brandt said that …", "…, adding that …", "Brandt praised …"."""
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
    start = content_start(tokens, group)
    if start is None:
        return None
    end = clause_end(tokens, groups, number, start)
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
    return "clause with that" if tokens[start].lower in COMPLEMENTIZERS else "clause without that"


_ASIDES = frozenset(
    "adding citing referring speaking who which when where although though because while".split()
)


def _is_aside(token: Token) -> bool:
    return token.lower in _ASIDES or token.lower.endswith("ing") or token.lower in PREPOSITIONS


def _has_clause(tokens: Sequence[Token]) -> bool:
    return any(token.lower in _FINITE for token in tokens)


_FINITE = frozenset(
    "is are was were has have had will would could should can may might must did does do".split()
)


def _without_joining_word(tokens: Sequence[Token], stretch: Stretch) -> Stretch:
    start, end = stretch
    if start < end and tokens[start].text in {",", ";", "—", "–"}:
        start += 1
    return start, end
