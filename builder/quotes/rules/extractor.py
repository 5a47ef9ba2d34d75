"""Quotations by rule: pairs marks, cuts sentences, asks the sentence rules, joins what belongs together.

A quoted sentence is never lost: where no cue is found it continues the quotation before it, or
comes out without a source and with little confidence.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from builder.quotes.assemble import Draft, assemble
from builder.quotes.marks import MarkedText, pair_marks
from builder.quotes.paragraphs import Paragraph, paragraphs
from builder.quotes.rules.groups import cue_groups
from builder.quotes.rules.sentence_rules import LONGEST, Finding, find_in_sentence
from builder.quotes.rules.sources import DAYS, PREPOSITIONS, Stretch, subject_before, subject_of_sentence
from builder.quotes.rules.tokens import Token, tokenize
from builder.quotes.sentences import sentences
from builder.records import Document, Quotation, Span

NAME = "rules-1"

# The share of each rule's findings on the training articles (PolNeAR 1.0, train) whose content and
# source were right, as `python -m eval attribution --split train` counts "joint".
CONFIDENCE = {
    "quotation before its cue": 0.94,
    "quotation after its cue": 0.83,
    "clause before its cue": 0.66,
    "clause with that": 0.81,
    "clause without that": 0.61,
    "infinitive": 0.53,
    "object": 0.60,
    "according to": 0.72,
    "participle": 0.69,
    "introduced": 0.83,
    "continued": 0.23,
    "unattributed": 0.03,
}

# A part between marks is taken for a quoted sentence if it has this many words, or ends like a
# sentence with this many: titles, nicknames and words held at arm's length are shorter.
QUOTED_WORDS, QUOTED_SENTENCE_WORDS = 8, 4
PIECES = 50  # parts that are joined to one quotation, at most; what comes then continues it
TAG_WORDS = 12  # as long as the subject of a clause like "Brandt asked." gets


class RuleExtractor:
    """The extractor that needs no model."""

    name = NAME

    def extract(self, documents: Sequence[Document]) -> list[list[Quotation]]:
        """The quotations in the bodies of the documents: a list for each, in the order of its text."""
        return [_extract(document) for document in documents]


def _extract(document: Document) -> list[Quotation]:
    text = document.text
    lines = paragraphs(text, document.body())
    marked = pair_marks(text, lines)
    search = _Search(text)
    for line, parts in _with_marked(lines, marked):
        search.read_paragraph(line, parts)
    return assemble(document, lines, marked, search.drafts, NAME)


def _with_marked(
    lines: Sequence[Paragraph], marked: Sequence[MarkedText]
) -> Iterator[tuple[Span, list[MarkedText]]]:
    """Each paragraph with its outermost parts between marks; wrapped lines that share one count as one."""
    outermost = [one for one in marked if one.level == 0]
    at, number = 0, 0
    while number < len(lines):
        start, end = lines[number].start, lines[number].end
        number += 1
        parts = []
        while at < len(outermost) and outermost[at].span.start < end:
            parts.append(outermost[at])
            while number < len(lines) and outermost[at].span.end > end:
                end = lines[number].end
                number += 1
            at += 1
        yield Span(start, end), parts


@dataclass(slots=True)
class _Search:
    """The drafts found so far, and what the next sentence may carry on.

    `last` is the draft that was added last, if no paragraph without a quotation came since; `quoted`
    says that the paragraph being read has one; `waiting` are quoted sentences without a cue so far;
    `introduction` is a cue and a source whose content is to follow ("She continued:").
    """

    text: str
    drafts: list[Draft] = field(default_factory=list)
    last: int | None = None
    quoted: bool = False
    waiting: list[Token] = field(default_factory=list)
    introduction: tuple[Span, Span] | None = None

    def read_paragraph(self, paragraph: Span, parts: Sequence[MarkedText]) -> None:
        """Adds the quotations of one paragraph."""
        self.quoted = False
        cut = [
            tokenize(self.text, one, _inside(parts, one)) for one in sentences(self.text, paragraph, parts)
        ]
        for tokens in _join_tags([tokens for tokens in cut if tokens]):
            self._read_sentence(tokens)
        self._settle_waiting()
        if not self.quoted and self.introduction is None:
            self.last = None  # a paragraph of the reporter's own comes between

    def _read_sentence(self, tokens: Sequence[Token]) -> None:
        findings = find_in_sentence(tokens)
        claimed = [_span(tokens, part) for finding in findings for part in finding.content]
        alone = not any(token.word for token in tokens)  # nothing but what stands between marks
        marked = [token for token in tokens if token.marked and not _within(token, claimed)]
        left = [token for token in marked if alone or _is_quoted(token)]
        if findings and findings[0].rule == "quotation before its cue":
            self._add(tokens, findings[0], self._take_waiting(tokens))
            findings = findings[1:]
        self._settle_waiting()
        for finding in findings:
            self._add(tokens, finding, ())
        if not left:
            self.introduction = None if findings else _introduction(tokens)
        elif not alone:
            # Its sentence tells who spoke in a way that the rules do not know.
            self.drafts += [Draft((one,), (), (), CONFIDENCE["unattributed"]) for one in _spans(left)]
        elif self.introduction:
            cue, source = self.introduction
            self._append(Draft(_spans(left), (cue,), (source,), CONFIDENCE["introduced"]))
            self.introduction = None
        elif self.last is not None and (self.quoted or _runs_on(left)) and self._has_room():
            joined = self.drafts[self.last]
            self.quoted = True
            self.drafts[self.last] = replace(joined, content=(*joined.content, *_spans(left)))
        else:
            self.waiting += left

    def _has_room(self) -> bool:
        return self.last is not None and len(self.drafts[self.last].content) < PIECES

    def _add(self, tokens: Sequence[Token], finding: Finding, also: Sequence[Span]) -> None:
        content = (*also, *(_span(tokens, part) for part in finding.content))
        source = (_span(tokens, finding.source),) if finding.source else ()
        self._append(Draft(content, (_span(tokens, finding.cue),), source, CONFIDENCE[finding.rule]))

    def _append(self, draft: Draft) -> None:
        self.quoted = True
        self.last = len(self.drafts)
        self.drafts.append(draft)

    def _take_waiting(self, tokens: Sequence[Token]) -> tuple[Span, ...]:
        """What belongs to the quotation that the sentence has a cue for: it began in sentences before."""
        content = _spans(self.waiting)
        first = [*self.waiting, *tokens][:1]
        self.waiting = []
        if self.last is not None and not self.drafts[self.last].cue and _runs_on(first):
            # The paragraph before opened it and had no cue.
            content = (*self.drafts.pop(self.last).content, *content)
        return content

    def _settle_waiting(self) -> None:
        """Quoted sentences for which no cue came carry on the quotation before, or stand alone."""
        if not self.waiting:
            return
        content = _spans(self.waiting)
        self.waiting = []
        if self.last is None:
            self._append(Draft(content, (), (), CONFIDENCE["unattributed"]))
        else:
            source = self.drafts[self.last].source
            self._append(Draft(content, (), source, CONFIDENCE["continued"], continues=self.last))


def _runs_on(tokens: Sequence[Token]) -> bool:
    """Whether the first token is a quotation that the paragraph before left open, by the same speaker."""
    if not tokens or tokens[0].marked is None:
        return False
    return tokens[0].marked.continues and not _TURN.match(tokens[0].text)


# A quoted transcript names in capitals who speaks next: "BRANDT: We will go."
_TURN = re.compile(r"[\"“”„«'‘`]{0,2}\s?[^\W\d_a-z]{2}(?:[^\W\d_a-z]|[ .'’-]){0,40}:\s")


def _inside(parts: Sequence[MarkedText], sentence: Span) -> list[MarkedText]:
    first = bisect_right(parts, sentence.start, key=lambda one: one.span.end)
    return list(parts[first : bisect_left(parts, sentence.end, key=lambda one: one.span.start)])


def _join_tags(cut: Sequence[list[Token]]) -> list[list[Token]]:
    """Joins "“Why?”" and "Brandt asked.", which a sentence splitter takes for two sentences."""
    joined: list[list[Token]] = []
    for tokens in cut:
        if joined and joined[-1][-1].marked and _ENDS_OPEN.search(joined[-1][-1].text) and _is_tag(tokens):
            joined[-1].extend(tokens)
        else:
            joined.append(tokens)
    return joined


_ENDS_OPEN = re.compile(r"[?!…—–-][\"“”„«»'‘’`´\s]*\Z")


def _is_tag(tokens: Sequence[Token]) -> bool:
    """Whether the sentence is a short clause with a cue that nothing but circumstances follows."""
    groups = cue_groups(tokens)
    if not groups or groups[0].shape != "finite" or groups[0].cue.kind == "judging":
        return False
    verb, behind = groups[0].first, groups[0].last + 1
    follows = tokens[behind] if behind < len(tokens) else None
    closed = follows is None or follows.text in {".", ","} or follows.lower in PREPOSITIONS | DAYS
    return 0 < verb <= TAG_WORDS and closed and not any(token.marked for token in tokens[:verb])


def _introduction(tokens: Sequence[Token]) -> tuple[Span, Span] | None:
    """Cue and source of a sentence that ends in a colon."""
    if tokens[-1].text != ":" or len(tokens) > LONGEST:
        return None
    groups = [group for group in cue_groups(tokens) if group.shape == "finite"]
    for group in reversed(groups):
        source = subject_before(tokens, 0, group.first)
        if source:
            return _span(tokens, (group.first, group.last + 1)), _span(tokens, source)
    # "Her letter puts it another way:" has no verb of saying.
    colon = len(tokens) - 1
    source = subject_of_sentence(tokens, colon)
    if source and colon - source[1] <= TAG_WORDS:
        return _span(tokens, (source[1], colon)), _span(tokens, source)
    return None


def _is_quoted(token: Token) -> bool:
    """Whether what stands between the marks is a quoted sentence rather than a title or a nickname."""
    words = len(_WORD.findall(token.text))
    inner = token.text.rstrip("\"“”„«»'‘’`´ ")
    return words >= QUOTED_WORDS or (
        words >= QUOTED_SENTENCE_WORDS and inner.endswith((".", "!", "?", ",", "…"))
    )


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def _within(token: Token, spans: Sequence[Span]) -> bool:
    return any(span.start <= token.start and token.end <= span.end for span in spans)


def _span(tokens: Sequence[Token], stretch: Stretch) -> Span:
    return Span(tokens[stretch[0]].start, tokens[stretch[1] - 1].end)


def _spans(tokens: Sequence[Token]) -> tuple[Span, ...]:
    return tuple(Span(token.start, token.end) for token in tokens)
