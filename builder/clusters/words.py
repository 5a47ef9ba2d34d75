"""What two texts are compared by: their words and their word 5-grams."""

import re
import unicodedata
from collections.abc import Sequence

from builder.records import Document

WORD = re.compile(r"\w+")
GRAM = 5  # words

# Enough for the longest articles; beyond it, comparing whole books would cost unbounded memory.
MOST_WORDS = 10_000


def words_of(document: Document) -> list[str]:
    """The words of a document's body, without case, punctuation and the form of quotation marks."""
    return words_in("\n".join(span.of(document.text) for span in document.body()))


def words_in(text: str) -> list[str]:
    """The words of a text, likewise."""
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


def grams_of(words: Sequence[str]) -> set[str]:
    """The distinct 5-grams of the first MOST_WORDS words; all the words where they are fewer than five."""
    words = words[:MOST_WORDS]
    if len(words) < GRAM:
        return {" ".join(words)} if words else set()
    return {" ".join(gram) for gram in zip(*(words[start:] for start in range(GRAM)), strict=False)}
