"""The tokens of a sentence as the rules see them: words, punctuation, and quotations as one token each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.quotes.marks import MarkedText
from builder.records import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign, a bracket with what it holds, or a whole part between quotation marks (`marked`)."""

    start: int
    end: int
    text: str
    lower: str
    marked: MarkedText | None = None

    @property
    def word(self) -> bool:
        """Whether it is a word or a number."""
        return self.marked is None and self.text[0].isalnum()

    @property
    def capitalised(self) -> bool:
        """Whether it is a word with a capital at its start."""
        return self.marked is None and self.text[0].isupper()


def tokenize(text: str, sentence: Span, marked: Sequence[MarkedText]) -> list[Token]:
    """The tokens of a sentence; `marked` are the outermost parts between marks that lie in it, in order."""
    tokens: list[Token] = []
    done = sentence.start
    for one in marked:
        start, end = max(one.span.start, done), min(one.span.end, sentence.end)
        if start >= end:
            continue
        tokens += _words(text, done, start)
        tokens.append(Token(start, end, text[start:end], "", one))
        done = end
    return tokens + _words(text, done, sentence.end)


# A bracket counts as one token if it is short: "(D-Ohio)" stands between a name and its verb.
_TOKEN = re.compile(
    r"\([^()\n]{1,60}\)|\[[^\[\]\n]{1,60}\]"
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W_]+(?:[-'’&/][^\W_]+|[.,]\d+)*(?:['’](?!\w))?"
    r"|--+|\.{2,}|[^\w\s]"
)


def _words(text: str, start: int, end: int) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        # The full stop of an abbreviation inside a sentence says nothing.
        if word != "." or not text[match.end() : end].strip():
            found.append(Token(match.start(), match.end(), word, word.lower().replace("’", "'")))
    return found
