"""What a page says more than once: menus, descriptions of images above their captions, doubled teasers."""

import re
from collections import Counter
from collections.abc import Sequence

GRAM = 5  # words
REPEATED = 0.7  # share of a line's grams that were said before
WORDS_COMPARED = 400  # of a line, against lines without end
NEAR = 3  # lines within which a twin follows

_NUMBER = re.compile(r"\d+")


class Repetition:
    """What a page says more than once."""

    def __init__(self, said: Sequence[list[str]]) -> None:
        self._grams = [_grams(words[:WORDS_COMPARED]) for words in said]
        self._lines = [" ".join(words[:WORDS_COMPARED]) for words in said]
        self._masked = [_NUMBER.sub("0", line) for line in self._lines]
        self._counts = Counter(self._masked)
        self._before: list[bool] = []
        lines: set[str] = set()
        grams: set[tuple[str, ...]] = set()
        for line, own in zip(self._lines, self._grams, strict=True):
            self._before.append(line in lines or _contained(own, grams))
            lines.add(line)
            grams |= own

    def times(self, number: int) -> int:
        """How often the line is said, numbers apart."""
        return self._counts[self._masked[number]]

    def before(self, number: int) -> bool:
        """Whether it was said before."""
        return self._before[number]

    def at_once_again(self, number: int) -> bool:
        """Whether one of the next lines says it again."""
        own = self._grams[number]
        near = set().union(*self._grams[number + 1 : number + 1 + NEAR])
        return len(own) > 1 and _contained(own, near)


def _grams(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(GRAM)), strict=False))


def _contained(own: set[tuple[str, ...]], others: set[tuple[str, ...]]) -> bool:
    return bool(own) and len(own & others) > REPEATED * len(own)
