"""The words of quotations that must not be published, wherever they are printed again.

Another outlet prints the same words, or a part of them, or nearly the same; a headline repeats the best of
them. All share runs of words with the quotation, and those are looked for.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from builder.clusters.words import WORD, words_in
from builder.records import Span

RUN = 6  # words; fewer are a turn of phrase that many use
SHORT_RUN = 3  # words, in the title and the address of the article that the quotation stands in


def runs_of(words: list[str], length: int = RUN) -> Iterator[str]:
    """All runs of so many words; of fewer words the whole is one."""
    for start in range(max(len(words) - length + 1, min(len(words), 1))):
        yield " ".join(words[start : start + length])


def long_runs(texts: Iterable[str]) -> frozenset[str]:
    """The runs of RUN words of some quotations; those with fewer words have none."""
    said = (words for text in texts if len(words := words_in(text)) >= RUN)
    return frozenset(run for words in said for run in runs_of(words))


def short_runs(texts: Iterable[str]) -> frozenset[str]:
    """The runs of SHORT_RUN words of some quotations, or all their words where they are fewer."""
    return frozenset(run for text in texts for run in runs_of(words_in(text), SHORT_RUN))


def repeats(text: str, runs: Collection[str]) -> bool:
    """Whether a text, such as a title, has some runs of at most SHORT_RUN words."""
    if not runs:
        return False
    words = words_in(text)
    return any(run in runs for length in range(1, SHORT_RUN + 1) for run in runs_of(words, length))


def spans_repeated(text: str, runs: Collection[str]) -> list[Span]:
    """The stretches of a text that have some runs of RUN words, each as long as it can be."""
    if not runs:
        return []
    places = [match.span() for match in WORD.finditer(text)]
    words = [text[start:end].casefold() for start, end in places]
    found = [
        number for number in range(len(words) - RUN + 1) if " ".join(words[number : number + RUN]) in runs
    ]
    ends = [number for number, following in pairwise([*found, len(words) + RUN]) if following > number + RUN]
    starts = [number for before, number in pairwise([-RUN - 1, *found]) if number > before + RUN]
    return [Span(places[start][0], places[end + RUN - 1][1]) for start, end in zip(starts, ends, strict=True)]
