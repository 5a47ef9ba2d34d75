"""What words name a source: none, a pronoun, a name, or any other description."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from .metrics.spans import Spans

SourceType = Literal["none", "pronoun", "name", "other description"]
SOURCE_TYPES: tuple[SourceType, ...] = ("none", "pronoun", "name", "other description")


class SourceTypes:
    """Tells the types of sources by the capitals that a corpus writes its words with.

    At the start of a sentence every word has a capital, so there a word passes for a name only if the
    corpus never writes it small, or more often with a capital inside sentences.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        for text in texts:
            for word in _WORD.finditer(text):
                if word[0].islower():
                    self._small[word[0]] += 1
                elif word[0][0].isupper() and not _starts_sentence(text, word.start()):
                    self._capital[word[0].casefold()] += 1

    def of(self, text: str, source: Spans) -> SourceType:
        """The type of a source by its first fragment that has a word in it."""
        for start, end in source:
            words = list(_WORD.finditer(text, start, end))
            if words:
                break
        else:
            return "none"
        if all(word[0].casefold() in _PRONOUNS for word in words):
            return "pronoun"
        stop = _AFTER_HEAD.search(text, words[0].end(), end)
        head = [word for word in words if word.end() <= (stop.start() if stop else end)]
        last = head[-1]
        is_name = last[0][0].isupper() and (
            not _starts_sentence(text, last.start()) or self._is_capitalised(last[0].casefold())
        )
        return "name" if is_name else "other description"

    def _is_capitalised(self, word: str) -> bool:
        return not self._small[word] or self._capital[word] > self._small[word]


_WORD = re.compile(r"[^\W\d_]+(?:[.’'-][^\W\d_]+)*")
_PRONOUNS = frozenset(
    "i me my myself we us our ourselves you your he him his himself she her herself it its itself they them "
    "their themselves who whom whose which that this these those some many most few several others another "
    "one both all each either neither everyone everybody someone somebody anyone anybody no nobody "
    "none".split()
)
# Behind the head of a noun phrase: an apposition, a bracket, a preposition, a relative clause. "of" stands
# inside names too, so it ends a head only where a small letter or "the" follows.
_AFTER_HEAD = re.compile(
    r"\s*[,(;:–—]"
    r"|\s(?:who|which|that|whose|with|at|from|in|on|to|as|for|near|about|by|and|or)(?=\s)"
    r"|\sof(?=\s(?:the\b|[^\W\dA-Z]))"
)


def _starts_sentence(text: str, position: int) -> bool:
    before = text[max(position - 10, 0) : position].rstrip(" \t\u00a0\"'“”‘’«»([")
    return not before or before[-1] in ".!?:\n\r"
