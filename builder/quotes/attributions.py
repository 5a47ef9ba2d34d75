"""From windows to attributions: the model's readings decoded, words by words, window by window."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from builder.engine.workspace import batched
from builder.inference import by_size
from builder.quotes.chain import Decoded, Floats, decode
from builder.quotes.encoding import Window, padded
from builder.quotes.states import (
    ALLOWED,
    CONTENT,
    CONTENT_BEGINS,
    CUE,
    FORBIDDEN,
    MAY_BEGIN,
    NONE,
    SOURCE,
    SOURCE_BEGINS,
    around,
    buckets,
    steps,
)

Integers = NDArray[np.int64]
# The linker's layers look behind a row's end (as far as 14 words with three layers and a kernel of five):
# so many places there are alike for every row, whatever it is padded to.
MARGIN = 16
EXPECTED = 0.5  # sources, the least for which one is taken where the best path has none
READ = 256  # windows that are read before what was found in them is linked
LINKED = 64  # anchors that are linked together, at most: with more, the processor's cache does not hold them


class AttributionModel(Protocol):
    """The two graphs of the model, and the scores of its chain's transitions (states, states)."""

    @property
    def transitions(self) -> Floats:
        """From row to column."""

    def read(
        self,
        tokens: Integers,
        attention: Integers,
        shapes: Integers,
        quotes: Integers,
        first_tokens: Integers,
    ) -> tuple[Floats, Floats, Floats]:
        """Anchor scores (batch, words), words as anchors and as words (batch, words, width)."""

    def link(self, anchors: Floats, words: Floats, distances: Integers, paragraphs: Integers) -> Floats:
        """Scores of states (anchors, length, states)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a window, from the first to the one behind the last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """What was found at an anchor, in words of its window, and how sure the model is of it.

    `anchor_score` is the logarithm of the odds that the word is an anchor; `log_probability` that of
    all states together; the others are means over the words that were taken (`taken`) and the
    expected share of the role's words that were (`covered`), for content and source. `sources` is how many
    sources the model expects, taken or not.
    """

    window: int
    anchor: int
    content: tuple[Run, ...]
    source: tuple[Run, ...]
    cue: tuple[Run, ...]
    anchor_score: float
    log_probability: float
    content_taken: float
    content_covered: float
    source_taken: float
    source_covered: float
    sources: float

    def in_window(self, window: int) -> "Attribution":
        """The same with another number of its window."""
        return replace(self, window=window)

    def without(self, words: Set[int]) -> "Attribution":
        """The same without some words of its content."""
        return replace(self, content=tuple(part for run in self.content for part in _parts(run, words)))


def attributions(
    some: Sequence[Window], model: AttributionModel, threshold: float, batch_tokens: int
) -> list[Attribution]:
    """The attributions of windows, by window and anchor; some have no content ("He said this:").

    `threshold` is the least score (logarithm of the odds) of an anchor; a batch holds about
    `batch_tokens` tokens.
    """
    found: list[Attribution] = []
    with_words = (number for number, one in enumerate(some) if len(one.starts))
    for numbers in batched(with_words, READ):
        places = list(_places(some, numbers, model, threshold, batch_tokens))
        for length, same in by_size(places, lambda place: len(place.seen)):
            for group in batched(same, LINKED):
                found += _linked(group, length + MARGIN, model)
    return sorted(found, key=lambda one: (one.window, one.anchor))


@dataclass(frozen=True, slots=True)
class _Place:
    """An anchor: the number of its window, the window, the word that it is, and its score.

    `vector` (width) is the word as an anchor, and `words` (words, width) are those of the window as words.
    """

    number: int
    window: Window
    word: int
    score: float
    vector: Floats
    words: Floats

    @property
    def seen(self) -> range:
        """The words that the anchor sees."""
        return range(len(self.window.starts))[around(self.word, len(self.window.starts))]


def _places(
    some: Sequence[Window],
    numbers: Sequence[int],
    model: AttributionModel,
    threshold: float,
    batch_tokens: int,
) -> Iterator[_Place]:
    """The anchors in some of the windows, which are read batch by batch."""
    for size, same in by_size(numbers, lambda number: len(some[number].tokens)):
        for batch in batched(same, max(1, batch_tokens // size)):
            chosen = [some[number] for number in batch]
            scores, as_anchor, as_word = model.read(
                padded([one.tokens for one in chosen], size),
                padded([np.ones_like(one.tokens) for one in chosen], size),
                padded([one.shapes for one in chosen], size),
                padded([one.quotes for one in chosen], size),
                padded([one.first_tokens for one in chosen], size),
            )
            for row, (number, one) in enumerate(zip(batch, chosen, strict=True)):
                for word in map(int, np.flatnonzero(scores[row, : len(one.starts)] >= threshold)):
                    score = float(scores[row, word])
                    yield _Place(number, one, word, score, as_anchor[row, word], as_word[row])


def _linked(places: Sequence[_Place], width: int, model: AttributionModel) -> Iterator[Attribution]:
    """What anchors are linked to; what each sees is padded to `width`."""
    numbers = [np.arange(place.seen.start, place.seen.stop) for place in places]
    lengths = np.array([len(one) for one in numbers], dtype=np.int64)
    distances = [buckets(number - place.word) for number, place in zip(numbers, places, strict=True)]
    paragraphs = [
        steps(place.window.paragraphs[number], place.window.paragraphs[place.word])
        for place, number in zip(places, numbers, strict=True)
    ]
    emissions = model.link(
        np.stack([place.vector for place in places]),
        np.stack([place.words[row] for place, row in zip(places, padded(numbers, width), strict=True)]),
        padded(distances, width),
        padded(paragraphs, width),
    )
    begins = np.where(MAY_BEGIN, 0.0, FORBIDDEN).astype(np.float32)
    decoded = decode(emissions, lengths, np.where(ALLOWED, model.transitions, np.float32(FORBIDDEN)), begins)
    for number, place in enumerate(places):
        yield _attribution(place, place.seen.start, decoded, number, int(lengths[number]))


def _attribution(place: _Place, shift: int, decoded: Decoded, number: int, length: int) -> Attribution:
    states = decoded.states[number, :length]
    marginals = decoded.marginals[number, :length]
    content = marginals[:, CONTENT_BEGINS] + marginals[:, CONTENT]
    source = marginals[:, SOURCE_BEGINS] + marginals[:, SOURCE]
    is_content = (states == CONTENT_BEGINS) | (states == CONTENT)
    # Of 18,000 annotated sources six have a gap: of several the likeliest is the source.
    named = max(
        _runs(states, SOURCE_BEGINS, SOURCE, 0),
        key=lambda run: source[run.first : run.last].mean(),
        default=_expected_source(marginals, states),
    )
    is_source = np.zeros(length, dtype=np.bool_)
    is_source[named.first : named.last] = True
    return Attribution(
        place.number,
        place.word,
        _runs(states, CONTENT_BEGINS, CONTENT, shift),
        (Run(named.first + shift, named.last + shift),) if named.last else (),
        _runs(states, CUE, CUE, shift),
        place.score,
        float(decoded.log_probability[number]),
        _mean(content, is_content),
        _share(content, is_content),
        _mean(source, is_source),
        _share(source, is_source),
        float(marginals[:, SOURCE_BEGINS].sum()),
    )


def _expected_source(marginals: Floats, states: Integers) -> Run:
    """The likeliest source among the words that the best path gives no role; none if few expect one there.

    Each path with another source may be unlikelier than the one without, though all together are not.
    """
    begins = np.where(states == NONE, marginals[:, SOURCE_BEGINS], 0.0)
    if begins.sum() < EXPECTED:
        return Run(0, 0)
    first = int(begins.argmax())
    last = first + 1
    while last < len(states) and states[last] == NONE and marginals[last, SOURCE] >= begins[first] / 2:
        last += 1
    return Run(first, last)


def _runs(states: Integers, begins: int, goes_on: int, shift: int) -> tuple[Run, ...]:
    """The runs of words in a role; where `begins` and `goes_on` are one, touching words are one run."""
    found: list[Run] = []
    for place in np.flatnonzero((states == begins) | (states == goes_on)):
        word = int(place) + shift
        if found and found[-1].last == word and (states[place] == goes_on):
            found[-1] = Run(found[-1].first, word + 1)
        else:
            found.append(Run(word, word + 1))
    return tuple(found)


def _mean(marginals: Floats, taken: NDArray[np.bool_]) -> float:
    return float(marginals[taken].mean()) if taken.any() else 0.0


def _share(marginals: Floats, taken: NDArray[np.bool_]) -> float:
    total = float(marginals.sum())
    return float(marginals[taken].sum()) / total if total > 0 else 0.0


def _parts(run: Run, without: Set[int]) -> Iterator[Run]:
    first = run.first
    for word in range(run.first, run.last + 1):
        if word == run.last or word in without:
            if first < word:
                yield Run(first, word)
            first = word + 1
