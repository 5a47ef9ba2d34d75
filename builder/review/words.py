"""The words of a text, by which quotations and names are compared."""

import re

WORD = re.compile(r"\w+")

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words of a text, so that the same words in capitals are the same."""
    return tuple(WORD.findall(text.casefold()))
